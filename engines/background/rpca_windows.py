"""What a column of RPCA's matrix holds: a whole image, or a window of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.core.engine_spec.rpca import RpcaSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

LARGEST = 2**16
"""Pixels of an image that is a column, or its own background: larger ones are averaged, and what is
small fades there."""
_ALONG = {"patches": 16, "hankel": 8}
"""Windows side by side along the shorter side of an image, where a recipe does not say."""
_LEAST = 4


@dataclass(frozen=True, slots=True)
class Windows:
    """All numbers in a window of ``side`` cells (down, across); windows lie ``stride`` apart, which
    divides their side."""

    side: tuple[int, int]
    stride: tuple[int, int]

    def after(self, height: int, width: int) -> tuple[int, int]:
        """Cells to repeat below and at the right, so that each cell lies in a window."""
        down, across = (
            -(length - side) % step
            for length, side, step in zip((height, width), self.side, self.stride, strict=True)
        )
        return down, across

    def counts(self, height: int, width: int) -> NDArray[np.float64]:
        """Windows that each cell lies in, float64[height, width]; fewer at the edges."""
        lines = []
        for length, side, step in zip((height, width), self.side, self.stride, strict=True):
            line = np.zeros(length)
            for start in range(0, length + -(length - side) % step - side + 1, step):
                line[start : start + side] += 1.0
            lines.append(line)
        return np.asarray(np.multiply.outer(*lines))


CELLS = Windows((1, 1), (1, 1))
"""A column is one cell."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """An image whose pixels are averaged in squares of ``unit`` px, its edges repeated."""

    height: int
    width: int
    unit: int

    @property
    def cells(self) -> tuple[int, int]:
        """Rows and columns of averaged pixels."""
        return -(-self.height // self.unit), -(-self.width // self.unit)

    @property
    def before(self) -> tuple[int, int]:
        """Pixels that are repeated above and at the left."""
        return (-self.height % self.unit) // 2, (-self.width % self.unit) // 2

    @property
    def after(self) -> tuple[int, int]:
        """Those below and at the right."""
        rows, columns = self.cells
        top, left = self.before
        return rows * self.unit - self.height - top, columns * self.unit - self.width - left


def reduced(form: FrameFormat, spec: RpcaSpec) -> Reduced:
    """So that ``LARGEST`` pixels remain at most; patches of taught images stay as they are."""
    unit = math.ceil(math.sqrt(max(1.0, form.height * form.width / LARGEST)))
    whole = spec.form == "taught" and spec.matrix == "patches"
    return Reduced(form.height, form.width, 1 if whole else unit)


def windows_of(image: Reduced, spec: RpcaSpec) -> Windows | None:
    """Windows of averaged pixels; None: a column is the image.

    Patches overlap by half. A window along a row moves by one pixel, so that the matrix of a row is
    a Hankel matrix, and averaging over windows is that over its anti-diagonals. Raises
    ``ConfigError`` for windows larger than half the image.
    """
    if spec.matrix == "images":
        return None
    shorter = min(image.cells)
    wanted = (spec.patch or 0) / image.unit or shorter / _ALONG[spec.matrix]
    side = max(_LEAST, 2 * round(wanted / 2))
    if 2 * side > shorter:
        raise ConfigError(
            f"engine.patch: {side * image.unit} px, but images have {image.width}x{image.height}",
            remedy="Prepare them larger, or give a smaller engine.patch",
        )
    if spec.matrix == "hankel":
        return Windows((1, side), (1, 1))
    return Windows((side, side), (side // 2, side // 2))
