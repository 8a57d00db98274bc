"""What an engineer would say of a picture in figures: of the whole, and of each cell of a grid.

For each colour: mean ``level``, ``contrast`` (standard deviation), ``edges`` (mean step between
neighbours), the ``brightest`` and ``darkest`` place and the ``sharpest`` step. They are taken from
the picture smoothed to about 256 places along its shorter side: one noisy pixel makes no extreme,
a figure means the same at every resolution, and large images cost little more than small ones.

``abundance`` and ``variation`` are the integral and the differential characteristics that pictures
are read by in the Mahalanobis-Taguchi system (Taguchi & Jugulum, "The Mahalanobis-Taguchi
strategy", Wiley 2002): the share of places above a level, and how often lines cross it, at the
quartiles of the product's own levels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.pixels import GreyLevels
from inspector.core.engine_spec.mt import FeatureKind
from inspector.core.frame import FrameFormat, PixelFormat

FINENESS = 256
"""Places along the shorter side of the smoothed picture, about; smaller pictures keep theirs."""
QUARTERS = 25, 50, 75
"""Percentiles of the product's levels at which lines are counted."""
LINES: tuple[FeatureKind, ...] = ("abundance", "variation")


class ImageFeatures(nn.Module):
    """uint8[N, H, W, bytes] to float32[N, K, cells, cells] and, of the ``whole``, [N, K, 1, 1].

    Figures are in grey levels 0..255, shares and crossings 0..1. ``quartiles`` are the levels of
    each colour at which lines are counted.
    """

    def __init__(
        self,
        form: FrameFormat,
        cells: int,
        kinds: Sequence[FeatureKind],
        quartiles: Sequence[Sequence[float]] = (),
        *,
        whole: bool = True,
    ) -> None:
        super().__init__()
        self.grey = GreyLevels(form.pixel_format)
        self._step = max(1, round(min(form.height, form.width) / FINENESS))
        self._kinds = tuple(kinds)
        self._cells, self._with_whole = cells, whole
        unit = cells * self._step
        below, right = (-side % unit + self._step for side in (form.height, form.width))
        self._pad = (0, right, 0, below)
        # Halfway between two levels that a mean of whole numbers can have: rounding flips none.
        between = 0.5 / (2 * self._step) ** 2
        self._quartiles = [[int(level) + between for level in colour] for colour in quartiles]

    def smooth(self, batch: Tensor) -> Tensor:
        """The picture that figures are taken from, float32[N, colours, h, w]."""
        padded = functional.pad(self.grey(batch), self._pad, mode="replicate")
        return functional.avg_pool2d(padded, 2 * self._step, self._step)

    def forward(self, batch: Tensor) -> tuple[Tensor, ...]:
        """Figures by kind, each of all colours."""
        picture = self.smooth(batch)
        made = {kind: self._of_cells(picture, kind) for kind in (*self._kinds, "level")}
        cells = torch.cat([made[kind] for kind in self._kinds], dim=1)
        if not self._with_whole:
            return (cells,)
        whole = torch.cat([_of_whole(kind, made) for kind in self._kinds], dim=1)
        return cells, whole

    def _of_cells(self, picture: Tensor, kind: FeatureKind) -> Tensor:
        """float32[N, k, cells, cells]; pooled, since reducing six axes takes runtimes long."""
        height, width = (side // self._cells for side in picture.shape[2:])

        def mean(values: Tensor) -> Tensor:
            return functional.avg_pool2d(values, (height, width))

        def largest(values: Tensor) -> Tensor:
            return functional.max_pool2d(values, (height, width))

        if kind == "contrast":
            level = mean(picture).repeat_interleave(height, 2).repeat_interleave(width, 3)
            return mean((picture - level).square()).sqrt()
        if kind in LINES:
            above = torch.cat([(picture > level).float() for level in self._levels()], dim=1)
            return mean(above if kind == "abundance" else _steps(above))
        return {
            "level": lambda: mean(picture),
            "edges": lambda: mean(_steps(picture)),
            "brightest": lambda: largest(picture),
            "darkest": lambda: -largest(-picture),
            "sharpest": lambda: largest(_steps(picture)),
        }[kind]()

    def _levels(self) -> list[Tensor]:
        """Each quartile of all colours, float32[colours, 1, 1]."""
        quartiles = zip(*self._quartiles, strict=True)
        return [torch.tensor(quartile)[:, None, None] for quartile in quartiles]


def _of_whole(kind: FeatureKind, cells: Mapping[FeatureKind, Tensor]) -> Tensor:
    """Of all cells together, float32[N, k, 1, 1]."""
    found, over = cells[kind], (2, 3)
    if kind == "contrast":
        level = cells["level"]
        apart = (level - level.mean(over, keepdim=True)).square()
        return (found.square() + apart).mean(over, keepdim=True).sqrt()
    if kind == "darkest":
        return found.amin(over, keepdim=True)
    if kind in {"brightest", "sharpest"}:
        return found.amax(over, keepdim=True)
    return found.mean(over, keepdim=True)


def colours_of(pixel_format: PixelFormat) -> tuple[str, ...]:
    """What the channels are called; a grey picture's has no name."""
    return ("",) if pixel_format.colours == 1 else ("red", "green", "blue")


def figures_of(pixel_format: PixelFormat, kinds: Sequence[FeatureKind]) -> list[str]:
    """Names of the K figures, such as ``contrast`` or ``abundance 25 % blue``."""
    names = []
    for kind in kinds:
        turns = [f"{kind} {quarter} %" for quarter in QUARTERS] if kind in LINES else [kind]
        names += [
            f"{turn} {colour}".strip() for turn in turns for colour in colours_of(pixel_format)
        ]
    return names


def _steps(picture: Tensor) -> Tensor:
    """Mean difference from the neighbours to the right and below, of each place."""
    padded = functional.pad(picture, (0, 1, 0, 1), mode="replicate")
    across = (padded[:, :, :-1, 1:] - picture).abs()
    down = (padded[:, :, 1:, :-1] - picture).abs()
    return 0.5 * (across + down)
