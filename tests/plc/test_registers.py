from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.plc.registers import INPUT_WORDS, OUTPUT_WORDS, Inputs, Outputs, pack, unpack


def images(kind: type) -> st.SearchStrategy[Outputs | Inputs]:
    values: dict[str, st.SearchStrategy[bool | int | str]] = {}
    for entry in fields(kind):
        place = entry.metadata
        if "bit" in place:
            values[entry.name] = st.booleans()
        elif entry.type == "str":
            text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
            values[entry.name] = text
        else:
            values[entry.name] = st.integers(0, 2 ** (16 * place["words"]) - 1)
    return st.builds(kind, **values)


@given(images(Outputs))
def test_outputs_come_back_as_they_went(image: Outputs) -> None:
    words = pack(image)
    assert len(words) == OUTPUT_WORDS
    assert all(0 <= word <= 0xFFFF for word in words)
    assert unpack(Outputs, words) == image


@given(images(Inputs))
def test_inputs_come_back_as_they_went(image: Inputs) -> None:
    words = pack(image)
    assert len(words) == INPUT_WORDS
    assert unpack(Inputs, words) == image


@pytest.mark.parametrize("kind", [Outputs, Inputs])
def test_no_two_fields_share_a_bit_or_a_word(kind: type) -> None:
    bits, words = set(), {0, 1}
    for entry in fields(kind):
        place = entry.metadata
        if "bit" in place:
            assert place["bit"] not in bits
            assert place["bit"] < 32
            bits.add(place["bit"])
            continue
        taken = set(range(place["word"], place["word"] + place["words"]))
        assert not taken & words
        words |= taken


def test_a_text_that_is_too_long_is_cut_between_letters() -> None:
    lot = "検査ロット" * 4
    assert lot.startswith(unpack(Inputs, pack(Inputs(lot=lot))).lot)
    assert len(unpack(Inputs, pack(Inputs(lot=lot))).lot) == 10
