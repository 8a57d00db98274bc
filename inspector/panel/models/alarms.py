"""The alarms in the order in which they want attention."""

from __future__ import annotations

from inspector.core.state import Alarm, Health, StationStatus
from inspector.panel.models.changed import Changed

_URGENCY = {health: rank for rank, health in enumerate(Health)}


class AlarmList:
    """Open alarms, one of which is shown: unacknowledged before acknowledged, worst first."""

    def __init__(self) -> None:
        self.changed = Changed()
        self.alarms: tuple[Alarm, ...] = ()
        self.health: Health | None = None
        self.trouble = ""
        """Why nothing is known, when nothing is known."""
        self._shown = ""

    @property
    def shown(self) -> Alarm | None:
        """The alarm on display."""
        return self.alarms[self.position] if self.alarms else None

    @property
    def position(self) -> int:
        """Index of the alarm on display."""
        keys = [alarm.key for alarm in self.alarms]
        return keys.index(self._shown) if self._shown in keys else 0

    def take_status(self, status: StationStatus | None, trouble: str = "") -> None:
        """Alarms of the newest snapshot (None: not known). A new alarm comes to the front."""
        if trouble != self.trouble:
            self.trouble = trouble
            self.changed.emit()
        alarms = tuple(sorted(status.alarms, key=_urgency)) if status is not None else ()
        health = status.health if status is not None else None
        if (alarms, health) == (self.alarms, self.health):
            return
        if {a.key for a in alarms if not a.acknowledged} - {a.key for a in self.alarms}:
            self._shown = ""
        self.alarms, self.health = alarms, health
        self.changed.emit()

    def next(self) -> None:
        """Show the next alarm, the first after the last."""
        if self.alarms:
            self._shown = self.alarms[(self.position + 1) % len(self.alarms)].key
            self.changed.emit()


def _urgency(alarm: Alarm) -> tuple[bool, int, int]:
    return alarm.acknowledged, _URGENCY[alarm.health], -alarm.raised_utc_us
