"""What residuals are usual at each place of a good image, and by how much they vary there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engines.neural.residual import gaussian

Field = NDArray[np.float64]

SMOOTHING_CELLS = 2.0
"""Standard deviation of the Gaussian over the variances, in cells: few images, noisy spreads."""
FLOOR = 0.25
"""Least spread of a cell, as a share of the mean spread: no cell is trusted without limit."""
MAP_SMOOTHING_CELLS = 2.0
"""Standard deviation of the map's Gaussian, in cells."""


@dataclass(slots=True)
class Moments:
    """Count, sum and sum of squares of maps float32[channels, h, w], cell by cell."""

    count: int = 0
    total: Field | float = 0.0
    squares: Field | float = 0.0

    def add(self, maps: Iterable[NDArray[np.float32]]) -> None:
        """Take in some maps."""
        for values in maps:
            exact = values.astype(np.float64)
            self.count += 1
            self.total = self.total + exact
            self.squares = self.squares + exact * exact


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and spread of each residual at each cell, float64[channels, h, w]; never zero."""

    mean: Field
    deviation: Field


def spread_of(trained: Moments, held_out: Moments) -> Spread:
    """Spread of the residuals of good images that the network has not seen.

    The few held-out images say how much larger residuals are than those of the images that were
    trained on, one factor for each residual; the many trained ones, so enlarged, say where.
    """
    means = [np.mean(part.total, axis=(1, 2)) / part.count for part in (trained, held_out)]
    growth = (means[1] / np.maximum(means[0], 1e-12))[:, None, None]
    count = trained.count + held_out.count
    mean = (growth * trained.total + held_out.total) / count
    squares = (growth**2 * trained.squares + held_out.squares) / count
    variance = np.maximum(squares - mean**2, 0.0) * count / max(count - 1, 1)
    smooth = np.stack([_smooth(channel) for channel in variance])
    deviation = np.sqrt(smooth)
    floor = FLOOR * deviation.mean(axis=(1, 2), keepdims=True)
    return Spread(mean, np.maximum(deviation, np.maximum(floor, 1e-6)))


def usual_of(moments: Moments) -> Spread:
    """Counted from zero in the root mean square over all places: places are not told apart."""
    squares = np.mean(moments.squares, axis=(1, 2), keepdims=True) / moments.count
    return Spread(np.zeros_like(squares), np.sqrt(squares))


def _smooth(values: Field) -> Field:
    blurred = cv2.GaussianBlur(values, (0, 0), SMOOTHING_CELLS, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(blurred, np.float64)


class StandardisedMap(nn.Module):
    """Residuals float32[N, channels, h, w] to map float32[N, h, w] and score float32[N].

    Each residual is counted in spreads from its mean at that cell; the map is the root of the mean
    square of these, over the residuals and, as the Gaussian weighs them, over the cells around. No
    unit, about 1 where all is usual. A residual that is much too small counts like one that is too
    large: what has always been hard to draw there is missing. The score is the maximum.
    """

    mean: Tensor
    scale: Tensor
    column: Tensor
    row: Tensor

    def __init__(self, spread: Spread) -> None:
        super().__init__()
        line = gaussian(MAP_SMOOTHING_CELLS, round(3 * MAP_SMOOTHING_CELLS))
        self.register_buffer("mean", torch.from_numpy(spread.mean).float()[None])
        self.register_buffer("scale", torch.from_numpy(1.0 / spread.deviation).float()[None])
        self.register_buffer("column", line.reshape(1, 1, -1, 1))
        self.register_buffer("row", line.reshape(1, 1, 1, -1))

    def forward(self, residuals: Tensor) -> tuple[Tensor, Tensor]:
        """Map and score of a batch."""
        score_map = self._smooth(self._squares(residuals).mean(1, keepdim=True)).squeeze(1).sqrt()
        return score_map, score_map.amax((1, 2))

    def parts(self, residuals: Tensor) -> tuple[Tensor, ...]:
        """The map of each residual alone, float32[N, h, w]."""
        return tuple(
            self._smooth(squares).squeeze(1).sqrt()
            for squares in self._squares(residuals).chunk(residuals.shape[1], dim=1)
        )

    def _squares(self, residuals: Tensor) -> Tensor:
        return ((residuals - self.mean) * self.scale).square()

    def _smooth(self, squares: Tensor) -> Tensor:
        margin = self.row.shape[-1] // 2
        padded = functional.pad(squares, (margin, margin, margin, margin), mode="replicate")
        return functional.conv2d(functional.conv2d(padded, self.column), self.row)
