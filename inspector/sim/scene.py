"""Rendered parts with ground truth: a brushed steel washer on a dark belt.

Every part is a pure function of (scene seed, part number), so that a run can be repeated and a
teaching set made that shares no part with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import Pixels

Field = NDArray[np.float32]


class Defect(StrEnum):
    """What can be wrong with a rendered part."""

    NONE = "none"
    SCRATCH = "scratch"
    SPOT = "spot"
    STAIN = "stain"
    DENT = "dent"
    CHIP = "chip"


DEFECTS = tuple(kind for kind in Defect if kind is not Defect.NONE)


@dataclass(frozen=True, slots=True)
class RenderedPart:
    """One part: pixels uint8[H, W, 1], and the defect's mask bool[H, W] (empty when good)."""

    number: int
    defect: Defect
    pixels: Pixels = field(repr=False)
    mask: NDArray[np.bool_] = field(repr=False)


@dataclass(frozen=True)
class WasherScene:
    """Renders washers of ``width`` x ``height`` pixels; a share ``defect_rate`` has one defect."""

    width: int = 320
    height: int = 320
    defect_rate: float = 0.1
    seed: int = 0

    def render(self, number: int) -> RenderedPart:
        """Render part ``number``."""
        random = np.random.default_rng((self.seed, number))
        bad = random.random() < self.defect_rate
        defect = DEFECTS[int(random.integers(len(DEFECTS)))] if bad else Defect.NONE
        return self.render_with(number, defect)

    def render_with(self, number: int, defect: Defect) -> RenderedPart:
        """Render part ``number`` with a chosen defect (or none)."""
        random = np.random.default_rng((self.seed, number, 1))
        image = self._good(random)
        mask = np.zeros(image.shape, bool)
        if defect is not Defect.NONE:
            image, mask = self._spoil(image, defect, random)
        image = image * random.normal(1.0, 0.015)
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.7), np.float32)
        image += random.normal(0.0, 2.0, image.shape).astype(np.float32)
        pixels = np.clip(image, 0, 255).astype(np.uint8)[..., np.newaxis]
        return RenderedPart(number, defect, pixels, mask)

    @property
    def _outer(self) -> float:
        return 0.40 * min(self.width, self.height)

    @cached_property
    def _grid(self) -> tuple[Field, Field]:
        y, x = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        return x, y

    def _good(self, random: np.random.Generator) -> Field:
        x, y = self._grid
        shift = random.normal(0.0, 1.2, 2)
        dx = x - (self.width / 2 + shift[0])
        dy = y - (self.height / 2 + shift[1])
        radius = np.hypot(dx, dy)
        angle = np.arctan2(dy, dx)
        brushed = self._brushed_rings(radius, random)
        shine = 18.0 * np.cos(2 * (angle - 0.6 - random.normal(0, 0.05)))
        steel = 150.0 + shine + brushed
        outer, inner = self._outer, 0.45 * self._outer
        edge = np.clip(outer - radius + 0.5, 0, 1) * np.clip(radius - inner + 0.5, 0, 1)
        bevel = 40.0 * np.exp(-(((radius - outer + 5) / 2.5) ** 2))
        bevel += 30.0 * np.exp(-(((radius - inner - 4) / 2.0) ** 2))
        belt = 32.0 + 4.0 * np.sin(y / 5.0 + random.uniform(0, 6.3))
        part: Field = (belt * (1 - edge) + (steel + bevel) * edge).astype(np.float32)
        return part

    def _brushed_rings(self, radius: Field, random: np.random.Generator) -> Field:
        profile = random.normal(0.0, 6.0, int(self._outer) + 64)
        profile = np.convolve(profile, np.ones(3) / 3, mode="same")
        index = np.clip(radius.astype(np.int32), 0, len(profile) - 1)
        rings: Field = profile[index].astype(np.float32)
        return rings

    def _place(self, random: np.random.Generator) -> tuple[int, int, float]:
        angle = random.uniform(0, 2 * np.pi)
        radius = self._outer * random.uniform(0.58, 0.88)
        x = int(self.width / 2 + radius * np.cos(angle))
        y = int(self.height / 2 + radius * np.sin(angle))
        return x, y, float(angle)

    def _spoil(
        self, image: Field, defect: Defect, random: np.random.Generator
    ) -> tuple[Field, NDArray[np.bool_]]:
        x, y, angle = self._place(random)
        unit = self._outer / 128.0
        shape = np.zeros(image.shape, np.float32)
        if defect is Defect.SCRATCH:
            length, turn = random.uniform(25, 60) * unit, random.uniform(0, np.pi)
            dx, dy = length / 2 * np.cos(turn), length / 2 * np.sin(turn)
            ends = (int(x - dx), int(y - dy)), (int(x + dx), int(y + dy))
            cv2.line(shape, *ends, 1.0, max(1, round(1.6 * unit)), cv2.LINE_AA)
            change = random.choice([-70.0, 70.0])
        elif defect is Defect.CHIP:
            rim = self._outer
            centre = (
                int(self.width / 2 + rim * np.cos(angle)),
                int(self.height / 2 + rim * np.sin(angle)),
            )
            cv2.circle(shape, centre, int(random.uniform(7, 14) * unit), 1.0, -1, cv2.LINE_AA)
            shape *= image > 80
            change = -120.0
        else:
            size = {Defect.SPOT: (3, 6), Defect.STAIN: (12, 24), Defect.DENT: (6, 11)}[defect]
            axes = tuple(max(2, int(random.uniform(*size) * unit)) for _ in range(2))
            cv2.ellipse(shape, (x, y), axes, float(np.degrees(angle)), 0, 360, 1.0, -1, cv2.LINE_AA)
            change = {Defect.SPOT: -80.0, Defect.STAIN: -28.0, Defect.DENT: 55.0}[defect]
            if defect is not Defect.SPOT:
                shape = np.asarray(cv2.GaussianBlur(shape, (0, 0), 2.0 * unit), np.float32)
        return image + change * shape, shape > 0.25
