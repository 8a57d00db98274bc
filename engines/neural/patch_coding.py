"""Patches that overlap by half, written by a dictionary, and what that leaves of a picture."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engines.neural.residual import gaussian

Rows = NDArray[np.float64]
VectorsOf = Callable[[int], Tensor]
"""From the index of an image to its vectors, float32[d, h, w]."""

FITTED = 8000
"""Patches that a dictionary is fitted to."""
SMOOTHING_PX = 1.5
"""Standard deviation of the Gaussian over squared errors, in pixels as coarse as the patches'."""
NOISE = 1e-4
"""Added before a root is taken: what is less is rounding, which the root would blow up."""
MAP_STRIDE = 2
"""Pixels of the image along the side of a map's cell."""


class PatchCoder(nn.Module):
    """Codes float32[N, atoms, h, w] of the patches of images, half a patch apart.

    ``dictionary`` float64[atoms, d] holds square patches of all colours; of ``colours`` = d they
    are single cells, which do not overlap. Subclasses say how a code is found.
    """

    dictionary: Tensor
    atoms_and_mean: Tensor

    def __init__(self, dictionary: Rows, colours: int) -> None:
        super().__init__()
        self.side = math.isqrt(dictionary.shape[1] // colours)
        self.stride = max(1, self.side // 2)
        self.overlap = (self.side // self.stride) ** 2
        atoms = torch.from_numpy(dictionary).float().reshape(-1, colours, self.side, self.side)
        self.register_buffer("dictionary", atoms)
        self.register_buffer("atoms_and_mean", torch.cat([atoms, torch.ones_like(atoms[:1])]))

    @abstractmethod
    def forward(self, images: Tensor) -> Tensor:
        """Codes of float32[N, colours, H, W], whose sides are multiples of half a patch."""

    def means(self, images: Tensor) -> Tensor:
        """Mean of each patch over pixels and colours: float32[N, 1, h, w]."""
        return functional.avg_pool2d(images.mean(1, keepdim=True), self.side, self.stride)

    def drawn(self, codes: Tensor, means: Tensor) -> Tensor:
        """What overlapping patches make of an image, on average: four at each inner pixel."""
        filters = self.atoms_and_mean
        laid = functional.conv_transpose2d(
            torch.cat([codes, means], 1), filters, stride=self.stride
        )
        return laid / float(self.overlap)


class PatchMaps(nn.Module):
    """Maps of images in standard levels by the patches of ``coder``.

    With a ``factor`` the patches are that much larger, and seen as much coarser.
    """

    block: Tensor
    column: Tensor
    patch: Tensor
    row: Tensor

    def __init__(self, coder: PatchCoder, size: tuple[int, int], factor: int = 1) -> None:
        super().__init__()
        self.coder = coder
        self.factor = factor
        self._size = size
        step = self._step = coder.stride * factor
        # Half a patch beyond each edge, so that every pixel lies in four patches.
        bottom, right = (step + (-side % step) for side in size)
        self._pads = (step, right, step, bottom)
        line = gaussian(SMOOTHING_PX * factor, round(3 * SMOOTHING_PX * factor))
        self.register_buffer("column", line.reshape(1, 1, -1, 1))
        self.register_buffer("row", line.reshape(1, 1, 1, -1))
        self.register_buffer("block", torch.ones(1, 1, factor, factor))
        self.register_buffer("patch", torch.ones(1, 1, coder.side, coder.side))

    def spread_out(self, cells: Tensor) -> Tensor:
        """What is known of patches, float32[N, 1, h, w], at each pixel: the mean over its four."""
        laid = functional.conv_transpose2d(cells, self.patch, stride=self.coder.stride)
        return self.inner(laid / float(self.coder.overlap))

    def seen(self, images: Tensor) -> Tensor:
        """Images with their edges repeated outwards, as coarse as the patches are."""
        wide = functional.pad(images, self._pads, mode="replicate")
        return wide if self.factor == 1 else functional.avg_pool2d(wide, self.factor)

    def inner(self, wide: Tensor) -> Tensor:
        """What lies over the image, pixel by pixel of it."""
        if self.factor > 1:
            channels = wide.shape[1]
            block = self.block.expand(channels, -1, -1, -1)
            wide = functional.conv_transpose2d(wide, block, stride=self.factor, groups=channels)
        (height, width), step = self._size, self._step
        return wide[..., step : step + height, step : step + width]

    def smoothed(self, values: Tensor) -> Tensor:
        """Means over a Gaussian around the cells of a map."""
        margin = self.row.shape[-1] // 2
        wide = functional.pad(values, (margin, margin, margin, margin), mode="replicate")
        narrow = functional.conv2d(wide, self.column, stride=(MAP_STRIDE, 1))
        return functional.conv2d(narrow, self.row, stride=(1, MAP_STRIDE))


def centred_patches(picture: Tensor, side: int) -> Tensor:
    """Patches of a picture float32[1, colours, H, W] less their means: float32[d, h, w]."""
    stride = side // 2
    rows, columns = ((length - side) // stride + 1 for length in picture.shape[2:])
    patches = functional.unfold(picture, side, stride=stride)[0]
    return (patches - patches.mean(0)).reshape(-1, rows, columns)


def drawn_vectors(vectors_of: VectorsOf, indices: Sequence[int], count: int, seed: int) -> Rows:
    """Vectors drawn at random from images in turn: float64[n, d]."""
    random = torch.Generator().manual_seed(seed)
    each = -(-count // len(indices))
    found = []
    for index in indices:
        vectors = vectors_of(index).flatten(1).T
        found.append(vectors[torch.randperm(len(vectors), generator=random)[:each]])
    return np.asarray(torch.cat(found)[:count].double().numpy(), np.float64)


def vectors_on_grid(vectors_of: VectorsOf, indices: Sequence[int], count: int) -> Rows:
    """Vectors that lie evenly over the image, each from the next image in turn: float64[n, d]."""
    height, width = vectors_of(indices[0]).shape[1:]
    rows = min(height, max(1, round(math.sqrt(count * height / width))))
    columns = min(width, -(-count // rows))
    middles = [
        [int((2 * place + 1) * length / (2 * cells)) for place in range(cells)]
        for length, cells in ((height, rows), (width, columns))
    ]
    places = list(product(*middles))
    by_image: dict[int, list[int]] = {}
    for number in range(count):
        by_image.setdefault(indices[number % len(indices)], []).append(number % len(places))
    found = []
    for index, own in by_image.items():
        vectors = vectors_of(index)
        found += [vectors[:, top, left] for top, left in (places[number] for number in own)]
    return np.asarray(torch.stack(found).double().numpy(), np.float64)
