"""Robust PCA: time and error against a plain implementation, and what its engines cost an image.

Times are the processor's, which other work on the PC changes least.

Matrices of a planted background, sparse entries and a little noise; all ways take turns on the same
ones. The plain way takes a singular value decomposition in every step. Engines are taught from a
dozen rendered parts, since what they compute of an image does not depend on more.

    OMP_NUM_THREADS=1 .venv/bin/python -m scripts.bench.rpca --sides 512 1024
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.background.rpca import Matrix, godec, pursuit, soft
from engines.methods import teach_engine
from engines.runtimes.openvino import compile_graph
from engines.taught import NOWHERE
from inspector.core.engine_spec import RpcaSpec
from inspector.core.frame import FrameFormat, PixelFormat, Pixels

Numbers = NDArray[np.float64]
RANK, NOISE = 5, 0.02
SPECS = {
    "rpca": RpcaSpec(fit="godec"),
    "rpca matrix=patches": RpcaSpec(fit="godec", matrix="patches"),
    "rpca matrix=hankel": RpcaSpec(fit="godec", matrix="hankel"),
    "rpca form=single matrix=patches": RpcaSpec(form="single", matrix="patches"),
    "rpca on=features matrix=patches": RpcaSpec(on="features", matrix="patches", fit="godec"),
}


def planted(rows: int, columns: int) -> tuple[Numbers, Numbers]:
    """A background of rank ``RANK``; and what is seen of it, one entry of 20 being spoilt."""
    random = np.random.default_rng(0)
    low = random.normal(size=(rows, RANK)) @ random.normal(size=(RANK, columns))
    spoilt = np.where(random.random(low.shape) < 0.05, random.uniform(-20, 20, low.shape), 0.0)
    return low, low + spoilt + random.normal(0, NOISE, low.shape)


def plain(matrix: Numbers) -> Numbers:
    """`pursuit` word for word as Lin, Chen & Ma give it; the low-rank part."""
    weight = 1.0 / np.sqrt(max(matrix.shape))
    largest = np.linalg.svd(matrix, compute_uv=False)[0]
    multiplier = matrix / max(largest, np.abs(matrix).max() / weight)
    mu, length = 1.25 / largest, np.linalg.norm(matrix)
    sparse: Matrix = np.zeros_like(matrix)
    while True:
        left, values, right = np.linalg.svd(matrix - sparse + multiplier / mu, full_matrices=False)
        low = (left * np.maximum(values - 1.0 / mu, 0.0)) @ right
        sparse = soft(matrix - low + multiplier / mu, weight / mu)
        rest = matrix - low - sparse
        multiplier += mu * rest
        mu = min(1.5 * mu, 1.25e7 / largest)
        if np.linalg.norm(rest) <= 1e-6 * length:
            return np.asarray(low)


def compare(rows: int, columns: int, turns: int) -> None:
    """Print seconds, the best of some turns, and the mean error of the background."""
    low, seen = planted(rows, columns)
    ways: dict[str, Callable[[Numbers], Matrix]] = {
        "plain": plain,
        "pursuit": lambda matrix: pursuit(matrix).low,
        "pursuit, float32": lambda matrix: pursuit(matrix.astype(np.float32)).low,
        "godec": lambda matrix: godec(matrix, RANK, threshold=3 * NOISE).low,
    }
    best = dict.fromkeys(ways, np.inf)
    errors = {}
    for _ in range(turns):
        for name, way in ways.items():
            start = time.process_time()
            errors[name] = float(np.abs(way(seen) - low).mean())
            best[name] = min(best[name], time.process_time() - start)
    for name, seconds in best.items():
        print(f"{rows} x {columns} | {name} | {seconds:.2f} s | error {errors[name]:.4f}")


def rendered(number: int, side: int) -> Pixels:
    """A bright disc with grain."""
    random = np.random.default_rng(number)
    image = np.full((side, side, 3), 90.0)
    cv2.circle(image, (side // 2 + number % 5, side // 2), side // 3, (180, 170, 160), -1)
    return np.clip(image + random.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


def cost(side: int, turns: int) -> None:
    """Print milliseconds of the processor for an image, OpenVINO on one thread."""
    form = FrameFormat(side, side, PixelFormat.RGB8)
    images = [rendered(number, side) for number in range(12)]
    runs = {}
    for name, spec in SPECS.items():
        taught = teach_engine(images, form, spec, lambda _stage, _share: None, NOWHERE)
        graph = taught.graph.SerializeToString()
        runs[name] = compile_graph(graph, threads=1)
        print(f"{side} px | {name} | {len(graph) / 1e6:.1f} MB")
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(turns):
        for name, run in runs.items():
            start = time.process_time()
            run([images[0][None]])
            times[name].append(1e3 * (time.process_time() - start))
    for name, found in times.items():
        print(f"{side} px | {name} | best {min(found):.1f} ms | median {np.median(found):.1f} ms")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sides", type=int, nargs="*", default=[512, 1024], help="px of images")
    parser.add_argument("--turns", type=int, default=20, help="of each image")
    parser.add_argument(
        "--rows", type=int, default=20_000, help="of the matrix, which has 100 columns"
    )
    options = parser.parse_args()
    compare(options.rows, 100, 2)
    for side in options.sides:
        cost(side, options.turns)


if __name__ == "__main__":
    main()
