"""What checks learn is kept whole, or refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from calibration.learned import FOLDS, Learned, folds_of
from calibration.threshold import calibrate, load_calibration, write_calibration
from inspector.core.check_spec import DecisionBasis
from inspector.core.errors import BundleError
from tests.calibration.engine_info import INFO

ARRAYS = {"mean": np.arange(3.0), "used": np.array([True, False]), "parts": np.array(7)}
BASIS = DecisionBasis.model_validate({"checks": [{"check": "rx-global"}]})


def written(folder: Path, learned: Learned | None) -> Path:
    scores = np.random.default_rng(0).random((30, 1))
    made = calibrate(scores, 0.05, BASIS, info=INFO, preparation_hash="b" * 64, learned=[learned])
    path = folder / "c.yaml"
    write_calibration(path, made)
    assert load_calibration(path, INFO, BASIS) == made
    return path


def test_arrays_come_back_from_the_file_as_they_were(tmp_path: Path) -> None:
    path = written(tmp_path, Learned.of(ARRAYS, images=12, features=("a",)))
    learned = load_calibration(path, INFO, BASIS).checks[0].learned
    assert learned is not None
    assert (learned.source, learned.images, learned.folds) == ("teach", 12, None)
    again = learned.unpacked()
    assert again.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert again[name].dtype == array.dtype
        assert again[name].shape == array.shape
        assert (again[name] == array).all()


def test_the_hash_covers_them_and_is_no_other_without(tmp_path: Path) -> None:
    hashes = [
        load_calibration(written(tmp_path, learned), INFO).hash
        for learned in (
            None,
            Learned.of(ARRAYS, images=12),
            Learned.of(ARRAYS | {"mean": np.zeros(3)}, images=12),
        )
    ]
    assert len(set(hashes)) == 3
    assert "learned" not in written(tmp_path, None).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("arrays", "????", "not base64"),
        ("arrays", "AAAA", "SHA-256 is another"),
        ("sha256", "0" * 64, "SHA-256 is another"),
        ("source", "rumour", "teach"),
    ],
)
def test_damage_is_refused_with_file_and_key(
    tmp_path: Path, key: str, value: str, words: str
) -> None:
    path = written(tmp_path, Learned.of(ARRAYS, images=12))
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["checks"][0]["learned"][key] = value
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(BundleError, match=rf"c\.yaml: checks\.0\.learned.*{words}.*calibrate"):
        load_calibration(path, INFO)


def test_what_was_learned_from_calibration_images_is_called_cross_fitted() -> None:
    scores = np.random.default_rng(0).random((30, 1))
    for folds, said in ((None, False), (20, True)):
        learned = Learned.of(ARRAYS, images=30, folds=folds)
        made = calibrate(
            scores, 0.05, BASIS, info=INFO, preparation_hash="b" * 64, learned=[learned]
        )
        assert made.cross_fitted is said


@pytest.mark.parametrize("images", [5, 20, 47, 1000])
def test_folds_are_even_runs_of_neighbours(images: int) -> None:
    folds = folds_of(images)
    sizes = np.bincount(folds)
    assert len(sizes) == min(FOLDS, images)
    assert sizes.max() - sizes.min() <= 1
    assert (np.diff(folds) >= 0).all()
