"""A belt, a sensor and a gate, driven by the sample program in structured text."""

from __future__ import annotations

import time
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from inspector.plc.registers import Inputs, Outputs
from tests.plc.structured_text import StructuredText

ST_FILE = Path(__file__).parents[2] / "docs/plc/inspector.st"

GAP = 200
"""Encoder counts from part to part."""
TO_GATE = 1000


def is_good(part: int) -> bool:
    """The truth about a part; the third, the sixth and so on are bad."""
    return part % 3 != 0


def part_at(encoder: int) -> int:
    """The part that was at the sensor when this was latched."""
    return round(encoder / GAP)


class StPlc:
    """The sample program as a ``Program``: images in, images out."""

    def __init__(self) -> None:
        self.st = StructuredText(ST_FILE.read_text(encoding="utf-8"))
        self.began = time.monotonic()

    def scan(self, outputs: Outputs, **inputs: Any) -> None:
        now_ms = int(1e3 * (time.monotonic() - self.began))
        self.st.scan(now_ms, station=asdict(outputs), **inputs)

    @property
    def inputs(self) -> Inputs:
        plc = self.st.memory["plc"]
        return Inputs(**{entry.name: plc[entry.name] for entry in fields(Inputs)})


class Belt:
    """Moves by the clock, so that it goes on while its PLC is dead. A part's fate is its gate's.

    ``taken`` tells parts in the order in which they came to the gate, and whether each passed.
    """

    def __init__(self, counts_per_s: float = 1000.0) -> None:
        self._speed = counts_per_s
        self.plc = StPlc()
        self.taken: list[tuple[int, bool]] = []

    @property
    def encoder(self) -> int:
        return int(self._speed * time.monotonic()) % 2**32

    def scan(self, outputs: Outputs) -> None:
        encoder = self.encoder
        self.plc.scan(outputs, encoder_now=encoder, part_sensor=encoder % GAP < GAP // 2)
        at_gate = part_at(encoder - TO_GATE)
        near = abs(encoder - TO_GATE - at_gate * GAP) < 15
        if near and (not self.taken or self.taken[-1][0] != at_gate):
            self.taken.append((at_gate, bool(self.plc.st.memory["gate_pass"])))

    @property
    def inputs(self) -> Inputs:
        return self.plc.inputs
