"""The check ``presence``: whether the part is there, whole and in its place.

Its map says by how much each place differs from what was taught: by outline in camera pixels, by
template in standard deviations. Where the part was not found, or lies farther off than the recipe
allows, nothing can be compared: the whole map is ``LOST``. A place within the range that alignment
undoes is no defect and scores nothing.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from engines.background.outline import Grey, OutlineDifference, TemplateDifference
from inspector.core.check_spec import PresenceCheckSpec
from inspector.core.errors import BundleError
from inspector.core.frame import ScoreMap
from inspector.core.levels import levels_of
from inspector.core.ports import PreparedView
from inspector.core.pose import Expected

LOST = 1e6
"""Beyond every threshold: no difference of a found part comes near it."""


def presence_map(spec: PresenceCheckSpec, view: PreparedView) -> ScoreMap:
    """float32[h, w] of a view. Raises ``BundleError`` where presence was not taught."""
    if view.expected is None:
        raise BundleError(
            "check presence: was not in the recipe when the product was taught",
            remedy="Teach the product again",
        )
    if view.pose is not None and view.pose.lost:
        return np.full(view.expected.grey.shape, LOST, np.float32)
    return _difference(spec.expects, view.expected)(_grey(view, view.expected))


@lru_cache(maxsize=16)
def _difference(expects: str, expected: Expected) -> OutlineDifference | TemplateDifference:
    if expects == "template":
        return TemplateDifference(expected.grey)
    if expected.bright is None:
        raise BundleError(
            "check presence: expects: outline, but the part that was taught does not stand out of "
            "its background",
            remedy="Set expects: template",
        )
    return OutlineDifference(
        expected.grey,
        bright=expected.bright,
        least_contrast=expected.least_contrast,
        cell_px=expected.cell_px,
    )


def _grey(view: PreparedView, expected: Expected) -> Grey:
    """The view on the grid of what is expected: uint8, white is 255."""
    levels = levels_of(view.pixels)
    height, width = expected.grey.shape
    small = cv2.resize(levels, (width, height), interpolation=cv2.INTER_AREA)
    if small.ndim == 3:
        small = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    if small.dtype == np.uint8:
        return np.asarray(small)
    return np.asarray(cv2.convertScaleAbs(small, alpha=255.0 / expected.white), np.uint8)
