"""Bundles that a kernel computes: whole without a graph, the same on every line, or refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import yaml
from pydantic import ValidationError

from engines.background import representing
from engines.background.cascade import Cascade
from engines.background.fields import field_graph
from engines.background.representation import Collaborative, LocalRepresentation
from engines.background.strips import on_threads, threads
from engines.bundle import GOLDEN, GRAPH, MANIFEST, Bundle, open_bundle
from engines.explaining import explain
from engines.methods import teach_engine
from engines.runtimes import load_engine, page_lock_of, self_test
from engines.runtimes.kernel import maps_of
from engines.runtimes.trial import resolved, run_trial
from engines.taught import NOWHERE, Folders, Taught
from inspector.core.check_spec import CrdCheckSpec, LrbCheckSpec
from inspector.core.engine_spec import CrdSpec, LrbSpec
from inspector.core.errors import BundleError, ConfigError, EngineError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.levels import levels_of, pixels_of
from inspector.core.line_config import RuntimeConfig
from inspector.scoring.kernels import kernel_for
from tests.engines.tiny_bundle import write_bundle, write_tiny_bundle

FORM = FrameFormat(96, 96, PixelFormat.RGB8)
Spec = LrbSpec | CrdSpec
ENGINES: dict[str, Spec] = {
    "lrb": LrbSpec(),
    "lrb, exact, 2 levels": LrbSpec(cascade=False, levels=2, patch=6),
    "lrb on features": LrbSpec(on="features"),
    "crd": CrdSpec(),
    "crd on features": CrdSpec(on="features"),
    "crd on pixels": CrdSpec(on="pixels", levels=2),
}


def grain(seed: int, form: FrameFormat = FORM) -> Pixels:
    """An even surface."""
    shape = (form.height, form.width, form.pixel_format.colours)
    return np.random.default_rng(seed).normal(128, 6, shape).clip(0, 255).astype(np.uint8)


def marked(seed: int) -> Pixels:
    image = grain(seed)
    image[52:58, 30:36] = 30
    return image


def features(spec: Spec, form: FrameFormat, _folders: Folders) -> onnx.ModelProto:
    """A graph that gives vectors, as a backbone would, without its minute of export."""
    return field_graph(spec.model_copy(update={"on": "patches"}), form, NOWHERE)


def taught(spec: Spec, form: FrameFormat = FORM) -> Taught:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(representing, "features_graph", features)
        return teach_engine((), form, spec, lambda stage, share: None, NOWHERE)


@pytest.fixture(scope="module", params=ENGINES)
def bundle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    spec = ENGINES[request.param]
    path: Path = tmp_path_factory.mktemp("bundles") / "part"
    return write_bundle(path, taught(spec), spec.method, FORM, [grain(1), marked(2)])


@pytest.fixture
def alone(tmp_path: Path) -> Bundle:
    """A kernel without a graph."""
    return write_bundle(tmp_path / "b", taught(LrbSpec()), "lrb", FORM, [grain(1), marked(2)])


@pytest.mark.parametrize("name", ["openvino", "onnxruntime", "tensorrt", "rtx"])
def test_it_runs_whatever_the_line_asks_for(bundle: Bundle, name: str) -> None:
    precision = "f16" if name in {"tensorrt", "rtx"} else "f32"
    runtime = RuntimeConfig.model_validate({"name": name, "precision": precision, "threads": 1})
    engine = load_engine(bundle, runtime)
    passed = self_test(engine, bundle)
    assert passed.images == 2
    kernel = bundle.manifest.kernel
    assert kernel is not None
    assert engine.info.fingerprint.startswith(f"kernel {kernel.name} numpy {np.__version__} opencv")
    assert engine.info.runtime == "kernel"
    assert page_lock_of(engine) is None
    engine.close()


def test_a_defect_is_stranger_and_is_found_where_it_is(bundle: Bundle) -> None:
    engine = load_engine(bundle)
    found = engine.infer(np.stack([grain(7), marked(7), grain(8)]))
    assert found.maps.shape == (3, *bundle.manifest.map_shape)
    assert found.maps.dtype == found.scores.dtype == np.float32
    assert np.array_equal(found.maps.max(axis=(1, 2)), found.scores)
    assert found.scores[1] > 1.2 * max(found.scores[0], found.scores[2])
    place = np.unravel_index(found.maps[1].argmax(), found.maps[1].shape)
    away = (np.array(place) + 0.5) * 96 / np.array(found.maps[1].shape) - (55.0, 33.0)
    assert np.abs(away).max() < 12.0


def test_batches_of_another_shape_are_refused(bundle: Bundle) -> None:
    engine = load_engine(bundle)
    with pytest.raises(EngineError, match=r"takes uint8\[N, 96, 96, 3"):
        engine.infer(grain(1)[None, :64])


def test_the_kernel_is_the_one_of_the_check() -> None:
    for spec, check in (
        (LrbSpec(), LrbCheckSpec(check="lrb", cascade=True)),
        (CrdSpec(cascade=False), CrdCheckSpec(check="crd")),
    ):
        kernel = taught(spec).kernel
        assert kernel is not None
        wanted = kernel_for(check, 96, 96, 3)(marked(3))
        assert np.array_equal(maps_of(kernel)(marked(3)), wanted)


def test_deep_pixels_are_joined(tmp_path: Path) -> None:
    form = FrameFormat(96, 96, PixelFormat.MONO12)
    image = pixels_of(16 * grain(3, form).astype(np.uint16))
    bundle = write_bundle(tmp_path / "b", taught(LrbSpec(), form=form), "lrb", form, [image])
    assert levels_of(image).max() > 255
    assert 0.0 < load_engine(bundle).infer(image[None]).scores[0] < 2.0
    drawn = explain(bundle, image).expected
    assert drawn is not None
    assert drawn.shape == (96, 96)
    assert abs(drawn.mean() - 16 * 128 / 4095 * 255) < 1.0


def test_threads_are_the_callers_own(alone: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    work = LocalRepresentation.at

    def at(self: Any, *given: Any) -> Any:
        seen.append(threads())
        return work(self, *given)

    monkeypatch.setattr(LocalRepresentation, "at", at)
    usual = threads()
    for count in (3, 1):
        load_engine(alone, RuntimeConfig(threads=count)).infer(grain(1)[None])
        assert set(seen) == {count}
        seen.clear()
        assert threads() == usual
    with on_threads(3):
        three = load_engine(alone).infer(marked(1)[None]).maps
    with on_threads(1):
        assert np.array_equal(load_engine(alone).infer(marked(1)[None]).maps, three)


def test_no_graph_is_there_and_none_is_missed(alone: Bundle) -> None:
    assert alone.manifest.schema_version == 4
    assert {file.name for file in alone.path.iterdir()} == {MANIFEST, GOLDEN}
    assert alone.graph == b""


def test_the_surroundings_draw_what_they_expect(bundle: Bundle) -> None:
    found = explain(bundle, marked(5))
    assert found.parts == {}
    draws = bundle.manifest.provenance.parameters["on"] != "features"
    assert (found.expected is not None) == draws
    if found.expected is not None:
        assert found.expected.shape == (96, 96, 3)
        defect = found.expected[53:57, 31:35]
        assert abs(defect.mean() - 128) < 40  # of 98 that the defect differs by
        assert abs(found.expected[:40].mean() - 128) < 2


def test_what_contradicts_itself_is_refused(bundle: Bundle) -> None:
    manifest = bundle.manifest
    assert manifest.kernel is not None
    files: dict[Any, Any] = dict(manifest.files)
    if manifest.kernel.needs_graph:
        del files[GRAPH]
    else:
        files[GRAPH] = files[GOLDEN]
    with pytest.raises(ValidationError, match=rf"must (not )?list {GRAPH}"):
        type(manifest).model_validate(manifest.model_dump() | {"files": files})


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("name", "rx", r"kernel: .*'rx'"),
        ("neighbours", 0, r"kernel\.lrb\.neighbours: .*greater than 0"),
        ("steps", 3, r"kernel\.lrb\.steps: Extra inputs"),
    ],
)
def test_damaged_kernels_are_refused(alone: Bundle, key: str, value: object, words: str) -> None:
    file = alone.path / MANIFEST
    content = yaml.safe_load(file.read_text("utf-8"))
    content["kernel"][key] = value
    file.write_text(yaml.safe_dump(content), "utf-8")
    with pytest.raises(BundleError, match=words):
        open_bundle(alone.path)


def test_damaged_golden_vectors_are_refused(alone: Bundle) -> None:
    data = (alone.path / GOLDEN).read_bytes()
    (alone.path / GOLDEN).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(BundleError, match=r"golden\.safetensors: contents differ"):
        open_bundle(alone.path)


def test_another_kernel_fails_the_self_test(alone: Bundle) -> None:
    kernel = alone.manifest.kernel
    assert kernel is not None
    other = alone.manifest.model_copy(update={"kernel": kernel.model_copy(update={"outer": 7})})
    with pytest.raises(EngineError, match="self-test failed on kernel lrb"):
        self_test(load_engine(replace(alone, manifest=other)), alone)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_bundles_of_before_open(tmp_path: Path, version: int) -> None:
    before = write_tiny_bundle(tmp_path / "b", "f32")
    content = yaml.safe_load((before.path / MANIFEST).read_text("utf-8"))
    del content["kernel"]
    content["schema_version"] = version
    (before.path / MANIFEST).write_text(yaml.safe_dump(content), "utf-8")
    assert open_bundle(before.path).manifest.kernel is None


def test_it_is_tried_once(alone: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("_PAUSE_S", 0.0), ("_TURNS", 1), ("_TIMED", 2)):
        monkeypatch.setattr(f"engines.runtimes.trial.{name}", value)
    names = ("tensorrt", "openvino", "onnxruntime")
    candidates = [RuntimeConfig.model_validate({"name": name, "threads": 1}) for name in names]
    (tried,) = run_trial(alone, candidates, None).tried
    assert tried.fingerprint.startswith("kernel lrb")
    runtime = resolved(RuntimeConfig(name="auto", threads=1), alone, None)
    assert (runtime.name, runtime.threads) == (tried.name, 1)


def test_untaught_and_sized_for_the_image() -> None:
    small = FrameFormat(64, 16, PixelFormat.MONO8)
    with pytest.raises(ConfigError, match=r"engine\.patch: 24 px, but images have 64x16 px"):
        taught(LrbSpec(patch=24), form=small)
    assert taught(CrdSpec(on="pixels"), form=small).map_shape == (16, 64)
    assert taught(LrbSpec(), form=FORM).map_shape == (48, 48)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"guard": 13}, "outer 13 and guard 13: give odd numbers"),
        ({"outer": 12}, "outer 12 and guard 5"),
        ({"on": "features", "tile": 128}, "tile: an image is taken in one piece"),
        ({"on": "features", "levels": 2}, "levels: features have scales of their own"),
        ({"on": "pixels"}, "'patches' or 'features'"),
    ],
)
def test_what_does_not_go_together_is_refused(section: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        LrbSpec.model_validate(section)


@pytest.mark.parametrize("exact", [LocalRepresentation, Collaborative])
def test_the_cascade_judges_vectors_of_any_cells_as_the_exact_form(exact: Any) -> None:
    vectors = np.random.default_rng(0).normal(size=(24, 24, 40)).astype(np.float32)
    vectors[11, 7] += 3.0
    kernel = exact(None, noise=0.1)
    slow, quick = kernel.map_of(vectors), Cascade(kernel).map_of(vectors)
    assert quick.max() == pytest.approx(slow.max(), rel=1e-5)
    high = slow > 0.75 * slow.max()
    np.testing.assert_allclose(quick[high], slow[high], rtol=1e-4)
