"""Rendered surfaces under a lamp that changes from picture to picture, with painted defects.

A surface is drawn as its own reflectance; a defect is painted on that; then the lamp falls on both
and the sensor adds its noise. So a defect is as strong in dark corners as the light lets it be.
Every picture is a pure function of (texture, seed, number).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.sim.defects import PSF_SIGMA_PX, Canvas, Flaw, Mask, Plane

_FINE = 65_535
"""Full scale of a surface while it is painted on."""
_WHITE = 190.0
"""Grey level of a surface that reflects everything, under the lamp's mean light."""
_READ_NOISE, _SHOT_NOISE = 0.8, 0.12
"""Sensor noise in levels: its own, and the root of its variance's share of the level."""
_TURN = np.radians(1.5)
"""How far a piece may lie turned."""

Random = np.random.Generator


class Texture(StrEnum):
    """What a surface is like."""

    WEAVE = "weave"
    GRAIN = "grain"
    BRUSHED = "brushed"
    WEB = "web"
    LEATHER = "leather"
    DOTS = "dots"


@dataclass(frozen=True, slots=True)
class Surface:
    """One picture: ``levels`` uint8[H, W], and the defect's ``mask`` bool[H, W], empty if good."""

    levels: NDArray[np.uint8] = field(repr=False)
    mask: Mask = field(repr=False)


@dataclass(frozen=True)
class TexturedScene:
    """Renders pieces of one material, ``side`` px square.

    ``seed`` draws the material (thread count, grain size, strength) and with the number the piece
    and its light. ``lamp`` is how much of the light changes over a picture at most: its direction,
    strength and brightest place differ from picture to picture; 0 is even light.
    """

    texture: Texture
    side: int = 512
    seed: int = 0
    lamp: float = 0.5

    def render(self, number: int, flaw: Flaw | None = None) -> Surface:
        """Render piece ``number``; the same piece with a defect where one is given.

        Raises ``ImageError`` for a defect that is larger than the picture.
        """
        kind = tuple(Texture).index(self.texture)
        material = np.random.default_rng((self.seed, kind))
        random = np.random.default_rng((self.seed, kind, number))
        drawn = _DRAW[self.texture](self.side, material, random)
        surface = np.clip(cv2.GaussianBlur(drawn, (0, 0), PSF_SIGMA_PX), 0.02, 1.0)
        light = self._light(random)
        noise = random.normal(size=surface.shape).astype(np.float32)
        mask = np.zeros(surface.shape, bool)
        if flaw is not None:
            fine = np.rint(_FINE * surface).astype(np.uint16)
            painted = Canvas(fine, full_scale=_FINE).paint(flaw, (self.seed, kind, number))
            surface, mask = painted.levels.astype(np.float32) / _FINE, painted.mask
        levels = _WHITE * surface * light
        levels += np.sqrt(_READ_NOISE**2 + _SHOT_NOISE**2 * levels) * noise
        return Surface(np.clip(np.rint(levels), 0, 255).astype(np.uint8), mask)

    def _light(self, random: Random) -> Plane:
        """About 1: brighter towards one side, and around a place that lies anywhere."""
        x, y = _grid(self.side)
        turn, fall = random.uniform(0, 2 * np.pi), random.uniform(0, self.lamp)
        ramp = fall * ((x * np.cos(turn) + y * np.sin(turn)) / self.side)
        left, top = random.uniform(-0.4, 0.4, 2) * self.side
        distance = ((x - left) ** 2 + (y - top) ** 2) / self.side**2
        spot = random.uniform(0, self.lamp) * (np.exp(-2.0 * distance) - 0.6)
        exposure = 1.0 + self.lamp * random.uniform(-0.2, 0.2)
        return np.asarray(exposure * (1.0 + ramp + spot), np.float32)


def _grid(side: int) -> tuple[Plane, Plane]:
    """Coordinates from the middle, px."""
    line = np.arange(side, dtype=np.float32) - (side - 1) / 2
    return line[None, :], line[:, None]


def _laid(side: int, random: Random) -> tuple[Plane, Plane]:
    """Coordinates on the material: shifted and a little turned, as each piece lies."""
    x, y = _grid(side)
    turn = random.uniform(-_TURN, _TURN)
    dx, dy = random.uniform(0, 1000, 2)
    cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    return x * cos + y * sin + np.float32(dx), y * cos - x * sin + np.float32(dy)


