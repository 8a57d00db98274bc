"""The PLC's trigger bit as the sensor of cameras that are triggered by software."""

from __future__ import annotations

import threading
from collections import deque

from inspector.core.frame import Trigger
from inspector.core.ports import Clock
from inspector.plc.handshake import Demand

_KEPT = 1024


class PlcSensor:
    """Implements ``TriggerSource``: every rising edge of ``trigger`` is a part. Any thread.

    Between ``stop`` and ``start`` edges count no part: nobody is there to look.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._came = threading.Condition()
        self._recent: deque[Trigger] = deque(maxlen=_KEPT)
        self._count = 0
        self._listening = False

    def part(self, demand: Demand) -> None:
        """The PLC asked for a picture."""
        with self._came:
            if not self._listening:
                return
            self._count += 1
            at_ns = self._clock.monotonic_ns()
            self._recent.append(Trigger(self._count, demand.value, at_ns, demand.text))
            self._came.notify_all()

    def wait(self, after: int, timeout_s: float) -> Trigger | None:
        """The trigger after number ``after``, or None at the time-out."""
        with self._came:
            self._came.wait_for(lambda: self._count > after or not self._listening, timeout_s)
            return next((one for one in self._recent if one.count > after), None)

    def start(self) -> None:
        """Edges are parts."""
        with self._came:
            self._listening = True

    def stop(self) -> None:
        """Edges are nobody's."""
        with self._came:
            self._listening = False
            self._came.notify_all()

    @property
    def count(self) -> int:
        """Triggers so far."""
        return self._count
