"""How far an image is from its reconstruction, place by place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

Kinds = Literal["mse", "ssim", "both", "bce"]
KINDS: Mapping[Kinds, tuple[str, ...]] = {
    "mse": ("brightness",),
    "ssim": ("structure",),
    "both": ("brightness", "structure"),
    "bce": ("brightness",),
}
"""What each residual tells of: the squared error of levels, 1 - SSIM of structure. Cross-entropy is
a loss alone: of a grey level between black and white it is not zero where the drawing is right."""

WINDOW_SIGMA, WINDOW = 1.5, 11
"""Standard deviation and side of the Gaussian window, px (Wang et al. 2004)."""
STRIDE = 2
"""Pixels per cell of the residual maps, along each axis."""
DYNAMIC_RANGE = 4.0
"""Range of the images that SSIM's constants refer to, in standard deviations of their levels."""


class Residuals(nn.Module):
    """Mean squared error and 1 - SSIM around each place, or one of them: float32[N, 1..2, h, w].

    Takes images and reconstructions float32[N, colours, H, W] in standard deviations; h and w are
    half of H and W, rounded up. The error is the mean over colours, SSIM that of the grey image.
    ``black`` is the level of black, which SSIM's comparison of brightness counts from.
    Wang et al., "Image quality assessment: from error visibility to structural similarity", IEEE
    TIP 2004, equation 13.
    """

    column: Tensor
    row: Tensor

    def __init__(self, kinds: Kinds, black: float) -> None:
        super().__init__()
        self._kinds = kinds
        self._black = black
        line = gaussian(WINDOW_SIGMA, WINDOW // 2)
        self.register_buffer("column", line.reshape(1, 1, -1, 1))
        self.register_buffer("row", line.reshape(1, 1, 1, -1))

    def forward(self, image: Tensor, reconstruction: Tensor) -> Tensor:
        """The residuals of a batch, the error first."""
        difference = image - reconstruction
        found = []
        if "brightness" in KINDS[self._kinds]:
            found.append(self._window(difference.square().mean(1, keepdim=True)))
        if "structure" in KINDS[self._kinds]:
            grey = (part.mean(1, keepdim=True) for part in (image, reconstruction, difference))
            found.append(self._dissimilarity(*grey))
        return torch.cat(found, dim=1)

    def _dissimilarity(self, x: Tensor, y: Tensor, difference: Tensor) -> Tensor:
        """1 - SSIM as a sum of what is different: nothing that is large cancels out."""
        squares = x.square() + y.square()
        local = self._window(torch.cat([x, y, squares, difference, difference.square()], dim=1))
        mean_x, mean_y, squares, shift, change = local.chunk(5, dim=1)
        c1, c2 = (0.01 * DYNAMIC_RANGE) ** 2, (0.03 * DYNAMIC_RANGE) ** 2
        variances = squares - mean_x.square() - mean_y.square()
        structure = (change - shift.square()) / (variances + c2)
        light = (mean_x - self._black).square() + (mean_y - self._black).square()
        brightness = shift.square() / (light + c1)
        dissimilarity: Tensor = structure + brightness - structure * brightness
        return dissimilarity

    def _window(self, maps: Tensor) -> Tensor:
        margin, channels = WINDOW // 2, maps.shape[1]
        column, row = (k.expand(channels, -1, -1, -1) for k in (self.column, self.row))
        padded = functional.pad(maps, (margin, margin, margin, margin), mode="replicate")
        narrow = functional.conv2d(padded, column, stride=(STRIDE, 1), groups=channels)
        return functional.conv2d(narrow, row, stride=(1, STRIDE), groups=channels)


def gaussian(sigma: float, radius: int) -> Tensor:
    """Weights of a Gaussian at whole steps from -radius to radius; their sum is 1."""
    steps = torch.arange(-radius, radius + 1, dtype=torch.float32)
    weights = torch.exp(-0.5 * (steps / sigma) ** 2)
    return weights / weights.sum()
