"""The convolutional network that draws an image again from a narrow description of it."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional

LEAST_CELLS = 4
"""Least side of the narrowest layer, in cells: smaller images are halved less often."""


class Reconstructor(nn.Module):
    """Halves an image ``depth`` times to ``latent`` channels, and back: float32[N, colours, H, W].

    ``width`` channels at first, twice and four times as many further in. Sizes that cannot be
    halved so often are padded inside by their edge pixels.
    """

    def __init__(
        self, colours: int, size: tuple[int, int], width: int, latent: int, depth: int
    ) -> None:
        super().__init__()
        depth = min(depth, max(1, (min(size) // LEAST_CELLS).bit_length() - 1))
        channels = [colours, *(width * 2 ** min(level, 2) for level in range(depth))]
        steps = list(pairwise(channels))
        self.encoder = nn.Sequential(
            *(_block(nn.Conv2d(a, b, 4, stride=2, padding=1, bias=False)) for a, b in steps),
            nn.Conv2d(channels[-1], latent, 1),
        )
        self.decoder = nn.Sequential(
            _block(nn.Conv2d(latent, channels[-1], 1, bias=False)),
            *(
                _block(nn.ConvTranspose2d(b, a, 4, stride=2, padding=1, bias=False))
                for a, b in steps[:0:-1]
            ),
            nn.ConvTranspose2d(width, colours, 4, stride=2, padding=1),
        )
        self._size = size
        missing = [-side % 2**depth for side in size]
        self._top, self._left = missing[0] // 2, missing[1] // 2
        self._pads = (self._left, missing[1] - self._left, self._top, missing[0] - self._top)

    def forward(self, image: Tensor) -> Tensor:
        """The images of a batch as the network would have them."""
        if not any(self._pads):
            return self._drawn(image)
        drawn = self._drawn(functional.pad(image, self._pads, mode="replicate"))
        height, width = self._size
        return drawn[..., self._top : self._top + height, self._left : self._left + width]

    def _drawn(self, image: Tensor) -> Tensor:
        drawn: Tensor = self.decoder(self.encoder(image))
        return drawn


def _block(convolution: nn.Conv2d | nn.ConvTranspose2d) -> nn.Sequential:
    return nn.Sequential(convolution, nn.BatchNorm2d(convolution.out_channels), nn.ReLU())
