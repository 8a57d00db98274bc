"""The smallest engine input at which small defects are found in time: ``--size auto``.

At each size an engine is taught on some of the teaching images and calibrated on half of the
held-out good ones; defects of the minimum size are painted on the other half.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from calibration.threshold import MINIMUM_IMAGES, Calibration
from engines.methods import teach_engine
from engines.taught import Folders
from inspector.core.engine_spec import TaughtSpec
from inspector.core.errors import DatasetError
from inspector.core.frame import Pixels
from inspector.core.gate_config import GateConfig
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.durable.images import read_image
from inspector.preparation import NO_OPTICS, Optics
from inspector.scoring.decision import Decision
from inspector.sim.defects import Kind
from inspector.teaching.calibrated import Draft, Site, calibrated_bundle
from inspector.teaching.dataset import DatasetStore, Split
from inspector.teaching.detectability import Grid, Pod, capabilities, detectability
from inspector.teaching.manifest import manifest_of
from inspector.teaching.pose import taught_preparer
from inspector.teaching.prepared import PreparedImages, Preparer
from inspector.teaching.split import Chosen
from inspector.teaching.stages import Progress, Stages
from inspector.teaching.teach import by_kind, chosen_images, paths_of

SHORTER_SIDES = (128, 192, 256, 384, 512, 768, 1024)
"""Sizes that are tried, px of the shorter side; none has more pixels than the camera gives."""
ALIGNMENT = 32
IN_ONE_PIECE = 1024
"""Longer sides are taken in tiles of this size, px."""
DEFECT_PX = 12.0
"""Diameter of the spots that must be found where the recipe states no minimum size, camera px.

Smaller ones are rarely found even where nothing is resampled (docs/decisions/0013).
"""
CONTRAST = 0.5
"""Of the painted spots, dark and bright ones in turn: a share of the part's white."""
FOUND = 0.9
"""Share of the painted defects that has to be found."""
BUDGET_SHARE = 1 / 3
"""Of the line's deadline: what the engine may take where the recipe states nothing."""

TAUGHT = 60
"""Teaching images used at each size, at most: speed depends on the memory, not on them."""
TRIALS = 20
_LARGER = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
"""Spots that are painted, in minimum sizes: from which size on are defects found?"""
_LOOKED_AT = 16
_WARM_UP, _TIMED = 3, 20


