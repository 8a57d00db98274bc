"""Pinhole, lens and plane: from pixels to millimetres and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Maps = tuple[NDArray[np.int16], NDArray[np.uint16]]
"""OpenCV's fixed-point maps: int16[h, w, 2] whole pixels, uint16[h, w] place in a table of 1/32."""


@dataclass(frozen=True, slots=True)
class Intrinsics:
    """A camera of ``width`` x ``height`` px: focal lengths and principal point, px; lens terms.

    ``distortion`` is k1, k2, p1, p2, k3. ``zoom`` scales the focal length of the undistorted
    picture so that it is as large as it can be without a place that the camera does not see.
    """

    width: int
    height: int
    focal: tuple[float, float]
    centre: tuple[float, float]
    distortion: tuple[float, float, float, float, float]
    zoom: float

    @classmethod
    def of(cls, size: tuple[int, int], matrix: Floats, distortion: Floats) -> Intrinsics:
        """From OpenCV's camera matrix and its five terms."""
        k1, k2, p1, p2, k3 = (float(term) for term in distortion.ravel())
        focal = float(matrix[0, 0]), float(matrix[1, 1])
        centre = float(matrix[0, 2]), float(matrix[1, 2])
        return cls(*size, focal, centre, (k1, k2, p1, p2, k3), _zoom(size, matrix, distortion))

    @property
    def matrix(self) -> Floats:
        """Of the picture as the camera gives it."""
        (fx, fy), (cx, cy) = self.focal, self.centre
        return np.array([[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]])

    @property
    def terms(self) -> Floats:
        """The distortion, as OpenCV takes it."""
        return np.array(self.distortion)

    @property
    def undistorted(self) -> Floats:
        """Matrix of the undistorted picture, which has the same size."""
        return _zoomed(self.matrix, self.zoom)

    @property
    def largest_shift(self) -> float:
        """How far the lens moves a point of the border, px."""
        border = _border(self.width, self.height)
        seen = _seen_at(border, self.matrix, self.matrix, self.terms)
        return float(np.linalg.norm(seen - border, axis=1).max())

    def maps(self) -> Maps:
        """Where each pixel of the undistorted picture comes from, for ``cv2.remap``."""
        size = (self.width, self.height)
        whole, part = cv2.initUndistortRectifyMap(
            self.matrix, self.terms, np.eye(3), self.undistorted, size, cv2.CV_16SC2
        )
        return np.asarray(whole, np.int16), np.asarray(part, np.uint16)


@dataclass(frozen=True, slots=True)
class Plane:
    """Points X before the camera, mm, with ``normal . X = distance``; the normal looks away."""

    normal: tuple[float, float, float]
    distance: float

    @classmethod
    def through(cls, point: Floats, normal: Floats) -> Plane:
        """The plane through a point."""
        distance = float(normal @ point)
        x, y, z = (float(part) for part in (normal if distance > 0 else -normal))
        return cls((x, y, z), abs(distance))

    @classmethod
    def mean(cls, planes: Sequence[Plane]) -> Plane:
        """In between: mean normal, and mean distance along the optical axis."""
        normal = np.mean([plane.normal for plane in planes], axis=0)
        normal /= np.linalg.norm(normal)
        depth = float(np.mean([plane.distance / plane.normal[2] for plane in planes]))
        return cls.through(np.array([0.0, 0.0, depth]), normal)

    @property
    def tilt(self) -> float:
        """Angle between the camera's axis and the plane's normal, degrees."""
        return float(np.degrees(np.arccos(min(abs(self.normal[2]), 1.0))))


def to_plane(lens: Intrinsics, plane: Plane) -> Floats:
    """Homography float64[3, 3] from undistorted pixels to mm on the plane.

    The origin is where the optical axis meets the plane, x lies along the picture's rows.
    """
    normal = np.array(plane.normal)
    across = np.array([1.0, 0.0, 0.0]) - normal[0] * normal
    across /= np.linalg.norm(across)
    down = np.cross(normal, across)
    origin = np.array([0.0, 0.0, plane.distance / normal[2]])
    from_plane = lens.undistorted @ np.stack([across, down, origin], 1)
    return np.asarray(np.linalg.inv(from_plane))


def mm_per_px(lens: Intrinsics, plane: Plane, pixels: Floats) -> Floats:
    """Scale at undistorted pixels float64[n, 2]: root of the area that one covers, mm."""
    homography = to_plane(lens, plane)
    depth = pixels @ homography[2, :2] + homography[2, 2]
    # The Jacobian of a homography has the determinant det(H) / depth³.
    return np.asarray(np.sqrt(np.abs(np.linalg.det(homography) / depth**3)))


def _zoomed(matrix: Floats, zoom: float) -> Floats:
    return np.asarray(matrix * [[zoom, 1.0, 1.0], [1.0, zoom, 1.0], [1.0, 1.0, 1.0]])


def _zoom(size: tuple[int, int], matrix: Floats, distortion: Floats) -> float:
    """The smallest zoom at which the whole border of the picture is seen, by bisection."""
    low, high = 0.5, 2.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if _all_seen(size, matrix, distortion, middle) else (middle, high)
    return high


def _all_seen(size: tuple[int, int], matrix: Floats, distortion: Floats, zoom: float) -> bool:
    shifted = _seen_at(_border(*size), _zoomed(matrix, zoom), matrix, distortion)
    inside = (shifted >= -0.5) & (shifted <= np.array(size) - 0.5)
    return bool(inside.all())


def _border(width: int, height: int) -> Floats:
    """Pixels along the border: float64[n, 2]."""
    along, down = np.linspace(0.0, width - 1.0, 65), np.linspace(0.0, height - 1.0, 65)
    sides = [np.stack([along, np.full(65, y)], 1) for y in (0.0, height - 1.0)]
    sides += [np.stack([np.full(65, x), down], 1) for x in (0.0, width - 1.0)]
    return np.concatenate(sides)


def _seen_at(pixels: Floats, straight: Floats, matrix: Floats, distortion: Floats) -> Floats:
    """Where pixels of a picture without distortion lie in the camera's."""
    rays = np.column_stack([pixels, np.ones(len(pixels))]) @ np.linalg.inv(straight).T
    seen, _ = cv2.projectPoints(rays, np.zeros(3), np.zeros(3), matrix, distortion)
    return np.asarray(seen, np.float64).reshape(-1, 2)
