"""A gauge study: which part is placed next, and what came of all of them. Qt-free.

The camera is watched by the `FocusModel`.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum

from inspector.link.questions.gauge import (
    TAKEN,
    AskGauge,
    GaugeFound,
    GaugeKnown,
    LayShowsAside,
    StudyGauge,
    TakeShow,
)
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.screen import ScreenModel

PARTS, SHOWS = 10, 3
"""What is usual (AIAG, Measurement Systems Analysis, 4th edition, 2010)."""
FEWEST, MOST_PARTS, MOST_SHOWS = 2, 50, 10
GOOD, USABLE = 0.1, 0.3
"""The same book's limits of what measuring may take of a tolerance."""
SIGMAS = 3.0
"""One side of the spread: there is a limit on one side only."""


class Grade(StrEnum):
    """How far the study speaks for the gauge."""

    GOOD = "good"
    USABLE = "usable"
    POOR = "poor"
    UNKNOWN = "unknown"
    """No part passes: there is no room to compare with."""


class GaugeModel(ScreenModel):
    """GUI thread."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.product = ""
        self.parts, self.shows = PARTS, SHOWS
        self.known: GaugeKnown | None = None
        self.found: GaugeFound | None = None
        self.said = ""
        """Why the last picture was not taken."""
        self.taking = False
        self.job: Following | None = None

    @property
    def empty(self) -> bool:
        """True before anything is known."""
        return self.known is None

    @property
    def working(self) -> bool:
        """Shows are being scored."""
        return self.job is not None and not self.job.ended

    @property
    def begun(self) -> bool:
        """Something was shown."""
        return self.known is not None and bool(self.known.shown)

    @property
    def done(self) -> int:
        """How many shows there are of those that are asked for."""
        shown = self.known.shown if self.known is not None else ()
        return sum(part <= self.parts and show <= self.shows for part, show in shown)

    @property
    def next(self) -> tuple[int, int] | None:
        """Part and show, from 1: all parts once, then all of them again; None at the end."""
        shown = set(self.known.shown if self.known is not None else ())
        wanted = (
            (part, show) for show in range(1, self.shows + 1) for part in range(1, self.parts + 1)
        )
        return next((one for one in wanted if one not in shown), None)

    @property
    def enough(self) -> bool:
        """Two parts or more were shown twice or more, and none once only."""
        shown = self.known.shown if self.known is not None else ()
        counts = Counter(part for part, _ in shown)
        return len(counts) >= FEWEST and min(counts.values()) >= FEWEST

    @property
    def last(self) -> tuple[int, int] | None:
        """What was taken last, to be taken anew."""
        shown = self.known.shown if self.known is not None else ()
        return max(shown, key=lambda one: (one[1], one[0]), default=None)

    def enter(self, product: str) -> None:
        """It comes into sight, while this product is, or was, loaded."""
        if product and product != self.product:
            self.product, self.known, self.found, self.job = product, None, None, None
        self.reload()

    def reload(self) -> None:
        """Ask what was shown and studied."""
        if self.product:
            self.ask(AskGauge(self.product), self._take)

    def plan(self, *, parts: int = 0, shows: int = 0) -> None:
        """More or fewer of either."""
        self.parts = min(max(self.parts + parts, FEWEST), MOST_PARTS)
        self.shows = min(max(self.shows + shows, FEWEST), MOST_SHOWS)
        self.changed.emit()

    def take(self, camera: str) -> None:
        """Keep what the camera shows now as the next show."""
        if self.next is not None:
            self._keep(camera, self.next)

    def take_anew(self, camera: str) -> None:
        """The last one was not laid well."""
        if self.last is not None:
            self._keep(camera, self.last)

    def begin_anew(self) -> None:
        """Lay what was shown aside."""
        self.found, self.said = None, ""
        self.ask(LayShowsAside(self.product), self._take)

    def study(self, source: str = TAKEN) -> None:
        """Have them scored."""
        if not self.working:
            self.found = None
            self.job = self.desk.run(StudyGauge(self.product, source), self._told)
            self._told()

    def open(self, found: GaugeFound | None) -> None:
        """An earlier study; None: back to the shows."""
        self.found = found
        self.changed.emit()

    def _keep(self, camera: str, place: tuple[int, int]) -> None:
        if not self.taking and not self.working:
            self.taking, self.said = True, ""
            question = TakeShow(self.product, camera, *place)
            self.desk.ask(question, self._taken, self._not_taken)
            self.changed.emit()

    def _taken(self, known: GaugeKnown) -> None:
        self.taking = False
        self._take(known)
        self.changed.emit()

    def _not_taken(self, reason: str) -> None:
        self.taking, self.said = False, reason
        self.changed.emit()

    def _take(self, known: GaugeKnown) -> None:
        if known.product != self.product:
            return
        if self.known is None and known.shown:  # begun before: the first round says how many parts
            parts, shows = (max(numbers) for numbers in zip(*known.shown, strict=True))
            self.parts = max(FEWEST, parts) if shows > 1 else max(PARTS, parts)
            self.shows = max(SHOWS, shows)
        self.known = known

    def _told(self) -> None:
        job = self.job
        if job is not None and job.ended and isinstance(job.result, GaugeFound):
            self.found = job.result
            self.reload()
        self.changed.emit()


def share_of(found: GaugeFound) -> float | None:
    """Spread of measuring (3 sigma) as a share of the room between good parts and threshold."""
    return None if found.over_distance is None else SIGMAS * found.over_distance


def grade_of(found: GaugeFound) -> Grade:
    """In one word."""
    share = share_of(found)
    if share is None:
        return Grade.UNKNOWN
    return Grade.GOOD if share <= GOOD else Grade.USABLE if share <= USABLE else Grade.POOR
