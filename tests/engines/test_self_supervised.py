"""Rotation and CutPaste: what the networks learn, what is computed of it, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import pytest
import torch

from engines.bundle import TRAINING, Bundle
from engines.graphs import with_outputs
from engines.methods import teach_engine
from engines.neural.checkpoint import Checkpoint
from engines.neural.cutpaste import EMBEDDING, pasted, train_cutpaste
from engines.neural.kept_images import KeptImages
from engines.neural.pretext import Lesson, Trained
from engines.neural.redrawing import schedule_of
from engines.neural.rotation import LOGITS, Doubt, told_apart, train_rotation, turned
from engines.neural.training import Schedule
from engines.precision.half import halved
from engines.precision.int8 import quantised, with_signed_bytes
from engines.runtimes import load_engine, self_test
from engines.runtimes.onnxruntime import open_session
from engines.taught import Folders, Taught
from inspector.core.engine_spec import (
    CutPasteSpec,
    DeepRxSpec,
    RotationSpec,
    SelfSupervisedSpec,
    TaughtSpec,
    TrainedSpec,
)
from inspector.core.errors import Cancelled, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.line_config import RuntimeConfig
from tests.engines.pictures import part
from tests.engines.tiny_bundle import write_bundle

FORM = FrameFormat(64, 64, PixelFormat.RGB8)
SHORT: dict[str, Any] = {"epochs": 3, "batch": 2, "learning_rate": 1e-3, "seed": 3}
ROTATION = RotationSpec.model_validate(SHORT)
CUTPASTE = CutPasteSpec.model_validate(SHORT)


def silent(stage: str, share: float) -> None:
    """Nobody asks."""


def arrow(number: int, *, ends: int = 1) -> Pixels:
    """A disc with a bar on its upper side; with two ends also on its lower."""
    image, random = part(number), np.random.default_rng(number)
    x = 32 + int(random.integers(-2, 3))
    for top in (8, 44)[:ends]:
        cv2.rectangle(image, (x - 5, top), (x + 5, top + 12), (20, 30, 40), -1)
    return image


GOOD = [arrow(number) for number in range(12)]
OTHERS = [arrow(number) for number in range(30, 36)]
BARE = [part(number) for number in range(30, 36)]
"""Parts that show no direction."""


def teach(
    spec: TaughtSpec, images: list[Pixels], progress: Any = silent, **folders: Path
) -> Taught:
    return teach_engine(images, FORM, spec, progress, Folders(**folders))  # type: ignore[arg-type]  # one of the union


def outputs(graph: onnx.ModelProto, names: list[str], images: list[Pixels]) -> Any:
    asked = onnx.ModelProto()
    asked.CopyFrom(graph)
    with_outputs(asked, names)
    return open_session(asked.SerializeToString(), 1).run(names, {"image": np.stack(images)})


def scores(taught: Taught, images: list[Pixels], graph: onnx.ModelProto | None = None) -> Any:
    return outputs(graph or taught.graph, ["score"], images)[0]


@pytest.fixture(scope="module", autouse=True)
def few_steps() -> Iterator[None]:
    """Epochs of 6 steps: these parts are learned at once."""

    def short(spec: TrainedSpec, form: FrameFormat) -> Schedule:
        return replace(schedule_of(spec, form), steps=6)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engines.neural.pretext.schedule_of", short)
        yield


def lesson(spec: SelfSupervisedSpec, images: list[Pixels], progress: Any = silent) -> Lesson:
    return Lesson(KeptImages(images), FORM, spec, (32,), progress, Folders())


@pytest.fixture(scope="module")
def rotation() -> Taught:
    return teach(ROTATION, GOOD)


@pytest.fixture(scope="module")
def bundle(rotation: Taught, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    path: Path = tmp_path_factory.mktemp("bundles") / "arrow"
    return write_bundle(path, rotation, "rotation", FORM, [OTHERS[0], BARE[0]])


def test_turns_are_those_of_numpy() -> None:
    image = torch.arange(2 * 3 * 5 * 5).reshape(2, 3, 5, 5).float()
    for turns, found in enumerate(turned(image).reshape(4, 2, 3, 5, 5)):
        np.testing.assert_array_equal(found.numpy(), np.rot90(image.numpy(), turns, (2, 3)))


@pytest.mark.parametrize("turns", [4, 2])
def test_doubt_is_the_probability_of_wrong_angles(turns: int) -> None:
    logits = np.random.default_rng(1).normal(0, 3, (4, 5, 4))
    shares = np.exp(logits) / np.exp(logits).sum(2, keepdims=True)
    right = [
        sum(shares[k, :, other] for other in range(4) if (other - k) % turns == 0) for k in range(4)
    ]
    found = Doubt(turns)(torch.from_numpy(logits).float()).numpy()
    assert found == pytest.approx(1 - np.mean(right, axis=0), rel=1e-4)


def test_doubt_does_not_vanish_where_the_network_is_sure() -> None:
    logits = 30.0 * torch.eye(4)[:, None]
    assert Doubt(4)(logits).item() == pytest.approx(3 * np.exp(-30.0), rel=1e-3)


def test_it_judges_as_a_whole_in_units_of_good_parts(rotation: Taught) -> None:
    onnx.checker.check_model(rotation.graph, full_check=True)
    assert rotation.graph.graph.node[0].op_type == "Cast"
    assert not rotation.has_map
    maps, score, logits = outputs(rotation.graph, ["map", "score", LOGITS], [*OTHERS, *BARE])
    assert maps.shape == (12, 1, 1)
    np.testing.assert_array_equal(maps[:, 0, 0], score)
    doubt = Doubt(4)(torch.from_numpy(logits)).numpy()
    assert score == pytest.approx(doubt / rotation.parameters["unit"], rel=1e-4)
    assert 0.3 < np.median(score[:6]) < 3.0


def test_parts_without_direction_are_stranger(rotation: Taught) -> None:
    assert rotation.parameters["angles_told_apart"] == 4
    assert scores(rotation, OTHERS).max() < scores(rotation, BARE).min()


def test_runtimes_agree(rotation: Taught, bundle: Bundle) -> None:
    for name in ("openvino", "onnxruntime"):
        engine = load_engine(bundle, RuntimeConfig.model_validate({"name": name}))
        self_test(engine, bundle)
        assert not engine.info.has_map
        engine.close()
    half = halved(rotation.graph, rotation.boundary)
    assert scores(rotation, OTHERS, half).max() < scores(rotation, BARE, half).min()


@pytest.mark.parametrize(
    ("spec", "train"), [(ROTATION, train_rotation), (CUTPASTE, train_cutpaste)]
)
def test_a_stopped_training_goes_on_and_ends_the_same(
    spec: SelfSupervisedSpec,
    train: Callable[[Lesson], Trained],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Checkpoint, "due", property(lambda self: True))
    seen: list[str] = []

    def stop(stage: str, share: float) -> None:
        if "epoch 2" in stage:
            raise Cancelled(stage)

    kept = Folders(cache=tmp_path)
    with pytest.raises(Cancelled):
        train(replace(lesson(spec, GOOD, stop), folders=kept))
    again = train(
        replace(lesson(spec, GOOD, lambda stage, share: seen.append(stage)), folders=kept)
    )
    assert not any("epoch 1," in stage for stage in seen)
    whole = train(lesson(spec, GOOD))
    assert again.curves == whole.curves
    for found, wanted in zip(again.network.parameters(), whole.network.parameters(), strict=True):
        assert torch.equal(found, wanted)


@pytest.mark.parametrize(
    "spec",
    [ROTATION, pytest.param(DeepRxSpec(features="rotation", epochs=1), marks=pytest.mark.slow)],
)
def test_parts_that_lie_any_way_round_are_refused(spec: TaughtSpec) -> None:
    anyhow = [np.rot90(image, turns % 4).copy() for turns, image in enumerate(GOOD)]
    words = r"engine.*rotation: .* turned: .*guessing finds 25%"
    with pytest.raises(ConfigError, match=words) as found:
        teach(spec, anyhow)
    assert "cutpaste" in found.value.remedy


def test_of_half_turn_symmetry_quarter_turns_are_told_apart() -> None:
    own = lesson(ROTATION, [arrow(number, ends=2) for number in range(12)])
    assert told_apart(train_rotation(own), own.images, silent).turns == 2


def test_only_square_pictures_are_turned() -> None:
    form = replace(FORM, height=48)
    with pytest.raises(ConfigError, match=r"input is square.*64x48 px"):
        teach_engine(GOOD, form, RotationSpec(), silent, Folders())
    with pytest.raises(ConfigError, match=r"engine\.tile: rotation"):
        teach(RotationSpec(tile=64), GOOD)


@pytest.mark.parametrize("scar", [False, True])
def test_pastes_come_from_elsewhere_and_are_drawn_by_the_generator(scar: bool) -> None:
    images = torch.rand(16, 3, 64, 64) * 255
    first, again, other = (
        pasted(images, torch.Generator().manual_seed(seed), scar=scar) for seed in (5, 5, 6)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    shares = (first != images).any(1).float().mean((1, 2))
    assert shares.max() <= (0.02 if scar else 0.16)
    assert shares.median() > (0.0005 if scar else 0.01)


@pytest.fixture(scope="module")
def cutpaste() -> Taught:
    return teach(CUTPASTE, GOOD)


def test_cutpaste_is_the_distance_of_mahalanobis(cutpaste: Taught) -> None:
    assert not cutpaste.has_map
    maps, score, known = outputs(cutpaste.graph, ["map", "score", EMBEDDING], GOOD)
    np.testing.assert_array_equal(maps[:, 0, 0], score)
    spots = [arrow(number) for number in range(30, 34)]
    for image in spots:
        cv2.circle(image, (40, 34), 5, (20, 30, 20), -1)
    assert scores(cutpaste, OTHERS).max() < scores(cutpaste, spots).min()
    # The least trusted direction is bounded: the distance of a mean image is 0.
    mean, found = known.mean(0), outputs(cutpaste.graph, [EMBEDDING, "score"], [*GOOD, *spots])
    far = np.linalg.norm(found[0] - mean, axis=1)
    assert np.corrcoef(far, found[1])[0, 1] > 0.5


@pytest.mark.parametrize("features", ["rotation", pytest.param("cutpaste", marks=pytest.mark.slow)])
def test_deep_rx_sees_by_what_was_learned(features: Any) -> None:
    spec = DeepRxSpec(features=features, epochs=2, seed=3)
    taught = teach(spec, GOOD)
    assert taught.has_map
    assert taught.map_shape == (16, 16)
    assert taught.parameters["features"] == features
    assert taught.parameters["epochs_run"] == len(json.loads(taught.files[TRAINING])["train"])
    spots = [arrow(number) for number in range(30, 34)]
    for image in spots:
        cv2.circle(image, (44, 44), 5, (20, 30, 20), -1)
    assert scores(taught, OTHERS).max() < scores(taught, spots).min()


def test_learned_features_take_no_tiles() -> None:
    form = replace(FORM, height=128, width=128)
    with pytest.raises(ConfigError, match=r"engine\.tile: features: cutpaste"):
        teach_engine([], form, DeepRxSpec(features="cutpaste", tile=64), silent, Folders())


@pytest.mark.slow
def test_int8_and_nvidias_builder_take_it(rotation: Taught, cutpaste: Taught) -> None:
    for taught in (rotation, cutpaste):
        int8 = quantised(taught.graph, taught.boundary, GOOD)
        assert np.isfinite(scores(taught, OTHERS, int8)).all()
        pytest.importorskip("tensorrt_rtx", reason="the extra rtx is not installed")
        from engines.runtimes.nvidia.building import build_plan  # only where it is
        from engines.runtimes.rtx import rtx_sdk  # only where it is

        half = halved(taught.graph, taught.boundary)
        for graph in (taught.graph, half, with_signed_bytes(int8)):
            plan = build_plan(rtx_sdk(), graph.SerializeToString(), architectures=(75, 86, 89, 120))
            assert plan.startswith(b"vtrt")
