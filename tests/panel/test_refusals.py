"""Whatever the station or the office refuses is a sentence in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import inspector
from inspector.access.permissions import PERMISSIONS, QUESTIONS, Role, authorise
from inspector.core import errors
from inspector.core.errors import InspectorError, RefusedError
from inspector.panel.station_words import station_words, told
from inspector.panel.translation import Language

PACKAGE = Path(inspector.__file__).parent
ANSWERING = ("access", "station", "office", "release", "limits")
"""Packages whose refusals come to a panel: what they raise is looked at."""

NOT_TO_A_PANEL = {
    "archive_backtesting": "inspector backtest",
    "backtesting": "inspector release",
    "deciders": "inspector ledger replay",
    "line_series": "inspector forecast",
    "metrics": "at the start of the station",
    "opening": "at the start of the station",
    "part_judge": "inspector ledger replay",
    "places": "at the start of the station",
    "rejudging": "inspector ledger replay",
    "replaying": "inspector replay",
    "review_export": "inspector review",
    "spread_on_ray": "inspector backtest",
    "syslog": "at the start of the station",
    "telling": "at the start of the station",
}
"""Files whose errors a person meets at a command line, and where."""

RAISED = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, InspectorError)
}
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")


def refusals() -> Iterator[tuple[str, str]]:
    """Where, and the sentence with something in the place of each value."""
    for package in ANSWERING:
        for file in sorted((PACKAGE / package).rglob("*.py")):
            if file.stem in NOT_TO_A_PANEL:
                continue
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED:
                    for text in _sentences(node):
                        yield f"{file.name}:{node.lineno}", text


def _sentences(call: ast.Call) -> list[str]:
    """All that this may say; nothing where it says what another has said."""
    remedy = next((word.value for word in call.keywords if word.arg == "remedy"), None)
    problems = _texts(call.args[0]) if call.args else []
    remedies = _texts(remedy) if remedy is not None else [""]
    return [f"{one}. {two}" if two else one for one in problems for two in remedies]


def _texts(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp():
            return _texts(node.body) + _texts(node.orelse)
        case ast.JoinedStr():
            parts = [one.value if isinstance(one, ast.Constant) else "x7" for one in node.values]
            text = "".join(str(part) for part in parts)
            return [text] if re.search("[a-z]{3}", text) else []
        case _:
            return []


def test_every_refusal_is_told_in_japanese(language: Language) -> None:
    language.use("ja")
    found = list(refusals())
    assert len(found) > 80
    unknown = [f"{where} {text}" for where, text in found if not JAPANESE.search(told(text)[0])]
    assert unknown == []
    untranslated = [f"{where} {text}" for where, text in found if told(text)[1]]
    assert untranslated == [], "say it in inspector/panel/refusal_sentences.py"


@pytest.mark.parametrize("code", ["en", "ja"])
def test_no_refusal_names_a_command_as_programs_do(language: Language, code: str) -> None:
    language.use(code)
    for name in (*PERMISSIONS, *QUESTIONS):
        for role in (None, *Role):
            try:
                authorise(role, name)
            except RefusedError as refusal:
                said = station_words(str(refusal))
                programs = len(re.findall("[A-Z]", name)) > 1
                assert not (programs and name in said), said
                assert (code == "en") or not re.search("[a-z]{4}", said), said


def test_sentences_begin_with_a_capital_but_names_are_left(language: Language) -> None:
    assert station_words("user name or password is wrong. Try again")[:4] == "User"
    assert station_words("cam-1: no picture comes")[:5] == "cam-1"
    assert station_words("no sentence of ours") == "no sentence of ours"


def test_what_is_not_known_is_led_by_its_subject(language: Language) -> None:
    text = "cam-1: the camera said something that nobody has heard"
    assert told(text) == (text, "")
    language.use("ja")
    words, below = told(text)
    assert "カメラ" in words
    assert below == text
    assert told("")[0] == ""
