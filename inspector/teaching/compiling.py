"""A taught bundle on one runtime of this PC: compiled, compared, calibrated."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from calibration.statistic import statistic
from calibration.threshold import Calibration, write_calibration
from engines.bundle import Bundle, open_bundle
from engines.precision.making import make_variant
from engines.precision.variants import NVIDIA, folder_of, graph_of, has_variant
from engines.runtimes import load_engine, self_test
from engines.runtimes.parity import Parity, Statistic, check_parity, measure_parity
from engines.runtimes.trial import RUNTIMES, Trial, run_trial, write_trial
from engines.taught import Images
from inspector.core.detection import Detection
from inspector.core.errors import ConfigError, DatasetError
from inspector.core.frame import ScoreMap
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine, PreparedView
from inspector.core.recipe import Recipe
from inspector.preparation import NO_OPTICS, Optics
from inspector.scoring.raw_check import raw_checks
from inspector.scoring.sizes import defect_size
from inspector.sim.defects import Kind
from inspector.teaching.bundles import calibration_path, compiled_folder
from inspector.teaching.dataset import DatasetStore, Split
from inspector.teaching.detectability import Grid, trials
from inspector.teaching.prepared import PreparedImages, Preparer, preparer_of
from inspector.teaching.scores import threshold_of


class Recipes(Protocol):
    """Where recipes are found by the name of their product."""

    def recipe(self, product: str) -> Recipe:
        """One recipe. Raises ``ConfigError``."""


Progress = Callable[[str, float], None]

Gate = Callable[[Parity, Engine], object]
"""Raises where the engine may not run."""

PAINTED = 8
"""Images with a painted defect of each kind, so that the gate also sees verdicts that reject."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What compiling a bundle for a runtime found, and where its threshold lies."""

    runtime: RuntimeConfig
    fingerprint: str
    parity: Parity
    calibration: Calibration
    calibration_file: Path
    trial: Trial | None


def compile_bundle(
    path: Path,
    data_folder: Path,
    runtime: RuntimeConfig,
    recipes: Recipes,
    progress: Progress = lambda stage, share: None,
    *,
    gate: Gate = check_parity,
    optics: Optics = NO_OPTICS,
) -> Compiled:
    """Compile, compare with the reference on the calibration images, then calibrate.

    The images are those that teaching left in the data folder; to them come copies with painted
    defects. Raises ``DatasetError`` when they are gone, ``BundleError`` for a recipe with another
    preparation, ``ConfigError`` where a kernel computes it and not on every runtime,
    ``EngineError`` with the figures when maps, scores or verdicts differ by more than
    the precision allows: nothing is calibrated then. Only a bench, which measures what is refused,
    gives another ``gate``.
    """
    bundle = open_bundle(path)
    _refuse_kernel(bundle, runtime)
    recipe = recipes.recipe(bundle.manifest.product)
    preparer = preparer_of(bundle, recipe.preparation, optics)
    compiled = compiled_folder(data_folder)
    paths = _stored(data_folder, recipe.product, Split.CALIBRATE)
    progress("compile", 0.0)
    taught = _stored(data_folder, recipe.product, Split.TEACH)
    images = PreparedImages(preparer, taught)
    runtime, trial = made_ready(bundle, runtime, images, compiled)
    with (
        closing(load_engine(bundle, runtime, compiled)) as engine,
        closing(load_engine(bundle, RuntimeConfig(name="onnxruntime"))) as reference,
    ):
        self_test(engine, bundle)
        of_reference, of_engine = (
            threshold_of(which, preparer, recipe, paths, partial(progress, stage), taught=taught)
            for which, stage in ((reference, "reference"), (engine, "calibrate"))
        )
        progress("parity", 0.0)
        parity = measure_parity(
            engine,
            reference,
            _views(preparer, paths),
            of_reference.of("engine").threshold,
            _highest_level(recipe, of_reference),
        )
        gate(parity, engine)
    file = calibration_path(path, runtime.label)
    write_calibration(file, of_engine)
    return Compiled(runtime, engine.info.fingerprint, parity, of_engine, file, trial)


def _highest_level(recipe: Recipe, calibration: Calibration) -> Statistic:
    """What of an engine's map is held against the threshold of the check ``engine``."""
    (check,) = (check for check in raw_checks(recipe.basis) if check.name == "engine")
    check = check.knowing(calibration.of("engine").learned)

    def highest(score_map: ScoreMap, view: PreparedView) -> float:
        judged = check.map_of(view, Detection(score_map[None], score_map.max(keepdims=True)[0]))
        return statistic(judged, defect_size(recipe.basis, view.field, judged.shape))

    return highest


