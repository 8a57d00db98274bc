"""PatchCore as plain torch: what the compiled graph is held against, and how peers compute it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.memory.embedding import embedding_of
from engines.memory.grafting import SMOOTHING_CELLS, UPSAMPLING
from engines.memory.memory import Memory
from engines.taught import Folders
from inspector.core.detection import Detection
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.frame import FrameFormat, Pixels


class TorchPatchCore(nn.Module):
    """The ``torch`` runtime: eager, distances by ``torch.cdist``. For teaching PCs and tests only.

    It shares with the graph the memories and the embedding's module, and nothing of the head.
    Knows neither missed defects nor re-weighting.
    """

    def __init__(
        self,
        spec: PatchCoreSpec,
        form: FrameFormat,
        memories: Sequence[Memory],
        folders: Folders = Folders(),  # noqa: B008  # frozen
    ) -> None:
        super().__init__()
        self.embedding = embedding_of(spec, form.pixel_format, folders)
        self._memories = [
            [torch.from_numpy(value) for value in (m.mean, m.projection, m.bank, m.spacing)]
            for m in memories
        ]
        self.eval()

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Map float32[N, h, w] and score float32[N] of raw images uint8[N, H, W, C]."""
        scales = self.embedding(image)
        size = [side * UPSAMPLING for side in scales[0].shape[2:]]
        maps = [self._map(*pair, size) for pair in zip(scales, self._memories, strict=True)]
        joined = torch.stack(maps).log().mean(0).exp()
        return joined, joined.amax((1, 2))

    def infer(self, batch: Pixels) -> Detection:
        """Judge uint8[N, H, W, C] prepared images."""
        with torch.inference_mode():
            maps, scores = self(torch.from_numpy(batch))
        return Detection(maps.numpy(), scores.numpy())

    def _map(self, features: Tensor, memory: list[Tensor], size: list[int]) -> Tensor:
        mean, projection, bank, spacing = memory
        points = features.permute(0, 2, 3, 1).flatten(0, 2) - mean
        points = points @ projection if projection.numel() else points
        nearest = (torch.cdist(points, bank) / spacing).amin(1)
        cells = nearest.reshape(features.shape[0], 1, *features.shape[2:])
        smooth = _blurred(cells)
        return functional.interpolate(smooth, size=size, mode="bilinear")[:, 0]


def _blurred(cells: Tensor) -> Tensor:
    radius = int(np.ceil(3 * SMOOTHING_CELLS))
    line = torch.exp(-0.5 * (torch.arange(-radius, radius + 1) / SMOOTHING_CELLS) ** 2)
    line = line / line.sum()
    wide = functional.pad(cells, [radius] * 4, mode="replicate")
    rows = functional.conv2d(wide, line[None, None, :, None])
    return functional.conv2d(rows, line[None, None, None, :])
