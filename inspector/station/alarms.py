"""The alarms that stand at this moment, and the health that follows from them."""

from __future__ import annotations

import threading
from dataclasses import replace

from inspector.core.errors import RefusedError
from inspector.core.ports import Clock
from inspector.core.state import Alarm, Health

_WORST_FIRST = tuple(Health)


class AlarmBoard:
    """One alarm per key; it stands until its cause is gone. Any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._alarms: dict[str, Alarm] = {}

    def set(self, key: str, health: Health, text: str) -> bool:
        """Raise an alarm; True when it is new or says something else than before."""
        with self._lock:
            old = self._alarms.get(key)
            if old is not None and (old.health, old.text) == (health, text):
                return False
            self._alarms[key] = Alarm(key, health, text, self._clock.utc_us())
            return True

    def stands(self, key: str) -> bool:
        """True while the alarm stands."""
        with self._lock:
            return key in self._alarms

    def clear(self, key: str) -> bool:
        """The cause is gone; True when the alarm stood."""
        with self._lock:
            return self._alarms.pop(key, None) is not None

    def acknowledge(self, key: str) -> None:
        """A person has seen it. Raises ``RefusedError`` for an alarm that does not stand."""
        with self._lock:
            if key not in self._alarms:
                raise RefusedError(f"{key}: there is no such alarm any more")
            self._alarms[key] = replace(self._alarms[key], acknowledged=True)

    def standing(self) -> tuple[Alarm, ...]:
        """All alarms, worst first, then oldest first."""
        with self._lock:
            alarms = list(self._alarms.values())
        return tuple(sorted(alarms, key=lambda a: (_WORST_FIRST.index(a.health), a.raised_utc_us)))

    @property
    def health(self) -> Health:
        """The worst status signal that stands."""
        alarms = self.standing()
        return alarms[0].health if alarms else Health.GOOD
