"""What one defect is on a map of a view, from what the recipe says in camera pixels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from calibration.places import DefectSize
from inspector.core.check_spec import DecisionBasis
from inspector.core.errors import ConfigError
from inspector.core.recipe import Box


def defect_size(basis: DecisionBasis, field: Box, shape: tuple[int, ...]) -> DefectSize:
    """For a map [h, w] that covers ``field`` of the camera image.

    Raises ``ConfigError`` where not even the whole field would count: nothing could ever fail.
    """
    return _size(
        (basis.min_area_px, basis.min_length_px, basis.merge_px),
        (field.width, field.height),
        (shape[0], shape[1]),
    )


@lru_cache(maxsize=64)
def _size(
    minima: tuple[float, float, float], field: tuple[int, int], shape: tuple[int, int]
) -> DefectSize:
    size = DefectSize(field[0] / shape[1], field[1] / shape[0], *minima)
    if not size.counts_in(np.ones(shape, bool)):
        raise ConfigError(
            f"decision: no defect can be so large: the field is {field[0]}x{field[1]} camera px",
            remedy="Make min_defect_area or min_defect_length smaller",
        )
    return size
