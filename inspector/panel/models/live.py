"""The newest part and the station around it, and whether any of it may still be believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from inspector.core.judgement import Region
from inspector.core.state import StationState, StationStatus
from inspector.core.verdict import Cause
from inspector.link.messages import RejectNotice
from inspector.link.picture import LivePicture
from inspector.panel.models.changed import Changed
from inspector.panel.models.overlay import Strength

STALE_AFTER_S = 1.0
"""Snapshots come five times a second; after this long without one nothing on screen is live."""

HOLD_REJECT_S = 1.0
"""A reject stays at least this long before passes replace it: nobody sees a sixtieth second."""


class Face(StrEnum):
    """What the verdict area says."""

    PASS = "pass"
    REJECT = "reject"
    WAITING = "waiting"
    """Running, but no part has come yet."""
    STOPPED = "stopped"
    ERROR = "error"
    """The station is in Error: every part is rejected."""
    NO_CONNECTION = "no-connection"

    @property
    def live(self) -> bool:
        """True when it is the verdict on a part."""
        return self in (Face.PASS, Face.REJECT)


@dataclass(frozen=True, slots=True)
class ShownVerdict:
    """The verdict that is on display. ``utc_us`` is when the part was inspected."""

    part_id: int
    utc_us: int
    passed: bool
    cause: str


@dataclass(frozen=True, slots=True)
class ShownPart:
    """The part whose picture is on display: whole, as a thumbnail, or (both None) none at all."""

    verdict: ShownVerdict
    picture: LivePicture | None = None
    thumbnail_jpeg: bytes | None = None
    regions: tuple[Region, ...] = ()
    """On the thumbnail; a whole picture has its own."""


class LiveModel:
    """The live screen without Qt.

    Verdict and counters are always the newest; the picture may be frozen on a reject. Times are
    monotonic seconds of arrival at this PC, so that a panel that hung cannot take what waited in
    its inbox for news.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.changed = Changed()
        self.status: StationStatus | None = None
        self.verdict: ShownVerdict | None = None
        self.part: ShownPart | None = None
        self.heat = Strength.NORMAL
        self.freezing = False
        """The picture of a reject stands until somebody releases it."""
        self.frozen = False
        self.trouble = ""
        self._now = now
        self._next: ShownPart | None = None
        self._heard_s = float("-inf")
        self._shown_s = float("-inf")
        self._was_connected = False

    @property
    def picture(self) -> LivePicture | None:
        """The whole picture on display, if there is one."""
        return self.part.picture if self.part is not None else None

    @property
    def connected(self) -> bool:
        """True while snapshots keep coming."""
        return not self.trouble and self._now() - self._heard_s <= STALE_AFTER_S

    @property
    def state(self) -> StationState | None:
        """The station's state, or None when it is not known now."""
        return self.status.state if self.status is not None and self.connected else None

    @property
    def face(self) -> Face:
        """What the verdict area says now."""
        state = self.state
        if state is None:
            return Face.NO_CONNECTION
        if state is StationState.ERROR:
            return Face.ERROR
        if not state.running:
            return Face.STOPPED
        if self.verdict is None:
            return Face.WAITING
        return Face.PASS if self.verdict.passed else Face.REJECT

    def take_status(self, status: StationStatus, at_s: float) -> None:
        """A snapshot that arrived at ``at_s``. A station that started anew shows no old part."""
        if self._restarted(status):
            self.verdict = self.part = self._next = None
            self.frozen = False
        self.status, self._heard_s, self.trouble = status, at_s, ""
        self._was_connected = self.connected
        self.changed.emit()

    def take_picture(self, picture: LivePicture, at_s: float) -> None:
        """The newest picture; passes wait while a reject is held."""
        verdict = ShownVerdict(picture.part_id, picture.utc_us, picture.passed, picture.cause)
        if self._show(verdict, at_s):
            self._depict(ShownPart(verdict, picture))
            self.changed.emit()

    def take_reject(self, notice: RejectNotice, at_s: float) -> None:
        """A reject: the only news of a part that left no live picture."""
        verdict = ShownVerdict(notice.part_id, notice.utc_us, False, notice.cause)
        if self._show(verdict, at_s):
            if not any(_is_whole(part, notice.part_id) for part in (self.part, self._next)):
                self._depict(ShownPart(verdict, None, notice.thumbnail_jpeg, notice.regions))
            self.changed.emit()

    def lose(self, trouble: str) -> None:
        """The connection is gone, and why."""
        self.trouble = trouble or Cause.FAULT
        self._was_connected = False
        self.changed.emit()

    def tick(self) -> None:
        """Called a few times a second: tells the views once when the data has grown old."""
        connected = self.connected
        if connected != self._was_connected:
            self._was_connected = connected
            self.changed.emit()

    def next_heat(self) -> None:
        """The overlay's next strength."""
        order = list(Strength)
        self.heat = order[(order.index(self.heat) + 1) % len(order)]
        self.changed.emit()

    def toggle_freezing(self) -> None:
        """Whether rejects freeze the picture; switched on, one that is shown stays at once."""
        self.freezing = not self.freezing
        if self.freezing:
            self.frozen = self.part is not None and not self.part.verdict.passed
            self.changed.emit()
        else:
            self.release()

    def release(self) -> None:
        """Back to the newest picture."""
        self.frozen = False
        self.part, self._next = self._next or self.part, None
        self.changed.emit()

    def _depict(self, part: ShownPart) -> None:
        same = self.part is not None and self.part.verdict.part_id == part.verdict.part_id
        if self.frozen and not same:
            self._next = part
            return
        self.part = part
        self.frozen = self.frozen or (self.freezing and not part.verdict.passed)

    def _restarted(self, status: StationStatus) -> bool:
        return self.status is not None and (
            status.uptime_s < self.status.uptime_s or status.product != self.status.product
        )

    def _show(self, new: ShownVerdict, at_s: float) -> bool:
        old = self.verdict
        if old is None or old.part_id != new.part_id:
            if old is not None:
                held = not old.passed and new.passed and at_s - self._shown_s < HOLD_REJECT_S
                if held or new.part_id < old.part_id:
                    return False
            self._shown_s = at_s
        self.verdict = new
        return True


def _is_whole(part: ShownPart | None, part_id: int) -> bool:
    return part is not None and part.picture is not None and part.verdict.part_id == part_id
