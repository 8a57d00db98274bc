"""One changeover: the line stops, the other product is loaded and tested, and is Ready or not."""

from __future__ import annotations

from enum import StrEnum

from inspector.core.state import Alarm, Health, StationState, StationStatus
from inspector.link.messages import Reset, SelectProduct, Stop
from inspector.panel.models.changed import Changed
from inspector.panel.models.desk import Desk
from inspector.panel.models.live import LiveModel


class Phase(StrEnum):
    """How far it is."""

    STOPPING = "stopping"
    LOADING = "loading"
    LOADED = "loaded"
    FAILED = "failed"


class Changeover:
    """Follows what the station says until the product can run, or why not. Qt-free.

    The station loads cameras and engine and puts the engine to its self-test in one step, between
    Halted and Initialized.
    """

    def __init__(self, desk: Desk, live: LiveModel, product: str) -> None:
        status = live.status
        self.changed = Changed()
        self.before = status.product if status is not None else ""
        self.product = product
        self.reason = ""
        """Why it failed, in the station's words."""
        self.ran = status is not None and status.state.running
        """The line had to be stopped first."""
        self.phase = Phase.STOPPING if self.ran else Phase.LOADING
        self._known_us = _fault_us(status)
        self._desk, self._live = desk, live
        live.changed.connect(self._look)
        if self.ran:
            desk.send(Stop(), lambda _: None, self._stop_refused)
        else:
            self._select()

    @property
    def locks(self) -> tuple[str, ...]:
        """Why it may not run in production yet, in the station's words."""
        status = self._live.status
        return tuple(lock.text for lock in status.locked) if status is not None else ()

    def again(self) -> None:
        """Another attempt, after its cause was mended."""
        status = self._live.status
        self._known_us, self.reason = _fault_us(status), ""
        self.phase = Phase.LOADING
        if status is not None and status.state is StationState.ERROR:
            self._desk.send(Reset(), lambda _: None, self._fail)
        else:
            self._select()
        self.changed.emit()

    def close(self) -> None:
        """Follow no more; the station goes on."""
        self._live.changed.disconnect(self._look)

    def _select(self) -> None:
        self.phase = Phase.LOADING
        self._desk.send(SelectProduct(self.product), lambda _: None, self._fail)

    def _stop_refused(self, reason: str) -> None:
        status = self._live.status
        if status is not None and status.state.running:
            self._fail(reason)  # otherwise it stands: somebody else was faster

    def _fail(self, reason: str) -> None:
        self.phase, self.reason = Phase.FAILED, reason
        self.changed.emit()

    def _look(self) -> None:
        status = self._live.status
        if status is None or not self._live.connected:
            return
        before = self.phase
        if self.phase is Phase.STOPPING and not status.state.running:
            self._select()
        elif self.phase is Phase.LOADING:
            self._look_at_loading(status)
        if self.phase is not before:
            self.changed.emit()

    def _look_at_loading(self, status: StationStatus) -> None:
        fault = _fault(status)
        if status.state is StationState.ERROR:
            if fault is not None and fault.raised_utc_us != self._known_us:
                self.phase, self.reason = Phase.FAILED, fault.text
        elif status.product == self.product and _is_loaded(status):
            self.phase = Phase.LOADED


def _is_loaded(status: StationStatus) -> bool:
    """Ready; or Initialized to stay, because production is locked."""
    locked = status.state is StationState.INITIALIZED and bool(status.locked)
    return status.state is StationState.READY or status.state.running or locked


def _fault(status: StationStatus | None) -> Alarm | None:
    alarms = status.alarms if status is not None else ()
    return next((one for one in alarms if one.health is Health.FAILURE), None)


def _fault_us(status: StationStatus | None) -> int:
    fault = _fault(status)
    return fault.raised_utc_us if fault is not None else 0
