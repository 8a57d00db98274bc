"""A station whose recipe corrects pictures needs the artefacts it was taught with."""

from __future__ import annotations

from pathlib import Path

import pytest

from calibration.artefacts import write_flat_field
from inspector.core.errors import BundleError, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.recipe import Recipe
from inspector.durable.yaml_files import dump_yaml
from inspector.preparation import Optics, preparation_hash
from tests.preparation.known_cameras import make_flat
from tests.station.test_station import opened
from tests.tiny_plant import SIDE, TinyPlant, make_bundle, make_plant, tiny_recipe

FRAME = FrameFormat(SIDE, SIDE, PixelFormat.MONO8)
CAMERA = "replay-0"


def corrected_recipe() -> Recipe:
    plain = tiny_recipe()
    spec = plain.preparation.model_copy(update={"flat_field": True})
    return plain.model_copy(update={"preparation": spec})


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    made = make_plant(tmp_path)
    file = made.line_file.parent / "products" / "tiny.yaml"
    file.write_bytes(dump_yaml(corrected_recipe()))
    return made


def test_no_artefact_no_line(plant: TinyPlant) -> None:
    words = r"preparation\.flat_field: .*camera replay-0\. Run: inspector camera flat FOLDER"
    with pytest.raises(ConfigError, match=words), opened(plant):
        pass


def test_the_artefact_stands_in_the_identity(plant: TinyPlant) -> None:
    recipe = corrected_recipe()
    optics = Optics(plant.data_folder, (CAMERA,))
    write_flat_field(plant.data_folder, CAMERA, make_flat(FRAME))
    make_bundle(plant.data_folder, recipe, optics)
    known = preparation_hash(recipe.preparation, optics.corrections(recipe.preparation))
    with opened(plant) as (station, _):
        loaded = station.station._execution.loaded
        assert loaded is not None
        assert loaded.judging.identity.preparation == known
    write_flat_field(plant.data_folder, CAMERA, make_flat(FRAME, seed=1))
    words = "taught with another calibration of the camera"
    with pytest.raises(BundleError, match=words), opened(plant):
        pass
