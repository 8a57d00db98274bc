"""What engines tell of why, and trainings that go on where they were stopped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from engines.explaining import EXPECTED, explain
from engines.methods import teach_engine
from engines.neural.checkpoint import Checkpoint
from engines.runtimes.onnxruntime import open_session
from engines.taught import Folders
from inspector.core.engine_spec import AutoencoderSpec, PatchCoreSpec
from inspector.core.errors import Cancelled, EngineError
from inspector.core.frame import FrameFormat, PixelFormat
from tests.engines.pictures import part
from tests.engines.tiny_bundle import write_bundle

FORM = FrameFormat(64, 64, PixelFormat.RGB8)
GOOD = [part(number, height=64, width=64) for number in range(10)]
SPEC = AutoencoderSpec(width=4, latent=8, epochs=4, batch=4)


def silent(stage: str, share: float) -> None:
    """Nobody asks."""


def test_autoencoder_shows_what_it_expected(tmp_path: Path) -> None:
    taught = teach_engine(GOOD, FORM, SPEC.model_copy(update={"epochs": 30}), silent, Folders())
    image = part(11, spot=True, height=64, width=64)
    found = explain(write_bundle(tmp_path / "b", taught, "m", FORM, GOOD[:2]), image)
    assert found.expected is not None
    assert found.expected.shape == (64, 64, 3)
    assert found.expected.dtype == np.uint8
    assert set(found.parts) == {"brightness", "structure"}
    good = part(11, height=64, width=64).astype(float)
    assert np.abs(found.expected - good).mean() < np.abs(image - good).mean() + 25.0
    both = np.sqrt((found.parts["brightness"] ** 2 + found.parts["structure"] ** 2) / 2)
    session = open_session(taught.graph.SerializeToString(), 1)
    (score_map,) = session.run(["map"], {"image": image[None]})
    np.testing.assert_allclose(score_map[0], both, rtol=1e-3, atol=1e-4)


def test_scales_multiply_to_the_map(tmp_path: Path) -> None:
    taught = teach_engine(GOOD, FORM, PatchCoreSpec(coreset=64), silent, Folders())
    found = explain(write_bundle(tmp_path / "b", taught, "m", FORM, GOOD[:2]), GOOD[0])
    assert found.expected is None
    assert list(found.parts) == ["strides 8+16", "strides 16+32"]
    session = open_session(taught.graph.SerializeToString(), 1)
    (score_map,) = session.run(["map"], {"image": GOOD[0][None]})
    first, second = found.parts.values()
    np.testing.assert_allclose(score_map[0], np.sqrt(first * second), rtol=1e-3, atol=1e-4)


def test_hidden_tensors_are_no_outputs() -> None:
    taught = teach_engine(GOOD, FORM, SPEC, silent, Folders())
    assert [value.name for value in taught.graph.graph.output] == ["map", "score"]
    assert EXPECTED in taught.explains
    onnx.checker.check_model(taught.graph, full_check=True)


def test_images_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    taught = teach_engine(GOOD, FORM, SPEC, silent, Folders())
    with pytest.raises(EngineError, match=r"takes uint8\[64, 64, 3\]"):
        explain(
            write_bundle(tmp_path / "b", taught, "m", FORM, GOOD[:2]),
            np.zeros((32, 64, 3), np.uint8),
        )


def test_interrupted_training_ends_as_if_it_never_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Checkpoint, "due", property(lambda self: True))
    folders = Folders(cache=tmp_path)
    seen: list[str] = []

    def stop(stage: str, share: float) -> None:
        if "epoch 3" in stage:
            raise Cancelled(stage)

    with pytest.raises(Cancelled):
        teach_engine(GOOD, FORM, SPEC, stop, folders)
    (file,) = (tmp_path / "training").iterdir()
    resumed = teach_engine(GOOD, FORM, SPEC, lambda stage, share: seen.append(stage), folders)
    assert not any("epoch 1," in stage or "epoch 2," in stage for stage in seen)
    assert any("epoch 3" in stage for stage in seen)
    assert not file.exists()
    whole = teach_engine(GOOD, FORM, SPEC, silent, Folders())
    assert resumed.graph.SerializeToString() == whole.graph.SerializeToString()
    assert resumed.files == whole.files


def test_damaged_or_foreign_checkpoints_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Checkpoint, "due", property(lambda self: True))

    def stop(stage: str, share: float) -> None:
        if "epoch 2" in stage:
            raise Cancelled(stage)

    folders = Folders(cache=tmp_path)
    with pytest.raises(Cancelled):
        teach_engine(GOOD, FORM, SPEC, stop, folders)
    (file,) = (tmp_path / "training").iterdir()
    file.write_bytes(file.read_bytes()[:1000])
    seen: list[str] = []
    teach_engine(GOOD, FORM, SPEC, lambda stage, share: seen.append(stage), folders)
    assert any("epoch 1," in stage for stage in seen)
    with pytest.raises(Cancelled):
        teach_engine(GOOD, FORM, SPEC, stop, folders)
    with pytest.raises(Cancelled):
        teach_engine(GOOD[:9], FORM, SPEC, stop, folders)
    assert len(list((tmp_path / "training").iterdir())) == 2
