"""The newest part and the station around it, and whether any of it may still be believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from inspector.core.state import StationState, StationStatus
from inspector.core.verdict import Cause
from inspector.link.messages import RejectNotice
from inspector.link.picture import LivePicture
from inspector.panel.models.changed import Changed

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


class LiveModel:
    """The live screen without Qt.

    Times are monotonic seconds of arrival at this PC, so that a panel that hung cannot take what
    waited in its inbox for news.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.changed = Changed()
        self.status: StationStatus | None = None
        self.picture: LivePicture | None = None
        self.verdict: ShownVerdict | None = None
        self.thumbnail_jpeg: bytes | None = None
        """Stands in for the picture of a reject whose live picture was skipped; may be empty."""
        self.trouble = ""
        self._now = now
        self._heard_s = float("-inf")
        self._shown_s = float("-inf")
        self._was_connected = False

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
            self.picture = self.verdict = self.thumbnail_jpeg = None
        self.status, self._heard_s, self.trouble = status, at_s, ""
        self._was_connected = self.connected
        self.changed.emit()

    def take_picture(self, picture: LivePicture, at_s: float) -> None:
        """The newest picture; passes wait while a reject is held."""
        shown = ShownVerdict(picture.part_id, picture.utc_us, picture.passed, picture.cause)
        if self._show(shown, at_s):
            self.picture, self.thumbnail_jpeg = picture, None
            self.changed.emit()

    def take_reject(self, notice: RejectNotice, at_s: float) -> None:
        """A reject: the only news of a part that left no live picture."""
        if self._show(ShownVerdict(notice.part_id, notice.utc_us, False, notice.cause), at_s):
            if self.picture is None or self.picture.part_id != notice.part_id:
                self.thumbnail_jpeg = notice.thumbnail_jpeg
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
