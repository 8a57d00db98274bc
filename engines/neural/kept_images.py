"""Teaching images as batches: each is read once, as far as the memory budget goes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from engines.neural.checkpoint import digest_over
from engines.taught import Images
from inspector.core.frame import Pixels

BUDGET = 512 * 2**20
"""Bytes of prepared images that are kept; those beyond are read anew at every access."""


class KeptImages:
    """Batches uint8[n, h, w, c] of prepared images, by index. For one thread."""

    def __init__(self, images: Images, budget: int = BUDGET) -> None:
        self._images = images
        self._budget = budget
        self._kept: dict[int, Pixels] = {}
        self._digest: str | None = None

    def __len__(self) -> int:
        return len(self._images)

    def batch(self, indices: Sequence[int]) -> Tensor:
        """The images of these indices, in this order."""
        return torch.from_numpy(np.stack([self._image(index) for index in indices]))

    def digest(self) -> str:
        """Hash of all images; worked out once."""
        if self._digest is None:
            self._digest = digest_over(self._image(index) for index in range(len(self)))
        return self._digest

    def _image(self, index: int) -> Pixels:
        if index in self._kept:
            return self._kept[index]
        image = self._images[index]
        if image.nbytes <= self._budget:
            self._budget -= image.nbytes
            self._kept[index] = image
        return image
