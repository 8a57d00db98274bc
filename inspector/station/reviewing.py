"""What a person says of a part that was inspected: checked, and as it is recorded."""

from __future__ import annotations

import itertools

from inspector.core.canonical import Json
from inspector.core.errors import InputError
from inspector.link.messages import Judge, Mark

_MOST_MARKS = 100
_MOST_CORNERS = 1000
_LONGEST = 2000


def check_judgement(command: Judge) -> None:
    """Raise ``InputError`` with what is wrong. Whether there is such a part is not asked here."""
    if command.part < 1:
        raise InputError(f"part {command.part}: there is none", remedy="Part numbers begin at 1")
    if command.finding == "good" and (command.marks or command.defect):
        raise InputError("a good part has no defect to mark", remedy="Leave marks and class out")
    if command.finding == "withdrawn" and (command.marks or command.defect or command.note):
        raise InputError("who withdraws a word says nothing else", remedy="Leave the rest out")
    if len(command.marks) > _MOST_MARKS or max(len(command.defect), len(command.note)) > _LONGEST:
        raise InputError("longer than a record may be", remedy=f"Use {_LONGEST} letters at most")
    for mark in command.marks:
        _check_mark(mark)


def _check_mark(mark: Mark) -> None:
    numbers = itertools.chain.from_iterable(mark.corners)
    if not 2 <= len(mark.corners) <= _MOST_CORNERS or mark.view < 0:
        raise InputError("a mark is a box of two corners, or a polygon of three or more")
    if not all(0.0 <= number <= 1.0 for number in numbers):
        raise InputError("a mark lies outside of the inspected field", remedy="Use fractions 0..1")
    if len(mark.corners) == 2:
        (left, top), (right, bottom) = mark.corners
        if left == right or top == bottom:
            raise InputError("a mark has no area", remedy="Draw a box")


def told_of(command: Judge) -> dict[str, Json]:
    """What the record tells."""
    return {
        "part": command.part,
        "finding": command.finding,
        "defect": command.defect,
        "marks": [
            {"view": mark.view, "corners": [list(corner) for corner in mark.corners]}
            for mark in command.marks
        ],
        "note": command.note,
    }
