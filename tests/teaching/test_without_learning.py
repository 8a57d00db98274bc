"""Engines that learn nothing: calibrated by teaching, or judging from the first image on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engines.bundle import open_bundle
from engines.runtimes import load_engine, self_test
from inspector.cli.teach import _changes, _recipe
from inspector.core.engine_spec import CrdSpec, LrbSpec, RxSpec
from inspector.core.errors import BundleError, ConfigError
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.preparation import NO_OPTICS
from inspector.scoring.decision import provisional_checks
from inspector.station.catalogue import Catalogue
from inspector.teaching.again import teach_good
from inspector.teaching.bundles import compiled_folder, current_bundle
from inspector.teaching.calibrated import Site
from inspector.teaching.calibrating import calibrate_bundle, untaught
from inspector.teaching.compiling import compile_bundle, compile_plan
from inspector.teaching.evaluate import evaluate
from inspector.teaching.teach import TeachResult, teach
from tests.teaching.conftest import recipe, write_parts

Untaught = LrbSpec | CrdSpec | RxSpec
INT8 = RuntimeConfig(name="openvino", precision="int8", threads=1)
AUTO = RuntimeConfig(name="auto", threads=1)


class OneProduct:
    """The only product, as a catalogue."""

    def __init__(self, only: Recipe) -> None:
        self._only = only

    def has(self, product: str) -> bool:
        return product == self._only.product

    def recipe(self, product: str) -> Recipe:
        return self._only


def of(spec: Untaught) -> Recipe:
    return recipe().model_copy(update={"engine": spec})


LRB = of(LrbSpec(guard=7, patch=6))
"""The defects of these parts take a sixth of the picture's side: the guard has to hold them."""


@pytest.fixture
def own(
    good_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[TeachResult, Path]:
    """Taught as on a PC without torch."""
    monkeypatch.setitem(sys.modules, "torch", None)
    data = tmp_path / "data"
    return teach(str(good_folder), LRB, data, runtime=INT8), data


def test_teaching_calibrates_on_whatever_runtime(
    own: tuple[TeachResult, Path], mvtec: Path
) -> None:
    result, data = own
    manifest = open_bundle(result.bundle).manifest
    assert manifest.kernel is not None
    assert "torch" not in manifest.provenance.versions
    found = evaluate(result.bundle, str(mvtec), runtime=INT8, compiled=compiled_folder(data))
    assert found.engine == "lrb"
    assert found.threshold == result.calibration.threshold
    assert found.image_auroc is not None
    assert found.image_auroc > 0.9


def test_it_is_compared_and_calibrated_for_a_runtime_or_says_why_not(
    own: tuple[TeachResult, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("_PAUSE_S", 0.0), ("_TURNS", 1), ("_TIMED", 2)):
        monkeypatch.setattr(f"engines.runtimes.trial.{name}", value)
    result, data = own
    done = compile_bundle(result.bundle, data, AUTO, OneProduct(LRB))
    assert done.parity.passed
    assert done.trial is not None
    assert len(done.trial.tried) == 1
    assert done.calibration_file.name.endswith("calibration-openvino.yaml")
    before = sorted(data.rglob("*"))
    for runtime in (INT8, RuntimeConfig(name="tensorrt"), RuntimeConfig(name="rtx")):
        with pytest.raises(ConfigError, match=r"kernel lrb computes it.*nothing to compile for"):
            compile_bundle(result.bundle, data, runtime, OneProduct(LRB))
    with pytest.raises(ConfigError, match="nothing to compile for rtx"):
        compile_plan(result.bundle, data, RuntimeConfig(name="rtx"), (86,))
    assert sorted(data.rglob("*")) == before


def test_it_cannot_be_taught_more(own: tuple[TeachResult, Path], tmp_path: Path) -> None:
    write_parts(tmp_path / "rejected", range(600, 602))
    with pytest.raises(BundleError, match="the engine lrb keeps no memory"):
        teach_good(tmp_path / "rejected", LRB, Site(own[1], RuntimeConfig()))


def test_what_was_taught_stays_when_it_is_calibrated_anew(
    own: tuple[TeachResult, Path], tmp_path: Path
) -> None:
    result, data = own
    assert untaught("disc", OneProduct(LRB), data, NO_OPTICS) == result.bundle
    write_parts(tmp_path / "more", range(500, 520))
    made = calibrate_bundle(result.bundle, str(tmp_path / "more"), data, AUTO, OneProduct(LRB))
    assert made.calibration.images == 20
    changed = of(LrbSpec(guard=7, patch=6, neighbours=5))
    other = untaught("disc", OneProduct(changed), data, NO_OPTICS)
    assert other != result.bundle
    assert current_bundle(data, "disc") == other


@pytest.mark.parametrize(
    "spec", [LrbSpec(), CrdSpec(), CrdSpec(on="pixels"), RxSpec(form="local", on="pixels")]
)
def test_it_judges_from_the_first_image_on(tmp_path: Path, spec: Untaught) -> None:
    wanted = of(spec)
    assert not wanted.needs_teaching
    data = tmp_path / "data"
    path = untaught("disc", OneProduct(wanted), data, NO_OPTICS)
    assert path is not None
    assert path == current_bundle(data, "disc")
    assert path == untaught("disc", OneProduct(wanted), data, NO_OPTICS)
    bundle = open_bundle(path)
    self_test(load_engine(bundle), bundle)
    checks = provisional_checks(wanted.basis, None, wanted.provisional_threshold)
    assert checks is not None
    assert [check.name for check in checks] == ["engine"]
    write_parts(tmp_path / "first", range(700, 712))
    runtime = RuntimeConfig(threads=1)
    made = calibrate_bundle(path, str(tmp_path / "first"), data, runtime, OneProduct(wanted))
    assert made.calibration.images == 12


def test_engines_that_learn_have_no_provisional_threshold() -> None:
    assert recipe().needs_teaching
    assert recipe().provisional_threshold is None
    assert provisional_checks(recipe().basis, None, None) is None


def test_the_command_line_knows_it(good_folder: Path, tmp_path: Path) -> None:
    made = _recipe(Catalogue((tmp_path,)), "disc", str(good_folder), _changes("crd", None, None))
    assert made.engine == CrdSpec()
    assert [check.check for check in made.checks] == ["engine"]
