"""Software triggers: a thread that fires the device at the sensor's triggers, and who remembers."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from inspector.core.errors import CameraError
from inspector.core.frame import Trigger
from inspector.core.ports import TriggerSource

_TURN_S = 0.1


@dataclass(frozen=True, slots=True)
class Shot:
    """One trigger, and whether the device took it."""

    trigger: Trigger
    fired: bool


class Shots:
    """Fires at every trigger from ``start`` on; the capture thread takes the shots in their order.

    A trigger that the device does not take is a shot all the same: its part has no frame.
    """

    def __init__(self, name: str, source: TriggerSource, fire: Callable[[], bool]) -> None:
        self._source = source
        self._fire = fire
        self._name = name
        self._shots: deque[Shot] = deque()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.count = source.count
        """Number of the newest trigger; the sensor counts on from one camera to the next."""

    def start(self) -> None:
        """Let the sensor's triggers come, and fire at them."""
        self.stop()
        self._shots.clear()
        self._stopping.clear()
        self.count = self._source.count
        self._thread = threading.Thread(target=self._run, name=f"fire-{self._name}", daemon=True)
        self._source.start()
        self._thread.start()

    def stop(self) -> None:
        """Fire no more; the shots that were fired stay."""
        self._source.stop()
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(5.0)
            self._thread = None

    def _run(self) -> None:
        while True:
            stopping = self._stopping.is_set()
            trigger = self._source.wait(self.count, _TURN_S if not stopping else 0.0)
            if trigger is None:
                if stopping:
                    return
                continue
            self._shots.append(Shot(trigger, self._take()))
            self.count = trigger.count

    def _take(self) -> bool:
        try:
            return self._fire()
        except CameraError:
            return False

    def oldest(self) -> Shot | None:
        """The shot whose frame comes next. Capture thread."""
        return self._shots[0] if self._shots else None

    def second(self) -> Shot | None:
        """The one after it."""
        return self._shots[1] if len(self._shots) > 1 else None

    def take(self) -> Shot:
        """The oldest shot, and forget it. Capture thread."""
        return self._shots.popleft()
