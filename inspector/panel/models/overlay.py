"""Heat map on a scale that the threshold fixes: a good part never glows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import ScoreMap

CLEAR_BELOW = 0.6
"""Fraction of the threshold below which the overlay is fully transparent."""
FULL_FROM = 1.6
"""Multiple of the threshold from which it is at its strongest."""

_AT_THRESHOLD = 0.3
_STRONGEST = 0.6
_AMBER = np.array([255.0, 176.0, 0.0])
_RED = np.array([255.0, 32.0, 32.0])


def heat(scores: ScoreMap, threshold: float) -> NDArray[np.uint8]:
    """Overlay for raw scores float32[h, w]: uint8[h, w, 4], BGRA, alpha premultiplied.

    Transparent below ``CLEAR_BELOW * threshold``, a hint of amber that turns red as it comes to the
    threshold, stronger up to ``FULL_FROM`` times that, so that the top of a defect stands out from
    its foot; never scaled to the picture's own range. What is not a number stays transparent, and
    so does everything without a positive threshold.
    """
    if not threshold > 0:
        return np.zeros((*scores.shape, 4), np.uint8)
    ratio = np.nan_to_num(scores / np.float32(threshold), nan=0.0, posinf=2.0, neginf=0.0)
    t = np.clip((ratio - CLEAR_BELOW) / (FULL_FROM - CLEAR_BELOW), 0, 1)
    overlay: NDArray[np.uint8] = _PALETTE[np.rint(t * 255).astype(np.uint8)]
    return overlay


def _palette() -> NDArray[np.uint8]:
    ratio = np.linspace(CLEAR_BELOW, FULL_FROM, 256)[:, None]
    near = np.clip((ratio - CLEAR_BELOW) / (1 - CLEAR_BELOW), 0, 1)
    beyond = np.clip((ratio - 1) / (FULL_FROM - 1), 0, 1)
    # Steep below the threshold: only what is about to fail is seen.
    alpha = _AT_THRESHOLD * near**6 + (_STRONGEST - _AT_THRESHOLD) * beyond
    rgb = (_AMBER + (_RED - _AMBER) * near) * alpha
    bgra = np.hstack([rgb[:, ::-1], alpha * 255])
    palette: NDArray[np.uint8] = np.rint(bgra).astype(np.uint8)
    return palette


_PALETTE = _palette()
