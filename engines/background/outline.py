"""A part against its background: where there is material, and where there should be."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import ScoreMap

Grey = NDArray[np.uint8]
"""uint8[h, w]."""


@dataclass(frozen=True, slots=True)
class Material:
    """What stands out of the background: uint8[h, w], 1 inside of outlines, holes included.

    ``contrast`` is the difference of the two sides' mean levels.
    """

    mask: Grey
    contrast: float

    @property
    def largest(self) -> Grey:
        """The largest outline alone, filled; nothing where there is none."""
        outlines, _ = cv2.findContours(self.mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        alone = np.zeros_like(self.mask)
        if outlines:
            cv2.drawContours(alone, [max(outlines, key=cv2.contourArea)], -1, 1, cv2.FILLED)
        return alone


def material(grey: Grey, *, bright: bool, least_contrast: float = 1.0) -> Material:
    """Split a picture by its own levels (Otsu 1979); specks of a pixel or two do not count.

    Nothing stands out where the two sides differ by less than ``least_contrast`` levels.
    """
    smooth = cv2.GaussianBlur(grey, (3, 3), 0.0)
    kind = cv2.THRESH_BINARY if bright else cv2.THRESH_BINARY_INV
    _, over = cv2.threshold(smooth, 0.0, 1.0, kind | cv2.THRESH_OTSU)
    inside = cv2.countNonZero(over)
    if inside in (0, over.size):
        return Material(np.zeros_like(grey), 0.0)
    contrast = abs(cv2.mean(smooth, over)[0] - cv2.mean(smooth, 1 - over)[0])
    if contrast < least_contrast:
        return Material(np.zeros_like(grey), contrast)
    outlines, _ = cv2.findContours(
        cv2.medianBlur(over, 3), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    mask = np.zeros_like(grey)
    cv2.drawContours(mask, outlines, -1, 1, cv2.FILLED)
    return Material(mask, contrast)


def is_bright(grey: Grey) -> bool:
    """Whether the part is brighter than its background: what most of the picture's rim shows."""
    over = material(grey, bright=True).mask
    rim = np.concatenate([over[0], over[-1], over[:, 0], over[:, -1]])
    return bool(rim.mean() < 0.5)


class OutlineDifference:
    """How far material is missing, or protrudes, from an expected outline. Any thread.

    A cell that differs from the expected one has its distance to the expected outline, all others
    0: what is cut off a part, or lies beside it, shows with its depth.
    """

    def __init__(self, expected: Grey, *, bright: bool, least_contrast: float, cell_px: float):
        self._bright, self._least_contrast = bright, least_contrast
        self._expected = material(expected, bright=bright, least_contrast=least_contrast).mask
        depth = _depth(self._expected) + _depth(1 - self._expected)
        self._depth = (depth * cell_px).astype(np.float32)

    def __call__(self, grey: Grey) -> ScoreMap:
        """float32[h, w], in camera pixels, of a picture of the same size."""
        seen = material(grey, bright=self._bright, least_contrast=self._least_contrast).mask
        difference: ScoreMap = self._depth * (seen != self._expected)
        return difference


class TemplateDifference:
    """Local difference from an expected picture, in standard deviations of that. Any thread.

    Means and deviations of the whole field are made equal first, so that light does not count; a
    picture with less than half of the expected deviation is not lifted any further, as its noise
    would pass for structure.
    """

    def __init__(self, expected: Grey) -> None:
        self._deviation = max(float(expected.std()), 1.0)
        self._expected = _normal(expected, self._deviation)
        self._side = max(3, min(expected.shape) // 32)

    def __call__(self, grey: Grey) -> ScoreMap:
        """float32[h, w] of a picture of the same size."""
        deviation = max(float(grey.std()), self._deviation / 2.0)
        difference = np.abs(_normal(grey, deviation) - self._expected)
        blurred = cv2.blur(difference, (self._side, self._side), borderType=cv2.BORDER_REFLECT)
        return np.asarray(blurred, np.float32)


def _depth(mask: Grey) -> NDArray[np.float32]:
    """Distance of each cell of a mask to where the mask ends; beyond the picture it goes on."""
    if mask.all():
        return np.full(mask.shape, float(np.hypot(*mask.shape)), np.float32)
    return np.asarray(cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32)


def _normal(grey: Grey, deviation: float) -> NDArray[np.float32]:
    normal: NDArray[np.float32] = (grey - np.float32(grey.mean())) / np.float32(deviation)
    return normal
