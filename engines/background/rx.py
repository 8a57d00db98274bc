"""Global RX: Mahalanobis distance of patches to those of good images."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from engines.background.patches import Patches, Vectors
from engines.background.pictures import NOISE, Image, check_positive
from inspector.core.errors import BundleError, DatasetError
from inspector.core.frame import ScoreMap

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Background:
    """What good vectors are like: ``mean`` float64[d], ``whitening`` float64[d, d].

    ``whitening`` is lower triangular, ``W^T W`` the inverse of the covariance after ``shrinkage``
    float64[1] towards a multiple of the identity. No direction is left out: those of low variance
    carry the defects (Rippel et al., ICPR 2020).
    """

    mean: Numbers
    whitening: Numbers
    shrinkage: Numbers

    def distances(self, vectors: NDArray[np.float32]) -> ScoreMap:
        """``sqrt((y - m)^T C^-1 (y - m) / d)`` of vectors [..., d]; good ones have 1 on average.

        Raises ``BundleError`` for vectors of another length.
        """
        if vectors.shape[-1] != self.mean.size:
            raise BundleError(
                f"learned {self.mean.size} numbers of a patch, but images have {vectors.shape[-1]}",
                remedy="Fit it again on good images",
            )
        white = (vectors - self.mean) @ self.whitening.T
        return np.asarray(np.sqrt((white * white).mean(axis=-1)), np.float32)

    def to_arrays(self) -> dict[str, Numbers]:
        """Arrays by name, for ``safetensors``."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Numbers]) -> Background:
        """What ``to_arrays`` gave. Raises ``BundleError`` for anything else."""
        found = {name: np.asarray(arrays[name]) for name in cls.__slots__ if name in arrays}
        size = found["mean"].size if "mean" in found else 0
        shapes = {"mean": (size,), "whitening": (size, size), "shrinkage": (1,)}
        if not size or {name: array.shape for name, array in found.items()} != shapes:
            raise BundleError(
                "the arrays are not those of a background", remedy="Fit it again on good images"
            )
        return cls(**found)


@dataclass(frozen=True, slots=True)
class GlobalRx:
    """Patches of a frame against those of good images."""

    patches: Patches
    background: Background

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image: float32[h, w] at the grid of the patches."""
        return self.background.distances(self.patches.vectors(image))


def fit_rx(patches: Patches, images: Iterable[Image], noise: float = NOISE) -> GlobalRx:
    """Learn from good images. Raises ``ImageError`` or ``DatasetError``."""
    return GlobalRx(patches, fit_background(map(patches.vectors, images), noise))


def fit_background(vectors: Iterable[Vectors], noise: float = NOISE) -> Background:
    """Mean and shrunk covariance of vectors [..., d], at least 2 of them.

    The shrinkage is Ledoit and Wolf's (J. Multivariate Analysis 88, 2004); neighbouring patches
    share pixels, so there are fewer independent vectors than it counts on. Then ``noise``² is added
    to the diagonal. Raises ``DatasetError``.
    """
    check_positive(noise=noise)
    parts = [part.reshape(-1, part.shape[-1]) for part in vectors]
    points = np.concatenate(parts).astype(np.float64) if parts else np.empty((0, 1))
    if len(points) < 2:
        raise DatasetError("no good images to learn a background from", remedy="Give some")
    mean = points.mean(axis=0)
    points -= mean
    covariance, shrinkage = shrunk_covariance(points)
    covariance += np.eye(len(covariance)) * noise**2
    whitening = np.linalg.inv(np.linalg.cholesky(covariance))
    return Background(mean, whitening, np.array([shrinkage]))


def shrunk_covariance(centred: Numbers) -> tuple[Numbers, float]:
    """Covariance [d, d] of centred points [n, d], and the share of the identity in it, 0..1."""
    count, size = centred.shape
    sample = centred.T @ centred / count
    target = np.eye(size) * np.trace(sample) / size
    distance = float(((sample - target) ** 2).sum())
    fourth = float((np.einsum("ij,ij->i", centred, centred) ** 2).sum())
    error = (fourth / count - float((sample**2).sum())) / count
    share = min(1.0, max(0.0, error / distance)) if distance else 0.0
    return share * target + (1.0 - share) * sample, share
