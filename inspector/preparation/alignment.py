"""Finding the part: the pose that was taught, and where a part lies against it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from engines.background.outline import Grey
from engines.bundle import POSE, Bundle
from inspector.core.canonical import sha256_hex
from inspector.core.errors import BundleError, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.levels import Levels
from inspector.core.pose import Expected, Pose
from inspector.core.recipe import Box, PreparationSpec
from inspector.preparation.alignment_finders import (
    ContourFinder,
    Finder,
    TemplateFinder,
    factor_to,
    shrunk,
    shrunk_point,
)
from inspector.preparation.alignment_refine import Centre

FINE_PX = 512
"""Longest side of the picture that a part is found in: a tenth of its pixels is told easily."""
EXPECTED_PX = 256
"""Longest side of the picture that the check ``presence`` compares."""
_AREA_FACTOR = 4.0
"""How many times larger or smaller than usual an outline may be and still be called the part."""
_LEAST_SHARE = 0.5
"""Share of the usual similarity and contrast below which nothing was recognised."""


@dataclass(frozen=True)
class PoseReference:
    """What teaching learned: ``pose.safetensors`` in a bundle. Figures are of usual good parts.

    ``picture`` uint8[h, w] is the searched window of the camera image, reduced. ``area`` (pixels of
    it) and ``contrast`` are those of the outline; 0 where the part does not stand out.
    """

    picture: Grey
    bright: bool
    area: float = 0.0
    contrast: float = 0.0
    similarity: float = 0.0

    @cached_property
    def data(self) -> bytes:
        """The file; equal references give equal bytes."""
        figures = np.array([self.bright, self.area, self.contrast, self.similarity], np.float64)
        return save({"picture": np.ascontiguousarray(self.picture), "figures": figures})

    @cached_property
    def hash(self) -> str:
        """Identity: SHA-256 of the file."""
        return sha256_hex(self.data)

    @property
    def least_contrast(self) -> float:
        """Levels by which a part must differ from its background to be seen."""
        return max(_LEAST_SHARE * self.contrast, 1.0)

    @classmethod
    def of(cls, data: bytes) -> PoseReference:
        """Read the file's bytes. Raises ``BundleError``."""
        try:
            tensors = load(data)
            bright, area, contrast, similarity = tensors["figures"].tolist()
            picture = tensors["picture"]
        except (SafetensorError, KeyError, ValueError) as error:
            raise BundleError(f"{POSE}: is damaged", remedy="Teach the product again") from error
        return cls(picture, bool(bright), area, contrast, similarity)


def taught_reference(bundle: Bundle) -> PoseReference | None:
    """What a bundle knows of the part's pose; None where its recipe did not ask for it."""
    if POSE not in bundle.manifest.files:
        return None
    return PoseReference.of((bundle.path / POSE).read_bytes())


