"""Counters that must reconcile, and latency percentiles that need no memory."""

from __future__ import annotations

import threading
from collections import Counter, deque

import numpy as np

from inspector.core.state import CameraCounters, Latency, PartCounters
from inspector.core.verdict import Verdict


class LatencyHistogram:
    """Latencies in buckets of 1 % width from 1 µs to 1,000 s: constant memory, any run length."""

    _PER_DECADE = 232  # 10 ** (1 / 232) is 1.01
    _DECADES = 9

    def __init__(self) -> None:
        self._counts = np.zeros(self._PER_DECADE * self._DECADES + 1, dtype=np.int64)
        self._max_ns = self._sum_ns = 0

    def add(self, latency_ns: int) -> None:
        """Count one latency."""
        microseconds = max(latency_ns / 1e3, 1.0)
        bucket = int(np.log10(microseconds) * self._PER_DECADE)
        self._counts[min(bucket, len(self._counts) - 1)] += 1
        self._max_ns = max(self._max_ns, latency_ns)
        self._sum_ns += latency_ns

    def percentile_ms(self, percent: float) -> float:
        """Upper edge of the percentile's bucket, ms, never above the maximum; 0 if empty."""
        total = int(self._counts.sum())
        if not total:
            return 0.0
        rank = max(1, int(np.ceil(total * percent / 100.0)))
        bucket = int(np.searchsorted(np.cumsum(self._counts), rank))
        upper_ms = float(10 ** ((bucket + 1) / self._PER_DECADE)) / 1e3
        return min(upper_ms, self._max_ns / 1e6)

    def up_to(self, edges_ms: tuple[float, ...]) -> tuple[list[int], int, float]:
        """Latencies up to each edge (within 1 %), all of them, and their sum, s."""
        below = np.concatenate(([0], np.cumsum(self._counts)))
        places = [round(np.log10(edge * 1e3) * self._PER_DECADE) for edge in edges_ms]
        counts = [int(below[min(place, len(below) - 1)]) for place in places]
        return counts, int(below[-1]), self._sum_ns / 1e9

    def summary(self) -> Latency:
        """The percentiles that are reported."""
        return Latency(
            p50_ms=self.percentile_ms(50),
            p99_ms=self.percentile_ms(99),
            p999_ms=self.percentile_ms(99.9),
            max_ms=self._max_ns / 1e6,
        )


class LineCounters:
    """All counts of one run. Written by capture and inspection thread, read by any."""

    def __init__(self, cameras: tuple[str, ...]) -> None:
        self._lock = threading.Lock()
        self._cameras = {name: CameraCounters() for name in cameras}
        self._parts = self._verdicts = self._passed = self._bypassed = self._late = 0
        self._causes: Counter[str] = Counter()
        self.late_in_row = 0
        """Verdicts past their deadline, seen or unseen, one after the other."""
        self._latency = LatencyHistogram()
        self._recent: deque[tuple[int, int]] = deque(maxlen=64)

    def count_frame(self, camera: str) -> None:
        """A trigger of this camera gave a frame."""
        self._count(camera, frames=1, lost=0)

    def count_lost(self, camera: str) -> None:
        """A trigger of this camera gave no frame that could be used."""
        self._count(camera, frames=0, lost=1)

    def _count(self, camera: str, *, frames: int, lost: int) -> None:
        with self._lock:
            old = self._cameras[camera]
            self._cameras[camera] = CameraCounters(
                old.triggers + 1, old.frames + frames, old.lost + lost
            )

    def count_part(self) -> None:
        """A part was triggered."""
        with self._lock:
            self._parts += 1

    def count_verdict(self, verdict: Verdict, published_ns: int) -> None:
        """A verdict went out."""
        with self._lock:
            self._verdicts += 1
            self._bypassed += bool(verdict.bypassed)
            self._passed += verdict.passed and not verdict.bypassed
            self._late += verdict.margin_ns < 0
            self.late_in_row = self.late_in_row + 1 if verdict.margin_ns < 0 else 0
            self._causes[verdict.cause.value] += 1
            self._latency.add(published_ns - verdict.triggered_ns)
            self._recent.append((published_ns, verdict.margin_ns))

    def parts(self) -> PartCounters:
        """Snapshot of the part counts."""
        with self._lock:
            return PartCounters(
                parts=self._parts,
                verdicts=self._verdicts,
                passed=self._passed,
                rejected=self._verdicts - self._passed - self._bypassed,
                bypassed=self._bypassed,
                late=self._late,
                by_cause=dict(self._causes),
            )

    def cameras(self) -> dict[str, CameraCounters]:
        """Snapshot of the camera counts."""
        with self._lock:
            return dict(self._cameras)

    def latency(self) -> Latency:
        """Percentiles of trigger-to-verdict since the start of the run."""
        with self._lock:
            return self._latency.summary()

    def latencies(self, edges_ms: tuple[float, ...]) -> tuple[list[int], int, float]:
        """Verdicts of the run up to each edge, all of them, and the sum of their latencies, s."""
        with self._lock:
            return self._latency.up_to(edges_ms)

    def recent(self) -> tuple[float, float]:
        """Parts per second and median margin (ms) of the last 64 verdicts."""
        with self._lock:
            rows = list(self._recent)
        if len(rows) < 2:
            return 0.0, rows[0][1] / 1e6 if rows else 0.0
        seconds = max((rows[-1][0] - rows[0][0]) / 1e9, 1e-9)
        margins = sorted(margin for _, margin in rows)
        return (len(rows) - 1) / seconds, margins[len(margins) // 2] / 1e6
