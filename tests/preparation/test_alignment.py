"""Parts in known poses are found, and what is no part, or far off, is a finding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.artefacts import Lens
from inspector.core.errors import BundleError, ConfigError, DatasetError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.levels import level_type, levels_of, pixels_of
from inspector.core.pose import Pose
from inspector.core.recipe import Box, PreparationSpec
from inspector.preparation import (
    Corrections,
    PoseReference,
    Preparation,
    preparation_hash,
)
from inspector.preparation.alignment_learning import learn_reference
from tests.preparation.known_cameras import make_lens
from tests.preparation.rendered_part import drawn, render

SIZE = 192
METHODS = ["contour", "template"]
FRAME = FrameFormat(SIZE, SIZE, PixelFormat.MONO8)


def spec_of(align: str = "none", **keys: Any) -> PreparationSpec:
    sizes = {"width": SIZE, "height": SIZE, "pixel_format": "Mono8"}
    ranges = {"align_range_px": 20.0, "align_range_deg": 12.0}
    return PreparationSpec.model_validate(sizes | ranges | {"align": align} | keys)


def taught(
    spec: PreparationSpec,
    images: list[Pixels],
    frame: FrameFormat = FRAME,
    corrections: Corrections | None = None,
) -> Preparation:
    """The preparation of a product that was taught with these images."""
    corrections = corrections or Corrections()
    untaught = Preparation(spec, frame, corrections)
    pictures = [untaught.sight_of(image) for image in images]
    reference = learn_reference(spec, untaught.sight, pictures)
    return Preparation(spec, frame, corrections, reference)


def applied(preparation: Preparation, image: Pixels) -> tuple[Pose, Pixels]:
    out = np.empty(preparation.shape, np.uint8)
    pose = preparation.apply(image, out)
    assert pose is not None
    return pose, out


@pytest.fixture(scope="module", params=METHODS)
def still(request: pytest.FixtureRequest) -> Preparation:
    """Taught with one part that never moved."""
    return taught(spec_of(request.param), [render(SIZE, seed=number) for number in range(5)])


@pytest.mark.parametrize("number", range(12))
@pytest.mark.parametrize("defect", [False, True])
def test_known_poses_are_recovered(still: Preparation, number: int, defect: bool) -> None:
    true = drawn(number, px=18.0, deg=11.0)
    pose, out = applied(still, render(SIZE, true, seed=100 + number, gain=0.8, defect=defect))
    assert not pose.lost
    assert np.hypot(pose.dx_px - true.dx_px, pose.dy_px - true.dy_px) < 0.5
    assert abs(pose.angle_deg - true.angle_deg) < 0.2
    # The part stands as it was taught: what is left is the softer edge of one interpolation.
    error = np.abs(out.astype(int) - render(SIZE, gain=0.8, defect=defect))
    inner = np.s_[30:-30, 30:-30]
    assert error[inner].mean() < 4.0


def test_what_does_not_move_is_not_interpolated(still: Preparation) -> None:
    image = render(SIZE, seed=50)
    pose, out = applied(still, image)
    assert np.hypot(pose.dx_px, pose.dy_px) < 0.1
    plain = np.empty_like(out)
    Preparation(spec_of(), FRAME).apply(image, plain)
    assert np.array_equal(out, plain)


def test_pixels_are_interpolated_once() -> None:
    """A part that is moved by whole pixels keeps every level, though the picture is enlarged."""
    spec = spec_of("template", width=2 * SIZE, height=2 * SIZE)
    preparation = taught(spec, [render(SIZE, seed=1)])
    shifted = np.roll(render(SIZE, seed=1), (3, -5), axis=(0, 1))
    moved = np.empty((2 * SIZE, 2 * SIZE, 1), np.uint8)
    preparation._move(levels_of(shifted), Pose(-5.0, 3.0), moved)
    by_resizing = np.empty_like(moved)
    Preparation(spec_of(width=2 * SIZE, height=2 * SIZE), FRAME).apply(
        render(SIZE, seed=1), by_resizing
    )
    inner = np.s_[20:-20, 20:-20]
    assert np.abs(moved[inner].astype(int) - by_resizing[inner]).max() <= 2


@pytest.mark.parametrize("pixel_format", [PixelFormat.RGB8, PixelFormat.MONO12, PixelFormat.RGB16])
@pytest.mark.parametrize("align", METHODS)
def test_every_pixel_format(pixel_format: PixelFormat, align: str) -> None:
    frame = FrameFormat(SIZE, SIZE, pixel_format)
    per_grey = pixel_format.white / 255

    def camera(grey: Pixels) -> Pixels:
        levels = np.repeat(grey, pixel_format.colours, axis=2) * per_grey
        return pixels_of(levels.astype(level_type(pixel_format)))

    preparation = taught(
        spec_of(align, pixel_format=pixel_format), [camera(render(SIZE, seed=2))], frame
    )
    pose, out = applied(preparation, camera(render(SIZE, Pose(6.3, -4.1, 5.0), seed=3)))
    assert np.allclose((pose.dx_px, pose.dy_px, pose.angle_deg), (6.3, -4.1, 5.0), atol=0.2)
    back = levels_of(out) / per_grey
    inner = np.s_[30:-30, 30:-30]
    assert np.abs(back - render(SIZE))[inner].mean() < 4.0


@pytest.mark.parametrize("align", METHODS)
def test_alignment_follows_undistortion_in_the_same_interpolation(align: str) -> None:
    frame = FrameFormat(SIZE, SIZE, PixelFormat.MONO8)
    lens: Lens = make_lens(frame)
    spec = spec_of(align, undistort=True)
    corrections = Corrections("S", lens=lens)
    preparation = taught(spec, [render(SIZE, seed=4)], frame, corrections)
    straight = Preparation(spec_of(undistort=True), frame, corrections)
    image = render(SIZE, Pose(7.0, 5.0, 4.0), seed=5)
    pose, out = applied(preparation, image)
    assert not pose.lost
    twice = np.empty_like(out)
    straight.apply(image, twice)
    by_hand = np.empty_like(out)
    plain = taught(spec_of(align), [render(SIZE, seed=4)])
    plain._move(twice, pose, by_hand)
    inner = np.s_[30:-30, 30:-30]
    difference = np.abs(out[inner].astype(int) - by_hand[inner])
    assert difference.mean() < 3.0
    # A second interpolation takes noise away: one leaves more of it.
    flat = np.s_[100:120, 95:115]
    assert out[flat].std() > by_hand[flat].std()
    shown = preparation.picture_of(image[_cut(preparation.seen_in)], pose)
    assert np.array_equal(shown, out)


def test_a_mask_and_what_is_seen_move_with_the_part(still: Preparation) -> None:
    true = Pose(10.0, -6.0, 9.0)
    pose, _ = applied(still, render(SIZE, true, seed=6))
    part = render(SIZE, true)[:, :, 0] > 120
    moved, there = still.mask_of(part, pose), render(SIZE)[:, :, 0] > 120
    assert (moved & there).sum() / (moved | there).sum() > 0.98
    box = still.seen(pose)
    inside = np.zeros((SIZE, SIZE), bool)
    inside[_cut(box)] = True
    assert box.width * box.height > 0.5 * SIZE * SIZE
    assert still.mask_of(inside, pose).sum() >= 0.97 * inside.sum()


def test_no_part(still: Preparation) -> None:
    for seed in range(4):
        pose, out = applied(still, render(SIZE, there=False, seed=seed))
        assert pose.lost
        assert pose.finding == "no part"
        assert np.array_equal(out, render(SIZE, there=False, seed=seed))


def test_degenerate_images_have_no_part(still: Preparation) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 1), np.uint8)
    slope = np.tile(np.linspace(0, 255, SIZE).astype(np.uint8)[:, None], (SIZE, 1, 1))
    for image in (np.zeros_like(noise), np.full_like(noise, 255), noise, slope):
        pose, _ = applied(still, image)
        assert pose.lost


def test_too_far_off_is_misplaced_in_words(still: Preparation) -> None:
    pose, _ = applied(still, render(SIZE, Pose(24.0, 0.0, 3.0), seed=7))
    assert pose.found
    assert not pose.within
    assert pose.finding == "misplaced (+24 px, +0 px, +3.0°)"


def test_upside_down_is_misplaced() -> None:
    preparation = taught(spec_of("contour"), [render(SIZE, seed=8)])
    pose, _ = applied(preparation, render(SIZE, Pose(3.0, 2.0, 180.0), seed=9))
    assert pose.lost
    assert "180.0°)" in pose.finding


def test_any_turn_is_undone_where_it_is_allowed() -> None:
    preparation = taught(spec_of("contour", align_range_deg=180.0), [render(SIZE, seed=8)])
    for true in (Pose(5.0, -7.0, 171.0), Pose(-3.0, 4.0, -95.0)):
        pose, _ = applied(preparation, render(SIZE, true, seed=9))
        assert np.allclose(
            (pose.dx_px, pose.dy_px, pose.angle_deg),
            (true.dx_px, true.dy_px, true.angle_deg),
            atol=0.3,
        )


def test_a_round_part_is_not_turned() -> None:
    y, x = np.mgrid[:SIZE, :SIZE] - (SIZE - 1) / 2

    def disc(dx: float, dy: float, seed: int) -> Pixels:
        noise = np.random.default_rng(seed).normal(0, 3, (SIZE, SIZE))
        soft = np.clip(50.5 - np.hypot(x - dx, y - dy), 0, 1)
        return np.asarray((50 + 140 * soft + noise).clip(0, 255), np.uint8)[:, :, None]

    for align in METHODS:
        preparation = taught(spec_of(align, align_range_deg=90.0), [disc(0, 0, 1)])
        pose, _ = applied(preparation, disc(6.2, -3.4, 2))
        assert np.allclose((pose.dx_px, pose.dy_px), (6.2, -3.4), atol=0.3)
        assert abs(pose.angle_deg) < 3.0


def test_a_field_within_the_image() -> None:
    region = {"x": 60, "y": 30, "width": SIZE, "height": SIZE}
    spec = spec_of("template", region=region, width=96, height=96)
    frame = FrameFormat(SIZE + 120, SIZE + 70, PixelFormat.MONO8)

    def camera(pose: Pose, seed: int) -> Pixels:
        image = np.full(frame.shape, 50, np.uint8)
        image[30 : 30 + SIZE, 60 : 60 + SIZE] = render(SIZE, pose, seed=seed)
        return image

    preparation = taught(spec, [camera(Pose(), 1)], frame)
    pose, out = applied(preparation, camera(Pose(9.0, 7.0, -8.0), 2))
    assert np.allclose((pose.dx_px, pose.dy_px, pose.angle_deg), (9.0, 7.0, -8.0), atol=0.3)
    upright = np.empty_like(out)
    preparation.apply(camera(Pose(), 3), upright)
    assert np.abs(out.astype(int) - upright).mean() < 4.0


@pytest.mark.parametrize("align", METHODS)
def test_the_middle_of_good_parts_is_the_taught_pose(align: str) -> None:
    poses = [drawn(number, px=14.0) for number in range(15)]
    poses[0] = Pose(15.0, 2.0, 9.0)  # the first one lies at the edge of what is allowed
    images = [render(SIZE, pose, seed=n) for n, pose in enumerate(poses)]
    preparation = taught(spec_of(align), images)
    found = [applied(preparation, image)[0] for image in images]
    middle = np.median([(pose.dx_px, pose.dy_px, pose.angle_deg) for pose in poses], axis=0)
    # What is left between two parts is their own difference, wherever the middle was put.
    for one, true in zip(found, poses, strict=True):
        apart = one.after(found[1].inverse)
        expected = true.after(poses[1].inverse)
        assert abs(apart.angle_deg - expected.angle_deg) < 0.2
    still = [pose for pose in found if np.hypot(pose.dx_px, pose.dy_px) < 0.5]
    assert still
    assert np.hypot(*middle[:2]) < 6.0


def test_the_same_images_give_the_same_pose_and_identity() -> None:
    images = [render(SIZE, drawn(n), seed=n) for n in range(8)]
    for align in METHODS:
        first, second = taught(spec_of(align), images), taught(spec_of(align), images)
        assert first.hash == second.hash
        image = render(SIZE, Pose(4.4, 3.3, 2.2), seed=70)
        (pose, out), (again, twice) = applied(first, image), applied(second, image)
        assert pose == again
        assert np.array_equal(out, twice)


def test_the_taught_pose_belongs_to_the_hash() -> None:
    spec = spec_of("contour")
    reference = PoseReference(np.zeros((4, 5), np.uint8), bright=True, area=3.0)
    other = PoseReference(np.ones((4, 5), np.uint8), bright=True, area=3.0)
    hashes = {preparation_hash(spec, reference=one) for one in (None, reference, other)}
    assert len(hashes) == 3
    again = PoseReference.of(reference.data)
    assert preparation_hash(spec, reference=again) == preparation_hash(spec, reference=reference)
    assert preparation_hash(spec_of()) == preparation_hash(spec_of(align_range_px=7.0))
    assert preparation_hash(spec) != preparation_hash(spec_of("contour", align_range_px=7.0))


def test_refusals() -> None:
    with pytest.raises(BundleError, match="pose was not taught"):
        applied(Preparation(spec_of("contour"), FRAME), render(SIZE))
    with pytest.raises(BundleError, match=r"pose\.safetensors: is damaged"):
        PoseReference.of(b"nothing")
    small = PoseReference(np.zeros((4, 5), np.uint8), bright=True)
    with pytest.raises(ConfigError, match="pictures of another size"):
        Preparation(spec_of("contour"), FRAME, reference=small)
    flat = [np.full((SIZE, SIZE, 1), 90, np.uint8)] * 3
    with pytest.raises(DatasetError, match="no part stands out"):
        taught(spec_of("contour"), flat)
    with pytest.raises(ConfigError, match="nothing in the taught picture"):
        taught(spec_of("template"), flat)
    random = np.random.default_rng(0)
    unlike = [random.integers(0, 256, (SIZE, SIZE, 1), np.uint8) for _ in range(8)]
    for align, words in zip(
        METHODS, ("no part stands out|not agree", "too different"), strict=True
    ):
        with pytest.raises(DatasetError, match=words):
            taught(spec_of(align), unlike)
    outside = {"x": 0, "y": 0, "width": 4, "height": 4}
    region = {"x": 100, "y": 100, "width": 60, "height": 60}
    with pytest.raises(ConfigError, match="align_region: lies outside"):
        taught(spec_of("template", region=region, align_region=outside), [render(SIZE, seed=1)])
    with pytest.raises(ValueError, match="needs fit: exact"):
        spec_of("contour", fit="stretch")


@pytest.mark.parametrize("align", METHODS)
def test_tiny_pictures(align: str) -> None:
    frame = FrameFormat(24, 24, PixelFormat.MONO8)
    spec = spec_of(align, width=32, height=32, align_range_px=3.0)
    preparation = taught(spec, [render(24)], frame)
    pose, _ = applied(preparation, render(24, Pose(1.5, -1.0, 0.0)))
    assert np.allclose((pose.dx_px, pose.dy_px), (1.5, -1.0), atol=0.5)


poses = st.builds(Pose, st.floats(-200, 200), st.floats(-200, 200), st.floats(-180, 180))


@settings(max_examples=60)
@given(poses, poses, st.floats(0, 500), st.floats(0, 500))
def test_poses_compose_as_their_matrices_do(first: Pose, then: Pose, x: float, y: float) -> None:
    centre = (123.5, 77.0)

    def whole(pose: Pose) -> Any:
        return np.vstack([pose.matrix(centre), [0.0, 0.0, 1.0]])

    point = np.array([x, y, 1.0])
    one_by_one = whole(then) @ (whole(first) @ point)
    assert np.allclose(whole(then.after(first)) @ point, one_by_one, atol=1e-6)
    assert np.allclose(whole(first.inverse) @ (whole(first) @ point), point, atol=1e-6)


def _cut(box: Box) -> tuple[slice, slice]:
    return np.s_[box.y : box.y + box.height, box.x : box.x + box.width]