@dataclass(frozen=True, slots=True)
class Size:
    """An engine input, px, and the tiles it is taken in."""

    width: int
    height: int
    tile: int | None = None

    def __str__(self) -> str:
        tiles = f" in tiles of {self.tile}" if self.tile else ""
        return f"{self.width}x{self.height}{tiles}"


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: time of one image in the engine alone, ms, and defects found.

    ``pods`` begin with the minimum size; there are none for a size that is too slow.
    """

    size: Size
    p50_ms: float
    p95_ms: float
    pods: tuple[Pod, ...] = ()

    @property
    def share(self) -> float:
        """Of the defects of the minimum size, how many are found."""
        return self.pods[0].share if self.pods else 0.0

    @property
    def finds(self) -> float:
        """Of all painted defects, how many are found: less left to chance than one size of them."""
        return sum(pod.hits for pod in self.pods) / max(sum(pod.trials for pod in self.pods), 1)

    @property
    def a90_px(self) -> float | None:
        """Diameter from which on 90 % are found, camera px; None: beyond what was tried."""
        return next((found.a90 for found in capabilities(self.pods).values()), None)


@dataclass(frozen=True, slots=True)
class Choice:
    """The size chosen, all that were measured, and what was asked."""

    chosen: Measured
    tried: tuple[Measured, ...]
    defect_px: float
    budget_ms: float

    @property
    def in_time(self) -> bool:
        """Whether the engine keeps the budget."""
        return self.chosen.p95_ms <= self.budget_ms

    @property
    def found(self) -> bool:
        """Whether defects of the minimum size are found."""
        return self.chosen.share >= FOUND


def find_size(
    source: str,
    recipe: Recipe,
    data_folder: Path,
    *,
    good: int | None = None,
    runtime: RuntimeConfig = RuntimeConfig(),  # noqa: B008  # frozen
    gate: GateConfig = GateConfig(),  # noqa: B008  # frozen
    optics: Optics = NO_OPTICS,
    progress: Progress = lambda stage, share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Choice:
    """Search the size for a source that `teach` takes, with the same images for the same ends.

    Nothing is kept but exported graphs in the data folder's cache. ``progress`` is told size, stage
    and share; when ``cancelled`` says so, ``Cancelled`` is raised. Raises ``DatasetError`` with too
    few good images, and whatever `teach` raises.
    """
    store = DatasetStore(data_folder / "datasets" / recipe.product)
    images = chosen_images(source, store, recipe.engine.seed, good)
    calibrate = paths_of(images, Split.CALIBRATE)
    if len(calibrate) < 2 * MINIMUM_IMAGES:
        raise DatasetError(
            f"--size auto: {len(images)} good images are too few to teach, calibrate and try with",
            remedy=f"Give at least {4 * MINIMUM_IMAGES}, or a size",
        )
    search = Search(recipe, images, runtime, budget_of(recipe, gate), data_folder, optics)

    def measure(size: Size) -> Measured:
        return search.measured(
            size, Stages(lambda stage, share: progress(f"{size}: {stage}", share), cancelled)
        )

    spec = recipe.engine
    knows_places = isinstance(spec, TaughtSpec) and spec.knows_places
    sizes = candidates(*_field(recipe, calibrate), positional=knows_places)
    return choose(sizes, measure, defect_px=search.defect_px, budget_ms=search.budget_ms)


def candidates(width: int, height: int, *, positional: bool = False) -> list[Size]:
    """Sizes to try for a field of camera pixels, smallest first, in its proportions.

    Sides are multiples of 32, except that the last one may be the field itself: then nothing is
    resampled. Engines that know places take an image in one piece.
    """
    shorter = min(width, height)
    found = [_size(width, height, side) for side in SHORTER_SIDES if side < shorter]
    if shorter <= SHORTER_SIDES[-1]:
        whole = max(width, height) <= IN_ONE_PIECE and shorter >= ALIGNMENT
        found.append(Size(width, height) if whole else _size(width, height, shorter))
    allowed = IN_ONE_PIECE if positional else 4 * IN_ONE_PIECE
    return [size for size in found if max(size.width, size.height) <= allowed] or found[:1]


def choose(
    sizes: Sequence[Size],
    measure: Callable[[Size], Measured],
    *,
    defect_px: float,
    budget_ms: float,
) -> Choice:
    """Try sizes from the smallest on, until one finds the defects or takes too long.

    Where none finds them in time, the one in time that finds most of all sizes painted; of equals
    the largest. Where none is in time, the smallest.
    """
    tried: list[Measured] = []
    for size in sizes:
        tried.append(measure(size))
        if tried[-1].share >= FOUND or tried[-1].p95_ms > budget_ms:
            break
    in_time = [one for one in tried if one.p95_ms <= budget_ms]
    found = [one for one in in_time if one.share >= FOUND]
    best = max(found or in_time or tried[:1], key=lambda one: (one.finds, one.size.width))
    return Choice(best, tuple(tried), defect_px, budget_ms)


def at_size(recipe: Recipe, size: Size) -> Recipe:
    """The recipe with another engine input."""
    sides = {"width": size.width, "height": size.height}
    return recipe.model_copy(
        update={
            "preparation": recipe.preparation.model_copy(update=sides),
            "engine": recipe.engine.model_copy(update={"tile": size.tile}),
        }
    )


def defect_px(recipe: Recipe) -> float:
    """Diameter of the smallest disc that counts by the recipe, or ``DEFECT_PX``; camera px."""
    diameters = math.sqrt(4.0 * recipe.min_area_px / math.pi), recipe.min_length_px
    return min((one for one in diameters if one), default=DEFECT_PX)


def budget_of(recipe: Recipe, gate: GateConfig) -> float:
    """Milliseconds that the engine may take: the recipe's, or a share of the line's deadline."""
    return recipe.decision.engine_budget_ms or BUDGET_SHARE * gate.deadline_ms


@dataclass(frozen=True, slots=True)
class Tried:
    """An engine that is there to be measured, and held-out good images; of these the ``fresh``
    had no part in its threshold. ``files`` are its bundle's. Times are of one image, ms."""

    engine: Engine
    calibration: Calibration
    preparer: Preparer
    held_out: Sequence[Path]
    fresh: Sequence[Path]
    files: Mapping[str, bytes]
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Search:
    """What is the same at each size. ``shown`` are defects for an engine that is shown some."""

    recipe: Recipe
    images: Sequence[Chosen]
    runtime: RuntimeConfig
    budget_ms: float
    data_folder: Path
    optics: Optics
    shown: Sequence[Chosen] = ()

    @property
    def defect_px(self) -> float:
        """Diameter of the smallest painted spots, camera px."""
        return defect_px(self.recipe)

    def measured(self, size: Size, stages: Stages) -> Measured:
        """Teach, calibrate, time, and paint."""
        with self.tried(size, stages) as tried:
            p50, p95 = tried.p50_ms, tried.p95_ms
            if p95 > self.budget_ms:
                return Measured(size, p50, p95)
            pods = detectability(
                tried.engine,
                tried.preparer,
                tried.fresh,
                self._grid(tried.preparer, tried.fresh[0]),
                decision=Decision(tried.calibration),
                progress=partial(stages, "paint"),
            )
        return Measured(size, p50, p95, tuple(pods))

    @contextmanager
    def tried(self, size: Size, stages: Stages, *, halved: bool = True) -> Iterator[Tried]:
        """Teach, calibrate and time; nothing of it remains after the block.

        Without ``halved`` all held-out images make the threshold, and none are fresh.
        """
        recipe = at_size(self.recipe, size)
        teach = paths_of(self.images, Split.TEACH)[:TAUGHT]
        preparer = taught_preparer(recipe, teach, self.optics)
        held_out = paths_of(self.images, Split.CALIBRATE)
        calibrate, fresh = (held_out[::2], held_out[1::2]) if halved else (held_out, [])
        folders = Folders(self.data_folder / "weights", self.data_folder / "cache")
        images = PreparedImages(preparer, teach)
        defects = {
            kind: PreparedImages(preparer, [item.path for item in some])
            for kind, some in by_kind(self.shown).items()
        }
        taught = teach_engine(
            images, preparer.form, recipe.engine, stages, folders, defects=defects
        )
        entries = [item.entry for item in (*self.images, *self.shown)]
        manifest = manifest_of(recipe, preparer.hash, taught, entries)
        draft = Draft(manifest, taught.graph, taught.files, teach, calibrate, preparer)
        with (
            tempfile.TemporaryDirectory() as folder,
            calibrated_bundle(draft, recipe, self._site(Path(folder)), stages) as made,
        ):
            p50, p95 = _latency(made.engine, images[0])
            known = (made.engine, made.calibration, preparer, held_out, fresh, taught.files)
            yield Tried(*known, p50, p95)

    def _site(self, folder: Path) -> Site:
        return Site(folder, self.runtime, folder / "bundle", self.optics)

    def _grid(self, preparer: Preparer, path: Path) -> Grid:
        largest = min(field_of(path, preparer.spec)) / 4
        sizes = [self.defect_px * times for times in _LARGER]
        kept = sizes[:2] + [px for px in sizes[2:] if px <= largest]
        return Grid({Kind.SPOT: kept}, (CONTRAST,), TRIALS, seed=self.recipe.engine.seed)


