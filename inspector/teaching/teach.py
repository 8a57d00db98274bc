"""From good images to a bundle and its calibration, in one go or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np

import inspector
from calibration.threshold import Calibration, calibrate, write_calibration
from engines.bundle import Bundle, Manifest, Provenance, pack, packed_hash, writing_bundle
from engines.methods import teach_engine
from engines.runtimes import load_engine, self_test
from engines.runtimes.onnxruntime import golden_of
from engines.taught import Folders, Taught
from engines.tiling import tiles_in
from inspector.core.errors import BundleError, Cancelled
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine
from inspector.core.recipe import Recipe
from inspector.preparation import preparation_hash
from inspector.teaching.bundles import (
    bundles_folder,
    calibration_path,
    compiled_folder,
    make_current,
)
from inspector.teaching.compiling import made_ready
from inspector.teaching.dataset import DatasetStore, Entry, Split, manifest_hash
from inspector.teaching.prepared import PreparedImages, Preparer
from inspector.teaching.scores import final_scores
from inspector.teaching.solar import is_demo, kind_of, solar_pictures
from inspector.teaching.sources import good_pictures
from inspector.teaching.split import Chosen, split_good

GOLDEN_IMAGES = 3
_PACKAGES = ("onnx", "onnxruntime", "openvino", "torch")

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class TeachResult:
    """What a teaching left behind, and how long each stage of it took, seconds."""

    bundle: Path
    bundle_hash: str
    calibration_file: Path
    calibration: Calibration
    dataset_hash: str
    teach_images: int
    calibrate_images: int
    seconds: dict[str, float]


def teach(
    source: str,
    recipe: Recipe,
    data_folder: Path,
    *,
    good: int | None = None,
    out: Path | None = None,
    runtime: RuntimeConfig = RuntimeConfig(),  # noqa: B008  # frozen
    progress: Progress = lambda stage, share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> TeachResult:
    """Teach a product from a folder, MVTec AD's layout or ``demo:solar-mono|poly``.

    ``good`` limits the good images used (of a demo set: the teaching ones). The bundle goes to
    ``out``, or into the data folder, where it becomes the current one. ``progress`` is told stage
    and share, on the calling thread. When ``cancelled`` says so, ``Cancelled`` is raised and
    nothing remains. Raises ``DatasetError``, ``ImageError``, ``ConfigError``, ``EngineError`` or
    ``StorageError``.
    """
    stages = _Stages(progress, cancelled)
    stages("images", 0.0)
    if out is not None and out.exists():
        raise BundleError(f"{out}: is there already", remedy="Give a new folder to --out")
    store = DatasetStore(data_folder / "datasets" / recipe.product)
    chosen = _choose(source, store, recipe.engine.seed, good)
    for_teaching = _of(chosen, Split.TEACH)
    for_calibration = _of(chosen, Split.CALIBRATE)
    preparer = Preparer(recipe.preparation)
    images = PreparedImages(preparer, [item.path for item in for_teaching])
    folders = Folders(data_folder / "weights", data_folder / "cache")
    taught = teach_engine(images, preparer.form, recipe.engine, stages, folders)
    stages("bundle", 0.0)
    golden = np.stack([preparer.read(item.path)[0] for item in for_calibration[:GOLDEN_IMAGES]])
    graph = taught.graph.SerializeToString(deterministic=True)
    entries = [item.entry for item in chosen]
    manifest = _manifest(recipe, taught, entries)
    answers = golden_of(graph, golden, tiles_in(manifest))
    files = pack(manifest, graph, answers, taught.files)
    path = out or bundles_folder(data_folder, recipe.product) / packed_hash(files)[:12]
    with writing_bundle(path, files) as bundle:
        stages("compile", 0.0)
        compiled = compiled_folder(data_folder)
        runtime, _ = made_ready(bundle, runtime, images, compiled)
        with closing(load_engine(bundle, runtime, compiled)) as engine:
            calibration = _calibrate(engine, bundle, recipe, for_calibration, stages)
        stages("store", 0.0)
        store.add((item.entry, item.path) for item in chosen)
    calibration_file = calibration_path(path, runtime.label)
    write_calibration(calibration_file, calibration)
    if out is None:
        make_current(path)
    return TeachResult(
        bundle=path,
        bundle_hash=bundle.hash,
        calibration_file=calibration_file,
        calibration=calibration,
        dataset_hash=manifest_hash(entries),
        teach_images=len(for_teaching),
        calibrate_images=len(for_calibration),
        seconds=stages.finish(),
    )


def _choose(source: str, store: DatasetStore, seed: int, good: int | None) -> list[Chosen]:
    if not is_demo(source):
        return split_good(good_pictures(Path(source)), store.entries(), seed, good)
    pictures = [picture for picture in solar_pictures(kind_of(source)) if picture.split]
    chosen = split_good([p for p in pictures if p.split is not Split.TEST], {}, seed)
    return _of(chosen, Split.TEACH)[:good] + _of(chosen, Split.CALIBRATE)


def _of(chosen: Sequence[Chosen], split: Split) -> list[Chosen]:
    return [item for item in chosen if item.entry.split is split]


def _manifest(recipe: Recipe, taught: Taught, entries: Sequence[Entry]) -> Manifest:
    spec = recipe.preparation
    versions = {"inspector": inspector.__version__, **{name: version(name) for name in _PACKAGES}}
    return Manifest(
        product=recipe.product,
        method=recipe.engine.method,
        input_shape=(spec.height, spec.width, spec.pixel_format.channels),
        map_shape=taught.map_shape,
        tiling=taught.tiling,
        boundary=taught.boundary,
        preparation=spec,
        preparation_hash=preparation_hash(spec),
        provenance=Provenance(
            dataset=manifest_hash(entries),
            seed=recipe.engine.seed,
            parameters=taught.parameters,
            versions=versions,
        ),
    )


def _calibrate(
    engine: Engine, bundle: Bundle, recipe: Recipe, images: Sequence[Chosen], stages: Progress
) -> Calibration:
    """Threshold the compiled engine's own final statistic, after its self-test."""
    self_test(engine, bundle)
    scores = final_scores(
        engine,
        Preparer(recipe.preparation),
        [item.path for item in images],
        recipe.min_area_px,
        lambda share: stages("calibrate", share),
    )
    return calibrate(
        np.array([score for score, _ in scores]),
        recipe.decision.false_reject_rate,
        info=engine.info,
        preparation_hash=bundle.preparation_hash,
        min_area_px=recipe.min_area_px,
    )


@dataclass(slots=True)
class _Stages:
    """Passes progress on, times the stages, and stops the work when it is cancelled.

    What follows a colon in a stage's name is news of the same stage: an epoch, a loss.
    """

    progress: Progress
    cancelled: Callable[[], bool]
    seconds: dict[str, float] = field(default_factory=dict)
    stage: str = ""
    since: float = field(default_factory=time.perf_counter)

    def __call__(self, stage: str, share: float) -> None:
        if self.cancelled():
            raise Cancelled("teaching was cancelled")
        timed = stage.partition(":")[0]
        if timed != self.stage:
            self._close()
            self.stage = timed
        self.progress(stage, share)

    def finish(self) -> dict[str, float]:
        self._close()
        return self.seconds

    def _close(self) -> None:
        now = time.perf_counter()
        if self.stage:
            self.seconds[self.stage] = self.seconds.get(self.stage, 0.0) + now - self.since
        self.since = now
