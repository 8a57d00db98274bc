"""From configuration to devices: what each camera source shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.camera.pictures import FilePictures
from inspector.core.errors import DatasetError
from inspector.core.frame import PixelFormat
from inspector.core.ports import SystemClock
from inspector.durable.images import encode_png
from inspector.sim.truth import Truth
from inspector.station import devices
from inspector.station.devices import make_belt, open_cameras
from inspector.station.opening import load_line
from inspector.teaching.dataset import DatasetStore, Entry, Label, Split, digest_of
from tests.tiny_plant import TinyPlant, make_plant, picture, tiny_recipe


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    return make_plant(tmp_path, cameras=[{"driver": "replay", "source": "demo"}])


def test_the_demo_source_shows_what_another_product_was_taught_with(
    plant: TinyPlant, tmp_path: Path
) -> None:
    config = load_line(plant.line_file)
    store = DatasetStore(plant.data_folder / "datasets" / "tiny")
    entries = []
    for number in range(3):
        file = tmp_path / f"{number}.png"
        file.write_bytes(encode_png(picture(number, defective=False)))
        digest = digest_of(file)
        split, label = Split.TEACH, Label.GOOD
        entry = Entry(sha256=digest, suffix=".png", source=file.name, label=label, split=split)
        entries.append((entry, file))
    store.add(entries)
    clock = SystemClock()
    belt = make_belt(config, clock)
    eyes = open_cameras(config, tiny_recipe(), plant.data_folder, belt, clock)
    assert eyes.labels == {}
    assert eyes.cameras[0].format.shape == (64, 64, 1)
    belt.start()
    pixels = np.empty((64, 64, 1), np.uint8)
    shown = eyes.cameras[0].grab(pixels, 1.0).source
    assert np.array_equal(pixels, picture(int(shown[0]), defective=False))
    belt.stop()


def test_a_product_without_stored_images_is_named_an_error(plant: TinyPlant) -> None:
    config = load_line(plant.line_file)
    clock = SystemClock()
    belt = make_belt(config, clock)
    with pytest.raises(DatasetError, match="no pictures to replay"):
        open_cameras(config, tiny_recipe(), plant.data_folder, belt, clock)


def test_the_demo_shows_good_and_defective_cells_from_the_start() -> None:
    pytest.importorskip("elpv_dataset", reason="extra 'demo' is not installed")
    pictures, labels = devices._solar("solar-mono", PixelFormat.MONO8)
    assert isinstance(pictures, FilePictures)
    first = [labels[name] for name in pictures._names[:60]]
    assert first.count(Truth.GOOD) >= 15
    assert first.count(Truth.DEFECTIVE) >= 10
