"""Kernel RX: the Mahalanobis distance in the space that a Gaussian kernel spans.

Kwon & Nasrabadi, "Kernel RX-algorithm: a nonlinear anomaly detector for hyperspectral imagery",
IEEE TGRS 43, 2005: ``(p - m)^T (C + r I)^-1 (p - m)`` of the images ``p`` of vectors under the
kernel, so that a cloud of good vectors may be bent, or fall into several. The Gram matrix of all
good vectors is out of reach; here landmarks among them span the space (Nystroem): ``p`` has the
part ``q = K^-1/2 k(x)`` within it, with mean and covariance of good vectors, and the squared length
``1 - |q|^2`` beyond, where good vectors have none. With all vectors as landmarks it is the exact
form. Random Fourier features would leave that out, and their cosines of far vectors are rounding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray

from engines.memory.gaussian import Gaussian
from engines.memory.grafting import Grid, ScaleNodes, graft

Numbers = NDArray[np.float64]
Vectors = NDArray[np.float32]

WIDTH = 2.0
"""Of the kernel ``exp(-|x - y|^2 / (2 w^2))``, x and y white with mean square length 1. Twice the
usual heuristic (root of half the median): there unseen vectors of many numbers all end beyond reach
of every landmark, and all scores become one."""
_LEAST = 0.01
"""Directions of the landmarks in which good vectors would have less than this share of ``r`` as
their variance are not told from none: they would be rounding."""


@dataclass(frozen=True, slots=True)
class KernelGaussian:
    """A Gaussian among landmarks.

    ``white`` is what vectors are counted in first, ``landmarks`` float32[m, d] are white ones;
    ``within`` float32[k, m] turns their kernels into coordinates, whose good mean is ``mean``
    float32[k] and whose covariance ``whitening`` float32[k, k] undoes. ``beyond`` is the weight of
    the squared length that is no part of it, ``unit`` what makes the mean square of good ones 1.
    """

    white: Gaussian
    landmarks: Vectors
    within: Vectors
    mean: Vectors
    whitening: Vectors
    beyond: float
    unit: float

    def distances(self, vectors: Vectors) -> Vectors:
        """How far vectors float32[n, d] are from good ones: float32[n]; 1 is usual."""
        kernels = _kernels(_whitened(vectors, self.white), self.landmarks.astype(np.float64))
        found = kernels @ self.within.T
        inside = (((found - self.mean) @ self.whitening.T) ** 2).sum(axis=1)
        outside = np.maximum(1.0 - (found**2).sum(axis=1), 0.0)
        return np.asarray(self.unit * np.sqrt(inside + self.beyond * outside), np.float32)


def kernel_gaussian(
    vectors: Vectors, white: Gaussian, landmarks: int, regularisation: float
) -> KernelGaussian:
    """Learn from good vectors float32[n, d] in random order: the first ones are the landmarks."""
    points = _whitened(vectors, white)
    chosen = points[:landmarks]
    gram = _kernels(chosen, chosen)
    variances, axes = np.linalg.eigh(gram)
    told = variances > _LEAST * regularisation * len(chosen)
    within = (axes[:, told] / np.sqrt(variances[told])).T
    found = _kernels(points, chosen) @ within.T
    mean = found.mean(axis=0)
    centred = found - mean
    covariance = centred.T @ centred / len(points) + regularisation * np.eye(len(mean))
    whitening = np.linalg.inv(np.linalg.cholesky(covariance))
    outside = np.maximum(1.0 - (found**2).sum(axis=1), 0.0)
    beyond = 1.0 / regularisation
    usual = (((centred @ whitening.T) ** 2).sum(axis=1) + beyond * outside).mean()
    return KernelGaussian(
        white,
        landmarks=chosen.astype(np.float32),
        within=within.astype(np.float32),
        mean=mean.astype(np.float32),
        whitening=whitening.astype(np.float32),
        beyond=beyond,
        unit=1.0 / math.sqrt(usual) if usual else 1.0,
    )


def append_kernels(
    field: onnx.ModelProto, models: Sequence[KernelGaussian], grids: Sequence[Grid], size: Grid
) -> onnx.ModelProto:
    """Graft their distances onto a field; outputs as of `append_gaussians`."""
    scales = []
    for index, (model, grid) in enumerate(zip(models, grids, strict=True)):
        scale = _Scale(index)
        scale.set_size(grid, size)
        scale.add_distances(model)
        scale.smooth("distance")
        scales.append(scale)
    return graft(field, scales, size)


class _Scale(ScaleNodes):
    """The distances of one scale."""

    def add_distances(self, model: KernelGaussian) -> None:
        """From the field to ``distance`` float32[N, 1, h, w]."""
        landmarks = model.landmarks
        self._constant("usual", model.white.mean[0][None, :, None, None])
        self._constant("white", model.white.whitening[0][:, :, None, None])
        self._constant("landmarks", -2.0 * landmarks[:, :, None, None])
        self._constant("lengths", (landmarks**2).sum(axis=1))
        self._constant("steepness", np.array(-0.5 / WIDTH**2))
        self._constant("within", model.within[:, :, None, None])
        self._constant("mean", model.mean[None, :, None, None])
        self._constant("whitening", model.whitening[:, :, None, None])
        self._constant("beyond", np.array(model.beyond))
        self._constant("unit", np.array(model.unit))
        self._node("Sub", f"{self._name} usual", "centred")
        self._node("Conv", "centred white", "points")
        self._node("Conv", "points landmarks lengths", "crossed")
        self._node("Add", f"crossed {self._length('points')}", "apart")
        self._node("Relu", "apart", "squares")
        self._node("Mul", "squares steepness", "exponents")
        self._node("Exp", "exponents", "kernels")
        self._node("Conv", "kernels within", "found")
        self._node("Sub", "found mean", "away")
        self._node("Conv", "away whitening", "away_white")
        self._node("Sub", f"memory_one {self._length('found')}", "left")
        self._node("Relu", "left", "outside")
        self._node("Mul", "outside beyond", "outer")
        self._node("Add", f"{self._length('away_white')} outer", "squared")
        self._node("Sqrt", "squared", "length")
        self._node("Mul", "length unit", "distance")

    def _length(self, vectors: str) -> str:
        """The squared length of vectors float32[N, d, h, w]: [N, 1, h, w]."""
        self._node("Mul", f"{vectors} {vectors}", f"{vectors}_squares")
        self._node("ReduceSum", f"{vectors}_squares memory_channel", f"{vectors}_sum", keepdims=1)
        return f"{vectors}_sum"


def _whitened(vectors: Vectors, white: Gaussian) -> Numbers:
    away = vectors.astype(np.float64) - white.mean[0]
    return np.asarray(away @ white.whitening[0].T.astype(np.float64))


def _kernels(points: Numbers, landmarks: Numbers) -> Numbers:
    lengths = (points**2).sum(axis=1)[:, None] + (landmarks**2).sum(axis=1)
    apart = np.maximum(lengths - 2.0 * points @ landmarks.T, 0.0)
    return np.asarray(np.exp(-0.5 / WIDTH**2 * apart))
