"""Every word of the panel in English and in Japanese."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
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
from scripts.translations import add, messages, needed, translated


def test_all_source_strings_are_translated_once_and_none_is_left_over() -> None:
    wanted, there = needed(), Counter(translated())
    assert len(wanted) > 60
    assert sorted(wanted - set(there)) == [], "not translated: python scripts/translations.py"
    assert sorted(set(there) - wanted) == [], "nobody says this any more"
    assert [key for key, count in there.items() if count > 1] == []


def test_placeholders_survive_translation() -> None:
    for context, source, japanese in (one for ts in sources("ja") for one in messages(ts)):
        wanted, found = (set(re.findall(r"{\w*}", text)) for text in (source, japanese))
        assert wanted >= found, (context, source)


def test_what_is_missing_is_added_as_unfinished(tmp_path: Path) -> None:
    path = tmp_path / "new.ts"
    add(path, {("A", "one"), ("A", "<two>"), ("B", "one")})
    add(path, {("A", "one"), ("A", "three")})
    found = messages(path.read_text(encoding="utf-8"))
    assert {words for *_, words in found} == {""}
    keys = [(context, source) for context, source, _ in found]
    assert sorted(keys) == [("A", "<two>"), ("A", "one"), ("A", "three"), ("B", "one")]


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
    assert station_words(reason) == reason.replace("engine", "Learned looks")
    language.use("ja")
    place = "31 px at (20%, 30%), p = 0.01"
    assert station_words(reason) == f"学習した外観：異常度 3（しきい値 2）、{place}"


def test_values_in_sentences_are_named(language: Language) -> None:
    language.use("ja")
    assert "休止中" in station_words("cannot start while the station is halted")


@pytest.mark.parametrize("role", ["operator", "engineer", "administrator", "auditor"])
def test_roles_have_japanese_names(language: Language, role: str) -> None:
    language.use("ja")
    assert words.role_name(role) != role


def test_reasons_of_the_office_are_known_in_japanese(language: Language) -> None:
    language.use("ja")
    for reason in (
        "another job of this kind runs (eno). Wait for its end, or cancel it",
        "not while the line runs. Stop the line first",
    ):
        assert not re.search(r"job|line", station_words(reason)), reason
