"""Rendered textures under a changing lamp: local methods against global ones, scales against one.

Every texture (`inspector.sim.textures`) is taught from good pieces where a method learns, gets a
threshold from others at the stated false-reject rate (conformal), is tried on good pieces again,
and then on pieces with one painted defect each. A defect is found when the map's maximum exceeds
the threshold and lies at the defect. Every method looks at the image, at its half and at its
quarter with the same windows in pixels; the columns are each of these alone, their largest value
(``joined``), the largest after each was divided by what 5 % of good pieces exceed (``counted``),
and, for local methods, windows that keep their size on the part at all scales (``same ground``).

A texture's figures are kept as a file; a run that was stopped goes on with those that are missing.

    .venv/bin/python -m scripts.bench.textures --out textures --figures docs/images/textures
    .venv/bin/python -m scripts.bench.textures --out textures --engines "rx form=local" dictionary
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.metrics import auroc
from engines.background.pictures import Image, reduced, resized
from inspector.core.canonical import Json
from inspector.core.frame import ScoreMap
from inspector.sim.defects import Flaw, Kind
from inspector.sim.textures import Surface, Texture, TexturedScene
from inspector.teaching.detectability import at_defect
from scripts.bench.cells import Cell, found_in, keep, named_engine, path_of
from scripts.bench.texture_methods import GROUPS, SCALES, Method, engine_method, methods

SIDE = 384
SIZES = (3.0, 6.0, 12.0, 20.0, 30.0, 60.0)
CONTRASTS = (0.12, 0.25, 0.5)
KINDS = (Kind.SPOT, Kind.STAIN, Kind.SCRATCH, Kind.DENT, Kind.PIECE)
RATE = 0.05
"""False rejects that every method and column is granted."""
_OF_PIECES = 2.0
"""A piece's contrast is the share of it that shows: so many times that of other kinds."""
_TAUGHT, _CALIBRATING, _GOOD, _BAD = 0, 10_000, 20_000, 30_000
"""First numbers of the pieces that teach, calibrate, and are tried."""

Maps = Mapping[str, ScoreMap]
"""A map for each column."""


@dataclass(frozen=True)
class Plan:
    """How many pieces of a texture, and of which material."""

    taught: int = 20
    calibrating: int = 80
    good: int = 60
    trials: int = 1
    seed: int = 1
    lamp: float = 0.5
    side: int = SIDE

    def flaws(self) -> Iterator[tuple[int, Flaw]]:
        """Every kind, size and contrast, ``trials`` times, dark and bright in turn."""
        every = product(range(self.trials), KINDS, SIZES, CONTRASTS)
        for number, (trial, kind, size, contrast) in enumerate(every):
            level = contrast * (_OF_PIECES if kind is Kind.PIECE else 1.0)
            yield number, Flaw(kind, size, level, dark=(number + trial) % 2 == 0)


def judged(method: Method, image: Image, units: Sequence[float] | None) -> Maps:
    """The map of every column."""
    images = [image]
    while len(images) < len(method.scales):
        images.append(reduced(images[-1]))
    maps = [kernel(one) for kernel, one in zip(method.scales, images, strict=True)]
    columns = dict(zip(SCALES, maps, strict=False))
    if len(maps) == 1:
        return columns
    columns["joined"] = joined(maps)
    if units is not None:
        columns["counted"] = joined(
            [one / np.float32(unit) for one, unit in zip(maps, units, strict=True)]
        )
    if method.same_ground:
        pairs = zip(method.same_ground, images, strict=True)
        columns["same ground"] = joined([kernel(one) for kernel, one in pairs])
    return columns


def joined(maps: Sequence[ScoreMap]) -> ScoreMap:
    """The largest value of all scales, on the grid of the finest."""
    fused = maps[0]
    for one in maps[1:]:
        fused = np.maximum(fused, resized(one, fused.shape))
    return fused


def units_of(method: Method, taught: Sequence[Image]) -> list[float] | None:
    """What the maximum of a good piece's map exceeds in 5 % of cases, at each scale."""
    if len(method.scales) == 1:
        return None
    tops = [[float(one.max()) for one in judged(method, image, None).values()] for image in taught]
    return [float(unit) for unit in np.quantile(tops, 1.0 - RATE, axis=0)[: len(method.scales)]]


