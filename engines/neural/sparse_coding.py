"""The network of `engines.neural.lista`: an unrolled ISTA over all patches of an image at once."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engines.background.shrinkage import lipschitz
from engines.neural.residual import gaussian

Rows = NDArray[np.float64]

SMOOTHING_PX = 1.5
"""Standard deviation of the Gaussian over error and effort."""
NOISE = 1e-4
"""Added to both before their roots are taken: what is less is rounding, which the root would blow
up."""
MAP_STRIDE = 2
"""Pixels of the image along the side of a map's cell."""


class SparseCoder(nn.Module):
    """Codes float32[N, atoms, h, w] of the patches of images, half a patch apart.

    The recursion is that of `engines.neural.lista`. A patch's mean is taken away by the filters,
    whose own means are zero. Untrained it is ISTA with as many steps.
    """

    dictionary: Tensor
    ones: Tensor

    def __init__(self, dictionary: Rows, penalty: float, colours: int, steps: int) -> None:
        super().__init__()
        self.side = math.isqrt(dictionary.shape[1] // colours)
        self.stride = self.side // 2
        self.penalty = penalty
        rate = 1.0 / lipschitz(dictionary)
        atoms = torch.from_numpy(dictionary).float()
        filters = atoms.reshape(-1, colours, self.side, self.side)
        self.register_buffer("dictionary", filters)
        self.register_buffer("ones", torch.ones(1, colours, self.side, self.side))
        self.weight = nn.Parameter(filters.clone())
        self.rates = nn.Parameter(torch.full((steps,), rate))
        self.thresholds = nn.Parameter(torch.full((steps,), rate * penalty))

    def forward(self, images: Tensor) -> Tensor:
        """Codes of float32[N, colours, H, W], whose sides are multiples of half a patch."""
        weight = self.weight - self.weight.mean((1, 2, 3), keepdim=True)
        gram = torch.einsum("achw,bchw->ab", weight, self.dictionary)[:, :, None, None]
        matches = functional.conv2d(images, weight, stride=self.stride)
        codes = _shrunk(self.rates[0] * matches, self.thresholds[0])
        for rate, threshold in zip(self.rates[1:], self.thresholds[1:], strict=True):
            # One 1x1 convolution a step: z - g W D^T z is (1 - g W D^T) z.
            ahead = codes - functional.conv2d(codes, rate * gram)
            codes = _shrunk(ahead + rate * matches, threshold)
        return codes

    def means(self, images: Tensor) -> Tensor:
        """Mean of each patch over pixels and colours: float32[N, 1, h, w]."""
        return functional.avg_pool2d(images.mean(1, keepdim=True), self.side, self.stride)

    def drawn(self, codes: Tensor, means: Tensor) -> Tensor:
        """What overlapping patches make of an image, on average: four at each inner pixel."""
        filters = torch.cat([self.dictionary, self.ones])
        laid = functional.conv_transpose2d(
            torch.cat([codes, means], 1), filters, stride=self.stride
        )
        return laid / 4.0

    def objective(self, images: Tensor) -> Tensor:
        """Mean over patches of ``|x - D^T z|^2 / 2 + penalty |z|_1``."""
        codes = self(images)
        patches = functional.unfold(images, self.side, stride=self.stride)
        made = self.dictionary.flatten(1).T @ codes.flatten(2)
        left = patches - patches.mean(1, keepdim=True) - made
        loss: Tensor = 0.5 * left.square().sum(1).mean() + self.penalty * codes.abs().sum(1).mean()
        return loss


def _shrunk(values: Tensor, threshold: Tensor) -> Tensor:
    positive: Tensor = functional.relu(values - threshold) - functional.relu(-values - threshold)
    return positive


class SparseMaps(nn.Module):
    """Images in standard levels to what codes make of them, and two maps of how hard that was."""

    column: Tensor
    row: Tensor
    ones: Tensor

    def __init__(self, coder: SparseCoder, size: tuple[int, int]) -> None:
        super().__init__()
        self.coder = coder
        self._size = size
        step = coder.stride
        # Half a patch beyond each edge, so that every pixel lies in four patches.
        bottom, right = (step + (-side % step) for side in size)
        self._pads = (step, right, step, bottom)
        line = gaussian(SMOOTHING_PX, round(3 * SMOOTHING_PX))
        self.register_buffer("column", line.reshape(1, 1, -1, 1))
        self.register_buffer("row", line.reshape(1, 1, 1, -1))
        self.register_buffer("ones", torch.ones(1, 1, coder.side, coder.side))

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Drawn float32[N, colours, H, W] and the roots of two maps float32[N, 2, H / 2, W / 2].

        These are the squared error and the sizes of the codes, both means over the patches that
        overlap and then over a Gaussian; sides are rounded up.
        """
        wide = functional.pad(images, self._pads, mode="replicate")
        codes = self.coder(wide)
        drawn = self._inner(self.coder.drawn(codes, self.coder.means(wide)))
        sizes = codes.abs().sum(1, keepdim=True)
        effort = functional.conv_transpose2d(sizes, self.ones, stride=self.coder.stride) / 4.0
        error = (images - drawn).square().mean(1, keepdim=True)
        found = torch.cat([self._smoothed(error), self._smoothed(self._inner(effort))], 1)
        return drawn, (found + NOISE).sqrt()

    def _inner(self, wide: Tensor) -> Tensor:
        (height, width), step = self._size, self.coder.stride
        return wide[..., step : step + height, step : step + width]

    def _smoothed(self, values: Tensor) -> Tensor:
        margin = self.row.shape[-1] // 2
        wide = functional.pad(values, (margin, margin, margin, margin), mode="replicate")
        narrow = functional.conv2d(wide, self.column, stride=(MAP_STRIDE, 1))
        return functional.conv2d(narrow, self.row, stride=(1, MAP_STRIDE))
