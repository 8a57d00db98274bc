"""Kernels of the learned background engines against straightforward implementations, same run.

`scripts.bench.background` does the same for the kernels that learn nothing. Here: sparse codes of
all patches of an image (one by one, with a least-squares fit at each step), K-SVD's iteration (an
SVD for each atom), principal component pursuit (a full SVD in each step), and distances of patches.
Both ways do the same arithmetic, in turns; ``differs`` is the largest difference of their results
as a share of the largest value. Of K-SVD only the time can be compared: one step of the power
method takes the place of the SVD, and atoms take turns in drawn order.

    OMP_NUM_THREADS=1 .venv/bin/python -m scripts.bench.speed
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.background.dictionary import Rows, ksvd, omp, random_dictionary
from engines.background.rpca import pursuit, soft
from engines.background.rx import fit_background
from inspector.durable.files import write_atomically
from inspector.sim.textures import Texture, TexturedScene

SPARSITY, ATOMS, SIDE = 4, 128, 8

Numbers = NDArray[Any]
Work = Callable[[], Numbers]


@dataclass(frozen=True)
class Case:
    """One computation done in two ways. The plain one does ``share`` of the work."""

    name: str
    fast: Work
    plain: Work
    share: float = 1.0
    same: bool = True
    """Whether both find the same."""


@dataclass(frozen=True)
class Row:
    """CPU seconds, best of some rounds; the plain one's for all of the work."""

    name: str
    fast: float
    plain: float
    differs: float | None


def plain_omp(dictionary: Rows, patches: Rows, sparsity: int) -> Rows:
    """As Pati, Rezaiifar & Krishnaprasad wrote it (1993): patch by patch."""
    codes = np.zeros((len(patches), len(dictionary)))
    for own, patch in zip(codes, patches, strict=True):
        left: Numbers = patch
        chosen: list[int] = []
        while len(chosen) < sparsity and np.linalg.norm(left) > 1e-6 * np.linalg.norm(patch):
            chosen.append(int(np.abs(dictionary @ left).argmax()))
            fitted = np.linalg.lstsq(dictionary[chosen].T, patch, rcond=None)[0]
            left = patch - fitted @ dictionary[chosen]
        if chosen:
            own[chosen] = fitted
    return codes


def plain_ksvd(patches: Rows, start: Rows, sparsity: int) -> Rows:
    """One iteration as Aharon, Elad & Bruckstein wrote it: an SVD for each atom."""
    atoms, codes = start.copy(), plain_omp(start, patches, sparsity)
    for atom in range(len(atoms)):
        users = np.flatnonzero(codes[:, atom])
        if len(users):
            codes[users, atom] = 0.0
            left = patches[users] - codes[users] @ atoms
            scores, values, axes = np.linalg.svd(left, full_matrices=False)
            atoms[atom], codes[users, atom] = axes[0], scores[:, 0] * values[0]
    return atoms


def plain_pursuit(matrix: Numbers) -> Numbers:
    """Inexact augmented Lagrangian with a full SVD in each step."""
    weight, largest = 1 / np.sqrt(max(matrix.shape)), float(np.linalg.norm(matrix, 2))
    multiplier = matrix / max(largest, float(np.abs(matrix).max()) / weight)
    sparse, mu = np.zeros_like(matrix), 1.25 / largest
    while True:
        left, values, right = np.linalg.svd(matrix - sparse + multiplier / mu, full_matrices=False)
        low = (left * soft(values, 1 / mu)) @ right
        sparse = soft(matrix - low + multiplier / mu, weight / mu)
        rest = matrix - low - sparse
        if np.linalg.norm(rest) <= 1e-6 * np.linalg.norm(matrix):
            return np.asarray(low)
        multiplier, mu = multiplier + mu * rest, min(1.5 * mu, 1.25e7 / largest)


def plain_distances(vectors: Numbers, mean: Numbers, covariance: Numbers) -> Numbers:
    """Mahalanobis distances, one vector after the other."""
    inverse = np.linalg.inv(covariance)
    return np.array([np.sqrt((one - mean) @ inverse @ (one - mean) / len(mean)) for one in vectors])


def cases(size: int) -> list[Case]:
    """What is compared, on a rendered weave of ``size`` px."""
    scene = TexturedScene(Texture.WEAVE, size, seed=0)
    levels = scene.render(0).levels.astype(np.float64)
    every = np.lib.stride_tricks.sliding_window_view(levels, (SIDE, SIDE))[::4, ::4]
    patches = np.ascontiguousarray(every.reshape(-1, SIDE * SIDE))
    patches -= patches.mean(axis=1, keepdims=True)
    random = np.random.default_rng(0)
    atoms = random_dictionary(patches, ATOMS, random)
    few, taught = patches[:: len(patches) // 500][:500], patches[:2000]
    reduced = [
        cv2.resize(scene.render(number).levels, (64, 64), interpolation=cv2.INTER_AREA).ravel()
        for number in range(40)
    ]
    images = np.array(reduced, np.float64).T
    background = fit_background([patches.astype(np.float32)])
    covariance = np.linalg.inv(background.whitening.T @ background.whitening)
    all_vectors = patches.astype(np.float32)

    def codes() -> Numbers:
        return omp(atoms, patches, SPARSITY) @ atoms

    return [
        Case(
            f"OMP, {SPARSITY} of {ATOMS} atoms, {len(patches)} patches",
            codes,
            lambda: plain_omp(atoms, few, SPARSITY) @ atoms,
            len(few) / len(patches),
        ),
        Case(
            f"K-SVD, an iteration, {len(taught)} patches",
            lambda: ksvd(taught, atoms, SPARSITY, 1, random)[0],
            lambda: plain_ksvd(taught, atoms, SPARSITY),
            same=False,
        ),
        Case(
            "pursuit, 40 images of 64 px",
            lambda: pursuit(images).low,
            lambda: plain_pursuit(images),
        ),
        Case(
            f"global RX, {len(patches)} patches",
            lambda: background.distances(all_vectors),
            lambda: plain_distances(few, background.mean, covariance),
            len(few) / len(patches),
        ),
    ]


def timed(case: Case, rounds: int) -> Row:
    """Both in turns, then the difference of what they found in the same part of the work."""
    fast, plain = [], []
    for _ in range(rounds):
        start = time.process_time()
        found = case.fast()
        middle = time.process_time()
        expected = case.plain()
        fast.append(middle - start)
        plain.append((time.process_time() - middle) / case.share)
    if len(found) != len(expected):
        found = found[:: len(found) // len(expected)][: len(expected)]
    differs = float(np.abs(found - expected).max() / np.abs(expected).max())
    return Row(case.name, min(fast), min(plain), differs if case.same else None)


def table(rows: list[Row]) -> str:
    """Markdown."""
    lines = ["| | CPU ms | plain, CPU ms | times | differs |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.name} | {1e3 * row.fast:.1f} | {1e3 * row.plain:,.0f} | "
        f"{row.plain / row.fast:,.1f} | {'-' if row.differs is None else f'{row.differs:.1g}'} |"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=512, help="px of the image")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    rows = [timed(case, options.rounds) for case in cases(options.size)]
    print(table(rows))
    if options.json:
        write_atomically(options.json, json.dumps([asdict(row) for row in rows]).encode())


if __name__ == "__main__":
    main()
