"""Flat field: uneven light, tint and bad pixels are found and undone; bad pictures are named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibration.illumination.flat_field import FlatField, make_flat_field
from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat
from tests.calibration.illumination.cameras import HEIGHT, WIDTH, Sensor, lamp, save

SENSOR = Sensor()


def flats(
    folder: Path, sensor: Sensor = SENSOR, level: float = 0.7, count: int = 6, darkest: float = 0.5
) -> list[Path]:
    light = lamp(sensor.pixel_format.colours, darkest) * level * sensor.full_e
    return [save(folder, f"{n}", sensor.expose(light, n)) for n in range(count)]


def darks(folder: Path, sensor: Sensor = SENSOR, count: int = 4) -> list[Path]:
    none = np.zeros((HEIGHT, WIDTH, sensor.pixel_format.colours))
    return [save(folder, f"{n}", sensor.expose(none, 50 + n)) for n in range(count)]


def corrected(flat: FlatField, levels: np.ndarray, white: int) -> np.ndarray:
    return np.asarray((levels / white - flat.offset) * flat.gain)


@pytest.mark.parametrize("pixel_format", [PixelFormat.MONO8, PixelFormat.RGB8, PixelFormat.MONO12])
def test_card_becomes_even_and_grey_at_any_exposure(
    tmp_path: Path, pixel_format: PixelFormat
) -> None:
    sensor = Sensor(pixel_format, gain=0.1 if pixel_format.depth == 8 else 0.5)
    flat = make_flat_field(
        flats(tmp_path / "flat", sensor), darks(tmp_path / "dark", sensor), pixel_format
    )
    light = lamp(pixel_format.colours) * sensor.full_e
    for level in (0.2, 0.5):
        many = [sensor.expose(light * level, 900 + n) for n in range(16)]
        even = np.mean([corrected(flat, one, pixel_format.white) for one in many], axis=0)
        patches = even[:72, :96].reshape(9, 8, 12, 8, -1).mean(axis=(1, 3))
        assert np.abs(patches / patches.mean() - 1.0).max() < 0.01
    assert flat.unevenness == pytest.approx(0.5, abs=0.06)


def test_truth_of_gain_offset_and_balance(tmp_path: Path) -> None:
    sensor = Sensor(PixelFormat.RGB8, black=10.0)
    flat = make_flat_field(
        flats(tmp_path / "f", sensor, count=12),
        darks(tmp_path / "d", sensor),
        PixelFormat.RGB8,
    )
    truth = 1.0 / lamp(3)
    ratio = flat.gain / truth
    assert np.abs(ratio / np.median(ratio) - 1.0).mean() < 0.015
    assert flat.white_balance == pytest.approx((1 / 0.8, 1.0, 1 / 0.6), rel=5e-3)
    assert float(flat.offset.mean()) * 255 == pytest.approx(10.0, abs=0.1)
    assert flat.gain.min() > 0.9  # white stays white


def test_added_noise_falls_with_the_number_of_pictures(tmp_path: Path) -> None:
    few, many = (
        make_flat_field(flats(tmp_path / f"{count}", count=count), [], PixelFormat.MONO8)
        for count in (4, 16)
    )
    assert few.added_noise / many.added_noise == pytest.approx(2.0, rel=0.15)
    electrons = 0.7 * SENSOR.full_e * 0.83
    assert many.added_noise == pytest.approx(1 / np.sqrt(electrons) / 4, rel=0.2)


def test_hot_and_dead_pixels_are_listed_with_a_good_neighbour(tmp_path: Path) -> None:
    flat_paths, dark_paths = [], []
    light = lamp() * 0.6 * SENSOR.full_e
    for number in range(5):
        levels = SENSOR.expose(light, number)
        levels[10, 20], levels[0, 0], levels[40, 41] = 4, 4, 250
        levels[30, 30] = np.minimum(levels[30, 30].astype(int) + 60, 250)
        flat_paths.append(save(tmp_path / "flat", f"{number}", levels))
        dark = SENSOR.expose(np.zeros_like(light), 50 + number)
        dark[30, 30] = 64
        dark_paths.append(save(tmp_path / "dark", f"{number}", dark))
    flat = make_flat_field(flat_paths, dark_paths, PixelFormat.MONO8)
    assert {tuple(pixel) for pixel in flat.faulty[:, :2]} == {(0, 0), (10, 20), (30, 30), (40, 41)}
    steps = np.abs(flat.faulty[:, :2] - flat.faulty[:, 2:])
    assert steps.sum(axis=1).tolist() == [1, 1, 1, 1]
    assert flat.gain.max() < 3.0


def test_clipped_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"0\.png: .* clipped.*Lower exposure"):
        make_flat_field(flats(tmp_path, level=1.02), [], PixelFormat.MONO8)


def test_dark_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"0\.png: too dark.*Raise exposure"):
        make_flat_field(flats(tmp_path, level=0.1), [], PixelFormat.MONO8)


def test_dark_frame_with_light_is_named(tmp_path: Path) -> None:
    given = flats(tmp_path / "f")
    with pytest.raises(ImageError, match=r"0\.png: not dark .*Cover the lens"):
        make_flat_field(given, given, PixelFormat.MONO8)


def test_dirt_on_the_card_is_named_with_its_place(tmp_path: Path) -> None:
    given = flats(tmp_path)
    light = lamp() * 0.7 * SENSOR.full_e
    light[50:56, 30:36] *= 0.85
    save(tmp_path, "3", SENSOR.expose(light, 3))
    with pytest.raises(ImageError, match=r"3\.png: differs .* at \(3\d, 5\d\): dirt.*Clean"):
        make_flat_field(given, [], PixelFormat.MONO8)


def test_dirt_that_stays_is_the_cameras_and_corrected(tmp_path: Path) -> None:
    light = lamp() * 0.7 * SENSOR.full_e
    light[50:56, 30:36] *= 0.85
    given = [save(tmp_path, f"{n}", SENSOR.expose(light, n)) for n in range(6)]
    flat = make_flat_field(given, [], PixelFormat.MONO8)
    assert len(flat.faulty) == 0
    dusty = flat.gain[50:56, 30:36].mean() / flat.gain[50:56, 40:46].mean()
    assert dusty == pytest.approx(1 / 0.85, rel=0.03)


def test_light_that_is_too_uneven_is_refused(tmp_path: Path) -> None:
    sensor = Sensor(gain=0.02)
    with pytest.raises(ImageError, match="too uneven"):
        make_flat_field(flats(tmp_path, sensor, darkest=0.06), [], PixelFormat.MONO8)


def test_worn_out_sensor_is_refused(tmp_path: Path) -> None:
    light = lamp() * 0.6 * SENSOR.full_e
    at = np.random.default_rng(1).random((HEIGHT, WIDTH)) < 0.01
    given = []
    for number in range(4):
        levels = SENSOR.expose(light, number)
        levels[at] = 4
        given.append(save(tmp_path, f"{number}", levels))
    with pytest.raises(ImageError, match="do not follow the light"):
        make_flat_field(given, [], PixelFormat.MONO8)


def test_too_few_pictures_and_other_sizes(tmp_path: Path) -> None:
    given = flats(tmp_path)
    with pytest.raises(ImageError, match="3 pictures of the card"):
        make_flat_field(given[:3], [], PixelFormat.MONO8)
    other = save(tmp_path, "9", np.full((HEIGHT, WIDTH - 4, 1), 150, np.uint8))
    with pytest.raises(ImageError, match=r"9\.png: 92x72 px, but 0\.png has 96x72"):
        make_flat_field([*given, other], [], PixelFormat.MONO8)
