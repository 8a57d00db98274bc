"""Dictionaries of patches and sparse codes over them: matching pursuit and K-SVD.

A patch ``x`` is written as ``D^T z`` with few non-zero coefficients ``z``; rows of ``D`` are atoms
of length 1. Everywhere patches are float64[n, d], dictionaries float64[k, d], codes float64[n, k].
No threads of its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]

_NOTHING = 1e-10
"""Share of a patch's length below which what is left of it, or matches an atom, is rounding."""


def random_dictionary(patches: Rows, atoms: int, random: np.random.Generator) -> Rows:
    """Patches drawn at random, none twice, made length 1; noise where there are too few.

    Patches of one level everywhere after their mean was taken are zero and never drawn.
    """
    lengths = np.linalg.norm(patches, axis=1)
    usable = np.flatnonzero(lengths > _NOTHING * max(float(lengths.max(initial=0.0)), _NOTHING))
    drawn = random.permutation(usable)[:atoms]
    noise = random.normal(size=(atoms - len(drawn), patches.shape[1]))
    return _unit(np.concatenate([patches[drawn], noise]))


def omp(dictionary: Rows, patches: Rows, sparsity: int, tolerance: float = 0.0) -> Rows:
    """Codes of at most ``sparsity`` atoms each, by orthogonal matching pursuit.

    Each step takes the atom that matches best what is left of a patch, then fits all atoms taken so
    far again. A patch is done when what is left is no longer than ``tolerance``. All patches go
    through the steps together, by the atoms' inner products alone (batch OMP: Rubinstein,
    Zibulevsky & Elad, Technion CS-2008-08).
    """
    codes = np.zeros((len(patches), len(dictionary)))
    products, gram = patches @ dictionary.T, dictionary @ dictionary.T
    squares = np.einsum("nd,nd->n", patches, patches)
    left = squares.copy()
    chosen = np.zeros((len(patches), 0), np.int64)
    for _ in range(min(sparsity, *dictionary.shape)):
        match = np.abs(products - codes @ gram)
        np.put_along_axis(match, chosen, 0.0, axis=1)
        best = match.argmax(axis=1)
        usable = match.max(axis=1) > _NOTHING * np.sqrt(squares)
        open_ = np.flatnonzero(usable & (left > max(tolerance, 0.0) ** 2 + _NOTHING * squares))
        if not len(open_):
            break
        chosen = np.column_stack([chosen, best])
        own = chosen[open_]
        inner = gram[own[:, :, None], own[:, None, :]]
        wanted = np.take_along_axis(products[open_], own, axis=1)
        fitted = np.linalg.solve(inner, wanted[..., None])[..., 0]
        codes[open_[:, None], own] = fitted
        left[open_] = squares[open_] - np.einsum("nt,nt->n", fitted, wanted)
    return codes


def ksvd(
    patches: Rows, start: Rows, sparsity: int, iterations: int, random: np.random.Generator
) -> tuple[Rows, list[float]]:
    """Fit a dictionary to patches: the dictionary, and the RMS error before each iteration.

    Aharon, Elad & Bruckstein, "K-SVD", IEEE Trans. Signal Processing 54, 2006: codes by `omp`, then
    each atom in turn becomes the direction that explains best what the others leave of the patches
    that use it (one step of the power method in place of the SVD, as Rubinstein et al. 2008). An
    atom that nobody uses becomes what is left of the patch that is represented worst.
    """
    dictionary, errors = _unit(start), []
    for _ in range(iterations):
        codes = omp(dictionary, patches, sparsity)
        left = patches - codes @ dictionary
        errors.append(float(np.sqrt(np.mean(left**2))))
        for atom in random.permutation(len(dictionary)):
            _refit(int(atom), dictionary, codes, left)
    return dictionary, errors


def _refit(atom: int, dictionary: Rows, codes: Rows, left: Rows) -> None:
    """Turn one atom and its coefficients, in place; ``left`` stays what all atoms leave."""
    users = np.flatnonzero(codes[:, atom])
    if not len(users):
        worst = int(np.einsum("nd,nd->n", left, left).argmax())
        if left[worst].any():
            dictionary[atom] = _unit(left[worst : worst + 1])[0]
            left[worst] = 0.0  # not for a second atom as well
        return
    own = left[users] + np.outer(codes[users, atom], dictionary[atom])
    direction = own.T @ codes[users, atom]
    length = np.linalg.norm(direction)
    if length > 0.0:
        dictionary[atom] = direction / length
    codes[users, atom] = own @ dictionary[atom]
    left[users] = own - np.outer(codes[users, atom], dictionary[atom])


def _unit(rows: Rows) -> Rows:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0.0, lengths, 1.0), np.float64)
