"""From photographs of parts that were shown several times to a gauge study of a bundle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from calibration.gauge import GaugeStudy, gauge_study
from inspector.core.errors import DatasetError
from inspector.core.line_config import RuntimeConfig
from inspector.preparation import NO_OPTICS, Optics
from inspector.scoring.decision import Decision
from inspector.teaching.calibrated_engine import calibrated_engine
from inspector.teaching.dataset import digest_of
from inspector.teaching.scores import final_scores
from inspector.teaching.sources import folders_in, good_pictures

_REMEDY = "Give FOLDER/<part>/<show>.png, or FOLDER/good/<part>/ and FOLDER/bad/<part>/"
_KINDS = ("good", "bad")
LEAST_PARTS, LEAST_SHOWS = 2, 2


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part's photographs, one of each show; ``bad`` is None where nothing is known of it."""

    name: str
    shows: tuple[Path, ...]
    bad: bool | None = None


def shown_parts(folder: Path) -> list[ShownPart]:
    """Parts and their shows. Raises ``DatasetError``: too few, or one photograph given twice."""
    kinds = folders_in(folder)
    if kinds and set(kinds) <= set(_KINDS):
        parts = [
            _part(folder / kind / name, f"{kind}/{name}", bad=kind == "bad")
            for kind in kinds
            for name in folders_in(folder / kind)
        ]
    else:
        parts = [_part(folder / name, name, bad=None) for name in kinds]
    if len(parts) < LEAST_PARTS:
        raise DatasetError(
            f"{folder}: {len(parts)} parts are too few for a gauge study", remedy=_REMEDY
        )
    return parts


def _part(folder: Path, name: str, *, bad: bool | None) -> ShownPart:
    shows = tuple(picture.path for picture in good_pictures(folder))
    if len(shows) < LEAST_SHOWS:
        raise DatasetError(f"{folder}: shown once only", remedy="Show each part at least twice")
    if len({digest_of(path) for path in shows}) < len(shows):
        raise DatasetError(
            f"{folder}: one photograph is there twice",
            remedy="Take the part away, show it again and photograph it anew",
        )
    return ShownPart(name, shows, bad)


def study_gauge(
    bundle_path: Path,
    folder: Path,
    *,
    runtime: RuntimeConfig = RuntimeConfig(),  # noqa: B008  # frozen
    compiled: Path | None = None,
    optics: Optics = NO_OPTICS,
    progress: Callable[[float], None] = lambda share: None,
) -> GaugeStudy:
    """Score every show as the line does, by the calibrated engine, and study what comes of it.

    Raises ``BundleError``, ``DatasetError``, ``ImageError`` or ``EngineError``.
    """
    parts = shown_parts(folder)
    paths = [path for part in parts for path in part.shows]
    with calibrated_engine(bundle_path, runtime, compiled, optics) as line:
        decision = Decision(line.calibration)
        judged = final_scores(line.engine, line.preparer, paths, decision, progress)
    scores = iter(score for score, _ in judged)
    known = [part.bad for part in parts if part.bad is not None]
    return gauge_study(
        [[next(scores) for _ in part.shows] for part in parts],
        line.calibration.threshold,
        names=[part.name for part in parts],
        bad=known or None,
    )
