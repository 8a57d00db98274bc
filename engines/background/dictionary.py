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
_ITERATIONS = 10
"""Of K-SVD: after these its error hardly falls."""
_AT_ONCE = 4096
"""Patches that are coded together: what is worked on stays in the caches' reach."""


def random_dictionary(patches: Rows, atoms: int, random: np.random.Generator) -> Rows:
    """Patches drawn at random, none twice, made length 1; noise where there are too few.

    Patches of one level everywhere after their mean was taken are zero and never drawn.
    """
    lengths = np.linalg.norm(patches, axis=1)
    usable = np.flatnonzero(lengths > _NOTHING * max(float(lengths.max(initial=0.0)), _NOTHING))
    drawn = random.permutation(usable)[:atoms]
    noise = random.normal(size=(atoms - len(drawn), patches.shape[1]))
    return unit_rows(np.concatenate([patches[drawn], noise]))


def centred(dictionary: Rows) -> Rows:
    """Atoms less their means, of length 1: for patches whose means were taken away."""
    return unit_rows(dictionary - dictionary.mean(axis=1, keepdims=True))


def learned_dictionary(
    patches: Rows, atoms: int, sparsity: int, random: np.random.Generator
) -> Rows:
    """Atoms fitted by K-SVD to patches, beginning with some drawn at random."""
    start = random_dictionary(patches, atoms, random)
    return ksvd(patches, start, sparsity, _ITERATIONS, random)[0]


def ridge_codes(dictionary: Rows, ridge: float) -> tuple[Rows, Rows]:
    """What to ask of a patch, float64[r, d], and what to make of the answers, float64[r, d].

    All atoms write a patch ``y`` together: ``D^T z`` with the ``z`` that makes
    ``|y - D^T z|^2 + lambda |z|^2`` least. That is ``D^T D (D^T D + lambda I)^-1 y``, told along
    the principal directions of the atoms. ``lambda`` is ``ridge`` times the mean eigenvalue of
    ``D^T D``, so it means the same for any number of atoms.
    """
    _, strengths, axes = np.linalg.svd(dictionary, full_matrices=False)
    penalty = ridge * np.square(dictionary).sum() / dictionary.shape[1]
    shares = strengths**2 / (strengths**2 + penalty)
    return axes, np.asarray(axes * shares[:, None], np.float64)


def omp(dictionary: Rows, patches: Rows, sparsity: int, tolerance: float = 0.0) -> Rows:
    """Codes of at most ``sparsity`` atoms each, by orthogonal matching pursuit.

    Each step takes the atom that matches best what is left of a patch, then fits all atoms taken so
    far again. A patch is done when what is left is no longer than ``tolerance``. Many patches go
    through the steps together, by the atoms' inner products alone and one new row of a Cholesky
    factor a step (batch OMP: Rubinstein, Zibulevsky & Elad, Technion CS-2008-08).
    """
    gram = dictionary @ dictionary.T
    steps = min(sparsity, *dictionary.shape)
    codes = np.zeros((len(patches), len(dictionary)))
    for first in range(0, len(patches), _AT_ONCE):
        part = patches[first : first + _AT_ONCE]
        squares = np.einsum("nd,nd->n", part, part)
        pursuit = _Pursuit(gram, part @ dictionary.T, squares, steps)
        pursuit.run(max(tolerance, 0.0) ** 2, codes[first : first + _AT_ONCE])
    return codes


