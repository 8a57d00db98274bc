"""Every word of the panel in English and in Japanese."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PyQt6.lupdate.lupdate import lupdate
from PyQt6.QtCore import QCoreApplication

from inspector.access.permissions import Role, authorise
from inspector.core.errors import RefusedError
from inspector.core.judgement import CheckResult, Region
from inspector.core.state import Health, StationState
from inspector.core.verdict import Cause
from inspector.panel import words
from inspector.panel.models.figures import Figure
from inspector.panel.station_words import station_words
from inspector.panel.translation import Language, TsTranslator, sources

PANEL = Path(__file__).parents[2] / "inspector/panel"


def messages(code: str = "ja") -> list[tuple[str, str, str]]:
    """Context, source and finished translation of every message in every file."""
    found = []
    for text in sources(code):
        for context in ET.fromstring(text).iter("context"):
            name = context.findtext("name", "")
            for message in context.iter("message"):
                translation = message.find("translation")
                done = translation is not None and not translation.get("type")
                words = translation.text if translation is not None and done else ""
                found.append((name, message.findtext("source", ""), words or ""))
    return found


def test_all_source_strings_are_translated_once_and_none_is_left_over(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    fresh.write_text('<?xml version="1.0" encoding="utf-8"?><!DOCTYPE TS><TS version="2.1"></TS>')
    lupdate([str(path) for path in sorted(PANEL.rglob("*.py"))], [str(fresh)])  # type: ignore[no-untyped-call]  # comes without types
    needed = {
        (context.findtext("name", ""), message.findtext("source", ""))
        for context in ET.parse(fresh).iter("context")
        for message in context.iter("message")
    }
    assert len(needed) > 60
    there = Counter((context, source) for context, source, words in messages() if words)
    assert sorted(needed - set(there)) == [], "not translated: see docs/panel.md"
    assert sorted(set(there) - needed) == [], "nobody says this any more"
    assert [key for key, count in there.items() if count > 1] == []


def test_placeholders_survive_translation() -> None:
    for context, source, japanese in messages():
        wanted, found = (set(re.findall(r"{\w*}", text)) for text in (source, japanese))
        assert wanted >= found, (context, source)


def test_unfinished_translations_do_not_count() -> None:
    ts = """<TS><context><name>A</name>
        <message><source>one</source><translation type="unfinished">x</translation></message>
        <message><source>two</source><translation>ni</translation></message>
        </context></TS>"""
    translator = TsTranslator(ts)
    assert translator.translate("A", "one") is None
    assert translator.translate("A", "two") == "ni"


def test_switching_there_and_back(language: Language) -> None:
    assert words.cause_in_words(Cause.DEFECT) == "Defect"
    language.switch()
    assert words.cause_in_words(Cause.DEFECT) == "欠陥"
    language.switch()
    assert words.cause_in_words(Cause.DEFECT) == "Defect"


def test_an_unknown_language_is_english() -> None:
    assert Language("xx").code == "en"


def test_every_value_has_a_japanese_name(language: Language) -> None:
    language.use("ja")
    names = [words.state_name(state) for state in StationState]
    names += [words.health_name(health) for health in Health]
    names += [words.figure_name(figure) for figure in Figure]
    names += [words.cause_in_words(cause) for cause in Cause]
    names += [words.short_cause(cause) for cause in Cause if cause is not Cause.GOOD]
    assert all(re.search(r"[぀-ヿ一-鿿]", name) for name in names), names


def test_what_only_the_station_knows_is_shown_as_it_says_it(language: Language) -> None:
    language.use("ja")
    assert station_words("Lens dirty: wipe it") == "Lens dirty: wipe it"
    assert words.cause_in_words("new-cause") == "new-cause"
    assert QCoreApplication.translate("Nowhere", "Nothing") == "Nothing"
    assert station_words("") == ""


@pytest.mark.parametrize("role", [None, Role.AUDITOR])
def test_refusals_of_the_station_are_known_in_japanese(
    language: Language, role: Role | None
) -> None:
    language.use("ja")
    with pytest.raises(RefusedError) as refusal:
        authorise(role, "Start")
    assert not re.search(r"logged|allowed|role", station_words(str(refusal.value)))


def test_reasons_of_the_station_are_known_in_japanese(language: Language) -> None:
    region = Region(0.1, 0.2, 0.2, 0.2, 31.0, None, 3.0)
    reason = CheckResult("engine", 3.0, 2.0, 0.01, (region,)).reason()
    assert station_words(reason) == reason
    language.use("ja")
    assert station_words(reason) == "engine:異常度 3(しきい値 2)、31 px at (20%, 30%), p = 0.01"


def test_values_in_sentences_are_named(language: Language) -> None:
    language.use("ja")
    assert "休止中" in station_words("cannot start while the station is halted")


@pytest.mark.parametrize("role", ["operator", "engineer", "administrator", "auditor"])
def test_roles_have_japanese_names(language: Language, role: str) -> None:
    language.use("ja")
    assert words.role_name(role) != role
