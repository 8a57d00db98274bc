"""An exact look only where a cheap bound says that it could matter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engines.background.patches import Vectors
from engines.background.pictures import Image
from engines.background.representation import Representation
from inspector.core.frame import ScoreMap

_SHARE = 1 / 16
"""Share of the cells that are looked at exactly in any case: so the bound of all others is low."""
_DEPTH = 0.75
"""How far down from its maximum the map is exact, as a share of it."""


@dataclass(frozen=True, slots=True)
class Cascade:
    """The map of an ``exact`` kernel wherever it is high; elsewhere an upper bound of it.

    The cells whose bound (``at_most``) is highest are looked at exactly, then all whose bound is
    above three quarters of the largest value found there. So the map's maximum is the exact one's,
    down to three quarters of it the same cells exceed any level, and nowhere does the map say less
    than the exact one. It does not depend on a threshold, which may be calibrated on it.
    """

    exact: Representation

    def __call__(self, image: Image) -> ScoreMap:
        """Judge an image: float32[h, w] at the grid of the exact kernel."""
        return self.map_of(self.exact.patches.vectors(image))

    def map_of(self, vectors: Vectors) -> ScoreMap:
        """Judge vectors of any cells, float32[h, w, d]: float32[h, w]."""
        found = self.exact.at_most(vectors)
        count = max(1, round(_SHARE * found.size))
        first = np.zeros(found.shape, bool)
        first.flat[np.argpartition(found, -count, axis=None)[-count:]] = True
        values = self.exact.at(vectors, first)
        found[first] = values
        second = (found > _DEPTH * values.max()) & ~first
        if second.any():
            found[second] = self.exact.at(vectors, second)
        return found
