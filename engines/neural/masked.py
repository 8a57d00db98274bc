"""Draws what is hidden from what is around it: a defect cannot be copied that is not seen.

Zavrtanik et al., "Reconstruction by inpainting for visual anomaly detection" (RIAD), Pattern
Recognition 2021. The image is a grid of square tiles in k sets. In k passes the tiles of one set
are hidden and drawn by a U-Net from the rest; the drawn tiles of all passes make up the expected
picture, in which every pixel was drawn without being seen. The passes are part of the graph. While
it is trained the grid lies anywhere, and the loss is that of the image with its hidden tiles drawn.
Unlike the paper there is one size of tiles, and residuals are counted as in all that redraw.

``task: jigsaw`` is `engines.neural.jigsaw`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from engines.neural.jigsaw import Jigsaw
from engines.neural.levels import StandardLevels
from engines.neural.redrawing import Redrawing, teach_redrawing
from engines.neural.unet import UNet
from engines.taught import NOWHERE, Folders, Images, Progress, Taught
from inspector.core.engine_spec import MaskedSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat


def teach(
    images: Images,
    form: FrameFormat,
    spec: MaskedSpec,
    progress: Progress,
    folders: Folders = NOWHERE,
) -> Taught:
    """Learn from prepared good images; see `teach_redrawing`.

    Raises ``ConfigError`` where a hidden tile leaves too little of the image to draw it from, or
    a jigsaw has too many pieces.
    """

    side = min(form.height, form.width)
    if spec.task == "inpaint" and 2 * spec.hidden_px > side:
        raise ConfigError(
            f"engine.hidden_px: {spec.hidden_px} px hides too much of an image of {side} px",
            remedy=f"Give {side // 2} or less",
        )
    build = Inpainter if spec.task == "inpaint" else Jigsaw
    return teach_redrawing(images, form, spec, progress, folders, build=build)


class Inpainter(Redrawing):
    """Draws every tile of an image from its surroundings."""

    hidden: Tensor

    def __init__(self, levels: StandardLevels, form: FrameFormat, spec: MaskedSpec) -> None:
        super().__init__(levels, spec)
        colours, size = form.pixel_format.colours, (form.height, form.width)
        self.network = UNet(colours + 1, colours, size, spec.width, spec.depth)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's own stubs lack it
        self._side, self._passes = spec.hidden_px, spec.passes
        unit = spec.hidden_px * spec.passes
        self._pattern = tile_sets(form.height + unit, form.width + unit, self._side, self._passes)
        turns = self._pattern[: form.height, : form.width]
        hidden = torch.stack([turns == turn for turn in range(self._passes)])
        self.register_buffer("hidden", hidden.float()[:, None])

    def drawn(self, images: Tensor) -> Tensor:
        """Every tile as it was drawn while it was hidden."""
        found = [self._filled(images, mask) * mask for mask in self.hidden]
        return torch.stack(found).sum(0)

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        """Loss of images with one set of tiles drawn, for a grid that lies anywhere."""
        images = self.levels(batch)
        mask = torch.stack([self._anywhere(random) for _ in images]).to(images.device)
        # Counted over hidden places, so that a loss means the same whatever the passes.
        return self.misfit(images, self._filled(images, mask), mask) * self._passes

    def _filled(self, images: Tensor, mask: Tensor) -> Tensor:
        """What the network makes of images float32 without the places where the mask is 1."""
        # The image times zero gives the mask the batch's size without asking what that is.
        shown = torch.cat([images * (1.0 - mask), images[:, :1] * 0.0 + mask], dim=1)
        filled: Tensor = self.network(shown)
        return filled

    def _anywhere(self, random: torch.Generator) -> Tensor:
        """A mask float32[1, H, W] of one set of tiles."""
        unit = self._side * self._passes
        top, left = torch.randint(unit, (2,), generator=random).tolist()
        height, width = self.hidden.shape[-2:]
        return (self._pattern[top : top + height, left : left + width] == 0).float()[None]


def tile_sets(height: int, width: int, side: int, sets: int) -> Tensor:
    """The number, from 0, of the set that each pixel's tile is in, int64[height, width].

    Of two sets a chessboard; of three diagonals; of four every second tile of every second row, so
    that no two tiles of a set touch.
    """
    rows, columns = torch.arange(height)[:, None] // side, torch.arange(width)[None] // side
    if sets == 4:
        return 2 * (rows % 2) + columns % 2
    return (rows + columns) % sets
