"""What a bundle is worth on labelled images that it has never seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.metrics import Mask, aupro, auroc, auroc_interval
from inspector.core.canonical import Json
from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat, ScoreMap
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine, PreparedView
from inspector.durable.images import read_image
from inspector.preparation import NO_OPTICS, Optics
from inspector.scoring.decision import Decision
from inspector.teaching.calibrated_engine import calibrated_engine
from inspector.teaching.dataset import Label, Split
from inspector.teaching.prepared import Preparer
from inspector.teaching.scores import final_scores
from inspector.teaching.solar import is_demo, kind_of, solar_pictures
from inspector.teaching.sources import Picture, test_pictures

_PIXEL_SIDE = 256
"""Pixel figures are computed at the engine's input size, at most this many px a side."""
_WARM_UP, _TIMED = 20, 200


@dataclass(frozen=True, slots=True)
class LatencyFigures:
    """One prepared image to its judgement, batch 1, after warm-up; milliseconds."""

    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """One kind of defect, or one grade; ``image_auroc`` is against all good images."""

    images: int
    rejected: int
    image_auroc: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one bundle on one test set. None where the images cannot tell."""

    image_auroc: float | None
    pixel_auroc: float | None
    aupro: float | None
    false_rejects: int
    """Of ``good``."""
    escapes: int
    """Of ``defective``."""
    threshold: float
    latency_ms: LatencyFigures
    images: int
    """Good and defective ones; graded ones stand in ``categories`` alone."""
    engine: str
    runtime: str
    good: int
    defective: int
    image_auroc_interval: tuple[float, float] | None = None
    """Both ends, 95 %."""
    categories: dict[str, CategoryFigures] = field(default_factory=dict)

    @property
    def false_reject_rate(self) -> float | None:
        """Share of the good images."""
        return self.false_rejects / self.good if self.good else None

    @property
    def escape_rate(self) -> float | None:
        """Share of the defective images."""
        return self.escapes / self.defective if self.defective else None

    def to_json(self) -> dict[str, Json]:
        """Plain values for ``--json``."""
        rates = {"false_reject_rate": self.false_reject_rate, "escape_rate": self.escape_rate}
        return asdict(self) | rates


def evaluate(
    bundle_path: Path,
    source: str,
    *,
    runtime: RuntimeConfig = RuntimeConfig(),  # noqa: B008  # frozen
    compiled: Path | None = None,
    optics: Optics = NO_OPTICS,
    progress: Callable[[float], None] = lambda share: None,
) -> Evaluation:
    """Judge the test images of MVTec AD's layout, or of ``demo:solar-mono|poly``.

    Threshold and minimum defect area are those of the bundle's calibration on this runtime.
    ``compiled`` is the folder of what was compiled on this PC.
    Raises ``BundleError``, ``DatasetError``, ``ImageError`` or ``EngineError``.
    """
    pictures = labelled(source)
    paths = [picture.path for picture in pictures]
    with calibrated_engine(bundle_path, runtime, compiled, optics) as line:
        preparer, threshold = line.preparer, line.calibration.threshold
        decision = Decision(line.calibration)
        judged = final_scores(line.engine, preparer, paths, decision, progress)
        latency = _latency(line.engine, preparer.view(paths[0]), decision)
    scores = np.array([score for score, _ in judged])
    truths = np.array([picture.truth for picture in pictures])
    good, defective = scores[truths == Label.GOOD], scores[truths == Label.DEFECTIVE]
    pixel_auroc, region_overlap = pixel_figures(pictures, [m for _, m in judged], preparer)
    return Evaluation(
        image_auroc=_separation(good, defective),
        pixel_auroc=pixel_auroc,
        aupro=region_overlap,
        false_rejects=int((good > threshold).sum()),
        escapes=int((defective <= threshold).sum()),
        threshold=threshold,
        latency_ms=latency,
        images=good.size + defective.size,
        engine=line.engine.info.method,
        runtime=line.runtime,
        good=good.size,
        defective=defective.size,
        image_auroc_interval=auroc_interval(*_labelled(good, defective)),
        categories=_categories(pictures, scores, threshold),
    )


def labelled(source: str) -> list[Picture]:
    """The test images of a source; see `evaluate`. Raises ``DatasetError``."""
    if not is_demo(source):
        return test_pictures(Path(source))
    return [picture for picture in solar_pictures(kind_of(source)) if picture.split is Split.TEST]


def _separation(good: NDArray[np.float64], defective: NDArray[np.float64]) -> float | None:
    return auroc(*_labelled(good, defective))


def _labelled(
    good: NDArray[np.float64], defective: NDArray[np.float64]
) -> tuple[NDArray[np.float64], Mask]:
    """Scores, and which of them are of defective images."""
    labels = np.repeat([False, True], [good.size, defective.size])
    return np.concatenate([good, defective]), labels


def _categories(
    pictures: Sequence[Picture], scores: NDArray[np.float64], threshold: float
) -> dict[str, CategoryFigures]:
    good = scores[[picture.truth is Label.GOOD for picture in pictures]]
    found = {}
    for name in sorted({p.category for p in pictures if p.truth is not Label.GOOD}):
        own = scores[[picture.category == name for picture in pictures]]
        rejected = int((own > threshold).sum())
        found[name] = CategoryFigures(own.size, rejected, _separation(good, own))
    return found


def _latency(engine: Engine, view: PreparedView, decision: Decision) -> LatencyFigures:
    batch = view.pixels[None]
    times = []
    for _ in range(_WARM_UP + _TIMED):
        start = time.perf_counter_ns()
        decision.judge(view, engine.infer(batch))
        times.append((time.perf_counter_ns() - start) / 1e6)
    p50, p99 = np.percentile(times[_WARM_UP:], [50, 99])
    return LatencyFigures(float(p50), float(p99))


def pixel_figures(
    pictures: Sequence[Picture], maps: Sequence[ScoreMap | None], preparer: Preparer
) -> tuple[float | None, float | None]:
    """Pixel AUROC and AU-PRO over good images and those defective ones that have a mask.

    None without masks, and of an engine that marks no place.
    """
    coarse = [score_map for score_map in maps if score_map is not None]
    if not any(picture.mask for picture in pictures) or len(coarse) < len(maps):
        return None, None
    size = (min(preparer.form.width, _PIXEL_SIDE), min(preparer.form.height, _PIXEL_SIDE))
    known = [index for index, p in enumerate(pictures) if p.mask or p.truth is Label.GOOD]
    masks = [_mask(pictures[index], preparer, size) for index in known]
    fine = [_enlarged(coarse[index], size) for index in known]
    pixels = np.concatenate([score_map.ravel() for score_map in fine])
    marked = np.concatenate([mask.ravel() for mask in masks])
    return auroc(pixels, marked), aupro(fine, masks)


def _enlarged(score_map: ScoreMap, size: tuple[int, int]) -> ScoreMap:
    return np.asarray(cv2.resize(score_map, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _mask(picture: Picture, preparer: Preparer, size: tuple[int, int]) -> Mask:
    if picture.mask is None:
        return np.zeros((size[1], size[0]), bool)
    marked = read_image(picture.mask, PixelFormat.MONO8)[:, :, 0] > 127
    mask = preparer.mask_of(marked, picture.path).astype(np.uint8)
    if not mask.size:
        raise ImageError(f"{picture.mask}: smaller than its image", remedy="Replace the mask")
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST) > 0)
