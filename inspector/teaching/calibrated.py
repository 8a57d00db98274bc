"""From an engine's graph to a calibrated bundle that is current, in one go or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import onnx

from calibration.threshold import Calibration, write_calibration
from engines.bundle import POSE, Bundle, Manifest, pack, packed_hash, writing_bundle
from engines.runtimes import load_engine, self_test
from engines.runtimes.reference import reference_of
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine
from inspector.core.recipe import Recipe
from inspector.preparation import NO_OPTICS, Optics
from inspector.sim.defects import Kind
from inspector.teaching.bundles import (
    bundles_folder,
    calibration_path,
    compiled_folder,
    make_current,
)
from inspector.teaching.compiling import made_ready, painted
from inspector.teaching.looks import keep_looks, looks_of, looks_path
from inspector.teaching.prepared import PreparedImages, Preparer
from inspector.teaching.scores import threshold_of
from inspector.teaching.stages import Stages

GOLDEN_GOOD = 2
"""Good images among the golden ones."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An engine that is no bundle yet, and the image files that make it one.

    The first of ``calibrate`` become golden vectors: never images that it remembers, where the
    root of a distance of nearly zero is all rounding. One more has a painted defect: where good
    parts are all alike nothing else says how large a map can be.
    """

    manifest: Manifest
    graph: onnx.ModelProto
    files: Mapping[str, bytes]
    teach: Sequence[Path]
    calibrate: Sequence[Path]
    preparer: Preparer


@dataclass(frozen=True, slots=True)
class Site:
    """Where a bundle is made: the data folder, the runtime of this PC, another folder for it.

    ``optics`` are the cameras whose artefacts correct the images.
    """

    data_folder: Path
    runtime: RuntimeConfig = field(default_factory=RuntimeConfig)
    out: Path | None = None
    optics: Optics = NO_OPTICS


@dataclass(frozen=True, slots=True)
class Candidate:
    """A calibrated bundle that can still be refused; ``path`` is the name that it will have."""

    bundle: Bundle
    engine: Engine
    calibration: Calibration
    path: Path
    calibration_file: Path


@contextmanager
def calibrated_bundle(
    draft: Draft, recipe: Recipe, site: Site, stages: Stages
) -> Iterator[Candidate]:
    """Pack, compile, self-test and calibrate an engine, and let it be looked at.

    When the block ends without error the bundle takes its name and, without ``site.out``, becomes
    the current one; else nothing remains. Raises ``ImageError``, ``DatasetError``,
    ``EngineError``, ``StorageError``.
    """
    stages("bundle", 0.0)
    preparer = draft.preparer
    files = _packed(draft)
    path = site.out or bundles_folder(site.data_folder, recipe.product) / packed_hash(files)[:12]
    compiled = compiled_folder(site.data_folder)
    images = PreparedImages(preparer, draft.teach)
    with writing_bundle(path, files) as bundle:
        stages("compile", 0.0)
        runtime, _ = made_ready(bundle, site.runtime, images, compiled)
        file = calibration_path(path, runtime.label)
        with closing(load_engine(bundle, runtime, compiled)) as engine:
            self_test(engine, bundle)
            calibration = threshold_of(
                engine,
                preparer,
                recipe,
                draft.calibrate,
                partial(stages, "calibrate"),
                taught=draft.teach,
            )
            looks = looks_of(preparer, draft.calibrate)
            yield Candidate(bundle, engine, calibration, path, file)
    keep_looks(looks_path(path, calibration), looks)
    write_calibration(file, calibration)
    if site.out is None:
        make_current(path)


def _packed(draft: Draft) -> dict[str, bytes]:
    preparer, reference = draft.preparer, draft.preparer.reference
    golden = np.stack(
        [
            *(preparer.read(path)[0] for path in draft.calibrate[:GOLDEN_GOOD]),
            *(view.pixels for view in painted(preparer, draft.calibrate[:1], [Kind.SPOT])),
        ]
    )
    graph = draft.graph.SerializeToString(deterministic=True)
    answers = reference_of(draft.manifest, graph, golden)
    others = draft.files if reference is None else {**draft.files, POSE: reference.data}
    return pack(draft.manifest, graph, answers, others)
