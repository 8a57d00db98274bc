"""The client's side of the wire: one Protocol for panel, command line and tests."""

from __future__ import annotations

from typing import Protocol

from inspector.link.messages import Answer, AnyCommand, Event
from inspector.link.picture import LivePicture


class StationClient(Protocol):
    """A connection to one station. One thread at a time."""

    def call(self, command: AnyCommand, timeout_s: float = 2.0) -> Answer:
        """Have a command carried out.

        Raises ``RefusedError`` with the station's reason, or ``LinkError`` when no answer came in
        time (the command may then have been carried out or not).
        """

    def next_event(self, timeout_s: float) -> Event | None:
        """The next event, or None at the time-out. Events that a slow client missed are skipped."""

    def picture(self) -> LivePicture | None:
        """The newest live picture, or None when there is none newer than the last one returned."""

    def close(self) -> None:
        """Disconnect. Safe to call twice."""
