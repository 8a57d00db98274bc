"""Background kernels: time against a plain per-pixel implementation, and what they find untaught.

Kernels take turns, so that a disturbance of the PC meets all alike. ``cpu`` is the processor time
of one image over all threads: on a busy PC it says more than the wall clock. The plain
implementation judges a few dozen places of the same image with the same windows; its time is
extrapolated to all pixels (or all patches of the grid).

    .venv/bin/python -m scripts.bench.background --sizes 512 1024
    .venv/bin/python -m scripts.bench.background --images ROOT   # MVTec AD's layout
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.metrics import Mask, aupro, auroc
from engines.background.cascade import Cascade
from engines.background.local import RIDGE, LocalCollaborative, LocalRx, LocalZScore
from engines.background.patches import Patches, patches_for
from engines.background.pictures import NOISE, Image, Kernel, resized
from engines.background.pyramid import Pyramid
from engines.background.representation import Collaborative, LocalRepresentation
from engines.background.ring import Ring
from engines.background.rx import fit_rx
from engines.background.windows import Windows, windows_for
from inspector.core.frame import PixelFormat, ScoreMap
from inspector.durable.files import write_atomically
from inspector.durable.images import read_image
from tests.engines.background import plain
from tests.engines.background.images import textured

_SIDE = 256
_TOP = 0.01
"""Share of the map's cells whose mean is the other image score."""

