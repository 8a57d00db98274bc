"""A part on its way through the line: from the capture thread to the taps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from inspector.core.frame import FrameInfo, Pixels
from inspector.core.verdict import Cause, StageTimes, Verdict
from inspector.line.ring import PartSlot


@dataclass(frozen=True, slots=True)
class Ticket:
    """One triggered part waiting for its verdict, in trigger order.

    ``slot`` is None, and ``cause`` says why, when there is nothing to inspect. Times are
    host-monotonic nanoseconds.
    """

    part_id: int
    trigger_count: int
    encoder_count: int
    triggered_ns: int
    arrived_ns: int
    copied_ns: int
    deadline_ns: int
    frames: tuple[FrameInfo, ...] = ()
    slot: PartSlot | None = None
    cause: Cause | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class JudgedPart:
    """A part whose verdict is out.

    ``pixels`` (uint8[V, H, W, C]) is the slot itself and None for a part without frames;
    ``prepared`` (uint8[V, h, w, c]) is what the engine saw, None for a part it did not judge. Both
    are valid only during ``PartTap.offer``: who wants to keep them copies them.
    """

    verdict: Verdict
    times: StageTimes
    frames: tuple[FrameInfo, ...] = ()
    pixels: Pixels | None = field(default=None, repr=False)
    prepared: Pixels | None = field(default=None, repr=False)


class PartTap(Protocol):
    """Something that looks at every judged part after its verdict was published."""

    def offer(self, part: JudgedPart) -> None:
        """Take what is needed and return at once: never block, never raise. Inspection thread."""
