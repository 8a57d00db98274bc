"""Pictures of parts with their heat, small enough to travel in a report."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.frame import PixelFormat, Pixels
from inspector.core.judgement import CheckResult
from inspector.core.levels import for_display
from inspector.scoring.overlay import with_heat

_SIDE = 320
"""Longer side of a picture, px."""
_QUALITY = 82


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
    heated: bytes | None
    """None where the check that says most marks no place."""


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
    heat = None if worst.map is None else with_heat(picture, worst.map, levels[worst.check])
    return Exhibit(
        name=path.name,
        kind=path.parent.name,
        score=score,
        rejected=not all(result.passed for result in results),
        words=worst.reason(),
        plain=_jpeg(picture),
        heated=None if heat is None else _jpeg(heat),
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


def _jpeg(picture: NDArray[np.uint8]) -> bytes:
    options = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    return bytes(cv2.imencode(".jpg", picture[:, :, ::-1], options)[1])
