"""Writes the tables of ``inspector.plc.registers`` into ``docs/plc.md`` and the sample program.

    python scripts/plc_registers.py

A test fails while they differ from the registers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from inspector.plc.registers import CAUSES, HEALTHS, STATES, Inputs, Outputs

ROOT = Path(__file__).parents[1]
MANUAL, PROGRAM = ROOT / "docs/plc.md", ROOT / "docs/plc/inspector.st"
_NAMES = {Outputs: "InspectorOutputs", Inputs: "InspectorInputs"}


def s7_address(place: Mapping[str, Any]) -> str:
    """In a data block, from its first byte; a word has its high byte first."""
    if "bit" in place:
        word, bit = divmod(place["bit"], 16)
        return f"DBX{2 * word + (bit < 8)}.{bit % 8}"
    if place["words"] == 1:
        return f"DBW{2 * place['word']}"
    if place["words"] == 2:
        return f"DBD{2 * place['word']}"
    return f"DBB{2 * place['word']}-{2 * (place['word'] + place['words']) - 1}"


def modbus_register(place: Mapping[str, Any]) -> str:
    """From the first register."""
    if "bit" in place:
        return f"+{place['bit'] // 16} bit {place['bit'] % 16}"
    last = place["word"] + place["words"] - 1
    return f"+{place['word']}" if last == place["word"] else f"+{place['word']} to +{last}"


def st_type(entry: Field[Any]) -> str:
    """In structured text."""
    if "bit" in entry.metadata:
        return "BOOL"
    if entry.type == "str":
        return f"STRING[{2 * entry.metadata['words']}]"
    return {1: "UINT", 2: "UDINT"}[entry.metadata["words"]]


def table(kind: type[Outputs | Inputs]) -> str:
    """One image as Markdown."""
    rows = [
        f"| `{entry.name}` | {st_type(entry)} | {modbus_register(entry.metadata)} "
        f"| {s7_address(entry.metadata)} | {entry.metadata['meaning']} |"
        for entry in fields(kind)
    ]
    head = "| name | type | Modbus register | S7 | meaning |\n|---|---|---|---|---|"
    return "\n".join([head, *rows])


def numbers() -> str:
    """What the numbers of ``state``, ``health`` and ``cause`` mean, as Markdown."""
    kinds = (("state", STATES), ("health", HEALTHS), ("cause", CAUSES))
    rows = [
        f"| `{name}` | "
        + ", ".join(f"{number} {meaning.value}" for meaning, number in kind.items())
        + " |"
        for name, kind in kinds
    ]
    return "\n".join(["| word | numbers |\n|---|---|", *rows])


def structures() -> str:
    """Both images as structures."""
    return "\n\n".join(_structure(kind) for kind in (Outputs, Inputs))


def _structure(kind: type[Outputs | Inputs]) -> str:
    members = [
        f"    {f'{entry.name} : {st_type(entry)};':<31}(* {modbus_register(entry.metadata)} *)"
        for entry in fields(kind)
    ]
    return "\n".join([f"TYPE {_NAMES[kind]} : STRUCT", *members, "END_STRUCT; END_TYPE"])


def manual(text: str) -> str:
    """The manual with the tables of now."""
    for name, content in (
        ("outputs", table(Outputs)),
        ("inputs", table(Inputs)),
        ("numbers", numbers()),
    ):
        text = _between(text, f"<!-- {name} -->\n", content, "\n<!-- end -->")
    return text


def program(text: str) -> str:
    """The sample program with the structures of now."""
    return _between(text, "(* registers *)\n", structures(), "\n(* end of registers *)")


def _between(text: str, begin: str, content: str, end: str) -> str:
    pattern = re.compile(re.escape(begin) + r".*?" + re.escape(end), re.DOTALL)
    changed, times = pattern.subn(lambda _: begin + content + end, text)
    if times != 1:
        raise ValueError(f"{begin.strip()} stands {times} times")
    return changed


def main() -> None:
    """Write both."""
    for path, renewed in ((MANUAL, manual), (PROGRAM, program)):
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
