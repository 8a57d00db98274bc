"""Which of several panels acts: this one, or another that this one watches and may ask."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from inspector.core.state import Control
from inspector.link.messages import Present, Seat
from inspector.panel.models.live import LiveModel
from inspector.panel.models.session import SessionModel

TELL_S = 1.0
"""How often the station hears that this panel lives, and when it was touched."""
_REFUSED = re.compile(r".+ is in control\. .+")


class ControlModel:
    """Qt-free; it changes with ``live``. A program without a ``seat`` is no panel, and never waits.

    ``now`` gives monotonic seconds.
    """

    def __init__(
        self, live: LiveModel, session: SessionModel, seat: Seat | None, now: Callable[[], float]
    ) -> None:
        self.seat = seat
        self._live, self._session, self._now = live, session, now
        self._told_s = float("-inf")

    @property
    def holder(self) -> str:
        """The other panel that acts while this one watches; empty when this one may act."""
        control = self._control
        return "" if control.holder_seat == self._mark else control.holder

    @property
    def here(self) -> bool:
        """True when this panel has control."""
        return bool(self._mark) and self._control.holder_seat == self._mark

    @property
    def asks(self) -> str:
        """The panel that asks this one for control."""
        return self._control.asks if self.here else ""

    @property
    def waiting(self) -> bool:
        """True while this panel asks."""
        return bool(self._mark) and self._control.asks_seat == self._mark

    @property
    def left_s(self) -> int:
        """Whole seconds until the panel that asks has it, if nobody touches the other."""
        return math.ceil(self._control.left_s)

    def tick(self) -> Present | None:
        """A few times a second: what the station must hear."""
        now = self._now()
        if self.seat is None or not self._live.connected or now - self._told_s < TELL_S:
            return None
        self._told_s = now
        return Present(self._session.untouched_s)

    @property
    def _mark(self) -> str:
        return self.seat.mark if self.seat is not None else ""

    @property
    def _control(self) -> Control:
        status = self._live.status
        known = status is not None and self._live.connected and self.seat is not None
        return status.control if known and status is not None else Control()


def is_of_another_panel(reason: str) -> bool:
    """True for the station's reason that another panel is in control."""
    return _REFUSED.fullmatch(reason) is not None
