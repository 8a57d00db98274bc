"""The station as an engineer looks at it: state and transitions, devices, engine, store."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from inspector.core.state import Health, StationState, StationStatus
from inspector.link.details import Details, GetDetails
from inspector.link.messages import (
    Abort,
    AnyCommand,
    Halt,
    Reset,
    SelectAutomatic,
    StartSingle,
)
from inspector.link.questions.station import AskKept, AskStages, Kept, Stages
from inspector.panel.models.desk import Desk
from inspector.panel.models.polling import Polling
from inspector.panel.models.screen import ScreenModel


class Tab(StrEnum):
    """Sides of the screen."""

    STATE = "state"
    CAMERAS = "cameras"
    PLC = "plc"
    ENGINE = "engine"
    RECORDS = "records"
    SYSTEM = "system"
    LOG = "log"


_S = StationState
_AT_REST_OR_RUNNING = frozenset(_S) - {_S.PREOPERATIONAL, _S.HALTED}
_RUNNING = frozenset(state for state in _S if state.running)

TRANSITIONS: dict[str, tuple[Callable[[], AnyCommand], frozenset[StationState]]] = {
    "StartSingle": (StartSingle, frozenset({_S.READY})),
    "SelectAutomatic": (SelectAutomatic, frozenset({_S.HALTED})),
    "Reset": (Reset, frozenset({_S.ERROR})),
    "Abort": (Abort, _RUNNING),
    "Halt": (Halt, _AT_REST_OR_RUNNING),
}
"""Name of a command -> how it is made, and in which states it is carried out."""


def reasons(status: StationStatus) -> tuple[str, ...]:
    """Why the station is not Ready, in its own words; empty when it is, or when it runs."""
    state = status.state
    if state is _S.ERROR:
        return tuple(one.text for one in status.alarms if one.health is Health.FAILURE)
    if state is _S.INITIALIZED:
        return tuple(lock.text for lock in status.locked)
    return ()


class StationModel(ScreenModel):
    """What all sides share, and what those of devices, engine and records show."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.tab = Tab.STATE
        self.details: Details | None = None
        self.stages: Stages | None = None
        self.kept: Kept | None = None
        self._polling = Polling(desk, GetDetails, self._take_details, self._refuse_details)

    @property
    def empty(self) -> bool:
        """True before the station told anything."""
        return self.tab in (Tab.CAMERAS, Tab.ENGINE, Tab.RECORDS) and self.details is None

    def show(self, tab: Tab) -> None:
        """Another side."""
        self.tab, self.problem = tab, ""
        self.reload()
        self.changed.emit()

    def reload(self) -> None:
        """Ask for what the side shows."""
        self.problem = ""
        self.tick()
        if self.tab is Tab.ENGINE:
            self.ask(AskStages(), self._take_stages, slot="stages")
        elif self.tab is Tab.RECORDS:
            self.ask(AskKept(), self._take_kept, slot="kept")

    def tick(self) -> None:
        """Once a second while the screen is shown."""
        if self.tab in (Tab.CAMERAS, Tab.ENGINE, Tab.RECORDS):
            self._polling.tick()

    def legal(self, state: StationState | None) -> tuple[str, ...]:
        """Commands that lead on from a state."""
        return tuple(name for name, (_, states) in TRANSITIONS.items() if state in states)

    def go(self, name: str) -> None:
        """Ask for a transition; the panel shows why it is refused."""
        self.send(TRANSITIONS[name][0]())

    def _take_details(self, details: Details) -> None:
        if details != self.details:
            self.details = details
            self.changed.emit()

    def _refuse_details(self, reason: str) -> None:
        if self.details is None:
            self.problem = reason
            self.changed.emit()

    def _take_stages(self, stages: Stages) -> None:
        self.stages = stages

    def _take_kept(self, kept: Kept) -> None:
        self.kept = kept