@dataclass(frozen=True, slots=True)
class Sight:
    """What a part is looked for in: a window of the camera image, reduced and grey.

    ``field`` is the inspected field; the window holds it wherever the recipe allows the part to be.
    """

    window: Box
    field: Box
    pixel_format: PixelFormat

    @classmethod
    def of(cls, spec: PreparationSpec, frame: FrameFormat, field: Box) -> Sight:
        """The window of a recipe, as far as the camera sees it."""
        if spec.align == "none":
            return cls(field, field, frame.pixel_format)
        largest = math.radians(spec.align_range_deg)
        reach = spec.align_range_px
        half = [
            _half_extent(side, other, largest) + reach
            for side, other in ((field.width, field.height), (field.height, field.width))
        ]
        middle = (field.x + field.width / 2, field.y + field.height / 2)
        left, top = (max(math.floor(m - h), 0) for m, h in zip(middle, half, strict=True))
        right = min(math.ceil(middle[0] + half[0]), frame.width)
        bottom = min(math.ceil(middle[1] + half[1]), frame.height)
        window = Box(x=left, y=top, width=right - left, height=bottom - top)
        return cls(window, field, frame.pixel_format)

    @property
    def factor(self) -> int:
        """Pixels of the window to one of the picture, each way."""
        return max(1, math.ceil(max(self.window.width, self.window.height) / FINE_PX))

    @property
    def shape(self) -> tuple[int, int]:
        """Of the picture."""
        sides = (self.window.height, self.window.width)
        height, width = (max(side // self.factor, 1) for side in sides)
        return height, width

    @property
    def centre(self) -> Centre:
        """The middle of the field, which poses turn about, in pixels of the window."""
        x, y = self.field.x - self.window.x, self.field.y - self.window.y
        return x + (self.field.width - 1) / 2, y + (self.field.height - 1) / 2

    def picture(self, window: Levels) -> Grey:
        """Grey of 8 bits from the window's levels [H, W, colours]."""
        grey: NDArray[Any] = shrunk(window, self.factor)
        if window.shape[2] == 3:
            grey = cv2.cvtColor(grey, cv2.COLOR_RGB2GRAY)
        if self.pixel_format.depth > 8:
            grey = cv2.convertScaleAbs(grey, alpha=255.0 / self.pixel_format.white)
        return np.ascontiguousarray(grey, np.uint8).reshape(self.shape)


class Aligner:
    """Finds a part's pose. Any thread. Raises ``ConfigError`` for an unusable reference."""

    def __init__(self, spec: PreparationSpec, sight: Sight, reference: PoseReference) -> None:
        if reference.picture.shape != sight.shape:
            raise ConfigError(
                f"preparation.align: {spec.align}: the part was taught in pictures of another size",
                remedy="Teach the product again with pictures of this camera",
            )
        self._spec, self._sight, self._reference = spec, sight, reference
        self._finder = _finder(spec, sight, reference)

    def find(self, picture: Grey) -> Pose:
        """Where the part of a picture of `Sight` lies, camera px; never raises for what it sees."""
        pose = self._finder.find(picture)
        if not pose.similarity >= _LEAST_SHARE * self._reference.similarity:
            return Pose(similarity=pose.similarity, found=False)
        factor = self._sight.factor
        dx, dy = pose.dx_px * factor, pose.dy_px * factor
        near = math.hypot(dx, dy) <= self._spec.align_range_px
        within = near and abs(pose.angle_deg) <= self._spec.align_range_deg
        return replace(pose, dx_px=dx, dy_px=dy, within=within)


def _finder(spec: PreparationSpec, sight: Sight, reference: PoseReference) -> Finder:
    centre = shrunk_point(sight.centre, sight.factor)
    finder: ContourFinder | TemplateFinder
    if spec.align == "contour":
        usual = reference.area
        finder = ContourFinder(
            reference.picture,
            centre,
            bright=reference.bright,
            least_contrast=reference.least_contrast,
            areas=(max(usual / _AREA_FACTOR, 1.0), (usual or math.inf) * _AREA_FACTOR),
        )
        remedy = "Use align: template, or light that sets the part off its background"
    else:
        finder = TemplateFinder(
            reference.picture,
            _inside(spec.align_region or sight.field, sight),
            centre,
            range_px=spec.align_range_px / sight.factor,
            range_deg=spec.align_range_deg,
        )
        remedy = "Choose an align_region that shows more of the part"
    if not finder.usable:
        raise ConfigError(
            f"preparation.align: {spec.align}: nothing in the taught picture can be found again",
            remedy=remedy,
        )
    return finder


def expected_field(reference: PoseReference, sight: Sight, spec: PreparationSpec) -> Expected:
    """The taught field on the grid that the check ``presence`` compares on."""
    factor = factor_to((spec.height, spec.width), EXPECTED_PX)
    width, height = max(spec.width // factor, 1), max(spec.height // factor, 1)
    field, window, pixel = sight.field, sight.window, sight.factor
    # As wide as the field, where the picture ends before it does it goes on as it ended.
    left, top = (field.x - window.x) / pixel, (field.y - window.y) / pixel
    right, bottom = left + field.width / pixel, top + field.height / pixel
    part = cv2.getRectSubPix(
        reference.picture,
        (max(round(right - left), 1), max(round(bottom - top), 1)),
        ((left + right - 1) / 2, (top + bottom - 1) / 2),
    )
    shrinks = width <= part.shape[1] and height <= part.shape[0]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    grey = cv2.resize(part, (width, height), interpolation=how)
    return Expected(
        grey=np.asarray(grey, np.uint8),
        bright=reference.bright if reference.area else None,
        least_contrast=reference.least_contrast,
        cell_px=math.sqrt(field.width * field.height / (width * height)),
        white=spec.pixel_format.white,
    )


def _inside(region: Box, sight: Sight) -> NDArray[np.bool_]:
    """The pixels of the picture that lie in a rectangle of the camera image."""
    inside = np.zeros(sight.shape, bool)
    x, y = region.x - sight.window.x, region.y - sight.window.y
    rows = slice(max(y // sight.factor, 0), max(math.ceil((y + region.height) / sight.factor), 0))
    columns = slice(max(x // sight.factor, 0), max(math.ceil((x + region.width) / sight.factor), 0))
    inside[rows, columns] = True
    if not inside.any():
        raise ConfigError(
            "preparation.align_region: lies outside of what is searched",
            remedy="Choose a region inside preparation.region",
        )
    return inside


def _half_extent(side: float, other: float, largest: float) -> float:
    """Half of what a rectangle covers in one direction when it turns by up to an angle."""
    angle = min(largest, math.atan2(other, side))
    return 0.5 * (side * math.cos(angle) + other * math.sin(angle))
