"""A forecast on disk: written whole or not at all, and nothing damaged is opened."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml
from safetensors.numpy import load_file, save_file

from engines.sealed_folder import MANIFEST, FileEntry
from engines.temporal import open_forecast, writing_forecast
from engines.temporal.artefact import ERRORS, GOLDEN, WEIGHTS
from engines.temporal.teaching import teach_series
from inspector.core.canonical import sha256_hex
from inspector.core.errors import BundleError, EngineError
from tests.engines.temporal.rendered import BLINK, series


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return teach_series(series(), BLINK)


@pytest.fixture
def path(files: dict[str, bytes], tmp_path: Path) -> Path:
    with writing_forecast(tmp_path / "f", files):
        pass
    return tmp_path / "f"


def resealed(path: Path, name: str) -> None:
    """Let the manifest tell of the file as it is now."""
    data = (path / name).read_bytes()
    content = yaml.safe_load((path / MANIFEST).read_text("utf-8"))
    entry = FileEntry(sha256=sha256_hex(data), size=len(data))
    content["files"][name] = entry.model_dump()
    (path / MANIFEST).write_text(yaml.safe_dump(content), "utf-8")


def test_it_comes_back_as_it_was(path: Path) -> None:
    forecast = open_forecast(path)
    assert forecast.channels == ("belt speed", "cam brightness")
    assert forecast.errors.shape == (200, 2)
    assert forecast.manifest.taught.parts == (480, 120, 200)
    running = forecast.running()
    errors = [running.add(vector) for vector in series().values]
    assert np.array(errors[600:]) == pytest.approx(forecast.errors, abs=1e-5)


@pytest.mark.parametrize("name", [WEIGHTS, ERRORS, GOLDEN])
def test_a_changed_byte_is_refused(path: Path, name: str) -> None:
    data = bytearray((path / name).read_bytes())
    data[-1] ^= 1
    (path / name).write_bytes(data)
    with pytest.raises(BundleError, match=f"{name}: contents differ.*or teach it again"):
        open_forecast(path)


def test_missing_and_foreign_files_are_refused(path: Path) -> None:
    (path / "notes.txt").write_text("x")
    with pytest.raises(BundleError, match=r"notes\.txt: not part of the forecast"):
        open_forecast(path)
    (path / "notes.txt").unlink()
    (path / ERRORS).unlink()
    with pytest.raises(BundleError, match=f"{ERRORS}: missing"):
        open_forecast(path)
    with pytest.raises(BundleError, match="not a forecast"):
        open_forecast(path.parent)


def test_shapes_that_contradict_the_manifest_are_refused(path: Path) -> None:
    save_file({"errors": np.zeros((200, 3))}, path / ERRORS)
    resealed(path, ERRORS)
    with pytest.raises(BundleError, match=r"errors: shape \(200, 3\) contradicts"):
        open_forecast(path)


def test_one_that_predicts_otherwise_here_does_not_run(path: Path) -> None:
    weights = load_file(path / WEIGHTS)
    save_file({**weights, "bias": weights["bias"] + np.float32(0.01)}, path / WEIGHTS)
    resealed(path, WEIGHTS)
    with pytest.raises(EngineError, match=r"predicts otherwise on this PC.*0\.01"):
        open_forecast(path)


def test_a_newer_one_asks_for_an_update(path: Path) -> None:
    text = (path / MANIFEST).read_text("utf-8")
    (path / MANIFEST).write_text(text.replace("schema_version: 1", "schema_version: 2"), "utf-8")
    with pytest.raises(BundleError, match=r"2 is newer.*Update Inspector"):
        open_forecast(path)


def test_it_takes_its_name_only_when_it_is_whole(files: dict[str, bytes], tmp_path: Path) -> None:
    damaged = {**files, WEIGHTS: files[WEIGHTS] + b"x"}
    with (
        pytest.raises(BundleError, match=WEIGHTS),
        writing_forecast(tmp_path / "f", damaged),
    ):
        pass
    assert list(tmp_path.iterdir()) == []
