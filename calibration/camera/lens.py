"""Lens and part plane of one camera from views of a target, with gates and uncertainties."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from calibration.camera.finding import View
from calibration.camera.geometry import Intrinsics, Plane, mm_per_px
from inspector.core.errors import ImageError

Floats = NDArray[np.float64]

LEAST_VIEWS = 6
RMS_PX, WORST_PX = 0.5, 1.0
"""Reprojection errors that are allowed: of all points, and of the points of one view."""
COVERAGE = 0.6
"""Share of a grid of 6 x 6 fields of the picture in which points must have been seen."""
FOCAL_ERROR = 0.01
"""Relative standard error of the focal length."""
TILT = 5.0
"""Spread of the targets' normals, degrees RMS, in the direction in which it is least.

Without it focal length and distance cannot be told apart, and the fit does not know.
"""
DISAGREEMENT = 0.02
"""Relative difference of scale at which a view of the part plane is refused."""
_GRID = 6


@dataclass(frozen=True, slots=True)
class LensFit:
    """Intrinsics, and how well they explain the views; ``focal_error`` is relative."""

    intrinsics: Intrinsics
    rms_px: float
    worst_px: float
    worst_view: str
    coverage: float
    focal_error: float


@dataclass(frozen=True, slots=True)
class PlaneFit:
    """The part plane, and the scale in the middle of the undistorted picture, mm/px.

    ``uncertainty`` is the half width of its 95 % interval: from how views differ where there are
    three or more (Student), else from the reprojection error of one (first order).
    ``smallest`` and ``largest`` are the scales over the field.
    """

    plane: Plane
    mm_per_px: float
    uncertainty: float
    smallest: float
    largest: float
    views: int


def fit_lens(views: Sequence[View], size: tuple[int, int]) -> LensFit:
    """Calibrate on views in a picture of ``size`` (width, height) px.

    Model: pinhole with two radial and two tangential terms (Brown 1971; Zhang 2000). Raises
    ``ImageError`` naming what is not good enough, and the picture where one is to blame.
    """
    if len(views) < LEAST_VIEWS:
        raise ImageError(
            f"{len(views)} pictures of the target",
            remedy=f"Photograph it at least {LEAST_VIEWS} times, tilted in several directions",
        )
    coverage = _coverage(views, size)
    if coverage < COVERAGE:
        raise ImageError(
            f"the target was seen in {coverage:.0%} of the field, {COVERAGE:.0%} are needed",
            remedy="Photograph it in the corners and along the edges, too",
        )
    rms, matrix, distortion, turns, _, errors, _, per_view = cv2.calibrateCameraExtended(
        [_solid(view).astype(np.float32) for view in views],
        [view.image_px for view in views],
        size,
        np.eye(3),
        np.zeros(5),
        flags=cv2.CALIB_FIX_K3,
    )
    per_view = per_view.ravel()
    worst = int(per_view.argmax())
    fit = LensFit(
        intrinsics=Intrinsics.of(size, np.asarray(matrix, float), np.asarray(distortion, float)),
        rms_px=float(rms),
        worst_px=float(per_view[worst]),
        worst_view=views[worst].name,
        coverage=coverage,
        focal_error=float(max(errors[0, 0] / matrix[0, 0], errors[1, 0] / matrix[1, 1])),
    )
    _check(fit, _tilt([np.asarray(turn, np.float64) for turn in turns]))
    return fit


def fit_plane(views: Sequence[View], lens: Intrinsics) -> PlaneFit:
    """The plane that parts lie on, from views of the target lying on it.

    Raises ``ImageError`` when the views contradict each other.
    """
    if not views:
        raise ImageError("no picture of the target on the part plane", remedy="Give one or more")
    poses = [_pose(view, lens) for view in views]
    middle = np.array([[(lens.width - 1) / 2, (lens.height - 1) / 2]])
    scales = np.array([_scale(lens, pose, middle) for pose in poses])
    for view, off in zip(views, np.abs(scales / np.median(scales) - 1.0), strict=True):
        if off > DISAGREEMENT:
            raise ImageError(
                f"{view.name}: its scale differs by {off:.1%} from the other pictures'",
                remedy="Lay the target flat on the part plane, without moving the camera",
            )
    count = len(views)
    if count >= 3:
        reach = float(stdtrit(count - 1, 0.975)) * float(scales.std(ddof=1))
    else:
        errors = [_scale_error(lens, *pair, middle) for pair in zip(views, poses, strict=True)]
        reach = 1.96 * float(np.mean(errors))
    plane = Plane.mean([_plane_of(pose) for pose in poses])
    field = mm_per_px(lens, plane, _field(lens))
    return PlaneFit(
        plane=plane,
        mm_per_px=float(mm_per_px(lens, plane, middle)[0]),
        uncertainty=reach / math.sqrt(count),
        smallest=float(field.min()),
        largest=float(field.max()),
        views=count,
    )


def _coverage(views: Sequence[View], size: tuple[int, int]) -> float:
    points = np.concatenate([view.image_px for view in views])
    cells = np.floor(points / size * _GRID).clip(0, _GRID - 1)
    return len(np.unique(cells, axis=0)) / _GRID**2


def _tilt(turns: Sequence[Floats]) -> float:
    """Spread of the normals in the direction in which it is least, degrees RMS."""
    normals = np.array([cv2.Rodrigues(turn)[0][:2, 2] for turn in turns])
    spread = np.linalg.svd(normals - normals.mean(axis=0), compute_uv=False)[-1]
    return float(np.degrees(np.arcsin(min(spread / math.sqrt(len(turns)), 1.0))))


def _check(fit: LensFit, tilt: float) -> None:
    if fit.worst_px > WORST_PX:
        raise ImageError(
            f"{fit.worst_view}: its points lie {fit.worst_px:.2f} px off (limit {WORST_PX:g})",
            remedy="Leave it out, or photograph again with the target flat and still",
        )
    if fit.rms_px > RMS_PX:
        raise ImageError(
            f"the points lie {fit.rms_px:.2f} px off (limit {RMS_PX:g})",
            remedy="Glue the target to something flat; check --kind, --columns and --rows",
        )
    if tilt < TILT:
        raise ImageError(
            f"the target's tilt varies by {tilt:.1f} degrees only (RMS, {TILT:g} are needed)",
            remedy="Tilt it by 20 to 40 degrees, in several directions, in most pictures",
        )
    if fit.focal_error > FOCAL_ERROR:
        raise ImageError(
            f"the focal length is known to {fit.focal_error:.1%} only (limit {FOCAL_ERROR:.0%})",
            remedy="Photograph more often, nearer, and sharper",
        )


def _solid(view: View) -> Floats:
    """Points of the target as points in space: float64[n, 3]."""
    return np.column_stack([view.target_mm, np.zeros(len(view.target_mm))]).astype(np.float64)


def _pose(view: View, lens: Intrinsics) -> Floats:
    """Rotation vector and shift (mm) of the target before the camera: float64[6]."""
    solid, image = _solid(view), view.image_px.astype(np.float64)
    _, turn, shift = cv2.solvePnP(solid, image, lens.matrix, lens.terms, flags=cv2.SOLVEPNP_IPPE)
    turn, shift = cv2.solvePnPRefineLM(solid, image, lens.matrix, lens.terms, turn, shift)
    return np.concatenate([turn.ravel(), shift.ravel()])


def _plane_of(pose: Floats) -> Plane:
    turn, _ = cv2.Rodrigues(pose[:3])
    return Plane.through(pose[3:], np.asarray(turn[:, 2], np.float64))


def _scale(lens: Intrinsics, pose: Floats, pixel: Floats) -> float:
    return float(mm_per_px(lens, _plane_of(pose), pixel)[0])


def _scale_error(lens: Intrinsics, view: View, pose: Floats, pixel: Floats) -> float:
    """Standard error of the scale from one view: the reprojection error by way of the pose."""
    projected, slopes = cv2.projectPoints(_solid(view), pose[:3], pose[3:], lens.matrix, lens.terms)
    rest = projected.reshape(-1, 2) - view.image_px
    of_pose = slopes[:, :6]
    variance = float((rest**2).sum()) / max(rest.size - 6, 1)
    covariance = variance * np.linalg.inv(of_pose.T @ of_pose)
    step = 1e-5
    of_scale = np.array(
        [
            (_scale(lens, pose + way, pixel) - _scale(lens, pose - way, pixel)) / (2 * step)
            for way in step * np.eye(6)
        ]
    )
    return math.sqrt(float(of_scale @ covariance @ of_scale))


def _field(lens: Intrinsics) -> Floats:
    rows, columns = np.mgrid[0 : lens.height - 1 : 9j, 0 : lens.width - 1 : 9j]
    return np.stack([columns.ravel(), rows.ravel()], 1)
