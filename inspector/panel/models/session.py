"""Who is at the panel, and what the station last refused."""

from __future__ import annotations

from inspector.link.messages import Session
from inspector.panel.models.changed import Changed


class SessionModel:
    """The person's session with the station, and the log-in that is under way."""

    def __init__(self) -> None:
        self.changed = Changed()
        self.session: Session | None = None
        self.logging_in = False
        self.waiting = False
        self.problem = ""

    @property
    def logged_in(self) -> bool:
        """True when a person gave name and password, not just the panel its key."""
        return self.session is not None and bool(self.session.token)

    def open(self) -> None:
        """Ask who it is."""
        self._set(logging_in=True)

    def wait(self) -> None:
        """Name and password are on their way to the station."""
        self._set(logging_in=True, waiting=True)

    def close(self) -> None:
        """Leave the log-in as it was."""
        self._set()

    def greet(self, session: Session | None) -> None:
        """What the panel itself may do (None: not connected). A log-in under way goes on."""
        self.session = session
        self._set(logging_in=self.logging_in, problem=self.problem)

    def accept(self, session: Session | None) -> None:
        """The station knows who it is now (None: nobody any more)."""
        self.session = session
        self._set()

    def refuse(self, problem: str) -> None:
        """The station does not let them in; the log-in stays open."""
        self._set(logging_in=True, problem=problem)

    def _set(self, *, logging_in: bool = False, waiting: bool = False, problem: str = "") -> None:
        self.logging_in, self.waiting, self.problem = logging_in, waiting, problem
        self.changed.emit()
