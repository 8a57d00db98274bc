"""The alarms in the order in which they want attention."""

from __future__ import annotations

from inspector.core.state import Alarm, Health, StationStatus
from inspector.panel.models.changed import Changed

CALL = "call"
"""Key of the alarm by which the station says that an engineer is called."""

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

    def stands(self, key: str) -> bool:
        """True while this alarm stands."""
        return any(alarm.key == key for alarm in self.alarms)

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


class Horn:
    """When the panel may be heard: off until somebody switches it on, silent once it was muted.

    It sounds for what nobody has acknowledged and what parts depend on.
    """

    def __init__(self, alarms: AlarmList) -> None:
        self.changed = Changed()
        self.on = False
        self._alarms = alarms
        self._muted: frozenset[str] = frozenset()
        alarms.changed.connect(self.changed.emit)

    @property
    def sounding(self) -> bool:
        """True while it should be heard."""
        return self.on and bool(self._loud() - self._muted)

    def tap(self) -> None:
        """Mute what sounds, a new alarm sounds again; in silence: on, or off."""
        if self.sounding:
            self._muted = self._loud()
        else:
            self.on, self._muted = not self.on, frozenset()
        self.changed.emit()

    def _loud(self) -> frozenset[str]:
        alarms = self._alarms.alarms
        return frozenset(a.key for a in alarms if not a.acknowledged and a.health in _LOUD)


_LOUD = (Health.FAILURE, Health.CHECK_FUNCTION, Health.OUT_OF_SPECIFICATION)
