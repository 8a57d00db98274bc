"""Probability of detection: which defects an engine finds at its threshold, by size and contrast.

Defects are painted into camera images of good parts, which then go the way of every frame:
preparation, engine, final statistic. So what a coarse engine input blurs away is not found here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from calibration.metrics import Mask, rate_interval
from inspector.core.frame import ScoreMap
from inspector.core.levels import levels_of, pixels_of
from inspector.core.ports import Engine, PreparedView
from inspector.durable.images import read_image
from inspector.scoring.decision import Decision
from inspector.sim.defects import Canvas, Flaw, Kind
from inspector.teaching.prepared import Preparer

if TYPE_CHECKING:
    from calibration.hit_miss import Capability

TOLERANCE = 1 / 16
"""How far from the defect the map's strongest cell may lie: a share of the field's shorter side.

Half the receptive step of a coarse engine; by chance a false alarm lies as near in 1 to 3 %.
"""


@dataclass(frozen=True, slots=True)
class Grid:
    """Defects to be painted: every kind in its sizes (camera px), by contrast, ``trials`` each.

    Contrast is a share of the part's white. ``both`` alternates dark and bright ones.
    """

    sizes_px: Mapping[Kind, Sequence[float]]
    contrasts: Sequence[float]
    trials: int
    polarity: Literal["dark", "bright", "both"] = "both"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """One painted image as the engine will see it; ``defect`` bool[H, W] is the field's truth."""

    flaw: Flaw
    view: PreparedView = field(repr=False)
    defect: Mask = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pod:
    """How often one kind of defect of one size and contrast was found."""

    kind: Kind
    size_px: float
    contrast: float
    hits: int
    trials: int

    @property
    def share(self) -> float:
        """The probability of detection, as measured."""
        return self.hits / self.trials

    @property
    def interval(self) -> tuple[float, float]:
        """What the trials allow at 95 % confidence."""
        return rate_interval(self.hits, self.trials)


def trials(preparer: Preparer, paths: Sequence[Path], grid: Grid) -> Iterator[Trial]:
    """Paint the whole grid ``grid.trials`` times, each time on the next image of good parts.

    Deterministic; a trial's place depends on its number, so engines meet the same defects. Raises
    ``ImageError``, ``DatasetError`` or ``ConfigError`` as reading does, and ``ImageError`` for
    defects that are larger than the field.
    """
    spec = preparer.spec
    full_scale = 2**spec.pixel_format.depth - 1
    for number in range(grid.trials):
        path = paths[number % len(paths)]
        image = read_image(path, spec.pixel_format)
        canvas = Canvas(levels_of(image), preparer.seen(image, path), full_scale)
        for flaw in _flaws(grid, number, len(paths)):
            painted = canvas.paint(flaw, (grid.seed, number))
            view = preparer.view_of(pixels_of(painted.levels), path)
            yield Trial(flaw, view, preparer.mask_of(painted.mask, path))


def is_found(engine: Engine, trial: Trial, decision: Decision) -> bool:
    """True when a check rejects the part for this defect: an alarm elsewhere does not count.

    An engine that marks no place is believed whatever it rejects for.
    """
    results = decision.judge(trial.view, engine.infer(trial.view.pixels[None]))
    whole = () if engine.info.has_map else ("engine",)
    return any(
        not result.passed
        and (result.check in whole if result.map is None else at_defect(result.map, trial.defect))
        for result in results
    )


def at_defect(score_map: ScoreMap, defect: Mask) -> bool:
    """True when the map's strongest cell lies within ``TOLERANCE`` of the defect."""
    row, column = np.unravel_index(int(score_map.argmax()), score_map.shape)
    height, width = defect.shape
    y = (row + 0.5) / score_map.shape[0] * height - 0.5
    x = (column + 0.5) / score_map.shape[1] * width - 0.5
    rows, columns = np.nonzero(defect)
    distance = float(np.hypot(rows - y, columns - x).min())
    # A coarse map's own cell is allowed, too.
    cell = max(height / score_map.shape[0], width / score_map.shape[1])
    return bool(distance <= max(TOLERANCE * min(height, width), cell))


def detectability(
    engine: Engine,
    preparer: Preparer,
    paths: Sequence[Path],
    grid: Grid,
    *,
    decision: Decision,
    progress: Callable[[float], None] = lambda share: None,
) -> list[Pod]:
    """Measure an engine and its checks on painted defects, on good images that it has never seen.

    Raises as ``trials`` does, and ``EngineError``.
    """
    hits: Counter[tuple[Kind, float, float]] = Counter()
    cells = len(grid.contrasts) * sum(len(sizes) for sizes in grid.sizes_px.values())
    for done, trial in enumerate(trials(preparer, paths, grid)):
        progress(done / (cells * grid.trials))
        key = (trial.flaw.kind, trial.flaw.size_px, trial.flaw.contrast)
        hits[key] += is_found(engine, trial, decision)
    return [
        Pod(kind, size, contrast, hits[kind, size, contrast], grid.trials)
        for kind, sizes in grid.sizes_px.items()
        for size in sizes
        for contrast in grid.contrasts
    ]


def capabilities(pods: Sequence[Pod]) -> dict[tuple[Kind, float], Capability]:
    """The size that is found, camera px, for every kind and contrast."""
    from calibration.hit_miss import capability  # noqa: PLC0415  # loads scipy.optimize

    found = {}
    for key in dict.fromkeys((pod.kind, pod.contrast) for pod in pods):
        row = [pod for pod in pods if (pod.kind, pod.contrast) == key]
        found[key] = capability(
            [pod.size_px for pod in row], [pod.hits for pod in row], [pod.trials for pod in row]
        )
    return found


def _flaws(grid: Grid, number: int, images: int) -> Iterator[Flaw]:
    # By rounds through the images: otherwise an even number of them gives each one polarity only.
    dark = {"dark": True, "bright": False}.get(grid.polarity, (number + number // images) % 2 == 0)
    for kind, sizes in grid.sizes_px.items():
        for size in sizes:
            for contrast in grid.contrasts:
                yield Flaw(kind, size, contrast, dark)
