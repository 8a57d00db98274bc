"""``inspector camera``: from pictures to artefacts, in few lines and with units."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from calibration.artefacts import read_flat_field, read_lens
from calibration.camera.target import Kind, Target
from inspector.cli.app import app
from inspector.core.errors import InputError
from inspector.core.frame import PixelFormat
from tests.calibration.camera.rendering import Pose, TrueCamera, poses
from tests.calibration.illumination.cameras import Sensor, lamp, save
from tests.calibration.illumination.test_noise import photograph

TARGET = Target(Kind.DOTS, 4, 9, 9.0)
SHAPE = ["--kind", "dots", "--columns", "4", "--rows", "9", "--mm", "9"]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INSPECTOR_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten of the target in the hand, two of it on the part plane 180 mm away."""
    folder = tmp_path_factory.mktemp("target")
    camera = TrueCamera()
    for number, pose in enumerate(poses(10, 190.0, 32.0)):
        image = camera.photograph(TARGET, pose, number)
        cv2.imwrite(str(folder / f"{number:02}.png"), image)
    for number, x in enumerate((-5.0, 5.0)):
        image = camera.photograph(TARGET, Pose(x, 0.0, 180.0), 50 + number)
        cv2.imwrite(str(folder / f"plane-{number}.png"), image)
    return folder


def said(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["camera", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def refused(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["camera", *map(str, arguments)])
    assert isinstance(result.exception, InputError)
    return str(result.exception)


def test_target_is_drawn(tmp_path: Path) -> None:
    out = tmp_path / "target.png"
    assert "charuco 11 x 8, 165 x 120 mm" in said("target", out, "--mm", "15", "--dpi", "100")
    image = cv2.imread(str(out), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    assert abs(image.shape[1] - 195 / 25.4 * 100) < 8
    assert "not a PNG file" in refused("target", tmp_path / "target.pdf", "--mm", "15")


def test_lens_is_kept_and_told(pictures: Path, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "lens.json"
    told = said("lens", pictures, "--serial", "cam-1", *SHAPE, "--json", out)
    assert "cam-1: 480x360 px, 12 pictures" in told
    assert "px off (RMS)" in told
    assert "mm/px ±" in told
    lens = read_lens(data, "cam-1")
    assert lens is not None
    assert lens.plane is not None
    assert lens.plane.mm_per_px * lens.zoom == pytest.approx(180 / 520, rel=1e-3)
    assert lens.plane.views == 2
    assert json.loads(out.read_text(encoding="utf-8"))["rms_px"] == lens.rms_px


def test_a_picture_without_target_is_named(pictures: Path, data: Path) -> None:
    words = refused("lens", pictures, "--serial", "cam-1", "--kind", "dots", "--mm", "9")
    assert "00.png: no dots target of 4x11 found" in words
    assert not data.exists()


def test_what_is_no_serial_is_refused_before_any_work(pictures: Path) -> None:
    assert "not a serial number" in refused("lens", pictures, "--serial", "a/b", *SHAPE)


def test_flat_field_is_kept_and_told(data: Path, tmp_path: Path) -> None:
    sensor = Sensor(PixelFormat.RGB8)
    light = lamp(3) * 0.7 * sensor.full_e
    for number in range(5):
        save(tmp_path / "card", f"{number}", sensor.expose(light, number))
        save(tmp_path / "dark", f"{number}", sensor.expose(np.zeros_like(light), 50 + number))
    arguments: list[str | Path] = [
        "flat",
        tmp_path / "card",
        "--serial",
        "cam-1",
        "--dark",
        tmp_path / "dark",
    ]
    told = said(*arguments, "--format", "RGB8", "--json", tmp_path / "flat.json")
    assert "cam-1: 96x72 px, 5 pictures, 5 dark" in told
    assert "gains of red, green, blue 1.2" in told
    found = read_flat_field(data, "cam-1")
    assert found is not None
    assert json.loads((tmp_path / "flat.json").read_text("utf-8"))["sha256"] == found.record.sha256
    assert "0 pictures" in refused("flat", tmp_path, "--serial", "cam-1")


def test_noise_is_told_with_units(tmp_path: Path) -> None:
    photograph(tmp_path / "steps", Sensor())
    told = said("noise", tmp_path / "steps", "--json", tmp_path / "noise.json")
    assert "no claim of compliance" in told
    assert "levels per electron" in told
    figures = json.loads((tmp_path / "noise.json").read_text(encoding="utf-8"))
    assert figures["gain"] == pytest.approx(0.1, rel=0.03)
    assert len(figures["snr"]) == len(figures["levels"]) == 10


def test_focus_is_told_for_each_picture(pictures: Path, tmp_path: Path) -> None:
    told = said("focus", pictures, "--json", tmp_path / "focus.json")
    assert told.count("edges") == 12
    figures = json.loads((tmp_path / "focus.json").read_text(encoding="utf-8"))
    assert 1.5 < figures["00.png"]["edge_px"] < 4.0
