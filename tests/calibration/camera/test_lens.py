"""Lens and scale: a rendered camera's truth is found again, and bad pictures are named."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from calibration.camera.finding import View, find_target
from calibration.camera.geometry import Plane, mm_per_px, to_plane
from calibration.camera.lens import LensFit, fit_lens, fit_plane
from calibration.camera.target import Kind, Target
from calibration.stills import Still
from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat
from tests.calibration.camera.rendering import Pose, TrueCamera, poses

CAMERA = TrueCamera()
SIZE = (CAMERA.width, CAMERA.height)
TARGETS = {
    Kind.CHARUCO: Target(Kind.CHARUCO, 9, 7, 10.0),
    Kind.CHECKERBOARD: Target(Kind.CHECKERBOARD, 8, 7, 10.0),
    Kind.DOTS: Target(Kind.DOTS, 4, 9, 9.0),
}
DISTANCE, TILT = 180.0, (6.0, -4.0, 0.0)
"""Of the part plane: along the axis, mm, and degrees."""


def seen(target: Target, pose: Pose, number: int, camera: TrueCamera = CAMERA) -> View:
    image = camera.photograph(target, pose, number)
    return find_target(Still(f"{number}.png", image[:, :, None], PixelFormat.MONO8), target)


def lying(number: int) -> Pose:
    """On the part plane, here and there, turned in it."""
    tilt, _ = cv2.Rodrigues(np.radians(TILT))
    spin, _ = cv2.Rodrigues(np.array([0.0, 0.0, 0.4 * number]))
    x, y = 6.0 * (number - 1.5), 4.0 * (1.5 - number)
    z = (tilt[2, 2] * DISTANCE - tilt[0, 2] * x - tilt[1, 2] * y) / tilt[2, 2]
    turn = np.degrees(cv2.Rodrigues(tilt @ spin)[0].ravel())
    return Pose(x, y, float(z), tuple(turn))


@pytest.fixture(scope="module", params=list(Kind))
def case(request: pytest.FixtureRequest) -> tuple[Target, list[View], LensFit]:
    target = TARGETS[request.param]
    views = [seen(target, pose, i) for i, pose in enumerate(poses(12, 190.0, 32.0))]
    return target, views, fit_lens(views, SIZE)


def test_a_rendered_lens_is_found_again(case: tuple[Target, list[View], LensFit]) -> None:
    found = case[2]
    lens = found.intrinsics
    assert lens.focal == pytest.approx((CAMERA.focal, CAMERA.focal), rel=3e-3)
    assert lens.centre == pytest.approx(CAMERA.centre, abs=2.0)
    assert lens.distortion[0] == pytest.approx(CAMERA.distortion[0], abs=0.006)
    assert found.rms_px < 0.1
    assert found.worst_px < 0.15
    assert found.focal_error < 2e-3


def test_undistorting_by_what_was_found_is_right_to_a_third_of_a_pixel(
    case: tuple[Target, list[View], LensFit],
) -> None:
    """Terms of a lens trade against each other; what counts is where a pixel ends up."""
    truth, found = CAMERA.intrinsics, case[2].intrinsics
    at = np.stack(np.meshgrid(np.linspace(0, 479, 13), np.linspace(0, 359, 11)), 2).reshape(
        -1, 1, 2
    )
    rays = [cv2.undistortPoints(at, lens.matrix, lens.terms)[:, 0] for lens in (truth, found)]
    # A shift of the principal point is a turn of the camera: it moves no pixel against another.
    shift = np.median(rays[0] - rays[1], axis=0)
    apart = np.linalg.norm(rays[0] - rays[1] - shift, axis=1) * CAMERA.focal
    assert apart.max() < 1.0
    assert np.median(apart) < 0.33


def test_scale_of_the_part_plane(case: tuple[Target, list[View], LensFit]) -> None:
    target, _, found = case
    views = [seen(target, lying(number), 100 + number) for number in range(4)]
    tilt, _ = cv2.Rodrigues(np.radians(TILT))
    plane = Plane.through(np.array([0.0, 0.0, DISTANCE]), np.asarray(tilt[:, 2], np.float64))
    middle = np.array([[(CAMERA.width - 1) / 2, (CAMERA.height - 1) / 2]])
    truth = mm_per_px(CAMERA.intrinsics, plane, middle)[0] * CAMERA.intrinsics.zoom
    for count in (1, 2, 4):
        scale = fit_plane(views[:count], found.intrinsics)
        measured = scale.mm_per_px * found.intrinsics.zoom
        assert measured == pytest.approx(truth, rel=5e-4)
        assert 0.0 < scale.uncertainty < 5e-4 * truth
        assert scale.plane.tilt == pytest.approx(plane.tilt, abs=0.5)
        assert scale.smallest < scale.mm_per_px < scale.largest


def test_homography_measures_a_known_length(case: tuple[Target, list[View], LensFit]) -> None:
    target, _, found = case
    lens = found.intrinsics
    view = seen(target, lying(0), 100)
    plane = fit_plane([view], lens).plane
    straight = cv2.undistortPoints(
        view.image_px[:, None].astype(np.float64), lens.matrix, lens.terms, P=lens.undistorted
    )
    on_plane = cv2.perspectiveTransform(straight, to_plane(lens, plane))[:, 0]
    measured = np.linalg.norm(on_plane[0] - on_plane[-1])
    assert measured == pytest.approx(
        float(np.linalg.norm(view.target_mm[0] - view.target_mm[-1])), rel=1e-3
    )


def test_uncertainty_of_one_view_is_honest() -> None:
    """The interval of one view, from its reprojection error, holds the truth."""
    target = TARGETS[Kind.DOTS]
    lens = CAMERA.intrinsics
    truth = 150.0 / CAMERA.focal / lens.zoom
    inside = 0
    for trial in range(6):
        view = seen(target, Pose(0.0, 0.0, 150.0, (0.0, 0.0, 15.0 * trial)), 200 + trial)
        scale = fit_plane([view], lens)
        inside += abs(scale.mm_per_px - truth) < 3.0 * scale.uncertainty
    assert inside >= 5


def test_undistorted_picture_has_no_place_that_the_camera_does_not_see() -> None:
    for terms in (CAMERA.distortion, (0.2, 0.02, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0, 0.0)):
        lens = TrueCamera(distortion=terms).intrinsics
        whole, _ = lens.maps()
        assert whole.min() >= -1
        assert (whole.max(axis=(0, 1)) <= [lens.width - 1, lens.height - 1]).all()
        edge = np.concatenate([whole[0], whole[-1], whole[:, 0], whole[:, -1]])
        nearest = np.minimum(edge, [lens.width - 1, lens.height - 1] - edge).min()
        assert nearest <= 1  # and none is wasted


def test_straight_lines_become_straight() -> None:
    lens = CAMERA.intrinsics
    image = CAMERA.photograph(TARGETS[Kind.CHECKERBOARD], Pose(0.0, 0.0, 120.0), 7)
    whole, part = lens.maps()
    flat = cv2.remap(image, whole, part, cv2.INTER_LINEAR)

    def bend(picture: np.ndarray) -> float:
        still = Still("x", picture[:, :, None], PixelFormat.MONO8)
        points = find_target(still, TARGETS[Kind.CHECKERBOARD]).image_px.reshape(6, 7, 2)
        return max(
            float(
                np.abs(np.polyval(np.polyfit(row[:, 0], row[:, 1], 1), row[:, 0]) - row[:, 1]).max()
            )
            for row in points
        )

    assert bend(image) > 0.5
    assert bend(flat) < 0.15


def test_picture_without_target_is_named() -> None:
    noise = np.random.default_rng(3).integers(0, 255, (*SIZE[::-1], 1), np.uint8)
    for target in TARGETS.values():
        with pytest.raises(ImageError, match=rf"empty\.png: no {target.kind} target.*--columns"):
            find_target(Still("empty.png", noise, PixelFormat.MONO8), target)


def test_blurred_picture_is_named() -> None:
    soft = TrueCamera(blur=4.0, noise=0.5)
    with pytest.raises(ImageError, match=r"9\.png: too blurred \(edges are .* px wide, limit 8\)"):
        seen(TARGETS[Kind.DOTS], Pose(0.0, 0.0, 130.0), 9, soft)


def test_too_few_views(case: tuple[Target, list[View], LensFit]) -> None:
    with pytest.raises(ImageError, match=r"5 pictures of the target.*at least 6"):
        fit_lens(case[1][:5], SIZE)


def test_views_in_one_corner_are_refused(case: tuple[Target, list[View], LensFit]) -> None:
    with pytest.raises(ImageError, match=r"% of the field.*corners"):
        fit_lens([case[1][4]] * 6, SIZE)


def test_a_view_that_moved_is_named(case: tuple[Target, list[View], LensFit]) -> None:
    views = list(case[1])
    moved = views[3].image_px + np.random.default_rng(1).normal(0, 2.0, views[3].image_px.shape)
    views[3] = View("moved.png", views[3].target_mm, moved.astype(np.float32))
    with pytest.raises(ImageError, match=r"moved\.png: its points lie .* px off"):
        fit_lens(views, SIZE)


def test_target_that_was_never_tilted_is_refused() -> None:
    target = TARGETS[Kind.DOTS]
    flat = [Pose(x, y, 190.0) for x in (-30.0, 0.0, 30.0) for y in (-16.0, 16.0)]
    views = [seen(target, pose, i) for i, pose in enumerate(flat)]
    with pytest.raises(ImageError, match=r"tilt varies by 0\.\d degrees only.*several directions"):
        fit_lens(views, SIZE)


def test_target_that_does_not_lie_on_the_plane_is_named(
    case: tuple[Target, list[View], LensFit],
) -> None:
    views = [seen(case[0], lying(number), 100 + number) for number in (0, 1)]
    views.append(seen(case[0], Pose(0.0, 0.0, 172.0), 7))
    with pytest.raises(ImageError, match=r"7\.png: its scale differs by .*flat on the part plane"):
        fit_plane(views, case[2].intrinsics)
