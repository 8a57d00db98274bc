"""What every engine must do that is trained on the product: add yours to ``ENGINES``.

Those that only remember patches have the same tests in `tests.engines.conftest.any_bundle`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from engines.bundle import GRAPH, Bundle, open_bundle
from engines.explaining import CONTRIBUTIONS, EXPECTED, explain
from engines.methods import teach_engine
from engines.neural.checkpoint import Checkpoint
from engines.precision.half import halved
from engines.precision.int8 import quantised, with_signed_bytes
from engines.runtimes import load_engine, self_test
from engines.runtimes.onnxruntime import open_session
from engines.taught import Folders, Taught
from inspector.core.engine_spec import (
    AutoencoderSpec,
    ClassifierSpec,
    CutPasteSpec,
    DictionarySpec,
    FlowSpec,
    GanSpec,
    ListaSpec,
    MaskedSpec,
    MtSpec,
    RpcaSpec,
    RxSpec,
    StudentSpec,
    SvddSpec,
    TaughtSpec,
    TrainedSpec,
    VaeSpec,
)
from inspector.core.errors import BundleError, Cancelled
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.line_config import RuntimeConfig
from tests.engines.pictures import part
from tests.engines.tiny_bundle import write_bundle

FORM = FrameFormat(64, 64, PixelFormat.RGB8)
GOOD = [part(number) for number in range(12)]
OTHERS = [part(number) for number in range(30, 36)]
DEFECTIVE = [part(number, spot=True) for number in range(30, 36)]
SHOWN = [part(number, spot=True) for number in range(40, 50)]
"""To engines that are shown defects."""
SHORT: dict[str, Any] = {"epochs": 3, "batch": 4, "seed": 3}

ENGINES: dict[str, TaughtSpec] = {
    "autoencoder": AutoencoderSpec(width=4, latent=8, **SHORT | {"epochs": 12}),
    "autoencoder, dense": AutoencoderSpec(
        **SHORT, width=4, latent=8, latent_form="dense", hidden=(16,), loss="bce"
    ),
    "vae": VaeSpec(width=4, latent=4, **SHORT | {"epochs": 6}),
    "masked": MaskedSpec(width=4, hidden_px=16, **SHORT | {"epochs": 6}),
    "masked, jigsaw": MaskedSpec(task="jigsaw", width=4, latent=8, depth=4, **SHORT),
    "gan": GanSpec(width=4, latent=4, turns=20, **SHORT | {"epochs": 6}),
    "classifier": ClassifierSpec(width=8, folds=2, **SHORT | {"epochs": 6, "batch": 8}),
    "cutpaste": CutPasteSpec(**SHORT | {"batch": 1}),
    "svdd": SvddSpec(**SHORT),
    "flow": FlowSpec(**SHORT),
    "lista": ListaSpec(atoms=32, steps=3, **SHORT),
    "student": StudentSpec(width=8, features=16, **SHORT),
    "mt": MtSpec(),
    "mt, cells": MtSpec(form="cells", grid=4),
    "mt on features": MtSpec(on="features"),
    "dictionary, global": DictionarySpec(form="global", atoms=32),
    "dictionary, ksvd": DictionarySpec(form="ksvd", atoms=32),
    "dictionary, multi-scale": DictionarySpec(patches=(8, 16), atoms=32),
    "dictionary on features": DictionarySpec(on="features", form="ksvd", atoms=32),
    "rx": RxSpec(),
    "rx, each place": RxSpec(per_position=True),
    "rx, local": RxSpec(form="local"),
    "rx, local, of pixels": RxSpec(form="local", on="pixels", outer=15, guard=13, levels=2),
    "rx, local, on features": RxSpec(form="local", on="features", outer=5),
    "rx, kernel": RxSpec(form="kernel", on="pixels", landmarks=64),
    "rx, streaming": RxSpec(form="streaming"),
    "rpca": RpcaSpec(),
    "rpca on features": RpcaSpec(on="features", rank=4),
    "rpca, one image": RpcaSpec(form="single", matrix="patches", rank=4),
}
"""Small recipes; one for each form that an engine has."""


@dataclass(frozen=True)
class Lesson:
    """One engine, taught and packed."""

    spec: TaughtSpec
    taught: Taught
    bundle: Bundle

    def scores(self, images: list[Pixels], graph: onnx.ModelProto | None = None) -> Any:
        model = (graph or self.taught.graph).SerializeToString()
        return open_session(model, 1).run(["map", "score"], {"image": np.stack(images)})


def silent(stage: str, share: float) -> None:
    """Nobody asks."""


def teach(spec: TaughtSpec, cache: Path | None, progress: Any = silent) -> Taught:
    defects = {"spot": SHOWN}
    return teach_engine(GOOD, FORM, spec, progress, Folders(cache=cache), defects=defects)  # type: ignore[arg-type]  # one of the union


@pytest.fixture(scope="module", params=ENGINES)
def lesson(
    request: pytest.FixtureRequest, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Lesson:
    spec = ENGINES[request.param]
    taught = teach(spec, cache)
    path: Path = tmp_path_factory.mktemp("bundles") / "part"
    method: str = spec.model_dump()["method"]
    bundle = write_bundle(path, taught, method, FORM, [OTHERS[0], DEFECTIVE[0]])
    return Lesson(spec, taught, bundle)


def test_graph_is_sound_and_its_score_is_the_maps(lesson: Lesson) -> None:
    graph = lesson.taught.graph
    onnx.checker.check_model(graph, full_check=True)
    assert [value.name for value in graph.graph.output] == ["map", "score"]
    assert graph.graph.node[0].op_type == "Cast"
    maps, scores = lesson.scores(OTHERS)
    assert maps.shape == (len(OTHERS), *lesson.taught.map_shape)
    np.testing.assert_allclose(maps.max(axis=(1, 2)), scores, rtol=1e-5)
    assert (maps >= 0).all()


def test_defects_are_stranger_than_good_parts(lesson: Lesson) -> None:
    assert lesson.scores(OTHERS)[1].max() < lesson.scores(DEFECTIVE)[1].min()


def test_runtimes_agree(lesson: Lesson) -> None:
    for name in ("openvino", "onnxruntime"):
        engine = load_engine(lesson.bundle, RuntimeConfig.model_validate({"name": name}))
        self_test(engine, lesson.bundle)
        assert engine.info.has_map == lesson.taught.has_map
        engine.close()


def test_explanation_is_of_the_image(lesson: Lesson) -> None:
    found = explain(lesson.bundle, DEFECTIVE[0])
    assert (found.expected is not None) == (EXPECTED in lesson.taught.explains)
    assert set(found.parts) == set(lesson.taught.explains) - {EXPECTED, CONTRIBUTIONS}
    assert len(found.contributions) == len(lesson.taught.features)
    for score_map in found.parts.values():
        assert np.isfinite(score_map).all()


@pytest.mark.slow
def test_a_stopped_training_goes_on_and_ends_the_same(
    lesson: Lesson, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(lesson.spec, TrainedSpec):
        pytest.skip("this engine has no epochs")
    monkeypatch.setattr(Checkpoint, "due", property(lambda self: True))
    seen: list[str] = []

    def stop(stage: str, share: float) -> None:
        seen.append(stage)
        if "epoch 3" in stage:
            raise Cancelled(stage)

    with pytest.raises(Cancelled):
        teach(lesson.spec, cache, stop)
    begun = len(seen)
    again = teach(lesson.spec, cache, lambda stage, share: seen.append(stage))
    assert "epoch 3" in next(stage for stage in seen[begun:] if "epoch" in stage)
    assert again.graph.SerializeToString() == lesson.taught.graph.SerializeToString()
    assert again.files == lesson.taught.files


def test_half_and_int8_still_see_defects(lesson: Lesson) -> None:
    half = halved(lesson.taught.graph, lesson.taught.boundary)
    assert lesson.scores(OTHERS, half)[1].max() < lesson.scores(DEFECTIVE, half)[1].min()


@pytest.mark.slow
def test_int8_and_nvidias_builder_take_it(lesson: Lesson) -> None:
    int8 = quantised(lesson.taught.graph, lesson.taught.boundary, GOOD)
    assert lesson.scores(OTHERS, int8)[1].mean() < lesson.scores(DEFECTIVE, int8)[1].mean()
    pytest.importorskip("tensorrt_rtx", reason="the extra rtx is not installed")
    from engines.runtimes.nvidia.building import build_plan  # only where it is
    from engines.runtimes.rtx import rtx_sdk  # only where it is

    half = halved(lesson.taught.graph, lesson.taught.boundary)
    for graph in (lesson.taught.graph, half, with_signed_bytes(int8)):
        plan = build_plan(rtx_sdk(), graph.SerializeToString(), architectures=(75, 86, 89, 120))
        assert plan.startswith(b"vtrt")


def test_damaged_bundle_is_refused(lesson: Lesson, tmp_path: Path) -> None:
    copy = tmp_path / "part"
    copy.mkdir()
    for file in lesson.bundle.path.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    graph = (copy / GRAPH).read_bytes()
    (copy / GRAPH).write_bytes(graph[:-1] + bytes([graph[-1] ^ 1]))
    with pytest.raises(BundleError, match=r"engine\.onnx: contents differ"):
        open_bundle(copy)
