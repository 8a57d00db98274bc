"""The network of `engines.neural.lista`: an unrolled ISTA over all patches of an image at once."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.background.shrinkage import lipschitz
from engines.neural.patch_coding import NOISE, PatchCoder, PatchMaps, Rows


class SparseCoder(PatchCoder):
    """Codes by the learned steps.

    The recursion is that of `engines.neural.lista`. A patch's mean is taken away by the filters,
    whose own means are zero. Untrained it is ISTA with as many steps.
    """

    def __init__(self, dictionary: Rows, penalty: float, colours: int, steps: int) -> None:
        super().__init__(dictionary, colours)
        self.penalty = penalty
        rate = 1.0 / lipschitz(dictionary)
        self.weight = nn.Parameter(self.dictionary.clone())
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


class SparseMaps(PatchMaps):
    """Images in standard levels to what codes make of them, and two maps of how hard that was."""

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Drawn float32[N, colours, H, W] and the roots of two maps float32[N, 2, H / 2, W / 2].

        These are the squared error and the sizes of the codes, both means over the patches that
        overlap and then over a Gaussian; sides are rounded up.
        """
        wide = self.seen(images)
        codes = self.coder(wide)
        drawn = self.inner(self.coder.drawn(codes, self.coder.means(wide)))
        effort = self.spread_out(codes.abs().sum(1, keepdim=True))
        error = (images - drawn).square().mean(1, keepdim=True)
        found = torch.cat([self.smoothed(error), self.smoothed(effort)], 1)
        return drawn, (found + NOISE).sqrt()
