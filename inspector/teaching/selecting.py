"""Which features of ``mt``, check or engine, help to tell the labelled defects: never applied."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from calibration.learned import Learned
from calibration.threshold import Calibration
from engines.background.mahalanobis_taguchi import Selection, select
from engines.bundle import Bundle, Manifest
from engines.graphs import with_outputs
from engines.runtimes.onnxruntime import open_session
from inspector.core.judgement import CheckResult
from inspector.core.ports import PreparedView
from inspector.scoring.fusion import Fusion, fusion_of

Judge = Callable[[Path], tuple[PreparedView, tuple[CheckResult, ...]]]


def selection_of(
    calibration: Calibration, judge: Judge, good: Sequence[Path], defective: Sequence[Path]
) -> Selection | None:
    """Gains of all features that there are, whichever the recipe names; None where none can be
    told: without ``mt``, without defects. Raises as judging does."""
    fusion = fusion_of(calibration.basis)
    if fusion is None or not defective:
        return None
    known = fusion.knowing(calibration.of(fusion.spec.check).learned)
    every = fusion.spec.model_copy(update={"features": None})
    measuring = Fusion(every, calibration.basis, known.level)

    def features(path: Path) -> tuple[float, ...]:
        view, results = judge(path)
        return measuring.features(view, results)

    return select(
        [features(path) for path in good], [features(path) for path in defective], measuring.names
    )


def kinds_of(
    bundle: Bundle, judge: Judge, good: Sequence[Path], defective: Sequence[Path]
) -> Selection | None:
    """Gains of the kinds of figures that the engine ``mt`` judges a whole picture by.

    None where there are none: another engine, or no defects. Raises as judging does.
    """
    manifest = bundle.manifest
    if manifest.method != "mt" or manifest.has_map or not (manifest.features and defective):
        return None
    model = onnx.load_from_string(bundle.graph)
    with_outputs(model, manifest.boundary)
    session = open_session(model.SerializeToString(), threads=1)

    def figures(path: Path) -> NDArray[np.float32]:
        view, _ = judge(path)
        found = session.run(None, {"image": view.pixels[None]})
        return np.concatenate([np.asarray(one, np.float32).ravel() for one in found])

    kinds = [re.split("[ ,]", name)[0] for name in manifest.features]
    return select([figures(path) for path in good], [figures(path) for path in defective], kinds)


def words_of_taught(manifest: Manifest) -> list[str]:
    """Whether the images that taught the engine were enough, where it can tell."""
    known = manifest.provenance.parameters
    if manifest.method != "mt":
        return []
    parts, wanted = int(known["images"]), int(known["images_without_shrinking"])
    words = _unit_space(parts, int(known["figures"]), float(known["shrinkage"]), wanted)
    return [f"The engine's unit space is {words}."]


def _unit_space(parts: int, features: int, shrinkage: float, wanted: int) -> str:
    more = f": {wanted - parts} more would do without" if wanted > parts else ""
    return (
        f"of {parts} parts over {features} features, whose correlations were drawn "
        f"{shrinkage:.0%} towards none{more}"
    )


def words_of_learned(calibration: Calibration) -> list[str]:
    """What checks learned, from how many images, and whether these are enough."""
    words = []
    fusion = fusion_of(calibration.basis)
    for check in calibration.checks:
        if check.learned is None:
            continue
        words.append(f"{check.name} learned from {_source(check.learned)}.")
        space = fusion.knowing(check.learned).space if fusion and check.name == "mt" else None
        if space is not None:
            known = _unit_space(space.parts, len(space.mean), space.shrinkage, space.wanted_parts)
            words[-1] += f" Its unit space is {known}."
    return words


def _source(learned: Learned) -> str:
    if not learned.folds:
        return f"{learned.images} images that were taught"
    return (
        f"the {learned.images} calibration images themselves, each of them judged by what the "
        f"others taught (in {learned.folds} parts)"
    )
