"""Who is logged in: random tokens that end with log-out, idleness or the station."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass, replace

from inspector.access.users import User
from inspector.core.ports import Clock, SystemClock


@dataclass(frozen=True, slots=True)
class _Session:
    user: User
    used_ns: int


class Sessions:
    """Open sessions, in memory alone. Any thread. Only digests of tokens are held."""

    def __init__(self, *, idle_s: float = 600.0, clock: Clock | None = None) -> None:
        self._idle_ns = int(idle_s * 1e9)
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._open: dict[bytes, _Session] = {}

    def begin(self, user: User) -> str:
        """Open a session and return its token."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._forget_idle()
            self._open[_digest(token)] = _Session(user, self._clock.monotonic_ns())
        return token

    def user(self, token: str) -> User | None:
        """Who the token belongs to, None when it is unknown or idle too long. Counts as use."""
        with self._lock:
            self._forget_idle()
            session = self._open.get(_digest(token))
            if session is None:
                return None
            used = replace(session, used_ns=self._clock.monotonic_ns())
            self._open[_digest(token)] = used
            return session.user

    def end(self, token: str) -> None:
        """End one session; an unknown token is ignored."""
        with self._lock:
            self._open.pop(_digest(token), None)

    def end_all(self, name: str) -> None:
        """End every session of a user who was removed or got another password."""
        with self._lock:
            self._open = {key: one for key, one in self._open.items() if one.user.name != name}

    def _forget_idle(self) -> None:
        oldest = self._clock.monotonic_ns() - self._idle_ns
        self._open = {key: one for key, one in self._open.items() if one.used_ns >= oldest}


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