def measured(
    texture: Texture, plan: Plan, named: Callable[[Sequence[Image]], Sequence[Method]]
) -> dict[str, Json]:
    """Every method on one texture: its columns' figures for each image, by method."""
    scene = TexturedScene(texture, plan.side, plan.seed, plan.lamp)
    taught = [scene.render(_TAUGHT + number).levels for number in range(plan.taught)]
    every = named(taught)
    units = [units_of(method, taught) for method in every]

    def tops(first: int, count: int) -> list[list[dict[str, float]]]:
        found: list[list[dict[str, float]]] = [[] for _ in every]
        for number in range(first, first + count):
            image = scene.render(number).levels
            for own, method, unit in zip(found, every, units, strict=True):
                maps = judged(method, image, unit)
                own.append({name: float(one.max()) for name, one in maps.items()})
        return found

    calibrating, good = tops(_CALIBRATING, plan.calibrating), tops(_GOOD, plan.good)
    bad: list[list[dict[str, Json]]] = [[] for _ in every]
    flaws = []
    for number, flaw in plan.flaws():
        piece = scene.render(_BAD + number, flaw)
        flaws.append([flaw.kind.value, flaw.size_px, flaw.contrast])
        for own, method, unit in zip(bad, every, units, strict=True):
            maps = judged(method, piece.levels, unit)
            own.append({name: _seen(one, piece, name) for name, one in maps.items()})
    return {
        "flaws": flaws,
        "methods": {
            method.name: {
                "reach": method.reach,
                "learns": method.learns,
                "calibrating": _columns(calibrating[at]),
                "good": _columns(good[at]),
                "bad": _columns(bad[at]),
            }
            for at, method in enumerate(every)
        },
    }


def _seen(found: ScoreMap, piece: Surface, column: str) -> Json:
    """Maximum, whether it lies at the defect, and of some columns the pixel AUROC of this image."""
    counted = column in {SCALES[0], "joined"}
    area = auroc(resized(found, piece.mask.shape), piece.mask) if counted else None
    return [float(found.max()), at_defect(found, piece.mask), area]


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, Json]:
    return {name: [row[name] for row in rows] for name in rows[0]}


@dataclass(frozen=True)
class Merit:
    """What one column of a method reaches on one texture; shares and areas 0..1."""

    texture: str
    method: str
    reach: str
    learns: bool
    column: str
    found: float
    by_size: dict[float, float]
    by_kind: dict[str, float]
    false_rejects: float
    image_auroc: float
    pixel_auroc: float | None
    """Within the image of each defect, their mean; not of every column."""


def merits(cell: Cell) -> list[Merit]:
    """All methods and columns of a texture."""
    kinds, sizes, _ = zip(*cell["flaws"], strict=True)
    rows = []
    for name, own in cell["methods"].items():
        for column in own["bad"]:
            known, good = np.array(own["calibrating"][column]), np.array(own["good"][column])
            tops, at, areas = np.array(own["bad"][column], float).T
            threshold = limit(known)
            found = (tops > threshold) & (at > 0)
            area = auroc(
                np.concatenate([good, tops]), np.arange(len(good) + len(tops)) >= len(good)
            )
            rows.append(
                Merit(
                    texture=cell["engine"],
                    method=name,
                    reach=own["reach"],
                    learns=own["learns"],
                    column=column,
                    found=float(found.mean()),
                    by_size=_shares(found, sizes),
                    by_kind=_shares(found, kinds),
                    false_rejects=float((good > threshold).mean()),
                    image_auroc=area if area is not None else float("nan"),
                    pixel_auroc=None if np.isnan(areas[0]) else float(areas.mean()),
                )
            )
    return rows


def limit(known: NDArray[np.float64], rate: float = RATE) -> float:
    """The level that a new good piece exceeds at most at this rate: one of the known scores.

    Conformal: rank ``(1 - rate) (n + 1)`` of n, rounded up.
    """
    rank = int(np.ceil((1.0 - rate) * (len(known) + 1)))
    return float(np.sort(known)[rank - 1]) if rank <= len(known) else float("inf")


def _shares(found: NDArray[np.bool_], of: Sequence[Any]) -> dict[Any, float]:
    groups = np.array(of)
    return {group: float(found[groups == group].mean()) for group in dict.fromkeys(of)}


