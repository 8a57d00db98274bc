"""What another false-reject rate would have decided on the archive."""

from __future__ import annotations

import msgspec

from inspector.link.question import JobQuestion, Reading


class WhatIf(JobQuestion, frozen=True):
    """Judge a product's recorded scores by the thresholds of other false-reject rates.

    Times are UTC microseconds; None: any. Empty: the product that was inspected last.
    """

    product: str = ""
    lot: str = ""
    since_us: int | None = None
    until_us: int | None = None


class RateStop(msgspec.Struct, frozen=True):
    """One rate, and what it would have decided. Shares are of 1."""

    rate: float
    extrapolated: bool
    """Fewer good images than the rate needs: a model's word."""
    thresholds: tuple[float, ...]
    """Of the checks, in the order of ``WhatIfTable.checks``."""
    rejects: int
    """Parts that it rejects, of all that were looked at."""
    to_reject: int
    """Of them passes as recorded."""
    to_pass: int
    """Recorded rejects that it lets pass."""
    defects_passed: int
    """Of these, those that a person called a true defect."""
    false_rejects_saved: int
    """And those that a person called a false reject."""
    unjudged_passed: int
    """And those of which nobody has said anything sure."""


class Flipping(msgspec.Struct, frozen=True):
    """A part whose verdict is another one at some rate. ``rejected_from``: the first stop that
    rejects it, counted from the rarest; the number of stops where none does."""

    record: int
    part: int
    utc_us: int
    passed: bool
    """As recorded."""
    rejected_from: int
    pictures: int
    finding: str = ""


class WhatIfTable(Reading, frozen=True):
    """Result of ``WhatIf``: stops from the rarest rate to the most frequent.

    ``now`` is the stop of the calibration in force. Counts are of every part that was judged by
    comparable scores: all of them are recorded, so nothing is estimated. ``others`` were judged by
    another model, picture or set of checks.
    """

    product: str
    checks: tuple[str, ...]
    stops: tuple[RateStop, ...]
    now: int
    images: int
    """Good images behind the thresholds."""
    parts: int
    rejects: int
    """As recorded."""
    others: int
    since_us: int
    until_us: int
    """First and last part that was looked at."""
    flips: tuple[Flipping, ...]
    """The newest of each stop."""


AnyWhatIfQuestion = WhatIf
AnyWhatIfAnswer = WhatIfTable