class _Pursuit:
    """Some patches on their way through the steps; those that are done leave.

    ``taken`` int[n, t] are a patch's atoms in the order of the steps, ``factor`` the Cholesky
    factor of their inner products, ``lengths`` what is found along the axes that it makes of them.
    """

    def __init__(self, gram: Rows, products: Rows, squares: Rows, steps: int) -> None:
        self._gram = gram
        self._steps = steps
        self._rows = np.arange(len(products))
        self._products, self._match = products, products.copy()
        self._squares, self._left = squares, squares.copy()
        self._taken = np.zeros((len(products), steps), np.int64)
        self._factor = np.zeros((len(products), steps, steps))
        self._lengths = np.zeros((len(products), steps))

    def run(self, enough: float, codes: Rows) -> None:
        """All steps; ``codes`` are written in place. ``enough``: square of what may be left."""
        for step in range(self._steps):
            sizes = np.abs(self._match)
            np.put_along_axis(sizes, self._taken[:, :step], 0.0, axis=1)
            best = sizes.argmax(axis=1)
            matching = sizes[np.arange(len(best)), best] > _NOTHING * np.sqrt(self._squares)
            going = matching & (self._left > enough + _NOTHING * self._squares)
            self._keep(going)
            if not len(self._rows):
                return
            self._take(best[going], step)
            fitted = self._fitted(step + 1)
            codes[self._rows[:, None], self._taken[:, : step + 1]] = fitted
            if step + 1 < self._steps:
                self._match = self._products.copy()
                for atom, size in zip(self._taken.T, fitted.T, strict=False):
                    self._match -= size[:, None] * self._gram[atom]

    def _keep(self, going: NDArray[np.bool_]) -> None:
        if going.all():
            return
        self._rows, self._taken = self._rows[going], self._taken[going]
        self._products, self._match = self._products[going], self._match[going]
        self._squares, self._left = self._squares[going], self._left[going]
        self._factor, self._lengths = self._factor[going], self._lengths[going]

    def _take(self, best: NDArray[np.int64], step: int) -> None:
        """One more atom for each patch: forward substitution gives its row of the factor."""
        each, row = np.arange(len(best)), self._factor[:, step]
        for before in range(step):
            above = self._factor[:, before]
            known = np.einsum("nt,nt->n", above[:, :before], row[:, :before])
            inner = self._gram[self._taken[:, before], best]
            row[:, before] = (inner - known) / above[:, before]
        own = self._gram[best, best] - np.einsum("nt,nt->n", row[:, :step], row[:, :step])
        row[:, step] = np.sqrt(np.maximum(own, _NOTHING))
        self._taken[:, step] = best
        self._lengths[:, step] = self._match[each, best] / row[:, step]
        self._left = self._left - self._lengths[:, step] ** 2

    def _fitted(self, count: int) -> Rows:
        """The coefficients of the atoms taken so far, by back substitution."""
        fitted = np.zeros((len(self._rows), count))
        for step in reversed(range(count)):
            later = self._factor[:, step + 1 : count, step]
            known = np.einsum("nt,nt->n", later, fitted[:, step + 1 :])
            fitted[:, step] = (self._lengths[:, step] - known) / self._factor[:, step, step]
        return fitted


def ksvd(
    patches: Rows, start: Rows, sparsity: int, iterations: int, random: np.random.Generator
) -> tuple[Rows, list[float]]:
    """Fit a dictionary to patches: the dictionary, and the RMS error before each iteration.

    Aharon, Elad & Bruckstein, "K-SVD", IEEE Trans. Signal Processing 54, 2006: codes by `omp`, then
    each atom in turn becomes the direction that explains best what the others leave of the patches
    that use it (one step of the power method in place of the SVD, as Rubinstein et al. 2008). An
    atom that nobody uses becomes what is left of the patch that is represented worst.
    """
    dictionary, errors = unit_rows(start), []
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
            dictionary[atom] = unit_rows(left[worst : worst + 1])[0]
            left[worst] = 0.0  # not for a second atom as well
        return
    own = left[users] + np.outer(codes[users, atom], dictionary[atom])
    direction = own.T @ codes[users, atom]
    length = np.linalg.norm(direction)
    if length > 0.0:
        dictionary[atom] = direction / length
    codes[users, atom] = own @ dictionary[atom]
    left[users] = own - np.outer(codes[users, atom], dictionary[atom])


def unit_rows(rows: Rows) -> Rows:
    """Rows made length 1; zero stays zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0.0, lengths, 1.0), np.float64)
