"""What stands between station and PLC now, bit by bit, and the manual test of outputs."""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.link.command import Command, Signatures


class GetSignals(Command, frozen=True):
    """Ask for both images of every connection; asked twice a second while somebody looks."""


class BeginTest(Command, frozen=True):
    """Let outputs be forced, in Halted alone: for some minutes, and never past that state."""

    reason: str
    signatures: Signatures = ()


class EndTest(Command, frozen=True):
    """End the manual test: nothing is forced any more."""


class ForceOutput(Command, frozen=True):
    """Force one output bit for some seconds; 0 ends it. ``connection``: its place in ``Signals``.

    Only while a manual test is on.
    """

    output: str
    on: bool
    seconds: float = 5.0
    connection: int = 0


class Signal(msgspec.Struct, frozen=True):
    """One bit, number or text of an image, by its name in ``docs/plc.md``."""

    name: str
    value: bool | int | str
    meaning: str = ""
    """What the number stands for, as state, health and cause are written elsewhere."""


class Connection(msgspec.Struct, frozen=True):
    """One connection. The first one decides on the gate, the others are told as well."""

    name: str
    driver: str
    connected: bool
    detail: str = ""
    """Why it is not connected."""
    outputs: tuple[Signal, ...] = ()
    """Empty where it has no images, or none yet."""
    inputs: tuple[Signal, ...] = ()
    beat_age_s: float | None = None
    """Since the other side's heartbeat changed; None where it has none."""


class ManualTest(msgspec.Struct, frozen=True):
    """The manual test that is on: whose, why, and what is forced as ``connection:output``."""

    user: str
    reason: str
    left_s: float
    forced: dict[str, float] = {}
    """Seconds that are left of each."""


class Signals(msgspec.Struct, frozen=True, tag=True):
    """Answer to ``GetSignals``."""

    writer: Literal["operator", "plc"]
    connections: tuple[Connection, ...]
    test: ManualTest | None = None


AnySignalCommand = GetSignals | BeginTest | EndTest | ForceOutput
