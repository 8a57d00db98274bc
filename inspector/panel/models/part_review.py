"""One part as a person judges it: its pictures, its checks, marks, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

from inspector.link.messages import Judge, Mark
from inspector.link.questions import AnyQuestion
from inspector.link.questions.comparing import Nearest, NearestNormal
from inspector.link.questions.parts import PartEntry, PartPicture, Picture
from inspector.link.questions.reviewing import AskPart, PartDetail
from inspector.link.questions.what_if import Flipping
from inspector.panel.models.changed import Changed
from inspector.panel.models.desk import Desk, Inquiry

Finding = Literal["defect", "good", "unsure"]
LONGEST_PX = 900
"""Longest side of a picture that is asked for."""


@dataclass(frozen=True, slots=True)
class PartTile:
    """A part as galleries show it."""

    record: int
    part: int
    utc_us: int
    passed: bool
    reason: str
    pictures: int
    finding: str = ""
    lot: str = ""

    @classmethod
    def of(cls, entry: PartEntry) -> PartTile:
        """One of a page."""
        reason = entry.reasons[0] if entry.reasons else entry.cause
        return cls(
            entry.record,
            entry.part,
            entry.utc_us,
            entry.passed,
            "" if entry.passed else reason,
            entry.views,
            entry.finding,
            entry.lot,
        )

    @classmethod
    def of_flip(cls, flip: Flipping) -> PartTile:
        """One that another rate decides otherwise."""
        return cls(
            flip.record, flip.part, flip.utc_us, flip.passed, "", flip.pictures, flip.finding
        )


def said_in(tiles: Sequence[PartTile], record: int, finding: str) -> tuple[PartTile, ...]:
    """The same parts, one of them with what was said of it."""
    return tuple(
        replace(tile, finding=finding) if tile.record == record else tile for tile in tiles
    )


class Beside(StrEnum):
    """What stands beside the part's picture."""

    HEAT = "heat"
    NORMAL = "normal"


class PartReview:
    """The opened part of a list. Qt-free; GUI thread. Tells through the gallery's ``changed``."""

    def __init__(self, desk: Desk, changed: Changed) -> None:
        self._desk, self._changed = desk, changed
        self.tiles: tuple[PartTile, ...] = ()
        self.place = 0
        self.view = 0
        self.beside = Beside.HEAT
        self.detail: PartDetail | None = None
        self.field = b""
        self.other = b""
        self.problems: dict[str, str] = {}
        """Why a picture is not there, by ``field`` or ``other``."""
        self.marks: tuple[Mark, ...] = ()
        self.defect = ""
        self._open: dict[str, Inquiry] = {}

    @property
    def tile(self) -> PartTile | None:
        """The opened part; None where nothing is open."""
        return self.tiles[self.place] if self.tiles else None

    @property
    def views(self) -> int:
        """Cameras' pictures that are there."""
        return self.detail.views if self.detail is not None else 0

    def open(self, tiles: Sequence[PartTile], place: int) -> None:
        """Look at one of a list."""
        self.tiles, self.place = tuple(tiles), place
        self.view, self.marks, self.defect = 0, (), ""
        self._look()

    def close(self) -> None:
        """Back to the list."""
        self._drop()
        self.tiles, self.detail = (), None
        self._changed.emit()

    def step(self, by: int) -> bool:
        """The next one, or one back; False at the end of the list."""
        if not 0 <= self.place + by < len(self.tiles):
            return False
        self.open(self.tiles, self.place + by)
        return True

    def say(self, record: int, finding: str) -> None:
        """The list shows what was said."""
        self.tiles = said_in(self.tiles, record, finding)

    def look_at(self, view: int) -> None:
        """Another camera's picture."""
        self.view = view
        self._ask_pictures()

    def look_beside(self, beside: Beside) -> None:
        """The part with its heat, or the good image that is nearest to it."""
        self.beside = beside
        self._ask_other()

    def mark(self, corners: tuple[tuple[float, float], ...]) -> None:
        """A place was drawn on the picture that is seen."""
        self.marks = (*self.marks, Mark(corners, self.view))
        self._changed.emit()

    def unmark(self) -> None:
        """Take the newest mark back."""
        self.marks = self.marks[:-1]
        self._changed.emit()

    def name_defect(self, defect: str) -> None:
        """Its class; the same once more: none."""
        self.defect = "" if defect == self.defect else defect.strip()
        self._changed.emit()

    def judgement(self, finding: Finding) -> Judge | None:
        """What would be said of the part."""
        tile = self.tile
        if tile is None:
            return None
        marks = () if finding == "good" else self.marks
        return Judge(tile.part, finding, self.defect if finding == "defect" else "", marks)

    def _look(self) -> None:
        self._drop()
        self.detail, tile = None, self.tile
        if tile is not None:
            self._ask("detail", AskPart(tile.record), self._take_detail)
            self._ask_pictures()
        self._changed.emit()

    def _take_detail(self, detail: PartDetail) -> None:
        self.detail = detail

    def _ask_pictures(self) -> None:
        tile, self.field = self.tile, b""
        if tile is not None:
            question = PartPicture(tile.record, view=self.view, field=True, longest=LONGEST_PX)
            self._ask("field", question, self._take_field)
            self._ask_other()

    def _ask_other(self) -> None:
        tile, self.other = self.tile, b""
        if tile is None:
            return
        question: AnyQuestion = PartPicture(
            tile.record, view=self.view, overlay=True, longest=LONGEST_PX
        )
        if self.beside is Beside.NORMAL:
            question = NearestNormal(tile.part, self.view, LONGEST_PX)
        self._ask("other", question, self._take_other)
        self._changed.emit()

    def _take_field(self, picture: Picture) -> None:
        self.field = picture.data

    def _take_other(self, picture: Picture | Nearest) -> None:
        self.other = picture.normal if isinstance(picture, Nearest) else picture.data

    def _ask(self, slot: str, question: AnyQuestion, take: Any) -> None:
        if (older := self._open.pop(slot, None)) is not None:
            older.drop()
        self.problems.pop(slot, None)

        def done(answer: object) -> None:
            take(answer)
            self._changed.emit()

        def refused(reason: str) -> None:
            self.problems[slot] = reason
            self._changed.emit()

        self._open[slot] = self._desk.ask(question, done, refused)

    def _drop(self) -> None:
        for inquiry in self._open.values():
            inquiry.drop()
        self._open.clear()
        self.field = self.other = b""
        self.problems.clear()
