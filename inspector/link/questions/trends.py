"""Questions about the line as a whole: rejects over time, their reasons, scores, time left."""

from __future__ import annotations

import msgspec

from inspector.link.question import Question, Reading


class AskTrends(Question, frozen=True):
    """How the last hours went; ``product`` is the one whose scores are wanted, empty for none."""

    hours: float = 8.0
    product: str = ""


class Group(msgspec.Struct, frozen=True):
    """Parts of one stretch of time, as a point of the p-chart."""

    begin_us: int
    parts: int
    rejects: int
    lower: float
    upper: float
    outside: bool


class Scores(msgspec.Struct, frozen=True):
    """Scores in units of the threshold: shares of each, in bins between ``edges``."""

    edges: tuple[float, ...]
    line: tuple[float, ...]
    """Parts of the line."""
    calibration: tuple[float, ...]
    """Good images that the threshold was made from."""
    parts: int
    images: int


class Duration(msgspec.Struct, frozen=True):
    """Trigger to verdict in one stretch of time, ms, and the least time that was left."""

    begin_us: int
    p50_ms: float
    p99_ms: float
    margin_ms: float


class Trends(Reading, frozen=True):
    """Answer to ``AskTrends``. Times are UTC microseconds.

    ``groups`` count every part of the time; reasons are of the newest rejects, scores and durations
    of the newest parts, of so many each as ``looked_at`` says.
    """

    since_us: int
    until_us: int
    centre: float
    limits: str
    """How the limits were made: binomial, laney, or none where there is too little."""
    groups: tuple[Group, ...]
    reasons: tuple[tuple[str, int], ...]
    scores: Scores | None
    durations: tuple[Duration, ...]
    looked_at: tuple[int, int] = (0, 0)
    """Rejects, parts."""


AnyTrendsQuestion = AskTrends
AnyTrendsAnswer = Trends