def _cloud(side: int, random: Random, across: float, down: float) -> Plane:
    """Noise of standard deviation 1, blurred as far as two Gaussians, px."""
    step = max(1, round(min(across, down) / 4))  # coarse noise is drawn coarsely
    margin = -(-2 * round(max(across, down)) // step)
    cells = -(-side // step) + 2 * margin
    noise = random.normal(size=(cells, cells)).astype(np.float32)
    blurred = cv2.GaussianBlur(noise, (0, 0), sigmaX=across / step, sigmaY=down / step)
    inner = blurred[margin : cells - margin, margin : cells - margin]
    wide = cv2.resize(inner, (side, side), interpolation=cv2.INTER_CUBIC) if step > 1 else inner
    return np.asarray(wide / blurred.std(), np.float32)


def _weave(side: int, material: Random, random: Random) -> Plane:
    """Plain weave: threads that cross over and under, each with its own brightness."""
    pitch, relief = material.uniform(9, 14), material.uniform(0.06, 0.1)
    x, y = _laid(side, random)
    u = (x + 0.5 * _cloud(side, random, 20, 20)) / np.float32(pitch)
    v = (y + 0.5 * _cloud(side, random, 20, 20)) / np.float32(pitch)
    column, row = np.floor(u).astype(int), np.floor(v).astype(int)
    across, along = u - column - 0.5, v - row - 0.5
    upright = (column + row) % 2 == 0
    bow = np.where(upright, np.cos(np.pi * across), np.cos(np.pi * along))
    bend = np.where(upright, np.cos(np.pi * along), np.cos(np.pi * across))
    shades = random.normal(0.0, 0.01, (2, 512))
    own = np.where(upright, shades[0, column % 512], shades[1, row % 512])
    fibres = 0.015 * _cloud(side, random, 1.0, 1.0)
    return np.asarray(0.38 + relief * bow * (0.6 + 0.4 * bend) + own + fibres, np.float32)


def _grain(side: int, material: Random, random: Random) -> Plane:
    """Cast or sprayed: grains of two sizes."""
    size, strength = material.uniform(1.0, 1.8), material.uniform(0.025, 0.045)
    fine, coarse = _cloud(side, random, size, size), _cloud(side, random, 3 * size, 3 * size)
    return np.asarray(0.5 + strength * (0.8 * fine + 0.6 * coarse), np.float32)


def _brushed(side: int, material: Random, random: Random) -> Plane:
    """Brushed metal: long fine lines in one direction."""
    length, strength = material.uniform(30, 60), material.uniform(0.025, 0.045)
    lines = _cloud(2 * side, random, length, 0.8)
    degrees = float(np.degrees(random.uniform(-_TURN, _TURN)))
    laid = cv2.getRotationMatrix2D((side, side), degrees, 1.0)
    turned = cv2.warpAffine(lines, laid, lines.shape[::-1], flags=cv2.INTER_CUBIC)
    inner = turned[side // 2 : side // 2 + side, side // 2 : side // 2 + side]
    return np.asarray(0.5 + strength * inner, np.float32)


def _web(side: int, material: Random, random: Random) -> Plane:
    """A coated web: nearly even, its coat thicker here and thinner there, with faint streaks."""
    drift, streak = material.uniform(0.015, 0.03), material.uniform(0.004, 0.01)
    clouds = _cloud(side, random, side / 6, side / 6)
    streaks = cv2.GaussianBlur(random.normal(size=(1, side)).astype(np.float32), (0, 0), 5)
    fine = _cloud(side, random, 1.0, 1.0)
    even = 0.55 + drift * clouds + 0.006 * fine
    return np.asarray(even + streak * streaks / streaks.std(), np.float32)


def _leather(side: int, material: Random, random: Random) -> Plane:
    """Cells with dark creases between them (Worley's distance to the nearest two points)."""
    pitch, depth = material.uniform(11, 17), material.uniform(0.08, 0.14)
    x, y = _laid(side, random)
    u, v = x / np.float32(pitch), y / np.float32(pitch)
    column, row = np.floor(u).astype(int), np.floor(v).astype(int)
    places = random.uniform(-0.4, 0.4, (256, 256, 2)).astype(np.float32)
    nearest = np.full(u.shape, np.inf, np.float32)
    second = nearest.copy()
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            offset = places[(row + down) % 256, (column + across) % 256]
            own = np.hypot(
                column + across + 0.5 + offset[..., 0] - u, row + down + 0.5 + offset[..., 1] - v
            ).astype(np.float32)
            second = np.minimum(second, np.maximum(nearest, own))
            nearest = np.minimum(nearest, own)
    crease = np.exp(-(((second - nearest) / 0.18) ** 2))
    return np.asarray(0.5 - depth * crease + 0.02 * _cloud(side, random, 1.2, 1.2), np.float32)


def _dots(side: int, material: Random, random: Random) -> Plane:
    """Embossed or perforated: round dark dots on a square lattice, of slightly different size."""
    pitch, depth = material.uniform(13, 19), material.uniform(0.2, 0.3)
    x, y = _laid(side, random)
    u, v = x / np.float32(pitch), y / np.float32(pitch)
    column, row = np.floor(u).astype(int), np.floor(v).astype(int)
    radius = random.normal(0.27, 0.012, (256, 256)).astype(np.float32)[row % 256, column % 256]
    away = (np.hypot(u - column - 0.5, v - row - 0.5) - radius) * np.float32(pitch)
    dot = np.clip(0.5 - away / 1.5, 0, 1)
    return np.asarray(0.55 - depth * dot + 0.015 * _cloud(side, random, 1.2, 1.2), np.float32)


_DRAW: dict[Texture, Callable[[int, Random, Random], Plane]] = {
    Texture.WEAVE: _weave,
    Texture.GRAIN: _grain,
    Texture.BRUSHED: _brushed,
    Texture.WEB: _web,
    Texture.LEATHER: _leather,
    Texture.DOTS: _dots,
}
