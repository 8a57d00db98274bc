"""The check ``rx-global``: patches against those of good images, at one or several scales."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.background.patches import Patches, Vectors, patches_for
from engines.background.pictures import Image, reduced
from engines.background.pyramid import SMALLEST, Pyramid
from engines.background.rx import Background, GlobalRx, Numbers
from inspector.core.errors import BundleError
from inspector.core.frame import ScoreMap

_FORM = "form"
_ONE_SIDE = 2
"""Patches have one side at all scales; what has no form halved it with the image."""

Backgrounds = tuple[Background, ...]
"""What good patches are like, finest scale first."""


def vectors_of(levels: Image, scales: int) -> Iterator[Vectors]:
    """Patch vectors float32[h, w, d] of an image at each of its scales.

    Patches have the same side in pixels at all scales, as `Pyramid` wants it.
    """
    patches = patches_for(*levels.shape[:2])
    for scale in range(scales):
        if scale:
            levels = reduced(levels)
            if min(levels.shape[:2]) < _smallest(patches):
                return
        yield patches.vectors(levels)


def global_map(backgrounds: Backgrounds, levels: Image) -> ScoreMap:
    """float32[h, w] at the grid of the finest patches; usual places have 1.

    Raises ``BundleError`` for backgrounds of images with other channels or patches.
    """
    patches = patches_for(*levels.shape[:2])
    kernels = tuple(GlobalRx(patches, background) for background in backgrounds)
    return kernels[0](levels) if len(kernels) == 1 else Pyramid(kernels, _smallest(patches))(levels)


def _smallest(patches: Patches) -> int:
    """Shorter side of the coarsest image, px."""
    return max(SMALLEST, patches.side)


def to_arrays(backgrounds: Backgrounds) -> dict[str, Numbers]:
    """Arrays by name and scale: ``0.mean``; and the form of patches that they describe."""
    numbers = {
        f"{scale}.{name}": array
        for scale, background in enumerate(backgrounds)
        for name, array in background.to_arrays().items()
    }
    return numbers | {_FORM: np.array([_ONE_SIDE], np.float64)}


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> Backgrounds:
    """What ``to_arrays`` gave. Raises ``BundleError`` for anything else.

    Of one scale, a calibration without a form is the same.
    """
    scales: dict[str, dict[str, NDArray[Any]]] = {}
    for name in sorted(arrays.keys() - {_FORM}):
        scale, _, own = name.partition(".")
        scales.setdefault(scale, {})[own] = arrays[name]
    if len(scales) > 1 and arrays.get(_FORM, np.zeros(1)).tolist() != [_ONE_SIDE]:
        raise BundleError(
            "check rx-global: its scales were learned of patches of other sizes",
            remedy="Calibrate the product again with this recipe",
        )
    return tuple(Background.from_arrays(own) for own in scales.values() or [{}])
