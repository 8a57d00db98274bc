"""A trained engine goes the way of all others: calibrated bundle, curves beside it, or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engines.bundle import TRAINING, open_bundle
from inspector.cli.teach import _changes, _recipe
from inspector.core.engine_spec import AutoencoderSpec, PatchCoreSpec
from inspector.core.errors import Cancelled
from inspector.core.recipe import Recipe
from inspector.station.catalogue import Catalogue
from inspector.teaching.teach import teach
from tests.teaching.conftest import files_below, recipe

SPEC = AutoencoderSpec(width=4, latent=8, epochs=2, batch=4)


def autoencoder_recipe() -> Recipe:
    return recipe().model_copy(update={"engine": SPEC})


def test_bundle_holds_the_curves(good_folder: Path, tmp_path: Path) -> None:
    seen: list[str] = []
    result = teach(
        str(good_folder),
        autoencoder_recipe(),
        tmp_path / "data",
        progress=lambda stage, share: seen.append(stage),
    )
    bundle = open_bundle(result.bundle)
    assert bundle.manifest.method == "autoencoder"
    assert bundle.manifest.provenance.parameters["positional"] == 1
    assert len(json.loads((result.bundle / TRAINING).read_text())["validation"]) == 2
    assert any(stage.startswith("train: epoch 2, validation 0.") for stage in seen)
    # Epochs are news of one stage: they are timed together.
    stages = ["images", "levels", "train", "spread", "graph", "bundle", "compile", "calibrate"]
    assert list(result.seconds) == [*stages, "store"]


@pytest.mark.parametrize("stage", ["levels", "train: epoch 2", "spread", "graph", "calibrate"])
def test_cancelled_at_any_stage_leaves_nothing(
    good_folder: Path, tmp_path: Path, stage: str
) -> None:
    seen: list[str] = []
    with pytest.raises(Cancelled):
        teach(
            str(good_folder),
            autoencoder_recipe(),
            tmp_path / "data",
            progress=lambda name, share: seen.append(name),
            cancelled=lambda: any(name.startswith(stage) for name in seen),
        )
    assert seen[-1].startswith(stage)
    assert files_below(tmp_path / "data") == []


def test_new_product_gets_the_keys_of_its_engine(good_folder: Path, tmp_path: Path) -> None:
    changes = _changes("autoencoder", None, None)
    made = _recipe(Catalogue((tmp_path,)), "disc", str(good_folder), changes)
    assert made.engine == AutoencoderSpec()


def test_another_engine_keeps_the_seed_alone(tmp_path: Path) -> None:
    text = "product: disc\nengine: {method: patchcore, seed: 7, coreset: 99}\n"
    (tmp_path / "disc.yaml").write_text(text, "utf-8")
    catalogue = Catalogue((tmp_path,))
    switched = _recipe(catalogue, "disc", "", _changes("autoencoder", "128", None))
    assert switched.engine == AutoencoderSpec(seed=7)
    assert switched.preparation.width == 128
    same = _recipe(catalogue, "disc", "", _changes("patchcore", None, None))
    assert same.engine == PatchCoreSpec(seed=7, coreset=99)
