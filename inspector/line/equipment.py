"""What a run of the line is made of: everything comes in through the ports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from inspector.core.frame import Pixels
from inspector.core.ports import Camera, Clock, Engine, PartIds, Plc
from inspector.core.pose import Pose
from inspector.line.masters import AnnouncedMasters
from inspector.line.part import PartTap
from inspector.line.ring import PageLock
from inspector.scoring.judge import Judge


class Prepares(Protocol):
    """What the line needs of a preparation."""

    def apply(self, src: Pixels, out: Pixels) -> Pose | None:
        """Prepare uint8[H, W, C] into uint8[h, w, c]; where the part lies, if it is looked for."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """The devices and rules of one run. Cameras are open and share a format; the engine is warm."""

    cameras: tuple[Camera, ...]
    preparation: Prepares
    engine: Engine
    judge: Judge
    plc: Plc
    part_ids: PartIds
    taps: tuple[PartTap, ...]
    clock: Clock
    masters: AnnouncedMasters | None = None
    """Who the parts of this run are; None: parts of production."""
    lock_pages: PageLock | None = None
    """How slots are page-locked; None where no GPU reads them."""
