"""Flat field: what light, lens and sensor do to an even card, undone pixel by pixel.

``corrected = (level - offset) * gain``, as shares of white. The offset is the dark frame; the gain
lifts every place and colour to the brightest one, so the card becomes grey as well as even (white
balance) and what was white stays white. Pixels that do not follow the light are replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.stills import Plane, Still, stills
from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat

LEAST_FLATS = 4
"""Fewer pictures of the card cannot tell dirt on it from the sensor, nor noise from structure."""

CLIPPED, DARKEST, DARK = 1e-3, 0.15, 0.1
"""Share of clipped pixels, and shares of white: least median of a flat, most of a dark frame."""
GAIN_LIMIT = 6.0
"""More would lift noise more than light."""
DIRT = 0.03
"""Dirt darkens or brightens a place by this share against the other pictures of the card."""
_DIRT_PX = 9
"""Blobs with fewer pixels are noise."""
FAULTY_LIMIT = 1e-3
"""Share of faulty pixels with which a sensor is refused."""
_RESPONSE = 0.5
"""A pixel that answers light by so much less or more than its neighbours do is faulty."""
_HOT = 0.05
"""So much brighter than the dark frame's median, a pixel is hot; share of white."""


@dataclass(frozen=True, slots=True)
class FlatField:
    """Gain and offset float32[H, W, colours] for levels as shares of white.

    ``faulty`` int32[n, 4] are row and column of a hot or dead pixel, then of the good one whose
    level it takes. ``added_noise`` is the share that the gain's own noise adds; ``white_balance``
    the gain of each colour's mean against the brightest colour.
    """

    gain: Plane
    offset: Plane
    faulty: NDArray[np.int32]
    pictures: int
    darks: int
    unevenness: float
    added_noise: float
    white_balance: tuple[float, ...]


def make_flat_field(
    flats: Sequence[Path], darks: Sequence[Path], pixel_format: PixelFormat
) -> FlatField:
    """Make the correction of N pictures of an even card, and of the covered lens if given.

    Raises ``ImageError`` naming the picture that is clipped, too dark or dirty, and the remedy.
    """
    if len(flats) < LEAST_FLATS:
        raise ImageError(
            f"{len(flats)} pictures of the card", remedy=f"Photograph it at least {LEAST_FLATS}x"
        )
    size = stills([*flats[:1], *darks], pixel_format)  # also checks the darks' size
    first = next(size).plane
    offset, _ = _mean((_checked_dark(still) for still in size), first)
    light, spread = _mean((_checked_flat(still) for still in stills(flats, pixel_format)), first)
    for still in stills(flats, pixel_format):
        _refuse_dirt(still, light, len(flats))
    signal = np.asarray(light - offset, np.float32)
    faulty = _faulty(signal, offset, with_darks=bool(darks))
    _refuse_faulty(faulty)
    peers = _peers(faulty)
    rows, columns, good_rows, good_columns = peers.T
    signal[rows, columns] = signal[good_rows, good_columns]
    peak = float(np.percentile(signal, 99.9))
    _refuse_uneven(signal, peak)
    means = signal.reshape(-1, signal.shape[2]).mean(axis=0, dtype=np.float64)
    return FlatField(
        gain=np.asarray(peak / signal, np.float32),
        offset=offset,
        faulty=peers,
        pictures=len(flats),
        darks=len(darks),
        unevenness=float(np.max(1.0 - signal.min(axis=(0, 1)) / signal.max(axis=(0, 1)))),
        added_noise=float(np.median(spread / signal)) / np.sqrt(len(flats)),
        white_balance=tuple(float(means.max() / mean) for mean in means),
    )


def _checked_dark(still: Still) -> Plane:
    median = float(np.median(still.plane))
    if median > DARK:
        raise ImageError(
            f"{still.name}: not dark (median {median:.0%} of white)",
            remedy="Cover the lens, at the exposure of the line, and photograph again",
        )
    return still.plane


