"""Pieces of an image given without their order: where does each belong, and what is the picture?

After Noroozi & Favaro, "Unsupervised learning of visual representations by solving jigsaw puzzles",
ECCV 2016, who shuffle the tiles and guess which shuffle it was. Here each piece is described by
itself (convolutions that never look beyond it) and judged beside the mean description of all, so
the network knows the pieces as a set: every shuffle gives the same answers, none has to be drawn.

For each piece t and place p it guesses log q(p | t). The pieces' descriptions, each laid where it
is guessed to belong, make up the description that the picture is drawn of. Trained for the misfit
of the picture and -log q of the right places; the latter, counted in its spread on good parts, is a
residual of its own, ``arrangement``: high where a piece looks as if it belonged elsewhere or
nowhere. Where pieces look alike, as on even surfaces, it is high on good parts too and tells
little.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from engines.neural.levels import StandardLevels
from engines.neural.margins import Margins, depth_for
from engines.neural.reconstruction import block, doubling, widths
from engines.neural.redrawing import DRAWN, Redrawing, rooted
from engines.neural.residual import STRIDE
from inspector.core.engine_spec import MaskedSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

PUZZLE = 0.1
"""Weight of the guessed places: their share of a blind guess's loss, beside the misfit."""

MOST_PIECES = 256
"""Pieces of an image: memory and time grow with their square."""


class Jigsaw(Redrawing):
    """Arranges the pieces of an image and draws the picture."""

    handed = (DRAWN, "places")
    own_place: Tensor

    def __init__(self, levels: StandardLevels, form: FrameFormat, spec: MaskedSpec) -> None:
        super().__init__(levels, spec)
        colours, size = form.pixel_format.colours, (form.height, form.width)
        channels = widths(spec.width, depth_for(size, spec.depth))
        self.margins = Margins(*size, 2 ** len(channels))
        rows, columns = self.margins.cells
        places = rows * columns
        if places > MOST_PIECES:
            raise ConfigError(
                f"engine.depth: {places} pieces of {self.margins.unit} px are too many",
                remedy=f"Give a greater depth: at most {MOST_PIECES} pieces",
            )
        inner = channels[-1]
        self.encoder = nn.Sequential(
            *(block(_within(a, b)) for a, b in pairwise([colours, *channels])),
            nn.Conv2d(inner, spec.latent, 1),
        )
        self.guess = nn.Sequential(
            block(nn.Conv2d(2 * spec.latent, 2 * inner, 1, bias=False)),
            nn.Conv2d(2 * inner, places, 1),
        )
        self.decoder = nn.Sequential(
            block(nn.Conv2d(spec.latent, inner, 1, bias=False)),
            *(block(doubling(b, a)) for b, a in pairwise(channels[::-1])),
            doubling(channels[0], colours, bias=True),
        )
        self.table = nn.Unflatten(2, self.margins.cells)
        self.register_buffer("own_place", torch.eye(places).reshape(1, places, rows, columns))
        self.parts = (*self.parts, "arrangement")

    def drawn(self, images: Tensor) -> Tensor:
        """The picture as it was pieced together."""
        return self.handed_over(images)[0]

    def handed_over(self, images: Tensor) -> tuple[Tensor, ...]:
        """The picture, and the logits float32[N, places, rows, columns] of each piece's places."""
        return self._pieced(images)

    def roots(self, images: Tensor, drawn: Tensor, *others: Tensor) -> Tensor:
        """Those of the picture, and how far each piece seems from its place."""
        lost = self.margins.spread_out(self._surprise(others[0]), STRIDE)
        return torch.cat([super().roots(images, drawn), rooted(lost)], dim=1)

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """Misfit of the picture and the mean surprise at the places of the pieces."""
        images = self.levels(batch)
        out, places = self._pieced(images)
        blind = math.log(self.own_place.shape[1])
        return self.misfit(images, out) + PUZZLE * self._surprise(places).mean() / blind

    def _pieced(self, images: Tensor) -> tuple[Tensor, Tensor]:
        pieces = self.encoder(self.margins.padded(images))
        context = pieces.mean((2, 3), keepdim=True) + pieces * 0.0
        logits = self.guess(torch.cat([pieces, context], dim=1))
        # Rows of q are places, columns pieces; every place takes the mean of who claims it.
        claims = logits.flatten(2).softmax(1)
        claims = claims / (claims.sum(2, keepdim=True) + 1e-6)
        # Not as a product of matrices: TensorRT-RTX has none of float32 on Turing.
        laid = (pieces.flatten(2)[:, :, None] * claims[:, None]).sum(3)
        return self.margins.cropped(self.decoder(self.table(laid))), logits

    def _surprise(self, logits: Tensor) -> Tensor:
        """-log q of each piece's own place, float32[N, 1, rows, columns], nats."""
        return -(logits.log_softmax(1) * self.own_place).sum(1, keepdim=True)


def _within(inner: int, outer: int) -> nn.Conv2d:
    """A convolution to half the size that looks into its own four pixels alone."""
    return nn.Conv2d(inner, outer, 2, stride=2, bias=False)
