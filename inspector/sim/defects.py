"""Defects painted onto photographs, with their truth: what an engine can find is measured on them.

A defect is drawn finer than the camera's pixels, blurred as the optics blur, brought to the
camera's pixels and added to the photograph, whose texture and noise stay. Its size and its
contrast are those of the part's surface, before the optics: a spot of one pixel comes out fainter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.errors import ImageError
from inspector.core.levels import Levels
from inspector.core.recipe import Box

PSF_SIGMA_PX = 0.7
"""Blur of lens and sensor: a Gaussian, camera pixels."""

_FINE = 4
"""Steps of a camera pixel that a defect is drawn in."""
_WHITE_PERCENTILE = 99.0
"""Brightest grey of a part that is not a glint: what contrast is a share of."""
_WINDOW = 9
"""Side of the square that local brightness and texture are taken over, px."""
_PIECES = 8
"""Places that a piece may come from."""
_STAIN_TINT = np.array([0.8, 1.0, 1.2], np.float32)
"""Red, green, blue of a stain's change: dark ones are brownish. The mean is 1."""

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Kind(StrEnum):
    """What can be painted."""

    SPOT = "spot"
    STAIN = "stain"
    SCRATCH = "scratch"
    DENT = "dent"
    PIECE = "piece"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is to be painted.

    ``size_px`` is the diameter in camera pixels (of a stain: of the disc of its area), or the
    length of a scratch, which is ``width_px`` wide. ``contrast`` is a share of the part's own
    white, its 99th percentile, so that it means the same at any exposure; a dent is that much
    brighter on the side that faces the light and that much darker on the other. A piece is a turned
    rectangle cut from another place of the part (Li et al., "CutPaste", CVPR 2021); its size is its
    diagonal, its contrast the share of it that shows.
    """

    kind: Kind
    size_px: float
    contrast: float
    dark: bool = True
    width_px: float = 1.5


@dataclass(frozen=True, slots=True)
class Painted:
    """A photograph with one defect.

    ``mask`` bool[H, W] is the defect itself, at least half of each pixel of it, without blur;
    ``area_px`` its exact area; ``contrast`` the largest change that came out, a share of white.
    """

    levels: Levels = field(repr=False)
    mask: Mask = field(repr=False)
    area_px: float
    contrast: float
    dark: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """A defect on camera pixels, float32[n, n] about its middle: its change in -1..1 behind the
    optics, and the share of each pixel that it covers."""

    change: Plane = field(repr=False)
    cover: Plane = field(repr=False)


class Canvas:
    """A photograph to paint defects on, one at a time; the photograph itself stays as it is.

    Defects lie on the part: where brightness or texture differ from the border of the ``region``
    (null: the whole photograph), or anywhere in it where the border shows the part itself. They lie
    wholly on it, unless it is too small for them, and where their contrast does not end at black or
    white; a dark one that finds no place bright enough becomes a bright one, and the other way
    round. ``levels`` are uint8 or uint16 [H, W] or [H, W, 1 or 3], ``full_scale`` is their white.
    """

    def __init__(self, levels: Levels, region: Box | None = None, full_scale: int = 255) -> None:
        self._levels = levels
        self._full = float(full_scale)
        height, width = levels.shape[:2]
        box = region or Box(x=0, y=0, width=width, height=height)
        self._left, self._top = box.x, box.y
        self._grey = _grey(levels)
        inside = self._grey[box.y : box.y + box.height, box.x : box.x + box.width]
        self._around = cv2.blur(inside, (_WINDOW, _WINDOW))
        self.part = part_of(inside)
        """bool[h, w] of the region: where defects are painted."""
        self.white = float(np.percentile(inside[self.part], _WHITE_PERCENTILE)) or self._full
        """Grey level that contrasts are shares of; full scale where the part is black."""
        padded = np.pad(self.part.astype(np.uint8), 1)
        self._depth = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]

    def paint(self, flaw: Flaw, seed: int | tuple[int, ...]) -> Painted:
        """Paint one defect; the same seed always gives the same place and shape.

        Raises ``ImageError`` for a defect that is larger than the region.
        """
        random = np.random.default_rng(seed)
        x, y, dark = self._place(flaw, random)
        pattern = pattern_of(flaw, random)
        cover = np.zeros(self._grey.shape, np.float32)
        change = np.zeros_like(cover)
        stamp(cover, pattern.cover, x, y)
        stamp(change, pattern.change, x, y)
        if flaw.kind is Kind.PIECE:
            levels = self._mixed(flaw.contrast * change, self._elsewhere(cover > 0, x, y, random))
        else:
            change *= (-1.0 if dark else 1.0) * flaw.contrast * self.white
            levels = self._changed(change, tinted=flaw.kind is Kind.STAIN)
        return Painted(
            levels=levels,
            mask=cover >= min(0.5, float(cover.max())),
            area_px=float(pattern.cover.sum()),
            contrast=float(np.abs(_grey(levels) - self._grey).max()) / self.white,
            dark=dark,
        )

    def _place(self, flaw: Flaw, random: np.random.Generator) -> tuple[int, int, bool]:
        height, width = self._depth.shape
        if flaw.size_px > min(height, width):
            raise ImageError(
                f"a {flaw.kind} of {flaw.size_px:g} px in a field of {width}x{height} px",
                remedy="Ask for smaller defects",
            )
        # Where none lies wholly on the part, towards the middle of its broadest places.
        deep = self._depth >= min(flaw.size_px / 2 + 1.0, 0.7 * float(self._depth.max()))
        dark, room = flaw.dark, self._room(flaw, dark=flaw.dark)
        if not (deep & room).any():
            dark, room = not dark, self._room(flaw, dark=not dark)
        candidates = np.flatnonzero(deep & room)
        if not len(candidates):
            dark, candidates = flaw.dark, np.flatnonzero(deep)
        row, column = divmod(int(candidates[int(random.random() * len(candidates))]), width)
        return self._left + column, self._top + row, dark

    def _room(self, flaw: Flaw, *, dark: bool) -> Mask:
        change = flaw.contrast * self.white
        below, above = self._around >= change, self._around <= self._full - change
        if flaw.kind is Kind.DENT:
            return below & above
        return below if dark else above

    def _elsewhere(self, place: Mask, x: int, y: int, random: np.random.Generator) -> Levels:
        """The photograph moved, so that another piece of the part lies at a place.

        Of a few drawn at random the one that differs most: any of an even part is like the rest.
        """
        deep = np.argwhere(self._depth >= 0.7 * float(self._depth.max()))
        drawn = deep[random.integers(len(deep), size=_PIECES)] + (self._top, self._left)
        there = self._grey[place]

        def moved(source: NDArray[Any], image: NDArray[Any]) -> NDArray[Any]:
            return np.roll(image, (y - int(source[0]), x - int(source[1])), axis=(0, 1))

        best = max(
            drawn, key=lambda one: float(np.abs(moved(one, self._grey)[place] - there).sum())
        )
        return moved(best, self._levels)

    def _mixed(self, share: Plane, other: Levels) -> Levels:
        shaped = share if self._levels.ndim == 2 else share[..., None]
        exact = (1.0 - shaped) * self._levels + shaped * other
        levels: Levels = np.rint(exact).astype(self._levels.dtype)
        return levels

    def _changed(self, change: Plane, *, tinted: bool) -> Levels:
        shaped = change if self._levels.ndim == 2 else change[..., None]
        if tinted and self._levels.shape[2:] == (3,):
            shaped = shaped * _STAIN_TINT
        exact = np.clip(self._levels + shaped, 0.0, self._full)
        levels: Levels = np.rint(exact).astype(self._levels.dtype)
        return levels


def pattern_of(flaw: Flaw, random: np.random.Generator) -> Pattern:
    """Draw a defect of contrast 1: shape, turn and place within a pixel are drawn at random."""
    reach = flaw.size_px * (1.0 if flaw.kind is Kind.STAIN else 0.5)
    half = int(np.ceil(max(reach, flaw.width_px) + 4 * PSF_SIGMA_PX)) + 1
    steps = (np.arange((2 * half + 1) * _FINE) + 0.5) / _FINE - half - 0.5
    dx, dy = random.uniform(-0.5, 0.5, 2)
    x, y = np.meshgrid(steps - dx, steps - dy)
    change, cover = _DRAW[flaw.kind](flaw, x, y, random)
    blurred = cv2.GaussianBlur(change.astype(np.float32), (0, 0), PSF_SIGMA_PX * _FINE)
    return Pattern(_coarse(blurred), _coarse(cover.astype(np.float32)))


def stamp(image: Plane, pattern: Plane, x: int, y: int) -> None:
    """Add a pattern with its middle at a pixel; what lies outside of the image is cut off."""
    half, (height, width) = pattern.shape[0] // 2, image.shape
    top, left = y - half, x - half
    rows = slice(max(0, top), min(height, y + half + 1))
    columns = slice(max(0, left), min(width, x + half + 1))
    image[rows, columns] += pattern[
        rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
    ]


def part_of(grey: Plane) -> Mask:
    """Where the part is: bool[H, W] of what differs from the image's border.

    The border, 2 % of the shorter side, is taken for background. A place differs when its
    brightness or its texture (standard deviation over 9 px) is further from the border's median
    than four of its standard deviations and 5 % of the image's range. The part's edge is not part
    as far as these windows reach. Where that leaves less than a
    tenth of the image the border is the part itself, and everything is part.
    """
    margin = max(2, round(0.02 * min(grey.shape)))
    differs = np.zeros(grey.shape, bool)
    floor = 0.05 * float(np.ptp(grey))
    mean, square = (cv2.blur(image, (_WINDOW, _WINDOW)) for image in (grey, grey * grey))
    for feature in (mean, np.sqrt(np.maximum(square - mean * mean, 0.0))):
        ends, sides = (
            (feature[:margin], feature[-margin:]),
            (feature[:, :margin], feature[:, -margin:]),
        )
        border = np.concatenate([strip.ravel() for strip in (*ends, *sides)])
        middle = np.median(border)
        spread = 1.4826 * np.median(np.abs(border - middle))
        differs |= np.abs(feature - middle) > max(4.0 * float(spread), floor)
    side = 2 * margin + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    closed = cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel)
    part = cv2.erode(opened, np.ones((_WINDOW, _WINDOW), np.uint8)) > 0
    return part if part.mean() >= 0.1 else np.ones(grey.shape, bool)


Grid = NDArray[np.float64]
Drawn = tuple[NDArray[Any], NDArray[Any]]
"""Change in -1..1 and cover in 0..1, both on the fine grid."""


def _spot(flaw: Flaw, x: Grid, y: Grid, _random: np.random.Generator) -> Drawn:
    inside = np.hypot(x, y) <= flaw.size_px / 2
    return inside, inside


def _stain(flaw: Flaw, x: Grid, y: Grid, random: np.random.Generator) -> Drawn:
    """A cloud that fades out from the middle, cut at the level that leaves the area asked."""
    lattice = random.normal(size=(8, 8)).astype(np.float32)
    cloud = cv2.resize(lattice, x.shape, interpolation=cv2.INTER_CUBIC)
    level = 1.0 - (2 / flaw.size_px) ** 2 * (x * x + y * y) + 0.4 * cloud
    cells = max(1, round(np.pi / 4 * (flaw.size_px * _FINE) ** 2))
    edge = np.partition(level, -cells, axis=None)[-cells]
    return np.clip(0.5 + level - edge, 0.0, 1.0), level >= edge


def _scratch(flaw: Flaw, x: Grid, y: Grid, random: np.random.Generator) -> Drawn:
    """A slightly bent line."""
    turn, bend = random.uniform(0, np.pi), random.uniform(-0.15, 0.15)
    along, across = _turned(x, y, turn)
    across = across + bend * (along**2 / flaw.size_px - flaw.size_px / 8)
    inside = (np.abs(along) <= flaw.size_px / 2) & (np.abs(across) <= flaw.width_px / 2)
    return inside, inside


def _dent(flaw: Flaw, x: Grid, y: Grid, random: np.random.Generator) -> Drawn:
    """The slope, towards the light, of a dimple of depth (1 - r²)²; its steepest place is 1."""
    along, _ = _turned(x, y, random.uniform(0, 2 * np.pi))
    radius = flaw.size_px / 2
    fall = np.maximum(1.0 - (x * x + y * y) / radius**2, 0.0)
    return along / radius * fall * (1.5 * np.sqrt(3.0)), fall > 0.0


def _piece(flaw: Flaw, x: Grid, y: Grid, random: np.random.Generator) -> Drawn:
    """A rectangle whose diagonal is the size."""
    along, across = _turned(x, y, random.uniform(0, np.pi))
    shape = random.uniform(0.2, 0.8) * np.pi / 2
    inside = (np.abs(along) <= flaw.size_px / 2 * np.cos(shape)) & (
        np.abs(across) <= flaw.size_px / 2 * np.sin(shape)
    )
    return inside, inside


_DRAW = {
    Kind.SPOT: _spot,
    Kind.STAIN: _stain,
    Kind.SCRATCH: _scratch,
    Kind.DENT: _dent,
    Kind.PIECE: _piece,
}


def _turned(x: Grid, y: Grid, turn: float) -> tuple[Grid, Grid]:
    cos, sin = np.cos(turn), np.sin(turn)
    return x * cos + y * sin, y * cos - x * sin


def _coarse(fine: NDArray[Any]) -> Plane:
    side = fine.shape[0] // _FINE
    return np.asarray(cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA), np.float32)


def _grey(levels: Levels) -> Plane:
    return np.asarray(levels if levels.ndim == 2 else levels.mean(axis=2), np.float32)
