"""Images as planes of numbers that statistics can be made of, and what every kernel promises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.errors import ConfigError, ImageError
from inspector.core.frame import ScoreMap

Image = NDArray[Any]
"""uint8, uint16 or floating [H, W] or [H, W, C]: the levels of a prepared image, up to 1e6."""
Plane = NDArray[Any]
"""[H, W]: float32 of images of 8 bits, whose sums it holds exactly; float64 of all others."""

NOISE = 1.0
"""Least standard deviation that a background is said to have, in levels.

The step of the pixel depth: a flat field that rounds to two levels is no defect. Images of
floating pixels need their own.
"""
_LARGEST = 1e6


class Kernel(Protocol):
    """One prepared image in, one raw map out: float32[h, w], finite, at least 0, high is strange.

    The map covers the image evenly, whatever its own size. Kernels are frozen and may be called
    from several threads. They raise ``ImageError`` for an image that they cannot judge.
    """

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A checked image, read as planes a few rows at a time.

    Floating levels count from ``centre``, the image's mean, so that their squares stay exact.
    ``graded``: a grey image has its gradient beside its level, half the difference of a pixel's
    neighbours.
    """

    channels: NDArray[Any]
    centre: NDArray[np.float64]
    graded: bool

    @property
    def depth(self) -> int:
        """Planes of this picture."""
        return 3 if self.graded else len(self.channels)

    def planes(self, first: int, last: int) -> list[Plane]:
        """Rows ``first`` to ``last`` of all planes, the caller's own."""
        if not self.graded:
            return self._levels(self.channels[:, first:last])
        edges = range(first - 1, last + 1)
        level = self._levels(self.channels.take(edges, axis=1, mode="clip"))[0]
        own, kept = level[1:-1], cv2.BORDER_REPLICATE
        across = cv2.Sobel(own, -1, 1, 0, ksize=1, scale=0.5, borderType=kept)
        return [own, across, cv2.addWeighted(level[2:], 0.5, level[:-2], -0.5, 0.0)]

    def _levels(self, rows: NDArray[Any]) -> list[Plane]:
        if rows.dtype == np.uint8:
            return list(rows.astype(np.float32))
        return list(rows - self.centre[:, None, None])


def picture_of(image: Image, *, graded: bool = False) -> Picture:
    """Check an image. ``graded`` adds the gradient to a grey one, and wants 3 planes at most.

    Raises ``ImageError``, also where a single value is NaN: one would spoil its whole window, and
    comes from a fault that has to be seen.
    """
    if image.ndim not in (2, 3) or not image.size:
        raise ImageError(
            f"image of shape {list(image.shape)} where [height, width] or "
            "[height, width, channels] is needed",
            remedy="Give one image with at least one pixel",
        )
    channels = image[np.newaxis] if image.ndim == 2 else np.moveaxis(image, 2, 0)
    centre = np.zeros(len(channels))
    if np.issubdtype(image.dtype, np.floating):
        if not (np.abs(image) <= _LARGEST).all():
            raise ImageError(
                "the image holds NaN, an infinity or a level beyond 1e6",
                remedy="Mend the preparation that made it",
            )
        centre = channels.mean(axis=(1, 2), dtype=np.float64)
    elif image.dtype not in (np.uint8, np.uint16):
        raise ImageError(f"image of {image.dtype}", remedy="Give uint8, uint16 or floating pixels")
    if graded and len(channels) > 3:
        raise ImageError(
            f"image of {len(channels)} channels where 3 at most are compared together",
            remedy="Prepare it as Mono or RGB",
        )
    return Picture(channels, centre, graded and len(channels) == 1)


def check_positive(**values: float) -> None:
    """Raise ``ConfigError`` for a value that is not above 0: flat images would divide by it."""
    for name, value in values.items():
        if not value > 0:
            raise ConfigError(f"{name}: {value}", remedy="Give a number above 0")


def reduced(image: Image) -> Image:
    """The image at half its size, each pixel the mean of those it covers."""
    height, width = ((side + 1) // 2 for side in image.shape[:2])
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA))


def resized(score_map: ScoreMap, shape: Sequence[int]) -> ScoreMap:
    """A map on another grid over the same image, interpolated between its cells."""
    height, width = shape
    if score_map.shape == (height, width):
        return score_map
    wide = cv2.resize(score_map, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(wide, np.float32)
