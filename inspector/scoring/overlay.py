"""A kept picture with what was found on it, drawn when it is asked for."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import PixelFormat, Pixels, ScoreMap
from inspector.core.levels import for_display

_AMBER, _RED = np.array([255.0, 176.0, 0.0]), np.array([255.0, 32.0, 32.0])
_AT_LEVEL, _STRONGEST = 0.3, 0.6
_DARK, _BRIGHT = (13, 17, 21), (244, 247, 249)
_LARGE_PX = 160
"""Shorter side from which a bright line has room for a dark one on both sides of it."""

Shown = NDArray[np.uint8]
"""uint8[h, w, 3], RGB."""


def shown(pixels: Pixels, pixel_format: PixelFormat) -> Shown:
    """A picture of any depth and colour for a person."""
    eight = for_display(pixels, pixel_format)
    return np.ascontiguousarray(np.broadcast_to(eight, (*eight.shape[:2], 3)))


def with_heat(picture: Shown, score_map: ScoreMap | None, level: float) -> Shown:
    """Nothing below 0.6 of the level, a hint of amber close to it, red and full from 1.6; outlined
    above it. The same colours as on the live picture.
    """
    if score_map is None or not level > 0:
        return picture
    size = (picture.shape[1], picture.shape[0])
    ratio = cv2.resize(np.nan_to_num(score_map), size, interpolation=cv2.INTER_LINEAR) / level
    near, beyond = np.clip((ratio - 0.6) / 0.4, 0.0, 1.0), np.clip((ratio - 1.0) / 0.6, 0.0, 1.0)
    alpha = (_AT_LEVEL * near**6 + (_STRONGEST - _AT_LEVEL) * beyond)[:, :, None]
    heat = _AMBER + (_RED - _AMBER) * near[:, :, None]
    mixed: Shown = (picture * (1.0 - alpha) + heat * alpha).round().astype(np.uint8)
    outlines, _ = cv2.findContours(
        (ratio > 1.0).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    for colour, thick in _strokes(mixed):
        mixed = np.asarray(cv2.drawContours(mixed, outlines, -1, colour, thick), np.uint8)
    return mixed


def with_regions(picture: Shown, checks: list[dict[str, Any]], view: int) -> Shown:
    """A box around each region that a record tells of in one view."""
    height, width = picture.shape[:2]
    for check in checks:
        for region in check["regions"] if check["view"] == view else ():
            left, top = round(region["left"] * width), round(region["top"] * height)
            right = round((region["left"] + region["width"]) * width)
            bottom = round((region["top"] + region["height"]) * height)
            for colour, thick in _strokes(picture):
                cv2.rectangle(picture, (left, top), (right, bottom), colour, thick)
    return picture


def _strokes(picture: Shown) -> tuple[tuple[tuple[int, int, int], int], ...]:
    """Bright within dark is seen on every part."""
    bright = (_BRIGHT, 1)
    return ((_DARK, 3), bright) if min(picture.shape[:2]) >= _LARGE_PX else (bright,)
