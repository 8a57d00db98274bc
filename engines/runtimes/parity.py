"""Whether a compiled engine says what the reference says, and by how much it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from inspector.core.errors import EngineError
from inspector.core.frame import ScoreMap
from inspector.core.ports import Engine, PreparedView


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Largest differences from the reference that a precision may have, in shares of its largest
    map value: of one cell, and of the score. The score's is also the band of the verdict."""

    cell: float
    score: float


TOLERANCES = {
    "f32": Tolerance(2e-3, 2e-3),
    "f16": Tolerance(2e-2, 2e-2),
    "bf16": Tolerance(0.12, 0.05),
    "int8": Tolerance(0.25, 0.05),
}
"""Several times what was measured on four products; single cells differ more than maxima do."""

Statistic = Callable[[ScoreMap, PreparedView], float]
"""From a map and the view it is of to what is held against a threshold."""


@dataclass(frozen=True, slots=True)
class Parity:
    """Differences from the float32 reference on the same prepared images.

    ``allowed_cell`` and ``allowed`` are in units of the score. ``allowed`` is the half width of the
    band around ``threshold`` within which a verdict may flip; ``in_band`` images lie there.
    ``flips`` counts verdicts that differ, ``flips_outside`` those of images outside of the band.
    """

    images: int
    map_difference: float
    score_difference: float
    allowed_cell: float
    allowed: float
    threshold: float
    in_band: int
    flips: int
    flips_outside: int

    @property
    def passed(self) -> bool:
        """Whether the engine may run."""
        return (
            self.map_difference <= self.allowed_cell
            and self.score_difference <= self.allowed
            and not self.flips_outside
        )

    def __str__(self) -> str:
        return (
            f"map differs by {self.map_difference:.3g} (allowed {self.allowed_cell:.3g}), "
            f"score by {self.score_difference:.3g} (allowed {self.allowed:.3g}); "
            f"{self.flips} of {self.images} verdicts flip, {self.flips_outside} of them outside "
            f"of the band {self.threshold:.3g} +- {self.allowed:.3g}, where {self.in_band} lie"
        )


def measure_parity(
    engine: Engine,
    reference: Engine,
    views: Iterable[PreparedView],
    threshold: float,
    statistic: Statistic,
) -> Parity:
    """Compare maps and final statistics on prepared views.

    ``threshold`` is the reference's own. The statistic of both is held against it.
    """
    maps: list[float] = []
    largest = 0.0
    pairs: list[tuple[float, float]] = []
    for view in views:
        wanted = reference.infer(view.pixels[None]).maps[0].copy()
        found = engine.infer(view.pixels[None]).maps[0]
        maps.append(float(np.abs(found - wanted).max()))
        largest = max(largest, float(np.abs(wanted).max()))
        pairs.append((statistic(wanted, view), statistic(found, view)))
    scores = np.array(pairs, np.float64).reshape(-1, 2)
    tolerance = TOLERANCES[engine.info.precision]
    allowed = tolerance.score * largest
    flips = (scores[:, 0] > threshold) != (scores[:, 1] > threshold)
    in_band = np.abs(scores[:, 0] - threshold) <= allowed
    return Parity(
        images=len(scores),
        map_difference=max(maps, default=0.0),
        score_difference=float(np.abs(scores[:, 1] - scores[:, 0]).max(initial=0.0)),
        allowed_cell=tolerance.cell * largest,
        allowed=allowed,
        threshold=threshold,
        in_band=int(in_band.sum()),
        flips=int(flips.sum()),
        flips_outside=int((flips & ~in_band).sum()),
    )


def check_parity(parity: Parity, engine: Engine) -> Parity:
    """The parity itself; raises ``EngineError`` with its figures where it did not pass."""
    if not parity.passed:
        raise EngineError(
            f"{engine.info.fingerprint} does not compute what the reference does: {parity}",
            remedy="Use another precision or runtime",
        )
    return parity
