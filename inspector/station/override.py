"""Production without a valid check of limit samples: signed, for a shift at most, and told."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.core.line_config import LineConfig
from inspector.limits.check import Conditions, LimitCheck

OVERRIDE = "limit-override"
"""Key of its alarm."""
_HOUR_US = 3_600_000_000


@dataclass(frozen=True, slots=True)
class Override:
    """What it was given for; anything else ends it. It is not kept over a restart."""

    conditions: Conditions
    check: str
    since_us: int
    until_us: int

    @classmethod
    def now(
        cls, conditions: Conditions, check: LimitCheck | None, now_us: int, config: LineConfig
    ) -> Override:
        """One that begins now."""
        until_us = now_us + round(config.limits.valid_hours * _HOUR_US)
        return cls(conditions, check.hash if check else "", now_us, until_us)

    def holds(self, conditions: Conditions, check: LimitCheck | None, now_us: int) -> bool:
        """Whether it still stands: the same tuple, masters, cameras and last check, in time."""
        same = (conditions, check.hash if check else "") == (self.conditions, self.check)
        return same and self.since_us <= now_us < self.until_us