def _checked_flat(still: Still) -> Plane:
    plane = still.plane
    clipped = float((still.levels >= still.pixel_format.white).any(axis=2).mean())
    if clipped > CLIPPED:
        raise ImageError(
            f"{still.name}: {clipped:.1%} of the pixels are clipped",
            remedy="Lower exposure or light until the card is at 50 to 80 % of white",
        )
    median = float(np.median(plane))
    if median < DARKEST:
        raise ImageError(
            f"{still.name}: too dark (median {median:.0%} of white)",
            remedy="Raise exposure or light until the card is at 50 to 80 % of white",
        )
    return plane


def _mean(planes: Iterable[Plane], like: Plane) -> tuple[Plane, Plane]:
    """Mean and standard deviation over the pictures; zero without any."""
    total, squares, number = np.zeros(like.shape), np.zeros(like.shape), 0
    for plane in planes:
        total += plane
        squares += np.square(plane, dtype=np.float64)
        number += 1
    count = max(number, 1)
    mean = total / count
    variance = np.maximum(squares / count - mean**2, 0.0) * count / max(count - 1, 1)
    return np.asarray(mean, np.float32), np.asarray(np.sqrt(variance), np.float32)


def _refuse_dirt(still: Still, light: Plane, count: int) -> None:
    """Dirt moves with the card, so one picture differs there from the others' mean."""
    own = still.plane
    others = (light * count - own) / (count - 1)
    ratio = own.mean(axis=2) / np.maximum(others.mean(axis=2), 1e-6)
    smooth = cv2.GaussianBlur(np.asarray(ratio / np.median(ratio), np.float32), (0, 0), 1.5)
    stained = (np.abs(smooth - 1.0) > DIRT).astype(np.uint8)
    blobs, _, stats, centres = cv2.connectedComponentsWithStats(stained, connectivity=8)
    sizes = stats[1:, cv2.CC_STAT_AREA]
    if blobs > 1 and sizes.max() >= _DIRT_PX:
        x, y = centres[1 + int(sizes.argmax())]
        raise ImageError(
            f"{still.name}: differs from the other pictures at ({x:.0f}, {y:.0f}): dirt, or light "
            "that changed",
            remedy="Clean the card, keep other light away, and photograph again",
        )


def _faulty(signal: Plane, offset: Plane, *, with_darks: bool) -> NDArray[np.bool_]:
    """bool[H, W]: dead or stuck pixels do not follow the light, hot ones glow in the dark."""
    around = np.stack([cv2.medianBlur(colour, 5) for colour in np.moveaxis(signal, 2, 0)], 2)
    found = np.abs(signal / np.maximum(around, 1e-6) - 1.0) > _RESPONSE
    if with_darks:
        found |= offset > np.median(offset) + _HOT
    return np.asarray(found.any(axis=2))


def _refuse_faulty(faulty: NDArray[np.bool_]) -> None:
    share = float(faulty.mean())
    if share > FAULTY_LIMIT:
        row, column = np.argwhere(faulty)[0]
        raise ImageError(
            f"{share:.2%} of the pixels do not follow the light, the first at ({column}, {row})",
            remedy="Clean card, lens and sensor; should it stay, the sensor is worn out",
        )


def _peers(faulty: NDArray[np.bool_]) -> NDArray[np.int32]:
    """For each faulty pixel the nearest good one: int32[n, 4]."""
    _, labels = cv2.distanceTransformWithLabels(
        faulty.astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    place_of = np.zeros((int(labels.max()) + 1, 2), np.int32)
    place_of[labels[~faulty]] = np.argwhere(~faulty)
    return np.hstack([np.argwhere(faulty), place_of[labels[faulty]]]).astype(np.int32)


def _refuse_uneven(signal: Plane, peak: float) -> None:
    darkest = float(signal.min())
    if darkest * GAIN_LIMIT < peak:
        row, column, _ = np.unravel_index(int(signal.argmin()), signal.shape)
        raise ImageError(
            f"the light is too uneven: {max(darkest, 0.0) / peak:.0%} of the brightest place at "
            f"({column}, {row})",
            remedy="Light the whole field, or lift the darker colour, and photograph again",
        )
