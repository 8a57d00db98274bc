"""Good patches in groups, each with the few directions that it varies along.

A patch ``y`` belongs to the group that leaves least of it: ``|(I - A_c^T A_c)(y - m_c)|`` with a
group's mean ``m_c`` and its principal directions, the rows of ``A_c``. Groups by K-means: Lloyd,
"Least squares quantization in PCM", IEEE Trans. Information Theory 28, 1982; first centres by
Arthur & Vassilvitskii, "k-means++", SODA 2007. No threads of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]

_ROUNDS = 100
"""Of K-means, at most; it ends when no patch changes its group."""


@dataclass(frozen=True, slots=True)
class Subspaces:
    """``centres`` float64[c, d] and orthonormal ``axes`` float64[c, r, d]; absent ones are zero."""

    centres: Rows
    axes: NDArray[np.float64]

    def made(self, patches: Rows) -> Rows:
        """What the best group makes of each patch float64[n, d]."""
        away = patches[:, None] - self.centres
        codes = np.einsum("ncd,crd->ncr", away, self.axes)
        left = np.square(away).sum(axis=2) - np.square(codes).sum(axis=2)
        best = left.argmin(axis=1)
        own = codes[np.arange(len(patches)), best]
        return np.asarray(self.centres[best] + np.einsum("nr,nrd->nd", own, self.axes[best]))


def subspaces_of(
    patches: Rows, groups: int, directions: int, random: np.random.Generator
) -> Subspaces:
    """Groups of patches float64[n, d], and the principal directions of each; fewer if so few."""
    centres, member = k_means(patches, first_centres(patches, groups, random))
    axes = np.zeros((len(centres), directions, patches.shape[1]))
    for group, centre in enumerate(centres):
        away = patches[member == group] - centre
        found = np.linalg.svd(away, full_matrices=False)[2][: min(directions, len(away) - 1)]
        axes[group, : len(found)] = found
    return Subspaces(centres, axes)


def first_centres(patches: Rows, groups: int, random: np.random.Generator) -> Rows:
    """Patches far from each other, drawn by the square of their distance to those drawn before."""
    drawn = [int(random.integers(len(patches)))]
    nearest = np.square(patches - patches[drawn[0]]).sum(axis=1)
    while len(drawn) < groups and nearest.any():
        drawn.append(int(random.choice(len(patches), p=nearest / nearest.sum())))
        nearest = np.minimum(nearest, np.square(patches - patches[drawn[-1]]).sum(axis=1))
    return patches[drawn]


def k_means(patches: Rows, centres: Rows) -> tuple[Rows, NDArray[np.int64]]:
    """Centres float64[c, d] and the group int64[n] of each patch. A group left empty is dropped."""
    member = np.full(len(patches), -1)
    for _ in range(_ROUNDS):
        inner = np.square(centres).sum(axis=1) - 2.0 * patches @ centres.T
        found = inner.argmin(axis=1)
        if np.array_equal(found, member):
            break
        used, member = np.unique(found, return_inverse=True)
        sums = np.zeros((len(used), patches.shape[1]))
        np.add.at(sums, member, patches)
        centres = sums / np.bincount(member)[:, None]
    return centres, member