def local_table(rows: Sequence[Merit]) -> str:
    """Markdown: the finest scale of each method, by texture: found / image AUROC, in percent."""
    rows = [row for row in rows if row.column == SCALES[0]]
    textures = list(dict.fromkeys(row.texture for row in rows))
    lines = [f"| | method | {' | '.join(textures)} | mean | false rejects |"]
    lines.append("|---" * (len(textures) + 4) + "|")
    for method in dict.fromkeys(row.method for row in rows):
        own = {row.texture: row for row in rows if row.method == method}
        first = next(iter(own.values()))
        cells = [
            f"{100 * own[name].found:.0f} / {100 * own[name].image_auroc:.0f}"
            if name in own
            else "-"
            for name in textures
        ]
        found, area, wrong = (
            100 * np.mean([getattr(row, what) for row in own.values()])
            for what in ("found", "image_auroc", "false_rejects")
        )
        reach = f"{first.reach}{', taught' if first.learns else ''}"
        figures = " | ".join([*cells, f"{found:.1f} / {area:.1f}", f"{wrong:.1f}"])
        lines.append(f"| {reach} | {method} | {figures} |")
    return "\n".join(lines)


def scale_table(rows: Sequence[Merit]) -> str:
    """Markdown: every column of each method, found by size, over all textures, in percent."""
    sizes = list(rows[0].by_size)
    heads = " | ".join(f"{size:g} px" for size in sizes)
    lines = [f"| method | scale | {heads} | all | image AUROC | pixel AUROC | false rejects |"]
    lines.append("|---" * (len(sizes) + 6) + "|")
    for method in dict.fromkeys(row.method for row in rows):
        of_method = [row for row in rows if row.method == method]
        for column in dict.fromkeys(row.column for row in of_method):
            own = [row for row in of_method if row.column == column]
            by_size = [np.mean([row.by_size[size] for row in own]) for size in sizes]
            others = [
                _mean([getattr(row, what) for row in own])
                for what in ("found", "image_auroc", "pixel_auroc", "false_rejects")
            ]
            figures = " | ".join([*(f"{100 * one:.0f}" for one in by_size), *others])
            lines.append(f"| {method} | {column} | {figures} |")
    return "\n".join(lines)


def _mean(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{100 * np.mean(known):.1f}" if known else "-"


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of a file for each texture")
    parser.add_argument("--textures", nargs="+", type=Texture, default=list(Texture))
    parser.add_argument("--groups", nargs="*", choices=GROUPS, default=GROUPS, help="of kernels")
    parser.add_argument(
        "--engines", nargs="+", type=named_engine, default=[], help="method and options of a recipe"
    )
    parser.add_argument("--taught", type=int, default=Plan.taught)
    parser.add_argument("--calibrating", type=int, default=Plan.calibrating)
    parser.add_argument("--good", type=int, default=Plan.good)
    parser.add_argument("--trials", type=int, default=Plan.trials)
    parser.add_argument("--seed", type=int, default=Plan.seed, help="draws the materials")
    parser.add_argument("--lamp", type=float, default=Plan.lamp, help="0: even light")
    parser.add_argument("--side", type=int, default=SIDE)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--table", action="store_true", help="show what there is, measure nothing")
    parser.add_argument("--figures", type=Path, help="folder for the plots")
    return parser.parse_args()


def main() -> None:
    """Measure what is missing; print the tables, draw the plots."""
    options = parse()
    cv2.setNumThreads(options.threads)
    plan = Plan(**{name: getattr(options, name) for name in Plan.__dataclass_fields__})
    settings: dict[str, Json] = dict(vars(plan))
    options.out.mkdir(parents=True, exist_ok=True)
    rows: list[Merit] = []
    for group, named in groups(options):
        for texture in options.textures:
            path = path_of(options.out, group, texture.value)
            cell = found_in(path, settings)
            if cell is None and not options.table:
                own = {"settings": settings, "product": group, "engine": texture.value}
                cell = own | measured(texture, plan, named)
                keep(path, cell)
                print(f"{path}: kept", flush=True)
            if cell is not None:
                rows += merits(cell)
    print(f"\n{local_table(rows)}\n\n{scale_table(rows)}")
    if options.figures is not None:
        from scripts.bench.texture_plot import draw  # noqa: PLC0415  # Qt: only where it is drawn

        print(*draw(options.figures, rows, plan), sep="\n")


def groups(
    options: argparse.Namespace,
) -> Iterator[tuple[str, Callable[[Sequence[Image]], Sequence[Method]]]]:
    """Groups of kernels, and all engines together; each group is a file for each texture."""
    for group in options.groups:
        yield group, partial(methods, group=group)
    if options.engines:
        yield f"engines {' '.join(options.engines)}", partial(_engines, options.engines)


def _engines(engines: Sequence[str], taught: Sequence[Image]) -> list[Method]:
    return [engine_method(engine, taught) for engine in engines]


if __name__ == "__main__":
    main()
