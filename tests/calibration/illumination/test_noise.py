"""Photon transfer on sensors whose gain and noise are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibration.illumination.noise import Level, level_of, measure_noise, read_levels
from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat
from tests.calibration.illumination.cameras import Sensor, lamp, save

EXPOSURES = (0, 100, 200, 300, 400, 500, 600, 700, 800, 900)
SENSORS = [
    Sensor(PixelFormat.MONO8, gain=0.1, read_noise=8.0),
    Sensor(PixelFormat.MONO12, gain=0.25, read_noise=6.0, black=64.0),
    Sensor(PixelFormat.MONO16, gain=2.0, read_noise=3.0, black=500.0),
]


def photograph(folder: Path, sensor: Sensor, exposures: tuple[int, ...] = EXPOSURES) -> Path:
    light = lamp(darkest=0.8) * sensor.full_e / 1000
    for exposure in exposures:
        name = f"{exposure}us" if exposure else "dark"
        for shot in range(3):
            levels = sensor.expose(light * exposure, 10 * exposure + shot)
            save(folder / name, f"{shot}", levels)
    return folder


@pytest.mark.parametrize("sensor", SENSORS, ids=lambda sensor: sensor.pixel_format)
def test_a_known_sensor_is_found_again(tmp_path: Path, sensor: Sensor) -> None:
    form = sensor.pixel_format
    noise = measure_noise(read_levels(photograph(tmp_path, sensor), form), form)
    assert noise.gain == pytest.approx(sensor.gain, rel=0.03)
    assert abs(noise.gain - sensor.gain) < 4 * noise.gain_error
    assert noise.dark_noise_e == pytest.approx(sensor.read_noise, rel=0.05)
    assert noise.dark_level == pytest.approx(sensor.black, abs=1.0)
    assert noise.full_e == pytest.approx(sensor.full_e, rel=0.03)
    assert noise.snr_max == pytest.approx(np.sqrt(sensor.full_e), rel=0.05)
    assert noise.range_db == pytest.approx(
        20 * np.log10(sensor.full_e / sensor.read_noise), abs=0.6
    )
    assert noise.linearity < 0.005
    assert noise.fit > 0.99


def test_a_bent_response_is_seen() -> None:
    bent = [
        Level(t, 4 + 230 * (t - 0.1 * t**2), 0.1 * 230 * t + 0.7, 0.0)
        for t in np.linspace(0.0, 1.0, 9)
    ]
    straight = [Level(t, 4 + 230 * t, 0.1 * 230 * t + 0.7, 0.0) for t in np.linspace(0, 1, 9)]
    assert measure_noise(straight, PixelFormat.MONO8).linearity < 1e-9
    assert measure_noise(bent, PixelFormat.MONO8).linearity > 0.02


def test_flickering_light_is_no_noise(tmp_path: Path) -> None:
    """The same scene 4 % brighter the second time."""
    sensor = SENSORS[0]
    light = lamp(darkest=0.99) * 0.5 * sensor.full_e
    paths = [
        save(tmp_path, f"{n}", sensor.expose(light * (1.0 + 0.04 * (n % 2)), n)) for n in range(2)
    ]
    truth = sensor.gain**2 * (0.51 * sensor.full_e + sensor.read_noise**2)
    found = level_of(paths, 1.0, PixelFormat.MONO8)
    assert found.variance == pytest.approx(truth, rel=0.06)


def test_clipped_levels_do_not_count(tmp_path: Path) -> None:
    sensor = SENSORS[0]
    folder = photograph(tmp_path, sensor, (*EXPOSURES, 1400))
    noise = measure_noise(read_levels(folder, PixelFormat.MONO8), PixelFormat.MONO8)
    assert noise.gain == pytest.approx(sensor.gain, rel=0.03)
    assert noise.linearity < 0.005


def test_refusals(tmp_path: Path) -> None:
    form = PixelFormat.MONO8
    folder = photograph(tmp_path, SENSORS[0], (0, 300, 600))
    with pytest.raises(ImageError, match="2 levels of light that are not clipped"):
        measure_noise(read_levels(folder, form), form)
    quiet = [Level(t, 4 + 230 * t, 0.7, 0.0) for t in np.linspace(0.0, 1.0, 9)]
    with pytest.raises(ImageError, match=r"noise does not rise.*noise reduction"):
        measure_noise(quiet, form)
    crowded = [Level(t, 4 + 230 * t, 0.7 + 23 * t, 0.0) for t in (0, 0.01, 0.02, 0.03, 0.9)]
    with pytest.raises(ImageError, match="1 levels between 5 and 95 %"):
        measure_noise(crowded, form)
    with pytest.raises(ImageError, match="no folder 'dark'"):
        read_levels(folder / "dark", form)
    (folder / "bright").mkdir()
    with pytest.raises(ImageError, match=r"bright: 0 pictures.*at least 2"):
        read_levels(folder, form)
    for shot in range(2):
        save(folder / "bright", f"{shot}", np.full((40, 40, 1), 90, np.uint8))
    with pytest.raises(ImageError, match="bright: its name is no exposure time"):
        read_levels(folder, form)