def _size(width: int, height: int, shorter: int) -> Size:
    """In the proportions of a field, with about so many px on the shorter side."""
    scale = shorter / min(width, height)
    sides = [max(1, int(side * scale / ALIGNMENT + 0.5)) * ALIGNMENT for side in (width, height)]
    sides = [
        min(one, max(side // ALIGNMENT, 1) * ALIGNMENT)
        for one, side in zip(sides, (width, height), strict=True)
    ]
    return Size(sides[0], sides[1], IN_ONE_PIECE if max(sides) > IN_ONE_PIECE else None)


def _field(recipe: Recipe, paths: Sequence[Path]) -> tuple[int, int]:
    """Width and height of the inspected field, camera px; the median where images differ."""
    some = [field_of(path, recipe.preparation) for path in paths[:_LOOKED_AT]]
    width, height = np.median(some, axis=0)
    return int(width), int(height)


def field_of(path: Path, spec: PreparationSpec) -> tuple[int, int]:
    """Width and height of what is inspected of a file, camera px."""
    if spec.region is not None:
        return spec.region.width, spec.region.height
    height, width = read_image(path, spec.pixel_format).shape[:2]
    return width, height


def _latency(engine: Engine, image: Pixels) -> tuple[float, float]:
    """Median and 95th percentile, ms, after warm-up."""
    batch, times = image[None], []
    for _ in range(_WARM_UP + _TIMED):
        start = time.perf_counter_ns()
        engine.infer(batch)
        times.append((time.perf_counter_ns() - start) / 1e6)
    p50, p95 = np.percentile(times[_WARM_UP:], [50, 95])
    return float(p50), float(p95)
