"""Who is logged in: random tokens that end with log-out, idleness or the station."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass, replace

from inspector.access.users import User
from inspector.core.ports import Clock, SystemClock

PIN_ATTEMPTS = 3
"""The third wrong PIN ends the session: then the password is needed."""


@dataclass(frozen=True, slots=True)
class _Session:
    user: User
    peer: str
    began_ns: int
    used_ns: int
    locked: bool = False
    attempts: int = 0


class Sessions:
    """Open sessions, in memory alone. Any thread. Only digests of tokens are held.

    An idle or locked session lets nobody do anything; its user may resume it, at the panel where it
    was begun, until ``longest_s`` after the log-in.
    """

    def __init__(
        self, *, idle_s: float = 600.0, longest_s: float = 43_200.0, clock: Clock | None = None
    ) -> None:
        self._idle_ns = int(idle_s * 1e9)
        self._longest_ns = int(longest_s * 1e9)
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._open: dict[bytes, _Session] = {}

    def begin(self, user: User, peer: str = "") -> str:
        """Open a session and return its token."""
        with self._lock:
            now_ns = self._clock.monotonic_ns()
            return self._put(_Session(user, peer, now_ns, now_ns))

    def user(self, token: str, *, use: bool = True) -> User | None:
        """Who the token belongs to, None when it is unknown or idle too long. Counts as ``use``."""
        with self._lock:
            self._forget_old()
            session = self._open.get(_digest(token))
            if session is None or self._rests(session):
                return None
            if use:
                used = replace(session, used_ns=self._clock.monotonic_ns())
                self._open[_digest(token)] = used
            return session.user

    def left_s(self, token: str) -> float:
        """Seconds until the session ends in any case; 0 of an unknown one."""
        with self._lock:
            session = self._open.get(_digest(token))
            began_ns = session.began_ns if session is not None else -self._longest_ns
            left_ns = began_ns + self._longest_ns - self._clock.monotonic_ns()
            return max(0.0, left_ns / 1e9)

    def lock(self, token: str) -> None:
        """Let nobody do anything before it is resumed; an unknown token is ignored."""
        with self._lock:
            session = self._open.get(_digest(token))
            if session is not None:
                self._open[_digest(token)] = replace(session, locked=True)

    def try_to_resume(self, name: str, peer: str) -> bool:
        """Count an attempt with a PIN; False when this user has no session at this panel.

        Counted before it is tried. The last one allowed ends the session unless it succeeds.
        """
        with self._lock:
            self._forget_old()
            key = self._of(name, peer)
            if key is None or self._open[key].attempts >= PIN_ATTEMPTS:
                return False
            session = self._open[key]
            self._open[key] = replace(session, attempts=session.attempts + 1)
            return True

    def not_tried(self, name: str, peer: str) -> None:
        """The PIN could not be compared: the attempt counts for nothing."""
        with self._lock:
            key = self._of(name, peer)
            if key is not None:
                session = self._open[key]
                self._open[key] = replace(session, attempts=max(0, session.attempts - 1))

    def resume(self, name: str, peer: str) -> tuple[str, User] | None:
        """The PIN was right: another token for the session; None when it ended meanwhile."""
        with self._lock:
            key = self._of(name, peer)
            if key is None:
                return None
            session = self._open.pop(key)
            used_ns = self._clock.monotonic_ns()
            return self._put(
                replace(session, used_ns=used_ns, locked=False, attempts=0)
            ), session.user

    def end_tried(self, name: str, peer: str) -> None:
        """The PIN was wrong: end the user's sessions here if that was the last attempt."""
        with self._lock:
            key = self._of(name, peer)
            if key is not None and self._open[key].attempts >= PIN_ATTEMPTS:
                whose = (name, peer)
                self._open = {
                    key: one
                    for key, one in self._open.items()
                    if (one.user.name, one.peer) != whose
                }

    def end(self, token: str) -> None:
        """End one session; an unknown token is ignored."""
        with self._lock:
            self._open.pop(_digest(token), None)

    def end_all(self, name: str) -> None:
        """End every session of a user who was removed or got another password."""
        with self._lock:
            self._open = {key: one for key, one in self._open.items() if one.user.name != name}

    def end_others(self, token: str) -> None:
        """The user of this session has chosen another password: it alone goes on."""
        with self._lock:
            own = self._open.get(_digest(token))
            if own is None:
                return
            name = own.user.name
            self._open = {key: one for key, one in self._open.items() if one.user.name != name}
            self._open[_digest(token)] = replace(own, user=replace(own.user, one_time=False))

    def _put(self, session: _Session) -> str:
        token = secrets.token_urlsafe(32)
        self._forget_old()
        self._open[_digest(token)] = session
        return token

    def _of(self, name: str, peer: str) -> bytes | None:
        """The newest session of a user at a panel."""
        found = [
            key
            for key, one in self._open.items()
            if peer and (one.user.name, one.peer) == (name, peer)
        ]
        return max(found, key=lambda key: self._open[key].began_ns, default=None)

    def _rests(self, session: _Session) -> bool:
        return session.locked or session.used_ns < self._clock.monotonic_ns() - self._idle_ns

    def _forget_old(self) -> None:
        oldest = self._clock.monotonic_ns() - self._longest_ns
        self._open = {key: one for key, one in self._open.items() if one.began_ns >= oldest}


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
