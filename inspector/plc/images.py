"""The images as they are exchanged, for a person who looks on; and outputs that one forces."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Protocol, runtime_checkable

from inspector.core.errors import RefusedError
from inspector.core.state import StationState
from inspector.plc.registers import STATES, Inputs, Outputs

LONGEST_S = 30.0
"""An output is forced for so long at most, whatever is asked."""

OUTPUT_BITS = tuple(entry.name for entry in fields(Outputs) if "bit" in entry.metadata)
"""What can be forced."""


@dataclass(frozen=True, slots=True)
class Images:
    """What stood in both images at the last exchange."""

    outputs: Outputs
    inputs: Inputs | None
    """None where nothing is heard of the other side."""
    beat_age_s: float | None = None
    """Since its heartbeat changed; None where nobody can tell."""


@dataclass(frozen=True, slots=True)
class Force:
    """An output bit as a person wants it, for some seconds; ``seconds`` 0 ends it."""

    output: str
    on: bool
    seconds: float


@runtime_checkable
class Shown(Protocol):
    """A connection that has images. Any thread; neither method waits."""

    def images(self) -> Images | None:
        """The newest; None before the first. Asking keeps them coming."""

    def force(self, force: Force) -> None:
        """Force an output while the station is Halted."""


@runtime_checkable
class Driven(Protocol):
    """A fieldbus between us and the PLC that writes another image than it was given."""

    def images(self) -> Images | None:
        """What was really exchanged."""


class Forcing:
    """Outputs that are forced, each until its time is over: in Halted alone. One thread.

    A second lock beside the station's: an image that does not say Halted lets all of them go, and
    so does one that was withdrawn.
    """

    def __init__(self) -> None:
        self._forced: dict[str, tuple[bool, float]] = {}

    def set(self, force: Force, now_s: float) -> None:
        """One more, or one less. Raises ``RefusedError`` for what is no output bit."""
        if force.output not in OUTPUT_BITS:
            raise RefusedError(f"{force.output}: no output bit", remedy="See docs/plc.md")
        if force.seconds <= 0.0:
            self._forced.pop(force.output, None)
        else:
            self._forced[force.output] = force.on, now_s + min(force.seconds, LONGEST_S)

    def applied(self, outputs: Outputs, now_s: float) -> Outputs:
        """The image with what is forced."""
        if not self._forced:
            return outputs
        if outputs.state != STATES[StationState.HALTED]:
            self._forced.clear()
        self._forced = {name: one for name, one in self._forced.items() if one[1] > now_s}
        return replace(outputs, **{name: on for name, (on, _) in self._forced.items()})
