"""The points of a target in a picture, to a fraction of a pixel."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.camera.target import Kind, Points, Target
from calibration.illumination.focus import edge_width
from calibration.stills import Still
from inspector.core.errors import ImageError

LEAST_POINTS = 8
"""Corners of a ChArUco target that must be seen; the other kinds must be seen whole."""
BLURRED = 8.0
"""Width of an edge, px, above which points are not trusted: a Gaussian blur of about 3 px."""


@dataclass(frozen=True, slots=True)
class View:
    """One picture of a target: points float32[n, 2] on it, mm, and in the picture, px."""

    name: str
    target_mm: Points
    image_px: Points


def find_target(still: Still, target: Target) -> View:
    """Find the target. Raises ``ImageError`` naming a picture without it, or a blurred one."""
    grey = np.asarray(still.plane.mean(axis=2) * 255.0 + 0.5).astype(np.uint8)
    found = _FINDERS[target.kind](grey, target)
    if found is None:
        raise ImageError(
            f"{still.name}: no {target.kind} target of {target.columns}x{target.rows} found"
            f" (edges are {edge_width(grey.astype(np.float32)):.1f} px wide)",
            remedy=_REMEDY[target.kind],
        )
    numbers, points = found
    blur = edge_width(_around(grey, points).astype(np.float32))
    if blur > BLURRED:
        raise ImageError(
            f"{still.name}: too blurred (edges are {blur:.1f} px wide, limit {BLURRED:g})",
            remedy="Focus, close the aperture, keep the target still, or leave the picture out",
        )
    return View(still.name, target.points[numbers], points)


_Found = tuple[NDArray[np.intp], Points]

_REMEDY = {
    Kind.CHARUCO: "Show more of it, sharp and evenly lit; check --columns and --rows",
    Kind.CHECKERBOARD: "Show all of it with its white border; check --columns and --rows",
    Kind.DOTS: "Show all of it with its white border; check --columns and --rows",
}


def _charuco(grey: NDArray[np.uint8], target: Target) -> _Found | None:
    detector = cv2.aruco.CharucoDetector(target.board())
    points, numbers, _, _ = detector.detectBoard(grey)
    if numbers is None or len(numbers) < LEAST_POINTS:
        return None
    return numbers.ravel().astype(np.intp), points.reshape(-1, 2).astype(np.float32)


def _checkerboard(grey: NDArray[np.uint8], target: Target) -> _Found | None:
    inner = (target.columns - 1, target.rows - 1)
    flags = cv2.CALIB_CB_ACCURACY | cv2.CALIB_CB_NORMALIZE_IMAGE
    there, points = cv2.findChessboardCornersSB(grey, inner, flags=flags)
    if not there:
        return None
    # Its corners are found robustly, but up to 0.3 px off: saddle points are sharper.
    half = max(2, round(0.3 * _step(points.reshape(-1, 2).astype(np.float32))))
    criteria = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 50, 1e-4)
    points = cv2.cornerSubPix(grey, points, (half, half), (-1, -1), criteria)
    return np.arange(inner[0] * inner[1]), points.reshape(-1, 2).astype(np.float32)


def _dots(grey: NDArray[np.uint8], target: Target) -> _Found | None:
    settings = cv2.SimpleBlobDetector.Params()
    settings.minArea, settings.maxArea = 12.0, grey.size / 50.0
    settings.minDistBetweenBlobs = 2.0
    blobs = cv2.SimpleBlobDetector.create(settings)
    there, points = cv2.findCirclesGrid(
        grey,
        (target.columns, target.rows),
        flags=cv2.CALIB_CB_ASYMMETRIC_GRID | cv2.CALIB_CB_CLUSTERING,
        blobDetector=blobs,
    )
    if not there:
        return None
    return np.arange(target.columns * target.rows), points.reshape(-1, 2).astype(np.float32)


_FINDERS = {Kind.CHARUCO: _charuco, Kind.CHECKERBOARD: _checkerboard, Kind.DOTS: _dots}


def _step(points: Points) -> float:
    """Median distance to the nearest other point, px."""
    apart = np.linalg.norm(points[:, None] - points, axis=2)
    np.fill_diagonal(apart, np.inf)
    return float(np.median(apart.min(axis=1)))


def _around(grey: NDArray[np.uint8], points: Points) -> NDArray[np.uint8]:
    """The part of the picture that the points span."""
    height, width = grey.shape
    left, top = np.clip(points.min(axis=0).astype(int), 0, [width - 8, height - 8])
    right, bottom = np.ceil(points.max(axis=0)).astype(int)
    return grey[top : bottom + 8, left : right + 8]
