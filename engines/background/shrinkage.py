"""Sparse codes by iterative shrinkage: ISTA and FISTA.

Both lower ``|x - D^T z|^2 / 2 + penalty |z|_1`` step by step. Patches are float64[n, d],
dictionaries float64[k, d] with atoms of length 1 as rows, codes float64[n, k]. No threads of its
own.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engines.background.dictionary import Rows


def objective(dictionary: Rows, patches: Rows, codes: Rows, penalty: float) -> float:
    """What the codes are to make small, the mean over patches."""
    left = patches - codes @ dictionary
    return float(0.5 * (left**2).sum(axis=1).mean() + penalty * np.abs(codes).sum(axis=1).mean())


def shrunk(values: Rows, threshold: float) -> Rows:
    """Nearer to zero by a threshold, and zero where they were nearer than that."""
    return np.asarray(np.sign(values) * np.maximum(np.abs(values) - threshold, 0.0), np.float64)


def ista(dictionary: Rows, patches: Rows, penalty: float, *, fast: bool = False) -> Iterator[Rows]:
    """Codes after one step, two steps, and so on without end.

    Daubechies, Defrise & De Mol, Comm. Pure Appl. Math. 57, 2004; ``fast``: with the momentum of
    Beck & Teboulle, "A fast iterative shrinkage-thresholding algorithm", SIAM J. Imaging Sciences
    2, 2009.
    """
    rate = 1.0 / lipschitz(dictionary)
    gram, products = dictionary @ dictionary.T, patches @ dictionary.T
    codes = looked = np.zeros((len(patches), len(dictionary)))
    momentum = 1.0
    while True:
        stepped = shrunk(looked + rate * (products - looked @ gram), rate * penalty)
        following = (1.0 + np.sqrt(1.0 + 4.0 * momentum**2)) / 2.0
        ahead = (momentum - 1.0) / following if fast else 0.0
        looked = stepped + ahead * (stepped - codes)
        codes, momentum = stepped, following
        yield codes


def lipschitz(dictionary: Rows) -> float:
    """Largest eigenvalue of ``D D^T``: no step of ISTA may be longer than its inverse."""
    return float(np.linalg.eigvalsh(dictionary @ dictionary.T)[-1])


def steps_to_reach(
    wanted: float, dictionary: Rows, patches: Rows, penalty: float, *, most: int, fast: bool = False
) -> int | None:
    """Steps until the objective is as small as ``wanted``; None where ``most`` do not reach it."""
    for step, codes in zip(
        range(1, most + 1), ista(dictionary, patches, penalty, fast=fast), strict=False
    ):
        if objective(dictionary, patches, codes, penalty) <= wanted:
            return step
    return None