def painted(
    preparer: Preparer, paths: Sequence[Path], kinds: Sequence[Kind]
) -> Iterator[PreparedView]:
    """Each image with a defect of each kind, an eighth of the field's side.

    Raises ``ImageError``, ``DatasetError`` or ``ConfigError`` as reading does.
    """
    _, area = preparer.read(paths[0])
    sizes = {kind: (math.sqrt(area) / 8,) for kind in kinds}
    for trial in trials(preparer, paths, Grid(sizes, contrasts=(0.5,), trials=len(paths))):
        yield trial.view


def made_ready(
    bundle: Bundle, runtime: RuntimeConfig, images: Images, compiled: Path
) -> tuple[RuntimeConfig, Trial | None]:
    """The runtime that will run: ``auto`` after a trial, which is recorded; a precision is made.

    ``images`` are prepared good ones, for the ranges of INT8.
    """
    if runtime.name == "auto":
        trial = try_runtimes(bundle, runtime, compiled)
        write_trial(trial, bundle, compiled)
        return trial.fastest, trial
    if bundle.manifest.kernel is None and has_variant(runtime):
        make_variant(bundle, runtime, images, compiled)
    return runtime, None


def compile_plan(
    path: Path,
    data_folder: Path,
    runtime: RuntimeConfig,
    architectures: Sequence[int],
    progress: Progress = lambda stage, share: None,
    *,
    optics: Optics = NO_OPTICS,
) -> Path:
    """Build a TensorRT-RTX plan for GPUs that need not be here; the plan's path.

    Raises ``ConfigError`` for architectures that it does not know and where a kernel computes,
    ``EngineError`` with the parser's words for a graph that it refuses.
    """
    from engines.runtimes.rtx import compile_rtx  # noqa: PLC0415  # an extra that few PCs have

    bundle = open_bundle(path)
    _refuse_kernel(bundle, runtime)
    compiled = compiled_folder(data_folder)
    progress("compile", 0.0)
    if has_variant(runtime):
        preparer = preparer_of(bundle, bundle.manifest.preparation, optics)
        paths = _stored(data_folder, bundle.manifest.product, Split.TEACH)
        make_variant(bundle, runtime, PreparedImages(preparer, paths), compiled)
    graph = graph_of(bundle, runtime, compiled)
    folder = folder_of(bundle, compiled)
    return compile_rtx(bundle, architectures, folder, runtime.precision, graph)


def try_runtimes(bundle: Bundle, runtime: RuntimeConfig, compiled: Path) -> Trial:
    """Time every runtime of this PC at float32, at bfloat16 where the CPU knows it, and at the
    precisions that were compiled for the bundle."""
    made = {path.stem for path in folder_of(bundle, compiled).glob("*.onnx")}
    candidates = [RuntimeConfig(name=name, threads=runtime.threads) for name in RUNTIMES]
    candidates.append(RuntimeConfig(name="openvino", precision="bf16", threads=runtime.threads))
    for name in RUNTIMES:
        kinds = {"f16": "f16", "int8": "int8-signed"} if name in {"tensorrt", "rtx"} else {}
        for precision, kind in (kinds or {"int8": "int8"}).items():
            if kind in made:
                changes = {"name": name, "precision": precision, "threads": runtime.threads}
                candidates.append(RuntimeConfig.model_validate(changes))
    return run_trial(bundle, candidates, compiled)


def _refuse_kernel(bundle: Bundle, runtime: RuntimeConfig) -> None:
    """Raise ``ConfigError`` for what no kernel can become."""
    kernel = bundle.manifest.kernel
    if kernel is not None and (runtime.name in NVIDIA or runtime.precision != "f32"):
        raise ConfigError(
            f"{bundle.path}: the kernel {kernel.name} computes it, in float32 on the CPU: there is "
            f"nothing to compile for {runtime.label}",
            remedy="It runs as it is, whatever the line's runtime",
        )


def _stored(data_folder: Path, product: str, split: Split) -> list[Path]:
    paths = DatasetStore(data_folder / "datasets" / product).good_images(split)
    if not paths:
        raise DatasetError(
            f"{data_folder / 'datasets' / product}: no images to {split.value} with",
            remedy="Teach the product on this PC",
        )
    return paths


def _views(preparer: Preparer, paths: Sequence[Path]) -> Iterator[PreparedView]:
    """Good images, then some of them with painted defects."""
    yield from map(preparer.view, paths)
    yield from painted(preparer, paths[:PAINTED], tuple(Kind))
