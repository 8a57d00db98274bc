"""What cannot be meant is refused; every English sentence has its Japanese."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from inspector.access.permissions import PERMISSIONS, Role
from inspector.core.errors import InputError
from inspector.core.state import StationState
from inspector.core.verdict import Cause
from inspector.reports import words as words_of_reports
from inspector.reports.japanese import JAPANESE
from inspector.reports.request import Language, ReportKind, ReportRequest
from inspector.reports.telling import in_words
from inspector.reports.words import Words
from inspector.station.commands import _UNRECORDED

REPORTS = Path(words_of_reports.__file__).parent


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": ReportKind.SHIFT}, "a shift has a begin and an end"),
        ({"kind": ReportKind.SHIFT, "since_us": 5, "until_us": 5}, "--until: is not after"),
        ({"kind": ReportKind.LOT}, "no lot is named"),
        ({"kind": ReportKind.AUDIT, "lot": "L1"}, "--lot L1: not for audit"),
        ({"kind": ReportKind.LOT, "lot": "x" * 201}, "longer than a lot's name"),
        ({"kind": ReportKind.AUDIT, "offset_min": 900}, "no such time zone"),
    ],
)
def test_what_cannot_be_meant_is_refused(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        ReportRequest(**asked)


def test_times_are_printed_in_the_zone_that_was_asked_for() -> None:
    request = ReportRequest(ReportKind.AUDIT, offset_min=-210)
    assert (request.time(0), request.zone) == ("1969-12-31 20:30:00", "UTC-03:30")
    assert ReportRequest(ReportKind.AUDIT).zone == "UTC"


def _sentences() -> set[str]:
    found = set()
    for path in REPORTS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "words":
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_every_sentence_has_its_japanese() -> None:
    assert len(_sentences()) > 100
    assert not _sentences() - JAPANESE.keys()


def test_every_value_that_is_recorded_by_name_has_its_japanese() -> None:
    recorded = {*Role, *(state.value for state in StationState)}
    recorded |= {in_words(command) for command in PERMISSIONS} - {
        in_words(command.__name__) for command in _UNRECORDED
    }
    assert not recorded - JAPANESE.keys(), "add its Japanese to inspector/reports/japanese.py"
    words = Words(Language.JA)
    assert all(words.cause(cause) in JAPANESE.values() for cause in Cause)


def test_the_japanese_fills_in_what_the_english_fills_in() -> None:
    for english, japanese in JAPANESE.items():
        names = {part.split("}")[0] for part in english.split("{")[1:]}
        assert {part.split("}")[0] for part in japanese.split("{")[1:]} == names, english
