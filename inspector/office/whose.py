"""What only the station knows: whose a token is, and whether parts are produced now."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Protocol

from inspector.core.errors import LinkError, RefusedError
from inspector.core.state import StationState
from inspector.link.client import StationClient
from inspector.link.endpoint import OFFICE
from inspector.link.messages import GetStatus, Hello, Session, Snapshot
from inspector.office.room import Asker

_REMEMBERED_S = 2.0
"""A gallery asks two dozen pictures at once; the station need not hear of each."""


class StationSays(Protocol):
    """The station as the office sees it. Any thread."""

    def who(self, token: str, *, remote: bool = False) -> Asker:
        """Who a token belongs to; asking does not count as use of their session.

        Without one, the panel of this PC; nobody where ``remote`` panels ask.
        """

    def producing(self, token: str) -> bool:
        """True while the line runs, and when the station does not say."""

    def halted(self, token: str) -> bool:
        """True while the station is halted: it holds no camera then."""

    def close(self) -> None:
        """Disconnect."""


class SpeakingClient(StationClient, Protocol):
    """A connection that can stand in for any session."""

    def speak_for(self, token: str) -> None:
        """Stand in for the session of this token from now on."""


class AskStation:
    """``StationSays`` over a connection that ``connect`` opens when it is needed first."""

    def __init__(self, connect: Callable[[], SpeakingClient]) -> None:
        self._connect = connect
        self._client: SpeakingClient | None = None
        self._known: dict[tuple[str, bool], tuple[float, Asker]] = {}
        self._lock = threading.Lock()

    def who(self, token: str, *, remote: bool = False) -> Asker:
        """Ask, unless it was asked a moment ago. Raises ``RefusedError``."""
        with self._lock:
            known = self._known.get((token, remote))
            if known is not None and time.monotonic() - known[0] < _REMEMBERED_S:
                return known[1]
            try:
                client = self._connected()
                client.speak_for(token)
                session = client.call(Hello(client=OFFICE, remote=remote))
            except LinkError as error:
                raise RefusedError(f"the station cannot say who asks ({error.problem})") from error
            if not isinstance(session, Session):
                raise RefusedError("the station does not say who asks")
            if session.change_password:
                raise RefusedError("somebody else has seen your password", remedy="Choose your own")
            asker = Asker(session.user, session.role, token)
            now = time.monotonic()
            self._known = {t: k for t, k in self._known.items() if now - k[0] < _REMEMBERED_S}
            self._known[token, remote] = (now, asker)
            return asker

    def producing(self, token: str) -> bool:
        """True while the line runs, and when the station does not say."""
        state = self._state(token)
        return state is None or state.running

    def halted(self, token: str) -> bool:
        """True while the station is halted: it holds no camera then."""
        return self._state(token) is StationState.HALTED

    def _state(self, token: str) -> StationState | None:
        """None where the station does not say."""
        with self._lock, contextlib.suppress(LinkError, RefusedError):
            client = self._connected()
            client.speak_for(token)
            status = client.call(GetStatus())
            return status.status.state if isinstance(status, Snapshot) else None
        return None

    def close(self) -> None:
        """Disconnect."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _connected(self) -> SpeakingClient:
        if self._client is None:
            self._client = self._connect()
        return self._client
