"""The false-reject rate that people confirm, from rejects of which some were judged again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from calibration.metrics import rate_interval


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """Parts of a period. ``rejected`` are those that were judged defective by the station.

    ``true``, ``false`` and ``unsure`` are what people said of some of them; ``missed`` passed and
    were found defective by a person.
    """

    passed: int
    rejected: int
    true: int
    false: int
    unsure: int
    missed: int = 0

    @property
    def judged(self) -> int:
        """Rejects that a person judged."""
        return self.true + self.false + self.unsure

    @property
    def rate(self) -> ConfirmedRate | None:
        """The confirmed false-reject rate; None before anything was judged."""
        return confirmed_rate(self) if self.true + self.false else None


@dataclass(frozen=True, slots=True)
class ConfirmedRate:
    """Share of good parts that are rejected, with a 95 % interval."""

    rate: float
    low: float
    high: float


def confirmed_rate(counts: ReviewCounts) -> ConfirmedRate:
    """Two exact intervals (Clopper & Pearson 1934), of 97.5 % each, so that both hold at 95 %.

    The first says how many of the rejects are false, from those judged: as if they were drawn at
    random, and with the unsure ones as true for its lower and as false for its upper end. The
    second what rate makes so many of the good parts be rejected. Missed defects are too few among
    the passed parts to matter, and nobody knows how many.
    """
    low, high = _share(counts)
    known = counts.false / (counts.true + counts.false) * counts.rejected
    fewest, most = math.floor(low * counts.rejected), math.ceil(high * counts.rejected)
    return ConfirmedRate(
        known / max(counts.passed + known, 1.0),
        _interval(fewest, counts.passed + fewest)[0],
        _interval(most, counts.passed + most)[1],
    )


def _share(counts: ReviewCounts) -> tuple[float, float]:
    """Of the rejects those that are false, from the fewest to the most."""
    least, most = counts.false, counts.false + counts.unsure
    if counts.judged == counts.rejected:  # nothing is left to chance
        return least / counts.judged, most / counts.judged
    return _interval(least, counts.judged)[0], _interval(most, counts.judged)[1]


def _interval(events: int, trials: int) -> tuple[float, float]:
    return rate_interval(events, trials, 0.975) if trials else (0.0, 1.0)


class Advice(StrEnum):
    """What the judgements speak for."""

    KEEP = "keep"
    CALIBRATE = "calibrate"
    JUDGE_MORE = "judge more"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person may decide on; it changes nothing."""

    advice: Advice
    promised: float
    confirmed: ConfirmedRate | None

    @property
    def text(self) -> str:
        """In words."""
        if self.confirmed is None:
            return "no reject was judged yet"
        found, promised = self.confirmed, f"the {self.promised:.2%} promised"
        words = {
            Advice.KEEP: f"not more than {promised}",
            Advice.CALIBRATE: f"more than {promised}: teach the false rejects (--add-good), or "
            "calibrate with newer good parts",
            Advice.JUDGE_MORE: f"too few were judged to compare with {promised}",
        }
        rates = f"{found.rate:.2%} of good parts are rejected"
        return f"{rates} ({found.low:.2%} to {found.high:.2%}): {words[self.advice]}"


def propose(counts: ReviewCounts, promised: float) -> Proposal:
    """Compare what people confirm with what the calibration promises."""
    found = counts.rate
    if found is None:
        advice = Advice.JUDGE_MORE
    elif found.low > promised:
        advice = Advice.CALIBRATE
    else:
        advice = Advice.KEEP if found.high <= promised else Advice.JUDGE_MORE
    return Proposal(advice, promised, found)
