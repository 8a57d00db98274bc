"""The last parts before an alarm: what their pictures were, good or not."""

from __future__ import annotations

import threading
from collections import deque

from inspector.core.state import Health
from inspector.ledger.pool import EvidencePool, Lease
from inspector.ledger.writer import LedgerWriter
from inspector.line.part import JudgedPart

_TELLING = (Health.FAILURE, Health.OUT_OF_SPECIFICATION)
"""Other alarms are about the station, not about parts."""


class ContextTap:
    """A ring of the images of the last parts, in buffers made once; an alarm hands them over.

    There are as many buffers again, so that the next parts are taken while those before an alarm
    are written. ``offer`` on the inspection thread, after the verdict; ``alarm`` from any.
    """

    def __init__(self, writer: LedgerWriter, parts: int, image_bytes: int) -> None:
        self._writer = writer
        self._parts = parts
        self._pool = EvidencePool(2 * parts, image_bytes, 0)
        self._ring: deque[tuple[int, Lease]] = deque()
        self._lock = threading.Lock()

    def offer(self, part: JudgedPart) -> None:
        """Copy one part's images in place of the oldest."""
        if part.pixels is None or part.verdict.master:
            return
        with self._lock:
            lease = self._pool.copy(part.pixels, None) if len(self._ring) < self._parts else None
            if lease is None and self._ring:
                self._ring.popleft()[1].release()
                lease = self._pool.copy(part.pixels, None)
            if lease is not None:
                self._ring.append((part.verdict.part_id, lease))

    def alarm(self, key: str, health: Health, text: str) -> None:
        """Have what the ring holds written, with the alarm; it begins anew."""
        if health not in _TELLING or self._writer.spares_rejects:
            return
        with self._lock:
            pictures = tuple(self._ring)
            self._ring.clear()
        if pictures:
            told = {"event": "context", "alarm": key, "health": health.value, "text": text}
            self._writer.note_context(told, pictures)
