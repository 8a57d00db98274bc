"""Streaming RX for webs under line-scan cameras: what was usual is forgotten as the web runs on.

Mean ``m`` and covariance ``C`` of vectors (`engines.background.pictures`: colours, or level and
gradient of grey) are those of all lines so far, a line counting ``(1 - a)^k`` after ``k`` more;
each block of lines is judged by what came before it, then joins it. So a slow drift of light or
material is followed, and only what comes suddenly is strange. Garske, Evans, Artlett & Wong, "ERX:
a fast real-time anomaly detection algorithm for hyperspectral line scanning", IEEE TGRS 63, 2025,
forget so; here the moments are exact sums, whatever the block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.background.pictures import NOISE, Image, Picture, check_positive, picture_of
from inspector.core.errors import ConfigError, ImageError
from inspector.core.frame import ScoreMap

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Web:
    """What a web was like so far: ``mean`` float64[d], ``covariance`` float64[d, d], in levels.

    ``weight`` is the sum of what its lines count, 0..1; a line just seen counts ``a``.
    """

    mean: Numbers
    covariance: Numbers
    weight: float


@dataclass(frozen=True, slots=True)
class StreamingRx:
    """Judges frames of a web in turn, ``StreamingRx(...)(web, frame) -> map, web``.

    ``memory`` is the number of lines after which one counts 1/e; ``block`` lines are judged, and
    forgotten, at a time. Before anything is known, the first block is: its map is 0. Keeps nothing
    itself, and may be called from several threads. ``noise`` is a spread in levels that each number
    has in any case. Raises ``ConfigError``.
    """

    memory: float = 2048.0
    block: int = 16
    noise: float = NOISE

    def __post_init__(self) -> None:
        check_positive(memory=self.memory, noise=self.noise)
        if self.block < 1:
            raise ConfigError(f"block: {self.block}", remedy="Give the lines of a block, 1 or more")

    def __call__(self, web: Web | None, frame: Image) -> tuple[ScoreMap, Web]:
        """Judge a frame [H, W] or [H, W, 3]: float32[H, W], and the web with its lines.

        Raises ``ImageError``, also for a frame whose vectors have another length than the web's.
        """
        picture = picture_of(frame, graded=True)
        if web is not None and len(web.mean) != picture.depth:
            raise ImageError(
                f"the web has {len(web.mean)} numbers a pixel, this frame {picture.depth}",
                remedy="Give frames of one camera, or begin anew",
            )
        height = len(frame)
        found = np.zeros(frame.shape[:2], np.float32)
        for first in range(0, height, self.block):
            vectors = _vectors(picture, first, min(first + self.block, height))
            if web is not None:
                found[first : first + self.block] = self._distances(web, vectors)
            web = self._joined(web, vectors)
        if web is None:
            raise ImageError("a frame without lines", remedy="Give at least one line")
        return found, web

    def _distances(self, web: Web, vectors: Numbers) -> Numbers:
        """Root mean square over white numbers, [lines, W] of vectors [lines, W, d]."""
        size = len(web.mean)
        covariance = web.covariance + np.eye(size) * self.noise**2
        whitening = np.linalg.inv(np.linalg.cholesky(covariance))
        white = (vectors - web.mean) @ whitening.T
        return np.asarray(np.sqrt((white * white).mean(axis=2)))

    def _joined(self, web: Web | None, vectors: Numbers) -> Web:
        """The web and some more lines: moments about the joint mean, so that nothing cancels."""
        lines = len(vectors)
        kept = np.exp(-1.0 / self.memory)
        shares = (1.0 - kept) * kept ** np.arange(lines - 1.0, -1.0, -1.0)
        before = 0.0 if web is None else web.weight * kept**lines
        means = vectors.mean(axis=1)
        weight = before + shares.sum()
        mean = shares @ means / weight
        if web is not None:
            mean += before / weight * web.mean
        away = vectors - mean
        weighed = away * (shares / vectors.shape[1])[:, None, None]
        scatter = np.tensordot(weighed, away, axes=((0, 1), (0, 1)))
        if web is not None:
            moved = web.mean - mean
            scatter += before * (web.covariance + np.outer(moved, moved))
        return Web(mean, scatter / weight, float(weight))


def _vectors(picture: Picture, first: int, last: int) -> Numbers:
    """Of some lines, float64[lines, W, d]; floating levels as they are, not about their mean."""
    planes = np.stack(picture.planes(first, last), axis=-1).astype(np.float64)
    if not picture.graded:
        return planes + picture.centre
    planes[..., 0] += picture.centre[0]
    return planes
