"""The stages of a teaching: told, timed, and where it is cancelled."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from inspector.core.errors import Cancelled

Progress = Callable[[str, float], None]
"""Told the stage and the share of it that is done, 0..1, on the teaching's thread."""


@dataclass(slots=True)
class Stages:
    """Passes progress on, times the stages, and stops the work when it is cancelled.

    What follows a colon in a stage's name is news of the same stage: an epoch, a loss.
    """

    progress: Progress
    cancelled: Callable[[], bool]
    seconds: dict[str, float] = field(default_factory=dict)
    stage: str = ""
    since: float = field(default_factory=time.perf_counter)

    def __call__(self, stage: str, share: float) -> None:
        """Enter a stage, or go on in it. Raises ``Cancelled``."""
        if self.cancelled():
            raise Cancelled("teaching was cancelled")
        timed = stage.partition(":")[0]
        if timed != self.stage:
            self._close()
            self.stage = timed
        self.progress(stage, share)

    def finish(self) -> dict[str, float]:
        """Seconds that each stage took."""
        self._close()
        return self.seconds

    def _close(self) -> None:
        now = time.perf_counter()
        if self.stage:
            self.seconds[self.stage] = self.seconds.get(self.stage, 0.0) + now - self.since
        self.since = now
