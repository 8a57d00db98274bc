"""A taught bundle on other runtimes and precisions: compared, then calibrated, or refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from calibration.threshold import load_calibration
from engines.bundle import open_bundle
from engines.runtimes import load_engine, parity
from engines.runtimes.trial import resolved
from inspector.core.errors import BundleError, DatasetError, EngineError
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.sim.defects import Kind
from inspector.teaching.bundles import calibration_path, compiled_folder
from inspector.teaching.compiling import PAINTED, Compiled, compile_bundle, compile_plan
from inspector.teaching.evaluate import evaluate
from inspector.teaching.teach import TeachResult, teach
from tests.teaching.conftest import recipe

INT8 = RuntimeConfig(name="openvino", precision="int8")
AUTO = RuntimeConfig(name="auto")


class OneRecipe:
    def recipe(self, product: str) -> Recipe:
        return recipe(product=product)


@pytest.fixture
def own(taught: tuple[TeachResult, Path], tmp_path: Path) -> tuple[Path, Path]:
    """A copy of what was taught: bundle and data folder."""
    result, data = taught
    copy = tmp_path / "copy"
    shutil.copytree(data, copy, symlinks=True)
    return copy / result.bundle.relative_to(data), copy


def compiled(own: tuple[Path, Path], runtime: RuntimeConfig) -> Compiled:
    return compile_bundle(*own, runtime, OneRecipe())


def test_another_runtime_gets_its_own_threshold(own: tuple[Path, Path], mvtec: Path) -> None:
    runtime = RuntimeConfig(name="onnxruntime")
    done = compiled(own, runtime)
    assert done.parity.images == done.calibration.images + len(Kind) * PAINTED
    assert done.parity.map_difference == 0.0  # it is the reference
    with_it = evaluate(own[0], str(mvtec), runtime=runtime)
    assert with_it.image_auroc == 1.0
    assert with_it.threshold == done.calibration.threshold


def test_int8_is_made_compared_and_calibrated(own: tuple[Path, Path], mvtec: Path) -> None:
    bundle, data = own
    done = compiled(own, INT8)
    assert 0.0 < done.parity.score_difference <= done.parity.allowed
    assert done.parity.flips_outside == 0
    assert done.calibration_file == calibration_path(bundle, "openvino-int8")
    engine = load_engine(open_bundle(bundle), INT8, compiled_folder(data))
    assert load_calibration(done.calibration_file, engine.info) == done.calibration
    figures = evaluate(bundle, str(mvtec), runtime=INT8, compiled=compiled_folder(data))
    assert figures.image_auroc == 1.0
    assert figures.runtime == "openvino-int8"


def test_an_engine_that_differs_is_refused_and_gets_no_threshold(
    own: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = parity.Tolerance(1e-9, 1e-9)
    compiled(own, INT8)  # its self-test passes with the tolerance that INT8 has
    calibration_path(own[0], "openvino-int8").unlink()
    monkeypatch.setattr("engines.runtimes.engine.TOLERANCES", dict(parity.TOLERANCES))
    monkeypatch.setitem(parity.TOLERANCES, "int8", exact)
    with pytest.raises(EngineError, match="does not compute what the reference does"):
        compiled(own, INT8)
    assert not calibration_path(own[0], "openvino-int8").exists()


def test_images_that_are_gone_are_named(own: tuple[Path, Path]) -> None:
    shutil.rmtree(own[1] / "datasets")
    with pytest.raises(DatasetError, match=r"datasets/disc: no images"):
        compiled(own, INT8)


def test_a_recipe_with_another_preparation_is_refused(own: tuple[Path, Path]) -> None:
    class Changed(OneRecipe):
        def recipe(self, product: str) -> Recipe:
            spec = PreparationSpec.model_validate({"width": 64, "height": 64, "fit": "stretch"})
            return super().recipe(product).model_copy(update={"preparation": spec})

    file = calibration_path(own[0], "onnxruntime")
    words = r"manifest\.yaml: preparation_hash: .*than the recipe has now.*undo the change"
    with pytest.raises(BundleError, match=words):
        compile_bundle(*own, RuntimeConfig(name="onnxruntime"), Changed())
    assert not file.exists()


def test_auto_is_recorded_calibrated_and_then_runs(own: tuple[Path, Path], mvtec: Path) -> None:
    bundle, data = own
    with pytest.raises(BundleError, match="no trial"):
        evaluate(bundle, str(mvtec), runtime=AUTO, compiled=compiled_folder(data))
    compiled(own, INT8)
    done = compiled(own, AUTO)
    assert done.trial is not None
    ran = {(item.name, item.precision) for item in done.trial.tried if item.p50_ms is not None}
    assert {("openvino", "f32"), ("openvino", "int8"), ("onnxruntime", "f32")} <= ran
    assert resolved(AUTO, open_bundle(bundle), compiled_folder(data)) == done.runtime
    figures = evaluate(bundle, str(mvtec), runtime=AUTO, compiled=compiled_folder(data))
    assert figures.threshold == done.calibration.threshold


@pytest.mark.parametrize("runtime", [AUTO, INT8], ids=lambda runtime: runtime.label)
def test_teaching_makes_what_the_line_will_run(
    runtime: RuntimeConfig, mvtec: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    result = teach(str(mvtec), recipe(), data, runtime=runtime)
    figures = evaluate(result.bundle, str(mvtec), runtime=runtime, compiled=compiled_folder(data))
    assert figures.image_auroc == 1.0
    assert figures.threshold == result.calibration.threshold


def test_a_plan_for_other_pcs_is_built_here(own: tuple[Path, Path]) -> None:
    pytest.importorskip("tensorrt_rtx", reason="the extra rtx is not installed")
    runtime = RuntimeConfig(name="rtx", precision="f16")
    plan = compile_plan(*own, runtime, (86, 89))
    assert plan.parent.parent == compiled_folder(own[1])
    assert plan.read_bytes().startswith(b"vtrt")


def test_a_map_of_several_scales_is_compared_as_it_is_judged(own: tuple[Path, Path]) -> None:
    class SeveralScales:
        def recipe(self, product: str) -> Recipe:
            checks = [{"check": "engine", "scales": 3}]
            return Recipe.model_validate({**recipe(product=product).model_dump(), "checks": checks})

    done = compile_bundle(*own, RuntimeConfig(name="onnxruntime"), SeveralScales())
    assert done.parity.score_difference == 0.0
    assert done.parity.flips == 0
    learned = done.calibration.of("engine").learned
    assert learned is not None
    assert sorted(learned.unpacked()) == ["hardly", "usual"]