Plain = Callable[[int, int], float]


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one image."""

    size: int
    kernel: str
    p50: float
    p99: float
    best: float
    cpu: float
    plain: float | None
    """Extrapolated from a few places."""


@dataclass(frozen=True)
class Merit:
    """How well a kernel parts good from defective images; areas under curves, 0..1."""

    kernel: str
    taught: bool
    margin: int
    """Pixels along the border that were left out, of 256."""
    image_auroc: float | None
    top_auroc: float | None
    """With the mean of the strangest 1 % in place of the maximum."""
    pixel_auroc: float | None
    aupro: float | None
    by_kind: dict[str, float | None]


def kernels(height: int, width: int) -> dict[str, Kernel]:
    """Every kernel that needs no teaching, with the windows that it has by default."""
    windows, patches = windows_for(height, width), patches_for(height, width)
    z, rx, crd = LocalZScore(windows), LocalRx(windows), LocalCollaborative(windows)
    lrb, exact = LocalRepresentation(patches), Collaborative(patches)
    return {
        "local z": z,
        "local RX, grey + gradient": rx,
        "uniform CRD, grey + gradient": crd,
        "local z, 3 scales": Pyramid((z, z, z)),
        "local RX, 3 scales": Pyramid((rx, rx, rx)),
        "uniform CRD, 3 scales": Pyramid((crd, crd, crd)),
        "exact CRD on the grid": exact,
        "exact CRD, cascade": Cascade(exact),
        "LRB on the grid": lrb,
        "LRB, 2 scales": Pyramid((lrb, lrb)),
        "LRB, cascade": Cascade(lrb),
    }


def floor(windows: Windows) -> dict[str, Kernel]:
    """The z-score at the same windows, done otherwise."""
    outer, guard = (side * windows.step | 1 for side in (windows.outer, windows.guard))
    return {
        "z: ring of every pixel, float64 sums": LocalZScore(Windows(outer, guard)),
        "z: ring of every pixel, OpenCV float32": lambda image: _boxed(image, outer, guard),
    }


def _boxed(image: Image, outer: int, guard: int) -> ScoreMap:
    """Box filters of OpenCV at full size on centred float32: the shortest program."""
    levels = image.astype(np.float32) - np.float32(image.mean())

    def ring(values: NDArray[Any]) -> NDArray[Any]:
        wide, narrow = (
            cv2.boxFilter(values, -1, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
            for side in (outer, guard)
        )
        return np.asarray(wide - narrow)

    counts = ring(np.ones_like(levels))
    mean = ring(levels) / counts
    variance = np.maximum(ring(levels * levels) / counts - mean * mean, 0.0)
    return np.asarray(np.abs(levels - mean) / np.sqrt(variance + NOISE**2), np.float32)


def plain_kernels(image: Image, windows: Windows, patches: Patches) -> dict[str, Plain]:
    """One place of the image, judged by itself; windows in pixels."""
    outer, guard = (side * windows.step | 1 for side in (windows.outer, windows.guard))
    grey, graded = image[np.newaxis].astype(float), plain.gradients(image)
    vectors, ring = patches.vectors(image).astype(float), Ring()

    def around(planes: NDArray[np.float64], row: int, column: int) -> NDArray[np.float64]:
        top, left = max(row - outer // 2, 0), max(column - outer // 2, 0)
        window = planes[:, top : row + outer // 2 + 1, left : column + outer // 2 + 1]
        down, across = np.ogrid[: window.shape[1], : window.shape[2]]
        apart = np.maximum(abs(down + top - row), abs(across + left - column))
        return np.asarray(window[:, apart > guard // 2].T)

    def uniform(row: int, column: int) -> float:
        atoms = around(graded, row, column)
        covariance = np.cov(atoms.T, bias=True) + NOISE**2 * np.eye(3)
        inverse = np.linalg.inv(covariance + RIDGE * np.trace(covariance) / 3 * np.eye(3))
        away = inverse @ (graded[:, row, column] - atoms.mean(axis=0))
        return float(np.linalg.norm(away) / np.sqrt(np.trace(inverse @ covariance @ inverse)))

    def moved(row: int, column: int) -> NDArray[np.float64]:
        return plain.moved_ring(vectors, row, column, ring.outer, ring.guard)

    def pixel(planes: NDArray[np.float64]) -> Plain:
        return lambda row, column: plain.mahalanobis(
            planes[:, row, column], around(planes, row, column), NOISE
        )

    return {
        "local z": pixel(grey),
        "local RX, grey + gradient": pixel(graded),
        "uniform CRD, grey + gradient": uniform,
        "exact CRD on the grid": lambda row, column: plain.weighted_residual(
            vectors[row, column], moved(row, column), RIDGE, NOISE
        ),
        "LRB on the grid": lambda row, column: plain.nearest_residual(
            vectors[row, column], moved(row, column), 8, 0.01, NOISE
        ),
    }


def plain_ms(judge: Plain, shape: tuple[int, int], places: int) -> float:
    """Milliseconds for every place of a grid, from some in its middle."""
    row, first = shape[0] // 2, (shape[1] - places) // 2
    start = time.perf_counter()
    for column in range(first, first + places):
        judge(row, column)
    return (time.perf_counter() - start) * 1e3 * shape[0] * shape[1] / places


def time_kernels(size: int, runs: int, places: int) -> list[Timing]:
    """All kernels on one textured image of 8 bits, in turns."""
    image = textured((size, size), seed=0)
    windows, patches = windows_for(size, size), patches_for(size, size)
    named = kernels(size, size) | {
        "global RX on the grid (taught)": fit_rx(patches, [textured((size, size), seed=1)])
    }
    named |= floor(windows)
    walls: dict[str, list[float]] = {name: [] for name in named}
    processor = dict.fromkeys(named, 0.0)
    for run in range(runs + 3):  # the first rounds warm up
        for name, kernel in named.items():
            start, used = time.perf_counter(), time.process_time()
            kernel(image)
            if run >= 3:
                walls[name].append((time.perf_counter() - start) * 1e3)
                processor[name] += (time.process_time() - used) * 1e3
    simple = plain_kernels(image, windows, patches)
    result = []
    for name, kernel in named.items():
        shape = kernel(image).shape
        result.append(
            Timing(
                size,
                name,
                p50=float(np.percentile(walls[name], 50)),
                p99=float(np.percentile(walls[name], 99)),
                best=min(walls[name]),
                cpu=processor[name] / runs,
                plain=plain_ms(simple[name], shape, places) if name in simple else None,
            )
        )
    return result


def pictures(root: Path, part: str) -> Iterator[tuple[str, Image, Mask]]:
    """Kind, grey image and mask of a set in MVTec AD's layout, at 256 x 256 px."""
    for path in sorted((root / part).glob("*/*")):
        kind = path.parent.name
        grey = read_image(path, PixelFormat.MONO8)[..., 0]
        mask = np.zeros((_SIDE, _SIDE), bool)
        drawn = root / "ground_truth" / kind / f"{path.stem}_mask.png"
        if drawn.is_file():
            levels = read_image(drawn, PixelFormat.MONO8)[..., 0]
            mask = cv2.resize(levels, mask.shape, interpolation=cv2.INTER_NEAREST) > 127
        yield kind, cv2.resize(grey, mask.shape, interpolation=cv2.INTER_AREA), mask


