"""The convolutional network that draws an image again from a narrow description of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from torch import Tensor, nn

from engines.neural.margins import Margins, depth_for


class Reconstructor(nn.Module):
    """Halves an image ``depth`` times to ``latent`` channels, and back: float32[N, colours, H, W].

    ``width`` channels at first, twice and four times as many further in; or ``channels``, one for
    each halving. Where ``hidden`` is given, what is left is one list of ``latent`` numbers behind
    dense layers of these sizes. ``described`` numbers come out of the encoder where they are not
    those that the decoder takes. Sizes that cannot be halved so often are padded inside.
    """

    def __init__(
        self,
        colours: int,
        size: tuple[int, int],
        width: int,
        latent: int,
        depth: int,
        *,
        channels: Sequence[int] | None = None,
        kernel: int = 4,
        hidden: Sequence[int] | None = None,
        described: int | None = None,
    ) -> None:
        super().__init__()
        wanted = list(channels or widths(width, depth))
        inner = wanted[: depth_for(size, len(wanted))]
        steps = list(pairwise([colours, *inner]))
        self.margins = Margins(*size, 2 ** len(inner))
        narrow = (inner[-1], *self.margins.cells)
        dense = None if hidden is None else [math.prod(narrow), *hidden, latent]
        self.encoder = nn.Sequential(
            *(block(halving(a, b, kernel)) for a, b in steps),
            *([nn.Conv2d(inner[-1], described or latent, 1)] if dense is None else _into(dense)),
        )
        self.decoder = nn.Sequential(
            *(
                [block(nn.Conv2d(latent, inner[-1], 1, bias=False))]
                if dense is None
                else _out_of(dense, narrow)
            ),
            *(block(doubling(b, a, kernel)) for a, b in steps[:0:-1]),
            doubling(inner[0], colours, kernel, bias=True),
        )

    def forward(self, image: Tensor) -> Tensor:
        """The images of a batch as the network would have them."""
        return self.decoded(self.encoded(image))

    def encoded(self, image: Tensor) -> Tensor:
        """Descriptions of a batch, float32[N, described, h, w]; one place where dense."""
        description: Tensor = self.encoder(self.margins.padded(image))
        return description

    def decoded(self, description: Tensor) -> Tensor:
        """The images that are drawn of descriptions."""
        return self.margins.cropped(self.decoder(description))


def widths(width: int, depth: int) -> list[int]:
    """Channels after each of ``depth`` halvings."""
    return [width * 2 ** min(level, 2) for level in range(depth)]


def halving(inner: int, outer: int, kernel: int = 4, *, bias: bool = False) -> nn.Conv2d:
    """A convolution to half the size; to that rounded up, with an odd kernel."""
    return nn.Conv2d(inner, outer, kernel, stride=2, padding=1, bias=bias)


def doubling(inner: int, outer: int, kernel: int = 4, *, bias: bool = False) -> nn.ConvTranspose2d:
    """Its mirror, to twice the size."""
    odd = kernel % 2
    return nn.ConvTranspose2d(
        inner, outer, kernel, stride=2, padding=1, output_padding=odd, bias=bias
    )


def block(convolution: nn.Conv2d | nn.ConvTranspose2d) -> nn.Sequential:
    """A convolution with what makes it a layer."""
    return nn.Sequential(convolution, nn.BatchNorm2d(convolution.out_channels), nn.ReLU())


def _into(sizes: Sequence[int]) -> Iterator[nn.Module]:
    """From places with channels to one list of numbers, through dense layers of these sizes.

    The layers are convolutions of one place: TensorRT-RTX multiplies no float32 matrices on Turing.
    """
    yield nn.Flatten()
    yield nn.Unflatten(1, (sizes[0], 1, 1))
    for at, (a, b) in enumerate(pairwise(sizes)):
        if at:
            yield nn.ReLU()
        yield nn.Conv2d(a, b, 1)


def _out_of(sizes: Sequence[int], narrow: tuple[int, int, int]) -> Iterator[nn.Module]:
    """The mirror of `_into`."""
    for a, b in pairwise(sizes[::-1]):
        yield nn.Conv2d(a, b, 1)
        yield nn.ReLU()
    yield nn.Flatten()
    yield nn.Unflatten(1, narrow)
