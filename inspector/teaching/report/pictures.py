"""Pictures of parts with their heat, small enough to travel in a report."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import PixelFormat, Pixels, ScoreMap
from inspector.core.judgement import CheckResult
from inspector.core.levels import for_display

_SIDE = 320
"""Longer side of a picture, px."""
_QUALITY = 82
_HEAT = np.array([255.0, 96.0, 0.0])
_AT_LEVEL, _STRONGEST = 0.35, 0.65


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One part: JPEG bytes as they are and with heat, its score and why it would fail."""

    name: str
    kind: str
    """Folder of the file: the kind of defect in MVTec AD's layout."""
    score: float
    rejected: bool
    words: str
    plain: bytes
    heated: bytes


def exhibit_of(
    path: Path,
    pixels: Pixels,
    pixel_format: PixelFormat,
    *,
    results: Sequence[CheckResult],
    score: float,
    levels: Mapping[str, float],
) -> Exhibit:
    """A prepared image uint8[h, w, c] with the map of the check that is nearest to failing.

    ``levels`` are those of the checks' maps that count as too high.
    """
    picture = _small(for_display(pixels, pixel_format))
    worst = max(results, key=lambda result: (not result.passed, -(result.p_value or 1.0)))
    return Exhibit(
        name=path.name,
        kind=path.parent.name,
        score=score,
        rejected=not all(result.passed for result in results),
        words=worst.reason(),
        plain=_jpeg(picture),
        heated=_jpeg(_with_heat(picture, worst.map, levels[worst.check])),
    )


def data_url(jpeg: bytes) -> str:
    """A picture as an address that holds it."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def _small(picture: Pixels) -> NDArray[np.uint8]:
    """uint8[h, w, 3], RGB."""
    height, width = picture.shape[:2]
    scale = min(_SIDE / max(height, width), 1.0)
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = np.atleast_3d(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
    return np.asarray(np.broadcast_to(small, (*small.shape[:2], 3)), np.uint8)


def _with_heat(
    picture: NDArray[np.uint8], score_map: ScoreMap | None, level: float
) -> NDArray[np.uint8]:
    """Nothing below 0.6 of the level, a hint close to it, full from 1.6; outlined above it."""
    if score_map is None or not level > 0:
        return picture
    size = (picture.shape[1], picture.shape[0])
    ratio = cv2.resize(score_map, size, interpolation=cv2.INTER_LINEAR) / level
    near, beyond = np.clip((ratio - 0.6) / 0.4, 0.0, 1.0), np.clip((ratio - 1.0) / 0.6, 0.0, 1.0)
    alpha = (_AT_LEVEL * near**6 + (_STRONGEST - _AT_LEVEL) * beyond)[:, :, None]
    mixed = (picture * (1.0 - alpha) + _HEAT * alpha).round().astype(np.uint8)
    above = (ratio > 1.0).astype(np.uint8)
    outlines, _ = cv2.findContours(above, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return np.asarray(cv2.drawContours(mixed, outlines, -1, (255, 255, 255), 1), np.uint8)


def _jpeg(picture: NDArray[np.uint8]) -> bytes:
    options = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    return bytes(cv2.imencode(".jpg", picture[:, :, ::-1], options)[1])
