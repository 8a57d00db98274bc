"""Gauge studies: does a part get the same score and verdict each time it is shown?"""

from __future__ import annotations

import msgspec

from inspector.link.question import JobQuestion, Question, Reading
from inspector.link.questions.teaching import PictureSource

TAKEN = "taken"
"""Source of the pictures that were taken at the panel."""


class AskGauge(Question, frozen=True):
    """What was shown so far, what else could be studied, and earlier studies of a product."""

    product: str


class TakeShow(Question, frozen=True):
    """Keep what the camera that is watched shows now, as one show of a part; ``GaugeKnown``.

    ``part`` and ``show`` count from 1. Taken anew it takes the place of the one before.
    """

    product: str
    camera: str
    part: int
    show: int


class LayShowsAside(Question, frozen=True):
    """Begin anew; answered with ``GaugeKnown``. Nothing is deleted."""

    product: str


class StudyGauge(JobQuestion, frozen=True):
    """Score every show as the line does, and study that; kept with date and user.

    ``source``: ``taken``, or the key of a source of ``GaugeKnown``.
    """

    product: str
    source: str = TAKEN


class StudiedPart(msgspec.Struct, frozen=True):
    """One part: mean and spread (sigma) of its scores, rejects among its shows."""

    name: str
    shows: int
    rejects: int
    mean: float
    sigma: float


class GaugeFound(Reading, frozen=True):
    """Result of ``StudyGauge``.

    ``over_distance``: sigma of repeating over the distance of good parts from the threshold; None
    where no part passes. ``grr``: share of the total spread that is of measuring. ``near``: parts
    within 3 sigma of the threshold.
    """

    product: str
    utc_us: int
    user: str
    threshold: float
    sigma: float
    sigma_low: float
    sigma_high: float
    grr: float
    over_distance: float | None
    near: int
    alike: int
    parts: tuple[StudiedPart, ...]


class GaugeKnown(Reading, frozen=True):
    """Answer to ``AskGauge``. ``shown``: (part, show) that were taken; studies newest first."""

    product: str
    shown: tuple[tuple[int, int], ...]
    sources: tuple[PictureSource, ...]
    studies: tuple[GaugeFound, ...]


AnyGaugeQuestion = AskGauge | TakeShow | LayShowsAside | StudyGauge
AnyGaugeAnswer = GaugeKnown | GaugeFound
