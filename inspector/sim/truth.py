"""The tally of a demo run: verdicts against labels that the line itself never sees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Truth(StrEnum):
    """What a demo picture really shows."""

    GOOD = "good"
    DEFECTIVE = "defective"
    GRADED = "graded"
    """Between good and defective by its label: counted apart."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a demo run. Parts that were rejected unseen (late, lost, overrun) count apart."""

    good: int
    defective: int
    graded: int
    escapes: int
    false_rejects: int
    graded_rejected: int
    unseen: int


class TruthTally:
    """Compares inspected parts with their labels. Inspection thread; ``tally`` from any."""

    def __init__(self, labels: Mapping[str, Truth]) -> None:
        self._labels = labels
        self._seen: Counter[tuple[Truth, bool]] = Counter()
        self._unseen = 0

    def count(self, source: str, *, passed: bool, inspected: bool) -> None:
        """One part, by the name of its picture."""
        truth = self._labels.get(source)
        if not inspected:
            self._unseen += 1
        elif truth is not None:
            self._seen[truth, passed] += 1

    def tally(self) -> Tally:
        """The counts so far."""
        seen = self._seen.copy()

        def both(truth: Truth) -> int:
            return seen[truth, True] + seen[truth, False]

        return Tally(
            good=both(Truth.GOOD),
            defective=both(Truth.DEFECTIVE),
            graded=both(Truth.GRADED),
            escapes=seen[Truth.DEFECTIVE, True],
            false_rejects=seen[Truth.GOOD, False],
            graded_rejected=seen[Truth.GRADED, False],
            unseen=self._unseen,
        )
