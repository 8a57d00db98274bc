"""All models of the panel, and how news and answers reach them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from inspector.core.state import StationStatus
from inspector.link.messages import (
    Answer,
    AnyCommand,
    RejectNotice,
    Seat,
)
from inspector.link.picture import LivePicture
from inspector.panel.models.alarms import AlarmList
from inspector.panel.models.control import ControlModel
from inspector.panel.models.live import LiveModel
from inspector.panel.models.looks import Looks
from inspector.panel.models.rejects import RejectStrip
from inspector.panel.models.session import SessionModel


class PanelModel:
    """The panel without its pixels. ``now`` gives monotonic seconds; ``seat`` is this panel."""

    def __init__(self, now: Callable[[], float], seat: Seat | None = None) -> None:
        self.live = LiveModel(now)
        self.rejects = RejectStrip()
        self.alarms = AlarmList()
        self.session = SessionModel(now)
        self.control = ControlModel(self.live, self.session, seat, now)
        self.looks = Looks()
        self._now = now

    def deliver(
        self,
        status: StationStatus | None,
        heard_s: float,
        picture: LivePicture | None,
        rejects: Iterable[RejectNotice],
    ) -> None:
        """News from the station; the snapshot arrived at ``heard_s``."""
        if status is not None:
            if self.live.status is not None and self.live.status.product != status.product:
                self.rejects.forget()
            self.live.take_status(status, heard_s)
            self.alarms.take_status(status)
        if picture is not None:
            self.rejects.keep(picture)
            self.live.take_picture(picture, self._now())
        for notice in rejects:
            self.rejects.add(notice)
            self.live.take_reject(notice, self._now())

    def tick(self) -> None:
        """A few times a second: notice silence."""
        self.live.tick()
        if not self.live.connected:
            self.alarms.take_status(None, self.live.trouble)

    def lose(self, trouble: str) -> None:
        """The station is gone, and with it the session."""
        self.live.lose(trouble)
        self.alarms.take_status(None, self.live.trouble)
        self.session.greet(None)

    def answered(self, command: AnyCommand, answer: Answer) -> None:
        """The station carried a command out."""
        self.session.answered(command, answer)

    def refused(self, command: AnyCommand, reason: str) -> bool:
        """The station did not; True when the reason is shown where it was asked."""
        return self.session.refused(command, reason)
