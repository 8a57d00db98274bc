"""Flat field and undistortion of a camera, by its artefacts: exact, and part of the hash."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from calibration.artefacts import write_flat_field, write_lens
from inspector.core.errors import BundleError, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.levels import level_type, levels_of
from inspector.core.recipe import Box, PreparationSpec
from inspector.preparation import Corrections, Optics, Preparation, preparation_hash
from inspector.preparation.steps import cut
from tests.preparation.known_cameras import make_flat, make_lens, stored

FORMATS = [PixelFormat.MONO8, PixelFormat.RGB8, PixelFormat.MONO12, PixelFormat.RGB16]
REGION = Box(x=21, y=13, width=40, height=34)


def camera(pixel_format: PixelFormat) -> FrameFormat:
    return FrameFormat(96, 64, pixel_format)


def spec_of(frame: FrameFormat, **changes: object) -> PreparationSpec:
    content = {"width": 96, "height": 64, "pixel_format": frame.pixel_format}
    return PreparationSpec.model_validate(content | changes)


def image_of(frame: FrameFormat) -> np.ndarray:
    shape = (frame.height, frame.width, frame.pixel_format.colours)
    white, kind = frame.pixel_format.white, level_type(frame.pixel_format)
    noise = np.random.default_rng(1).integers(0, white + 1, shape)
    smooth = cv2.GaussianBlur(noise.astype(np.float64), (0, 0), 1.5).reshape(shape)
    return np.asarray(smooth.clip(0, white).astype(kind))


def prepared(
    spec: PreparationSpec, frame: FrameFormat, levels: np.ndarray, corrections: Corrections
) -> np.ndarray:
    preparation = Preparation(spec, frame, corrections)
    out = np.empty(preparation.shape, np.uint8)
    preparation.apply(levels.view(np.uint8), out)
    return levels_of(out)


@pytest.mark.parametrize("pixel_format", FORMATS)
def test_flat_field_is_the_formula(tmp_path: Path, pixel_format: PixelFormat) -> None:
    frame = camera(pixel_format)
    flat, levels, white = stored(tmp_path, frame), image_of(frame), pixel_format.white
    wanted = (levels - flat.offset.astype(np.float64) * white) * flat.gain
    found = prepared(spec_of(frame, flat_field=True), frame, levels, Corrections("S", flat))
    # Half a level of rounding; float32 has 24 bits.
    assert np.abs(found - wanted.clip(0, white)).max() <= 0.51
    assert found.max() == white


def test_crop_and_flat_field_commute_even_at_faulty_pixels(tmp_path: Path) -> None:
    frame = camera(PixelFormat.MONO8)
    at_the_border = [[13, 21, 12, 21], [46, 60, 46, 61], [20, 30, 20, 31], [2, 2, 2, 3]]
    corrections = Corrections("S", stored(tmp_path, frame, 0, np.array(at_the_border, np.int32)))
    levels = image_of(frame)
    whole = prepared(spec_of(frame, flat_field=True), frame, levels, corrections)
    for row, column, good_row, good_column in at_the_border:
        assert whole[row, column] == whole[good_row, good_column]
    spec = spec_of(frame, flat_field=True, region=REGION, width=40, height=34)
    part = prepared(spec, frame, levels, corrections)
    assert np.array_equal(part, whole[13:47, 21:61])


@pytest.mark.parametrize("pixel_format", FORMATS)
@pytest.mark.parametrize("k1", [-0.25, 0.2])
def test_undistorted_crop_is_the_crop_of_the_undistorted(
    pixel_format: PixelFormat, k1: float
) -> None:
    frame = camera(pixel_format)
    lens, levels = make_lens(frame, k1), image_of(frame)
    corrections = Corrections("S", lens=lens)
    whole = prepared(spec_of(frame, undistort=True), frame, levels, corrections)
    in_one = cv2.remap(
        levels, *lens.intrinsics.maps(), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    assert np.array_equal(whole, in_one.reshape(whole.shape))
    spec = spec_of(frame, undistort=True, region=REGION, width=40, height=34)
    assert np.array_equal(prepared(spec, frame, levels, corrections), whole[13:47, 21:61])


def test_undistortion_moves_pixels_where_the_lens_took_them_from() -> None:
    """Against the model in real numbers, on a ramp that bilinear interpolation keeps."""
    frame = camera(PixelFormat.MONO16)
    lens = make_lens(frame)
    ramp = (np.arange(96) * 600)[None, :, None].repeat(64, axis=0).astype(np.uint16)
    spec = spec_of(frame, undistort=True)
    found = prepared(spec, frame, ramp, Corrections("S", lens=lens))[:, :, 0] / 600
    model = lens.intrinsics
    rows, columns = np.mgrid[:64, :96]
    straight = np.stack([columns, rows, np.ones_like(rows)], 2).reshape(-1, 3)
    rays = straight @ np.linalg.inv(model.undistorted).T
    x, y = rays[:, 0], rays[:, 1]
    seen = model.focal[0] * x * (1 + model.distortion[0] * (x**2 + y**2)) + model.centre[0]
    # Fixed-point maps know 1/32 px.
    assert np.abs(found - seen.reshape(64, 96).clip(0, 95)).max() < 1 / 32 + 0.01


def test_order_is_flat_field_undistort_crop_resize(tmp_path: Path) -> None:
    frame = camera(PixelFormat.MONO8)
    both = Corrections("S", stored(tmp_path, frame), make_lens(frame))
    levels = image_of(frame)
    flat = prepared(spec_of(frame, flat_field=True), frame, levels, both)
    straight = prepared(spec_of(frame, undistort=True), frame, flat, both)
    by_hand = cv2.resize(straight[13:47, 21:61], (32, 32), interpolation=cv2.INTER_AREA)
    spec = spec_of(frame, flat_field=True, undistort=True, region=REGION, width=32, height=32)
    assert np.array_equal(prepared(spec, frame, levels, both)[:, :, 0], by_hand)


def test_buffers_are_not_left_from_the_image_before(tmp_path: Path) -> None:
    frame = camera(PixelFormat.MONO8)
    both = Corrections("S", stored(tmp_path, frame), make_lens(frame))
    preparation = Preparation(spec_of(frame, flat_field=True, undistort=True), frame, both)
    levels, first, second = image_of(frame), *np.zeros((2, 64, 96, 1), np.uint8)
    preparation.apply(levels, first)
    preparation.apply(255 - levels, np.empty_like(second))
    preparation.apply(levels, second)
    assert np.array_equal(first, second)


def test_mask_goes_where_the_pixels_go() -> None:
    frame = camera(PixelFormat.MONO8)
    corrections = Corrections("S", lens=make_lens(frame))
    spec = spec_of(frame, undistort=True, region=REGION, width=40, height=34)
    preparation = Preparation(spec, frame, corrections)
    mask = np.zeros((64, 96), bool)
    mask[20:30, 25:37] = True
    levels = (mask * 200).astype(np.uint8)[:, :, None]
    seen = prepared(spec, frame, levels, corrections)[:, :, 0]
    assert np.array_equal(preparation.mask_of(mask), seen > 99)
    plain = Preparation(spec_of(frame, region=REGION, width=40, height=34), frame)
    assert np.array_equal(plain.mask_of(mask), mask[13:47, 21:61])


@pytest.mark.parametrize("k1", [-0.25, 0.2])
def test_what_is_seen_for_certain_lies_in_the_field(k1: float) -> None:
    frame = camera(PixelFormat.MONO8)
    spec = spec_of(frame, undistort=True, region=REGION, width=40, height=34)
    preparation = Preparation(spec, frame, Corrections("S", lens=make_lens(frame, k1)))
    box = preparation.seen()
    assert box.width * box.height > 0.8 * 40 * 34
    for y in (box.y, box.y + box.height - 3):
        for x in (box.x, box.x + box.width - 3):
            spot = np.zeros((64, 96), bool)
            spot[y : y + 3, x : x + 3] = True
            assert preparation.mask_of(spot).any()


def test_artefacts_belong_to_the_hash(tmp_path: Path) -> None:
    frame = camera(PixelFormat.MONO8)
    flat, lens = stored(tmp_path, frame), make_lens(frame)
    spec = spec_of(frame, flat_field=True, undistort=True)
    known = preparation_hash(spec, Corrections("S", flat, lens))
    assert Preparation(spec, frame, Corrections("S", flat, lens)).hash == known
    other_flat = stored(tmp_path, frame, seed=1)
    assert preparation_hash(spec, Corrections("S", other_flat, lens)) != known
    assert preparation_hash(spec, Corrections("S", flat, make_lens(frame, -0.2))) != known
    again = Corrections("S", stored(tmp_path, frame), make_lens(frame))
    assert preparation_hash(spec, again) == known
    # What a spec does not use is no part of it.
    assert preparation_hash(spec_of(frame), again) == preparation_hash(spec_of(frame))


def test_optics_read_what_a_spec_asks_for(tmp_path: Path) -> None:
    frame = camera(PixelFormat.MONO8)
    write_flat_field(tmp_path, "S", make_flat(frame))
    write_lens(tmp_path, make_lens(frame))
    optics = Optics(tmp_path, ("S",))
    plain = optics.corrections(spec_of(frame))
    assert plain.flat_field is None
    assert plain.lens is None
    both = optics.corrections(spec_of(frame, flat_field=True, undistort=True))
    assert both.lens == make_lens(frame)
    assert both.flat_field is not None


@pytest.mark.parametrize(("key", "command"), [("flat_field", "flat"), ("undistort", "lens")])
def test_missing_artefact_is_refused_with_the_command(
    tmp_path: Path, key: str, command: str
) -> None:
    frame = camera(PixelFormat.MONO8)
    spec = spec_of(frame, **{key: True})
    missing = Optics(tmp_path, ("cam-7",)).corrections(spec)
    words = rf"preparation\.{key}: true, .* camera cam-7\. Run: inspector camera {command} FOLDER"
    with pytest.raises(ConfigError, match=words):
        Preparation(spec, frame, missing)


def test_refusals(tmp_path: Path) -> None:
    frame = camera(PixelFormat.MONO8)
    flat, lens = stored(tmp_path, frame), make_lens(frame)
    spec = spec_of(frame, flat_field=True)
    with pytest.raises(ConfigError, match=r"flat_field: true on a line with 2 cameras"):
        Optics(tmp_path, ("a", "b")).corrections(spec)
    with pytest.raises(ConfigError, match=r"camera '\.\./x': not a serial number"):
        Optics(tmp_path, ("../x",)).corrections(spec)
    larger = FrameFormat(98, 64, PixelFormat.MONO8)
    for key, corrections in (
        ("flat_field", Corrections("S", flat)),
        ("undistort", Corrections("S", lens=lens)),
    ):
        with pytest.raises(ConfigError, match=rf"{key}: .*calibrated at 96x64 px.*98x64"):
            Preparation(spec_of(larger, **{key: True}), larger, corrections)
    colour = camera(PixelFormat.RGB8)
    with pytest.raises(ConfigError, match=r"1 colours, images come in RGB8.*--format RGB8"):
        Preparation(spec_of(colour, flat_field=True), colour, Corrections("S", flat))
    other = spec_of(frame, flat_field=True)
    with pytest.raises(ConfigError, match=r"images in Mono12 and .*Mono8.*same"):
        Preparation(other, camera(PixelFormat.MONO12), Corrections("S", flat))
    (tmp_path / "cameras/S/flat_field.yaml").write_text("schema_version: 9\n", "utf-8")
    with pytest.raises(BundleError, match=r"flat_field\.yaml: schema_version: 9 is newer"):
        Optics(tmp_path, ("S",)).corrections(spec)


@pytest.mark.parametrize("pixel_format", FORMATS)
def test_a_person_is_shown_the_field_that_the_engine_sees(pixel_format: PixelFormat) -> None:
    frame = camera(pixel_format)
    levels, corrections = image_of(frame), Corrections("S", lens=make_lens(frame))
    for undistort in (True, False):
        spec = spec_of(frame, undistort=undistort, region=REGION, width=40, height=34)
        preparation = Preparation(spec, frame, corrections)
        seen = levels.view(np.uint8)[cut(preparation.seen_in)].copy()
        shown = levels_of(preparation.picture_of(seen))
        assert np.array_equal(shown, prepared(spec, frame, levels, corrections))
