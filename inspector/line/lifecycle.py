"""The station's state machine: one table of legal transitions, one place that changes state."""

from __future__ import annotations

import threading
from collections.abc import Callable

from inspector.core.errors import RefusedError
from inspector.core.state import TRANSITIONS, StationState

Listener = Callable[[StationState, StationState, str], None]
"""Called with (old state, new state, reason), on the thread that changed the state."""


class LifeCycle:
    """Holds the state of the station (``inspector.core.state`` draws it). Any thread."""

    def __init__(self, on_change: Listener) -> None:
        self._lock = threading.RLock()
        self._state = StationState.PREOPERATIONAL
        self._on_change = on_change

    @property
    def state(self) -> StationState:
        """The state at this moment."""
        return self._state

    def to(self, target: StationState, reason: str) -> None:
        """Change state. Raises ``RefusedError`` when the table does not allow it."""
        with self._lock:
            old = self._state
            if target not in TRANSITIONS[old]:
                raise RefusedError(
                    f"the station cannot go from {old} to {target}",
                    remedy=f"From {old} it can go to: {', '.join(sorted(TRANSITIONS[old]))}",
                )
            self._state = target
        self._on_change(old, target, reason)

    def fail(self, reason: str) -> bool:
        """Go to Error from wherever it is; False when it is there already."""
        with self._lock:
            if self._state is StationState.ERROR:
                return False
            self.to(StationState.ERROR, reason)
            return True
