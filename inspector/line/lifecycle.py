"""The station's state machine: one table of legal transitions, one place that changes state."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

from inspector.core.errors import RefusedError
from inspector.core.state import PRODUCTION_NEEDS, TRANSITIONS, Requirement, StationState

Listener = Callable[[StationState, StationState, str], None]
"""Called with (old state, new state, reason), on the thread that changed the state."""

_S = StationState


class LifeCycle:
    """Holds the state of the station (``inspector.core.state`` draws it). Any thread.

    ``wanted`` says whether the line's file asks for production. A run under way goes on when
    something that production needs lapses meanwhile; the station then comes to rest in Initialized.
    """

    def __init__(self, on_change: Listener, *, wanted: bool = False) -> None:
        self._lock = threading.RLock()
        self._state = _S.PREOPERATIONAL
        self._on_change = on_change
        self._wanted = wanted
        self._met: frozenset[Requirement] = frozenset()
        self._production = False

    @property
    def state(self) -> StationState:
        """The state at this moment."""
        return self._state

    @property
    def production(self) -> bool:
        """True when what is Ready, or runs, counts as production."""
        return self._production

    @property
    def lacking(self) -> tuple[Requirement, ...]:
        """What production still needs; empty where none is wanted."""
        met = self._met
        return tuple(one for one in Requirement if self._wanted and one not in met)

    def to(self, target: StationState, reason: str) -> None:
        """Change state. Raises ``RefusedError`` when the table does not allow it."""
        with self._lock:
            old = self._state
            if target not in TRANSITIONS[old]:
                raise RefusedError(
                    f"the station cannot go from {old} to {target}",
                    remedy=f"From {old} it can go to: {', '.join(sorted(TRANSITIONS[old]))}",
                )
            self._check_needs(target)
            self._state = target
            self._on_change(old, target, reason)

    def _check_needs(self, target: StationState) -> None:
        continuous = target is _S.CONTINUOUS_EXECUTION
        if self._wanted and continuous and not self._production:
            raise RefusedError("only limit samples may be shown now")
        lacking = PRODUCTION_NEEDS.get(target, frozenset()) - self._met
        if self._production and lacking:
            raise RefusedError(f"{target} as production needs: {', '.join(sorted(lacking))}")

    def meet(self, met: Collection[Requirement], reason: str) -> None:
        """What production needs and has now. At rest the state follows at once."""
        with self._lock:
            self._met = frozenset(met)
            if self._state in (_S.INITIALIZED, _S.READY):
                self.rest(reason)

    def rest(self, reason: str) -> None:
        """Come to Ready; to Initialized where production lacks something. From loading or a run."""
        with self._lock:
            cleared = not self.lacking
            self._production = self._wanted and cleared
            if self._state.running:
                self.to(_S.READY, reason)
            if cleared and self._state is _S.INITIALIZED:
                self.to(_S.READY, reason)
            elif not cleared and self._state is _S.READY:
                self.to(_S.INITIALIZED, f"locked: {', '.join(self.lacking)}")

    def show_masters(self, reason: str) -> None:
        """From rest to a single execution that is not production. Raises ``RefusedError``."""
        with self._lock:
            self._production = False
            if self._state is _S.INITIALIZED:
                self.to(_S.READY, reason)
            self.to(_S.SINGLE_EXECUTION, reason)

    def fail(self, reason: str) -> bool:
        """Go to Error from wherever it is; False when it is there already."""
        with self._lock:
            if self._state is _S.ERROR:
                return False
            self._production = False
            self.to(_S.ERROR, reason)
            return True
