"""What a person should know of pictures before a product is taught from them.

Every figure is compared with the other pictures of the same set: what is sharp or bright enough
depends on the part. Hints decide nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.camera.assistant import Advice, Assistant
from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat
from inspector.core.levels import levels_of
from inspector.durable.images import read_image

BLURRED, OTHER_LIGHT, SAME = "blurred", "other-light", "same"
FEW, ALIKE, SIZES = "few", "alike", "sizes"

_SMALL = 32
"""Pictures are compared at so many px a side."""
_BLURRED = 0.6
"""Share of the median sharpness below which a picture stands out."""
_OTHER_LIGHT = 0.25
"""Difference from the median brightness, as a share of it."""
_SAME = 1 / 255
"""Root mean square, share of white: two pictures of a part that was not moved differ by less."""
_JUDGED_FROM = 5
"""With fewer pictures nothing is usual."""
_MANY = 0.3
"""Share of the pictures from which on something is said of all of them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture. ``sharpness`` is its Tenengrad, ``mean`` its level, 0..1."""

    size: tuple[int, int]
    sharpness: float
    mean: float
    advice: tuple[Advice, ...]
    small: NDArray[np.float32] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hints:
    """For each picture, and for all of them."""

    of_each: tuple[tuple[str, ...], ...]
    of_all: tuple[str, ...]


def look_at(path: Path, pixel_format: PixelFormat) -> Seen | None:
    """Look at a picture file, once; None for one that cannot be read. Any thread."""
    try:
        return _looked(path, pixel_format, path.stat().st_mtime_ns)
    except (OSError, ImageError):
        return None


@lru_cache(maxsize=2048)
def _looked(path: Path, pixel_format: PixelFormat, _changed_ns: int) -> Seen:
    pixels = read_image(path, pixel_format)
    levels = levels_of(pixels)
    look = Assistant().look(pixels, pixel_format)
    grey = levels.mean(axis=2, dtype=np.float32) / pixel_format.white
    small = cv2.resize(grey, (_SMALL, _SMALL), interpolation=cv2.INTER_AREA)
    height, width = levels.shape[:2]
    return Seen(
        (width, height),
        look.focus.tenengrad,
        float(grey.mean()),
        look.advice,
        np.asarray(small, np.float32),
    )


def hints_of(seen: Sequence[Seen | None], least: int) -> Hints:
    """What stands out, picture by picture, and what most have in common."""
    there = [one for one in seen if one is not None]
    usual = _Usual.of(there)
    each = tuple(
        () if one is None else (*usual.hints(one), *_alike(one, seen[:place]))
        for place, one in enumerate(seen)
    )
    remarks = [FEW] if len(there) < least else []
    if len({one.size for one in there}) > 1:
        remarks.append(SIZES)
    remarks += [
        advice.value
        for advice in (Advice.TOO_DARK, Advice.TOO_BRIGHT, Advice.FLAT)
        if _many(sum(advice in one.advice for one in there), len(there))
    ]
    if _many(sum(SAME in hints for hints in each), len(there)):
        remarks.append(ALIKE)
    return Hints(each, tuple(remarks))


@dataclass(frozen=True, slots=True)
class _Usual:
    sharpness: float
    mean: float
    known: bool

    @classmethod
    def of(cls, seen: Sequence[Seen]) -> _Usual:
        if len(seen) < _JUDGED_FROM:
            return cls(0.0, 0.0, known=False)
        sharpness = float(np.median([one.sharpness for one in seen]))
        return cls(sharpness, float(np.median([one.mean for one in seen])), known=True)

    def hints(self, one: Seen) -> list[str]:
        if not self.known:
            return []
        found = [BLURRED] if one.sharpness < _BLURRED * self.sharpness else []
        if abs(one.mean - self.mean) > _OTHER_LIGHT * self.mean:
            found.append(OTHER_LIGHT)
        return found


def _alike(one: Seen, before: Sequence[Seen | None]) -> list[str]:
    others = [other.small for other in before if other is not None]
    if not others:
        return []
    apart = np.sqrt(((np.stack(others) - one.small) ** 2).mean(axis=(1, 2)))
    return [SAME] if float(apart.min()) < _SAME else []


def _many(count: int, of_all: int) -> bool:
    return of_all > 0 and count > _MANY * of_all
