"""Artefacts of cameras on disk: what is written is read, and damage is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibration.artefacts import (
    camera_folder,
    lens_of,
    read_flat_field,
    read_lens,
    write_flat_field,
    write_lens,
)
from calibration.camera.geometry import Plane, to_plane
from calibration.camera.lens import LensFit, PlaneFit
from inspector.core.errors import BundleError, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from tests.preparation.known_cameras import make_flat, make_lens

FRAME = FrameFormat(64, 48, PixelFormat.RGB8)


def test_lens_round_trip(tmp_path: Path) -> None:
    lens = make_lens(FRAME)
    path = write_lens(tmp_path, lens)
    assert path == tmp_path / "cameras/S/lens.yaml"
    assert read_lens(tmp_path, "S") == lens
    assert read_lens(tmp_path, "T") is None


def test_lens_of_a_fit_carries_plane_and_homography() -> None:
    found = make_lens(FRAME).intrinsics
    fit = LensFit(found, 0.1, 0.2, "photos/7.png", 0.8, 0.001)
    plane = Plane.through(np.array([0.0, 0.0, 200.0]), np.array([0.1, 0.0, np.sqrt(0.99)]))
    lens = lens_of("S", fit, 12, PlaneFit(plane, 0.5, 0.001, 0.45, 0.55, 3))
    assert lens.worst_view == "7.png"
    assert lens.intrinsics == found
    assert lens.plane is not None
    assert np.array_equal(np.array(lens.plane.homography), to_plane(found, plane))
    # A new part plane moves no pixel.
    assert lens.hash == lens_of("S", fit, 12, None).hash


def test_flat_field_round_trip(tmp_path: Path) -> None:
    flat = make_flat(FRAME, faulty=np.array([[1, 2, 1, 3]], np.int32))
    record = write_flat_field(tmp_path, "S", flat)
    found = read_flat_field(tmp_path, "S")
    assert found is not None
    assert found.record == record
    assert record.faulty == 1
    assert np.array_equal(found.gain, flat.gain)
    assert np.array_equal(found.offset, flat.offset)
    assert np.array_equal(found.faulty, flat.faulty)


def test_the_one_before_is_kept_for_replay(tmp_path: Path) -> None:
    first = write_flat_field(tmp_path, "S", make_flat(FRAME, 1))
    second = write_flat_field(tmp_path, "S", make_flat(FRAME, 2))
    assert first.hash != second.hash
    names = {path.name for path in (tmp_path / "cameras/S").iterdir()}
    for record in (first, second):
        assert f"flat_field-{record.sha256[:12]}.safetensors" in names
        assert f"flat_field-{record.sha256[:12]}.yaml" in names
    found = read_flat_field(tmp_path, "S")
    assert found is not None
    assert found.record == second


def test_damage_is_named_with_the_command(tmp_path: Path) -> None:
    record = write_flat_field(tmp_path, "S", make_flat(FRAME))
    folder = tmp_path / "cameras/S"
    arrays = folder / f"flat_field-{record.sha256[:12]}.safetensors"
    data = bytearray(arrays.read_bytes())
    data[-1] ^= 1
    arrays.write_bytes(bytes(data))
    with pytest.raises(BundleError, match=r"safetensors: contents differ.*inspector camera flat"):
        read_flat_field(tmp_path, "S")
    arrays.unlink()
    with pytest.raises(BundleError, match=r"safetensors: cannot be read"):
        read_flat_field(tmp_path, "S")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not YAML"),
        ("[]", r"\(top level\)"),
        ("schema_version: 2", "schema_version: 2 is newer"),
        ("zoom: 1\n", "serial: Field required"),
    ],
)
def test_a_bad_lens_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = write_lens(tmp_path, make_lens(FRAME))
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BundleError, match=rf"lens\.yaml: .*{words}"):
        read_lens(tmp_path, "S")


def test_artefact_of_another_camera_is_refused(tmp_path: Path) -> None:
    path = write_lens(tmp_path, make_lens(FRAME))
    other = camera_folder(tmp_path, "T") / "lens.yaml"
    other.parent.mkdir()
    other.write_bytes(path.read_bytes())
    with pytest.raises(BundleError, match=r"T/lens\.yaml: serial: belongs to camera S"):
        read_lens(tmp_path, "T")


@pytest.mark.parametrize("serial", ["", "..", "a/b", ".hidden", "x" * 64, "ü"])
def test_what_is_no_serial_number(tmp_path: Path, serial: str) -> None:
    with pytest.raises(ConfigError, match="not a serial number"):
        camera_folder(tmp_path, serial)
