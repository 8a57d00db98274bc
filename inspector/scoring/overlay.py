"""A kept picture with what was found on it, drawn when it is asked for."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import PixelFormat, Pixels, ScoreMap
from inspector.core.levels import for_display

_HEAT = np.array([255.0, 96.0, 0.0])
_AT_LEVEL, _STRONGEST = 0.35, 0.65
_BOX = (255, 255, 0)

Shown = NDArray[np.uint8]
"""uint8[h, w, 3], RGB."""


def shown(pixels: Pixels, pixel_format: PixelFormat) -> Shown:
    """A picture of any depth and colour for a person."""
    eight = for_display(pixels, pixel_format)
    return np.ascontiguousarray(np.broadcast_to(eight, (*eight.shape[:2], 3)))


def with_heat(picture: Shown, score_map: ScoreMap | None, level: float) -> Shown:
    """Nothing below 0.6 of the level, a hint close to it, full from 1.6; outlined above it."""
    if score_map is None or not level > 0:
        return picture
    size = (picture.shape[1], picture.shape[0])
    ratio = cv2.resize(np.nan_to_num(score_map), size, interpolation=cv2.INTER_LINEAR) / level
    near, beyond = np.clip((ratio - 0.6) / 0.4, 0.0, 1.0), np.clip((ratio - 1.0) / 0.6, 0.0, 1.0)
    alpha = (_AT_LEVEL * near**6 + (_STRONGEST - _AT_LEVEL) * beyond)[:, :, None]
    mixed = (picture * (1.0 - alpha) + _HEAT * alpha).round().astype(np.uint8)
    outlines, _ = cv2.findContours(
        (ratio > 1.0).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    return np.asarray(cv2.drawContours(mixed, outlines, -1, (255, 255, 255), 1), np.uint8)


def with_regions(picture: Shown, checks: list[dict[str, Any]], view: int) -> Shown:
    """A box around each region that a record tells of in one view."""
    height, width = picture.shape[:2]
    for check in checks:
        for region in check["regions"] if check["view"] == view else ():
            left, top = round(region["left"] * width), round(region["top"] * height)
            right = round((region["left"] + region["width"]) * width)
            bottom = round((region["top"] + region["height"]) * height)
            cv2.rectangle(picture, (left, top), (right, bottom), _BOX, 1)
    return picture
