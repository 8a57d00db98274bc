"""The network that draws what is missing of an image and can look closely at the rest."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from engines.neural.margins import Margins, depth_for
from engines.neural.reconstruction import block, doubling, halving, widths


class UNet(nn.Module):
    """float32[N, inputs, H, W] to [N, outputs, H, W]: halved ``depth`` times and back.

    On the way back each size also sees what the way in had at it, so that what is there is kept
    sharp. Ronneberger et al., "U-Net", MICCAI 2015; here its convolutions do the halving.
    """

    def __init__(
        self, inputs: int, outputs: int, size: tuple[int, int], width: int, depth: int
    ) -> None:
        super().__init__()
        channels = widths(width, depth_for(size, depth))
        self.margins = Margins(*size, 2 ** len(channels))
        self.down = nn.ModuleList(block(halving(a, b)) for a, b in pairwise([inputs, *channels]))
        back = channels[::-1]
        # All but the narrowest size come with what the way in had at it.
        inner = [back[0], *(2 * many for many in back[1:])]
        self.up = nn.ModuleList(
            block(doubling(a, b)) for a, b in zip(inner, back[1:], strict=False)
        )
        self.last = doubling(inner[-1], outputs, bias=True)

    def forward(self, image: Tensor) -> Tensor:
        """What is drawn."""
        seen = [self.margins.padded(image)]
        for layer in self.down:
            seen.append(layer(seen[-1]))
        drawn = seen.pop()
        for layer in self.up:
            drawn = torch.cat([layer(drawn), seen.pop()], dim=1)
        return self.margins.cropped(self.last(drawn))
