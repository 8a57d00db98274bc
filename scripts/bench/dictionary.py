"""What dictionaries cost: matching pursuit beside a plain loop, and each form's map.

All on one thread, in CPU time, so that a busy PC is fair to all. The engines are taught from a few
images of noise: their time does not depend on what they have learned.

    OMP_NUM_THREADS=1 .venv/bin/python -m scripts.bench.dictionary --sizes 512 1024
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engines.background.dictionary import omp, unit_rows
from engines.methods import teach_engine
from engines.runtimes.openvino import compile_graph
from engines.taught import NOWHERE
from inspector.core.engine_spec import DictionarySpec
from inspector.core.frame import FrameFormat, PixelFormat

Rows = NDArray[np.float64]

FORMS = {
    "global": DictionarySpec(form="global"),
    "ksvd": DictionarySpec(form="ksvd"),
    "clusters": DictionarySpec(form="clusters"),
    "clusters, patches of 8, 16, 32 px": DictionarySpec(patches=(8, 16, 32)),
    "clusters on features": DictionarySpec(on="features"),
}
IMAGES = 3
PATCHES, SIZE, ATOMS = 4000, 192, 128


def main() -> None:
    """Print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[512, 1024])
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    print(f"| atoms of a patch | plain loop, ms | batch OMP, ms | of {PATCHES} patches |")
    print("| --- | --- | --- | --- |")
    for sparsity in (2, 4, 8):
        plain, fast = pursuits(sparsity, options.rounds)
        print(f"| {sparsity} | {plain:.0f} | {fast:.0f} | {plain / fast:.0f} times |")
    print("\n| form |", " | ".join(f"{size} px, ms" for size in options.sizes), "|")
    print("| --- |", " --- |" * len(options.sizes))
    for name, spec in FORMS.items():
        costs = [f"{map_cost(spec, size, options.rounds):.0f}" for size in options.sizes]
        print(f"| {name} |", " | ".join(costs), "|", flush=True)


def pursuits(sparsity: int, rounds: int) -> tuple[float, float]:
    """Of a plain loop and of ours; both find the same codes."""
    random = np.random.default_rng(0)
    dictionary = unit_rows(random.normal(size=(ATOMS, SIZE)))
    patches = random.normal(size=(PATCHES, SIZE))
    np.testing.assert_allclose(
        plain_omp(dictionary, patches[:100], sparsity), omp(dictionary, patches[:100], sparsity)
    )
    plain = fastest(lambda: plain_omp(dictionary, patches, sparsity), 1)
    return plain, fastest(lambda: omp(dictionary, patches, sparsity), rounds)


def plain_omp(dictionary: Rows, patches: Rows, sparsity: int) -> Rows:
    """Matching pursuit as it is written in textbooks: patch by patch, by least squares."""
    codes = np.zeros((len(patches), len(dictionary)))
    for code, patch in zip(codes, patches, strict=True):
        left, taken = patch, list[int]()
        for _ in range(sparsity):
            taken.append(int(np.abs(dictionary @ left).argmax()))
            atoms = dictionary[taken]
            fitted = np.linalg.lstsq(atoms.T, patch, rcond=None)[0]
            left = patch - fitted @ atoms
        code[taken] = fitted
    return codes


def map_cost(spec: DictionarySpec, size: int, rounds: int) -> float:
    """Of the map of one grey image of this side."""
    form = FrameFormat(size, size, PixelFormat.MONO8)
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (IMAGES, *form.shape), np.uint8)
    taught = teach_engine(list(images), form, spec, lambda stage, share: None, NOWHERE)
    run = compile_graph(taught.graph.SerializeToString(), threads=1)
    return fastest(lambda: run([images[:1]]), rounds)


def fastest(work: Callable[[], object], rounds: int) -> float:
    """CPU time in ms, of the fastest round after one that warms up."""
    times = []
    for _ in range(rounds + 1):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return 1e3 * min(times[1:])


if __name__ == "__main__":
    main()
