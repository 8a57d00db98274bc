"""The live picture: what the operator sees of the newest part."""

from __future__ import annotations

from dataclasses import dataclass, field

from inspector.core.frame import Pixels, ScoreMap
from inspector.core.judgement import Region


@dataclass(frozen=True, slots=True)
class OtherView:
    """What another camera saw of the same part, thinned out: ``LivePicture`` says what is what."""

    view: int
    pixels: Pixels = field(repr=False)
    map: ScoreMap | None = field(default=None, repr=False)
    threshold: float = 0.0
    regions: tuple[Region, ...] = ()


@dataclass(frozen=True, slots=True)
class LivePicture:
    """Newest inspected field with its map. Arrays belong to the receiver.

    ``pixels`` is uint8[h, w, 1 or 3] of the inspected field (camera resolution, cropped, 8 bits
    whatever the camera's depth), ``map`` the raw scores float32[mh, mw] over the same field (None
    when the part was rejected unseen, without a ``score``, or by a check that marks no place), and
    ``threshold`` the score above which a place is a defect: the overlay's scale is fixed by it.
    ``view`` counts the cameras in the line's order: this one has the strangest finding, ``others``
    are the rest of them.
    """

    part_id: int
    utc_us: int
    passed: bool
    cause: str
    pixels: Pixels = field(repr=False)
    map: ScoreMap | None = field(default=None, repr=False)
    score: float | None = None
    threshold: float = 0.0
    regions: tuple[Region, ...] = ()
    view: int = 0
    others: tuple[OtherView, ...] = ()

    @property
    def views(self) -> tuple[OtherView, ...]:
        """All views alike, this one first."""
        own = OtherView(self.view, self.pixels, self.map, self.threshold, self.regions)
        return own, *self.others
