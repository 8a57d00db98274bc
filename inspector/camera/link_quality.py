"""What a camera's link is worth: rates, latencies and lost packets, as figures. Any thread."""

from __future__ import annotations

import threading
from collections import deque

from inspector.camera.device import LinkStatistics
from inspector.core.frame import LinkQuality

_RECENT = 128


class LinkGauge:
    """Fed by the capture thread with frames and by the keeper with what the SDK counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recent: deque[tuple[int, int]] = deque(maxlen=_RECENT)
        self._failed = 0
        self._statistics = LinkStatistics()
        self.temperature_c: float | None = None

    def frame(self, copied_ns: int, latency_ns: int) -> None:
        """A frame stands in its slot, so long after the end of its exposure."""
        with self._lock:
            self._recent.append((copied_ns, latency_ns))

    def failed(self) -> None:
        """A frame arrived incomplete."""
        with self._lock:
            self._failed += 1

    def read(self, statistics: LinkStatistics, temperature_c: float | None) -> None:
        """What the device and its SDK say."""
        with self._lock:
            self._statistics = statistics
            self.temperature_c = temperature_c

    def quality(self, losses: int) -> LinkQuality:
        """The figures at this moment."""
        with self._lock:
            recent = list(self._recent)
            counted = self._statistics
            failed = self._failed
        span_s = (recent[-1][0] - recent[0][0]) / 1e9 if len(recent) > 1 else 0.0
        latencies = sorted(latency for _, latency in recent)
        return LinkQuality(
            failed=failed,
            resent=counted.resent,
            underrun=counted.underrun,
            missing=counted.missing,
            reconnects=losses,
            rate_hz=(len(recent) - 1) / span_s if span_s > 0 else 0.0,
            latency_ms=latencies[len(latencies) // 2] / 1e6 if latencies else None,
            temperature_c=self.temperature_c,
        )
