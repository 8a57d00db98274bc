"""The guided check of limit samples (限度見本): who is next, what was found, how long it holds."""

from __future__ import annotations

from enum import StrEnum

from inspector.core.state import LimitSamples, Requirement, StationState
from inspector.link.messages import AddMaster, AnnounceMasters, RemoveMaster, Stop
from inspector.link.questions.products import MasterEntry
from inspector.panel.models.changed import Changed
from inspector.panel.models.desk import Desk
from inspector.panel.models.live import LiveModel


class CheckState(StrEnum):
    """Where the check of the loaded product stands."""

    UNKNOWN = "unknown"
    NO_MASTERS = "no-masters"
    DUE = "due"
    PLACING = "placing"
    """A master was announced: the next part is it."""
    GOING_ON = "going-on"
    """Some were shown, and none is announced."""
    FAILED = "failed"
    VALID = "valid"


class LimitSamplesModel:
    """Qt-free. What the station says of the check is in its snapshots; lists are given to it."""

    def __init__(self, desk: Desk, live: LiveModel) -> None:
        self.changed = Changed()
        self.product = ""
        self.masters: tuple[MasterEntry, ...] = ()
        self.chosen = ""
        """The one that was touched in the list."""
        self._desk, self._live = desk, live
        self._last: object = None
        live.changed.connect(self._look)

    @property
    def limits(self) -> LimitSamples:
        """What the station says, while it is heard."""
        status = self._live.status if self._live.connected else None
        return status.limits if status is not None else LimitSamples()

    @property
    def at_rest(self) -> bool:
        """Limit samples may be announced."""
        return self._live.state in (StationState.INITIALIZED, StationState.READY)

    @property
    def said(self) -> dict[str, str]:
        """Of each master that was shown, what was wrong with its verdict; empty: as expected."""
        return {one.name: one.problem for one in self.limits.said}

    @property
    def state(self) -> CheckState:
        """Where it stands."""
        limits, state = self.limits, self._live.state
        if state is None:
            return CheckState.UNKNOWN
        if state is StationState.SINGLE_EXECUTION and limits.expected:
            return CheckState.PLACING
        if not {True, False} <= {one.good for one in self.masters}:
            return CheckState.NO_MASTERS
        if limits.shown:
            return CheckState.GOING_ON
        if any(self.said.values()):
            return CheckState.FAILED
        return CheckState.VALID if limits.valid else CheckState.DUE

    @property
    def done(self) -> int:
        """Masters of the check under way that were shown."""
        state = self.state
        return self.limits.masters if state is CheckState.VALID else self.limits.shown

    @property
    def next(self) -> MasterEntry | None:
        """Who is expected; else who was touched; else the first that was not shown yet."""
        limits = self.limits
        under_way = {one.name for one in limits.said} if limits.shown else set()
        rest = [one for one in self.masters if one.name not in under_way]
        named = limits.expected or self.chosen
        return next((one for one in self.masters if one.name == named), rest[0] if rest else None)

    @property
    def last(self) -> MasterEntry | None:
        """Who was shown last in the check under way, or in the one that failed."""
        found = self.limits.said
        name = found[-1].name if found else ""
        return next((one for one in self.masters if one.name == name), None)

    @property
    def lock(self) -> str:
        """Why production waits for limit samples, in the station's words."""
        locks = self._live.status.locked if self._live.status is not None else ()
        return next((one.text for one in locks if one.key is Requirement.LIMIT_SAMPLES), "")

    def show(self, product: str, masters: tuple[MasterEntry, ...]) -> None:
        """The list of the loaded product."""
        self.product, self.masters = product, masters
        if self.chosen not in {one.name for one in masters}:
            self.chosen = ""
        self.changed.emit()

    def choose(self, name: str) -> None:
        """Touch one in the list; touched again, none."""
        self.chosen = "" if name == self.chosen else name
        self.changed.emit()

    def announce_next(self) -> None:
        """The next part is this master."""
        following = self.next
        if following is not None:
            self.chosen = ""
            self._desk.send(AnnounceMasters((following.name,)))

    def announce_all(self) -> None:
        """The next parts are all masters, in the order of the list."""
        self.chosen = ""
        self._desk.send(AnnounceMasters())

    def stop(self) -> None:
        """None comes after all."""
        self._desk.send(Stop())

    def add(self, name: str, *, good: bool, check: str = "") -> AddMaster:
        """Put one on the list."""
        return AddMaster(self.product, name, good, "" if good else check)

    def remove(self, name: str) -> RemoveMaster:
        """Take one off the list."""
        return RemoveMaster(self.product, name)

    def _look(self) -> None:
        """Snapshots come five times a second; tell of those that say something else."""
        status = self._live.status
        now = (self.state, self.limits, self.lock, self.at_rest, status and status.alarms)
        if now != self._last:
            self._last = now
            self.changed.emit()
