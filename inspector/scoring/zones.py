"""Zones of a recipe as weights of a map: where is inspected, and how finely."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.check_spec import Zone
from inspector.core.recipe import Box

_FINE = 8
"""Sub-cells a side that a polygon is drawn in."""


def zone_weights(
    zones: Sequence[Zone], field: Box, shape: tuple[int, int]
) -> NDArray[np.float32] | None:
    """Factors float32[h, w] of a map that covers ``field`` of the camera image; None for all 1.

    A cell belongs to a polygon when most of it does. Where zones overlap the most sensitive one
    counts, excluded places are 0 whatever else is there, and with any ``include`` so is all that
    none of them holds.
    """
    if not zones:
        return None
    weights = np.ones(shape, np.float32)
    drawn = [(zone, cells_of(zone, field, shape)) for zone in zones]
    own = [(zone.sensitivity, inside) for zone, inside in drawn if zone.use == "zone"]
    for sensitivity, inside in sorted(own, key=lambda pair: pair[0]):
        weights[inside] = sensitivity
    included = [inside for zone, inside in drawn if zone.use == "include"]
    if included:
        weights[~np.any(included, axis=0)] = 0.0
    for zone, inside in drawn:
        if zone.use == "exclude":
            weights[inside] = 0.0
    return weights


def cells_of(zone: Zone, field: Box, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """The cells bool[h, w] of a map that lie in a polygon."""
    height, width = shape
    cells = np.array([width / field.width, height / field.height]) * _FINE
    corners = (np.array(zone.polygon) - [field.x, field.y]) * cells - 0.5
    canvas = np.zeros((height * _FINE, width * _FINE), np.uint8)
    cv2.fillPoly(canvas, [np.round(corners).astype(np.int32)], 1)
    share = canvas.reshape(height, _FINE, width, _FINE).mean(axis=(1, 3))
    return np.asarray(share > 0.5)
