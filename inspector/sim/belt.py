"""A belt with an encoder and a photo-eye: parts pass at a steady rate, located by counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from inspector.core.frame import Trigger
from inspector.core.ports import Clock


@dataclass(frozen=True, slots=True)
class _Feed:
    """Parts that were fed in one go: numbers after ``before``, the first a gap behind the start."""

    before: int
    start_encoder: int
    start_ns: int


class Belt:
    """Carries parts past the trigger sensor and on to the gate.

    The belt moves from the first ``start`` on; its encoder is a pure function of the clock and is
    never reset. ``start`` feeds parts at a steady distance, ``stop`` feeds no more, while those on
    the belt go on to the gate; numbers go on from feed to feed. With a ``limit``, ``on_limit`` is
    called once when the last part was taken. Any thread, but ``wait`` on the capture thread only.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        parts_per_s: float,
        counts_per_part: int,
        limit: int | None = None,
        on_limit: Callable[[], None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._interval_ns = 1e9 / parts_per_s
        self._counts_per_part = counts_per_part
        self._limit = limit
        self._on_limit = on_limit
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._moving_since_ns: int | None = None
        self._feeds: list[_Feed] = []
        self._closed_at: int | None = 0

    def start(self) -> None:
        """Feed parts; the first one crosses the sensor after one part's distance.

        No effect on a belt that feeds already: every camera on it starts it.
        """
        with self._lock:
            if self._closed_at is None:
                return
            now = self._clock.monotonic_ns()
            if self._moving_since_ns is None:
                self._moving_since_ns = now
            self._feeds.append(_Feed(self._closed_at, self._encoder_at(now), now))
            self._closed_at = None
            self._wake.clear()

    def stop(self) -> None:
        """Feed no more parts."""
        with self._lock:
            if self._closed_at is None:
                self._closed_at = self._count()
            self._wake.set()

    def _encoder_at(self, now_ns: int) -> int:
        if self._moving_since_ns is None:
            return 0
        return int((now_ns - self._moving_since_ns) / self._interval_ns * self._counts_per_part)

    @property
    def encoder(self) -> int:
        """Absolute encoder count now."""
        return self._encoder_at(self._clock.monotonic_ns())

    @property
    def moving(self) -> bool:
        """False until parts were fed for the first time: cameras may have triggers of their own."""
        with self._lock:
            return self._moving_since_ns is not None

    @property
    def count(self) -> int:
        """Parts that have crossed the sensor so far."""
        with self._lock:
            return self._count()

    def _count(self) -> int:
        if self._closed_at is not None:
            return self._closed_at
        feed = self._feeds[-1]
        fed = int((self._clock.monotonic_ns() - feed.start_ns) / self._interval_ns)
        count = feed.before + fed
        return count if self._limit is None else min(count, self._limit)

    def trigger(self, count: int) -> Trigger:
        """Part ``count`` as the sensor saw it: its time and its latched encoder count."""
        feed = next(feed for feed in reversed(self._feeds) if feed.before < count)
        place = count - feed.before
        return Trigger(
            count,
            feed.start_encoder + place * self._counts_per_part,
            feed.start_ns + int(place * self._interval_ns),
        )

    def wait(self, after: int, timeout_s: float) -> Trigger | None:
        """The part after number ``after``, waiting for it if need be; None at the time-out."""
        wanted = after + 1
        if self._limit is not None and wanted > self._limit:
            self._end()
            self._wake.wait(timeout_s)
            return None
        if self.count < wanted:
            due_s = (self.trigger(wanted).at_ns - self._clock.monotonic_ns()) / 1e9
            self._wake.wait(min(max(due_s, 0.0), timeout_s))
            if self.count < wanted:
                return None
        return self.trigger(wanted)

    def _end(self) -> None:
        on_limit, self._on_limit = self._on_limit, lambda: None
        on_limit()
