"""A disk that fills: a person is told, then passes give way, then the line stops."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from inspector.core.line_config import EvidenceConfig
from inspector.core.ports import Clock
from inspector.core.recipe import EvidenceSpec
from inspector.core.state import Health
from inspector.ledger.writer import LedgerWriter
from inspector.station.alarming import Alarming

_KEY = "disk"
_LOOK_NS = 2_000_000_000
_FREE_BUFFERS = 1
"""Fewer free buffers would cost the next reject its pictures."""


def disk_share(folder: Path) -> float:
    """Share of the folder's disk that is full, to those who may not use the system's reserve."""
    usage = shutil.disk_usage(folder)
    return 1.0 - usage.free / (usage.used + usage.free)


class DiskGuard:
    """Looks at the disk of the evidence every two seconds; supervisor thread."""

    def __init__(
        self,
        config: EvidenceConfig,
        writer: LedgerWriter,
        alarming: Alarming,
        clock: Clock,
        share: Callable[[], float],
    ) -> None:
        self._config = config
        self._writer = writer
        self._alarming = alarming
        self._clock = clock
        self._share = share
        self._looked_ns: int | None = None
        self._full = 0.0
        self._lost_before = 0

    def look(self, policy: EvidenceSpec | None, *, running: bool) -> None:
        """One turn; ``policy`` is that of the recipe that is loaded."""
        now_ns = self._clock.monotonic_ns()
        if self._looked_ns is None or now_ns - self._looked_ns >= _LOOK_NS:
            self._looked_ns, self._full = now_ns, self._share()
            self._tell()
        if policy is not None and policy.required and policy.rejects and running:
            self._keep_rejects()
        self._lost_before = self._writer.dropped_evidence

    def _tell(self) -> None:
        config, full = self._config, self._full
        self._writer.shedding = full >= config.shed_at
        if full < config.maintenance_at:
            self._alarming.clear(_KEY)
            return
        words = f"The disk of the evidence is {full:.0%} full"
        if self._writer.shedding:
            words += ": pictures of passes are not kept any more"
        self._alarming.alarm(_KEY, Health.MAINTENANCE_REQUIRED, words)

    def _keep_rejects(self) -> None:
        writer = self._writer
        if self._full >= self._config.stop_at:
            why = f"the disk is {self._full:.0%} full"
        elif writer.free_buffers < _FREE_BUFFERS or writer.dropped_evidence > self._lost_before:
            why = "the disk does not take pictures fast enough"
        else:
            return
        self._alarming.fault(
            f"The next reject's pictures could not be kept, and the recipe requires them: {why}"
        )