def judge_images(root: Path, margins: Sequence[int]) -> list[Merit]:
    """All kernels on all test images; the global RX is taught with the good teaching images."""
    good = [image for _, image, _ in pictures(root, "train")]
    tests = list(pictures(root, "test"))
    kinds = np.array([kind for kind, _, _ in tests])
    taught = {"global RX on the grid": fit_rx(patches_for(_SIDE, _SIDE), good)}
    rows = []
    for name, kernel in (kernels(_SIDE, _SIDE) | taught).items():
        maps = [resized(kernel(image), (_SIDE, _SIDE)) for _, image, _ in tests]
        for margin in margins:
            inner = (slice(margin, _SIDE - margin),) * 2
            kept = [found[inner] for found in maps]
            masks = [mask[inner] for _, _, mask in tests]
            rows.append(merit(name, margin, kept, masks, kinds, taught=name in taught))
    return sorted(rows, key=lambda row: row.margin)


def merit(
    name: str,
    margin: int,
    maps: list[ScoreMap],
    masks: list[Mask],
    kinds: NDArray[np.str_],
    *,
    taught: bool,
) -> Merit:
    """Figures of one kernel."""
    highest = np.array([found.max() for found in maps])
    defective = kinds != "good"
    return Merit(
        name,
        taught,
        margin,
        image_auroc=auroc(highest, defective),
        top_auroc=auroc([_top_mean(found) for found in maps], defective),
        pixel_auroc=auroc(np.stack(maps), np.stack(masks)),
        aupro=aupro(maps, masks),
        by_kind={
            str(kind): auroc(highest[one], defective[one])
            for kind in np.unique(kinds[defective])
            for one in [(kinds == kind) | ~defective]
        },
    )


def _top_mean(found: ScoreMap) -> float:
    count = max(1, round(found.size * _TOP))
    return float(np.partition(found.ravel(), -count)[-count:].mean())


def print_timings(rows: list[Timing]) -> None:
    """A Markdown table."""
    print("| px | kernel | p50 ms | p99 | best | cpu | plain, extrapolated, s | plain / p50 |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        slow = "|" if row.plain is None else f"{row.plain / 1e3:.1f} | {row.plain / row.p50:,.0f}"
        figures = " | ".join(f"{ms:.2f}" for ms in (row.p50, row.p99, row.best, row.cpu))
        print(f"| {row.size} | {row.kernel} | {figures} | {slow} |")


def print_merits(rows: list[Merit]) -> None:
    """A Markdown table, in percent."""
    kinds = list(rows[0].by_kind)
    head = "| margin | kernel | image AUROC | of the top 1 % | pixel AUROC | AU-PRO | "
    print(head + " | ".join(kinds) + " |")
    print("|---" * (6 + len(kinds)) + "|")
    for row in rows:
        values = [row.image_auroc, row.top_auroc, row.pixel_auroc, row.aupro, *row.by_kind.values()]
        figures = " | ".join("" if value is None else f"{100 * value:.1f}" for value in values)
        print(f"| {row.margin} | {row.kernel}{' (taught)' if row.taught else ''} | {figures} |")


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[512, 1024])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--places", type=int, default=40, help="that the plain ones judge")
    parser.add_argument("--threads", type=int, default=cv2.getNumThreads())
    parser.add_argument("--images", type=Path, help="a set: what is found, in place of time")
    parser.add_argument(
        "--margins",
        type=int,
        nargs="+",
        default=[0, 16],
        help="px of 256 along the border that are left out, as a region of a recipe would",
    )
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    cv2.setNumThreads(arguments.threads)
    rows: list[Timing] | list[Merit]
    if arguments.images:
        rows = judge_images(arguments.images, arguments.margins)
        print_merits(rows)
    else:
        rows = [
            row
            for size in arguments.sizes
            for row in time_kernels(size, arguments.runs, arguments.places)
        ]
        print(f"{arguments.threads} threads")
        print_timings(rows)
    if arguments.json:
        write_atomically(arguments.json, json.dumps([asdict(row) for row in rows]).encode())


if __name__ == "__main__":
    main()
