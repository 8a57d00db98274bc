"""Calibrating a product from good images, and having it signed. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from inspector.link.messages import ChangeThreshold
from inspector.link.questions.thresholds import (
    AskThreshold,
    CalibrateProduct,
    Proof,
    ThresholdFound,
    ThresholdInForce,
)
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.screen import ScreenModel

STORED = "stored"
BINS = 30
SAME = 0.005
"""Thresholds that differ by less, as a share, are the same to anybody."""


class Shift(StrEnum):
    """What would change for parts."""

    FIRST = "first"
    SAME = "same"
    HIGHER = "higher"
    """More parts pass."""
    LOWER = "lower"
    UNLIKE = "unlike"
    """Another bundle, or other checks: scores are of another scale."""


class ThresholdModel(ScreenModel):
    """GUI thread."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.product = ""
        self.now: ThresholdInForce | None = None
        self.source = STORED
        self.job: Following | None = None
        self.found: ThresholdFound | None = None

    @property
    def empty(self) -> bool:
        """True before anything is known."""
        return self.now is None

    @property
    def working(self) -> bool:
        """It is being worked out."""
        return self.job is not None and not self.job.ended

    @property
    def in_force(self) -> bool:
        """What was found holds by now."""
        return (
            self.found is not None
            and self.now is not None
            and self.now.proof is not None
            and self.now.proof.calibration == self.found.new.calibration
        )

    @property
    def shown(self) -> Proof | None:
        """Whose images are drawn: those of what was found, else of what is in force."""
        if self.found is not None:
            return self.found.new
        return self.now.proof if self.now is not None else None

    @property
    def shift(self) -> Shift:
        """What would change."""
        found = self.found
        if found is None or found.before is None:
            return Shift.FIRST
        if not found.comparable:
            return Shift.UNLIKE
        before, new = found.before.threshold, found.new.threshold
        if abs(new - before) <= SAME * abs(before):
            return Shift.SAME
        return Shift.HIGHER if new > before else Shift.LOWER

    @property
    def change(self) -> ChangeThreshold | None:
        """What is to be signed; None while there is nothing."""
        if self.found is None or self.in_force:
            return None
        new, before = self.found.new, self.found.before
        return ChangeThreshold(
            product=self.found.product,
            reason="",
            before=None if before is None else before.threshold,
            threshold=new.threshold,
            false_reject_rate=new.promised,
            calibration=new.calibration,
        )

    def enter(self, product: str) -> None:
        """It comes into sight, while this product is loaded."""
        if product and product != self.product:
            self.product, self.found, self.source = product, None, STORED
        self.reload()

    def reload(self) -> None:
        """Ask what is in force."""
        if self.product:
            self.ask(AskThreshold(self.product), self._take)

    def choose(self, source: str) -> None:
        """Other images."""
        self.source = source
        self.changed.emit()

    def calibrate(self) -> None:
        """Work it out."""
        if not self.working:
            self.found = None
            self.job = self.desk.run(CalibrateProduct(self.product, self.source), self._told)
            self._told()

    def _take(self, now: ThresholdInForce) -> None:
        self.now = now
        known = {STORED, *(one.key for one in now.sources)}
        if self.source not in known or (self.source == STORED and not now.stored and now.sources):
            self.source = next((one.key for one in now.sources), STORED)

    def _told(self) -> None:
        if self.job is not None and self.job.ended and isinstance(self.job.result, ThresholdFound):
            self.found = self.job.result
        self.changed.emit()


def histogram(proof: Proof, *others: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Edges, and how many images fall between them; thresholds, and ``others``, are in sight."""
    low = min(proof.scores)
    high = max(*proof.scores, proof.threshold, *others)
    room = 0.05 * ((high - low) or 1.0)
    low, high = low - room, high + room
    step = (high - low) / BINS
    edges = tuple(low + step * place for place in range(BINS + 1))
    return edges, _counted(proof.scores, low, step)


def _counted(scores: Sequence[float], low: float, step: float) -> tuple[float, ...]:
    counts = [0.0] * BINS
    for score in scores:
        counts[min(BINS - 1, int((score - low) / step))] += 1.0
    return tuple(counts)
