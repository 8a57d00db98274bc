"""What is looked at, drawn by a finger: a field, places to look at alone, places to leave out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from inspector.link.questions.teaching import DrawnZone

Corner = tuple[float, float]
Box = tuple[int, int, int, int]
"""Left, top, width, height in camera pixels."""
SMALLEST_PX = 16
"""A field is at least so wide and high: less is a slip of the finger."""


class Pen(StrEnum):
    """What is drawn next."""

    FIELD = "field"
    INCLUDE = "include"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class Drawn:
    """All that was drawn; ``corners`` are of an outline that is not closed yet."""

    region: Box | None = None
    zones: tuple[DrawnZone, ...] = ()
    corners: tuple[Corner, ...] = ()


class Drawing:
    """Qt-free. Positions are camera pixels; ``reach`` is a finger's width in them.

    A finger that moves draws a rectangle; one that taps sets a corner of an outline, and closes it
    at its first corner. A finger that begins at a corner moves it.
    """

    def __init__(self) -> None:
        self.size = (0, 0)
        self.pen = Pen.FIELD
        self.drawn = Drawn()
        self.rectangle: tuple[Corner, Corner] | None = None
        """The one that is being drawn."""
        self._past: list[Drawn] = []
        self._began: Corner | None = None
        self._held: tuple[int, int] | None = None
        """Zone (-1: the field) and corner under the finger."""

    @property
    def can_undo(self) -> bool:
        """Something was drawn."""
        return bool(self._past)

    def begin(self, size: tuple[int, int], drawn: Drawn) -> None:
        """With a picture of this size, and what its recipe says."""
        self.size, self.drawn = size, drawn
        self._past.clear()
        self.rectangle = self._began = self._held = None

    def press(self, at: Corner, reach: float) -> None:
        """A finger comes down."""
        self._began = self._within(at)
        self._held = None if self.drawn.corners else self._corner_at(at, reach)
        if self._held is not None:
            self._remember()

    def move(self, at: Corner, reach: float) -> None:
        """It moves."""
        if self._began is None:
            return
        at = self._within(at)
        if self._held is not None:
            self._shift(at)
        elif self.rectangle is not None or math.dist(at, self._began) > reach / 2:
            self.rectangle = (self._began, at)

    def release(self, at: Corner, reach: float) -> None:
        """It goes up."""
        self.move(at, reach)
        began, self._began = self._began, None
        if began is None:
            return
        if self._held is not None:
            self._held = None
        elif self.rectangle is not None:
            (x, y), (right, bottom) = self.rectangle
            self.rectangle = None
            self._rectangle(min(x, right), min(y, bottom), max(x, right), max(y, bottom))
        elif self.pen is not Pen.FIELD:
            self._tap(began, reach)

    def close(self) -> None:
        """The outline is whole."""
        corners = self.drawn.corners
        if len(corners) >= 3:
            self._remember()
            self.drawn = replace(self.drawn, corners=(), zones=self._with(corners))

    def undo(self) -> None:
        """As it was before."""
        if self._past:
            self.drawn = self._past.pop()

    def clear(self) -> None:
        """Nothing is drawn: the whole picture is looked at."""
        if self.drawn != Drawn():
            self._remember()
            self.drawn = Drawn()

    def _remember(self) -> None:
        self._past.append(self.drawn)

    def _rectangle(self, left: float, top: float, right: float, bottom: float) -> None:
        if right - left < SMALLEST_PX or bottom - top < SMALLEST_PX:
            return
        self._remember()
        if self.pen is Pen.FIELD:
            x, y = math.floor(left), math.floor(top)
            self.drawn = replace(
                self.drawn, region=(x, y, math.floor(right) - x, math.floor(bottom) - y)
            )
        else:
            corners = ((left, top), (right, top), (right, bottom), (left, bottom))
            self.drawn = replace(self.drawn, zones=self._with(corners), corners=())

    def _tap(self, at: Corner, reach: float) -> None:
        corners = self.drawn.corners
        if len(corners) >= 3 and math.dist(at, corners[0]) <= reach:
            self.close()
            return
        self._remember()
        self.drawn = replace(self.drawn, corners=(*corners, at))

    def _with(self, corners: tuple[Corner, ...]) -> tuple[DrawnZone, ...]:
        rounded = tuple((round(x, 1), round(y, 1)) for x, y in corners)
        names = {zone.name for zone in self.drawn.zones}
        number = next(n for n in range(1, len(names) + 2) if f"zone-{n}" not in names)
        name = f"zone-{number}"
        if self.pen is Pen.INCLUDE:
            return (*self.drawn.zones, DrawnZone(name, "include", rounded))
        return (*self.drawn.zones, DrawnZone(name, "exclude", rounded))

    def _corner_at(self, at: Corner, reach: float) -> tuple[int, int] | None:
        """The nearest corner under the finger."""
        shapes = [(-1, corners_of(self.drawn.region))] if self.pen is Pen.FIELD else []
        if self.pen is not Pen.FIELD:
            shapes = [(place, zone.polygon) for place, zone in enumerate(self.drawn.zones)]
        found = [
            (math.dist(at, corner), (shape, place))
            for shape, corners in shapes
            for place, corner in enumerate(corners)
        ]
        nearest = min(found, default=None)
        return nearest[1] if nearest is not None and nearest[0] <= reach / 2 else None

    def _shift(self, at: Corner) -> None:
        assert self._held is not None
        shape, place = self._held
        if shape < 0:
            self._shift_field(at, place)
            return
        zone = self.drawn.zones[shape]
        polygon = tuple(at if n == place else one for n, one in enumerate(zone.polygon))
        moved = msgspec.structs.replace(zone, polygon=polygon)
        zones = tuple(moved if n == shape else one for n, one in enumerate(self.drawn.zones))
        self.drawn = replace(self.drawn, zones=zones)

    def _shift_field(self, at: Corner, place: int) -> None:
        across, down = corners_of(self.drawn.region)[(place + 2) % 4]
        left, right = sorted((math.floor(at[0]), math.floor(across)))
        top, bottom = sorted((math.floor(at[1]), math.floor(down)))
        if right - left >= SMALLEST_PX and bottom - top >= SMALLEST_PX:
            self.drawn = replace(self.drawn, region=(left, top, right - left, bottom - top))

    def _within(self, at: Corner) -> Corner:
        return min(max(at[0], 0.0), self.size[0]), min(max(at[1], 0.0), self.size[1])


def corners_of(box: Box | None) -> tuple[Corner, ...]:
    """Clockwise from the left at the top; none without a box."""
    if box is None:
        return ()
    x, y, width, height = box
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
