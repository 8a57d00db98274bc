"""The manual and the sample program show the registers as they are."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from inspector.plc.registers import Inputs, Outputs, pack
from scripts import plc_registers


def test_the_manual_shows_the_registers_of_now() -> None:
    text = plc_registers.MANUAL.read_text(encoding="utf-8")
    assert plc_registers.manual(text) == text, "run scripts/plc_registers.py"


def test_the_sample_program_declares_the_registers_of_now() -> None:
    text = plc_registers.PROGRAM.read_text(encoding="utf-8")
    assert plc_registers.program(text) == text, "run scripts/plc_registers.py"


@pytest.mark.parametrize("kind", [Outputs, Inputs])
def test_s7_addresses_are_where_the_bits_lie(kind: type[Outputs | Inputs]) -> None:
    for entry in fields(kind):
        value: Any = "x" if entry.type == "str" else entry.type == "bool" or 1
        image = replace(kind(), **{entry.name: value})
        data = b"".join(word.to_bytes(2, "big") for word in pack(image))
        address = plc_registers.s7_address(entry.metadata)
        byte = next(at for at, content in enumerate(data) if content)
        if entry.type == "bool":
            assert address == f"DBX{byte}.{data[byte].bit_length() - 1}"
        elif entry.type == "str":
            assert address.startswith(f"DBB{byte}-")
        else:
            size = {"W": 2, "D": 4}[address[2]]
            assert int(address[3:]) + size - 1 == byte, "its last byte"
