"""Who may do what on our OPC UA server: trusted certificate first, then the user, then the role."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from asyncua import ua
from asyncua.common.utils import ServiceError
from asyncua.crypto.permission_rules import (
    USER_TYPES,
    SimpleRoleRuleset,
    User,
    UserRole,
)
from asyncua.server.internal_server import InternalServer
from asyncua.server.internal_session import InternalSession, SessionState
from asyncua.server.user_managers import UserManager

from inspector.core.errors import ConfigError
from inspector.core.plc_config import OpcUaServer
from inspector.plc.buses.credentials import read_entries
from inspector.plc.buses.opcua_security import Trust

ROLES = {"operator": True, "engineer": True, "administrator": True, "auditor": False}
"""The station's roles, and whether they write variables and call methods."""
_KEY, _LINE = "security.credentials", "user:role:password-hash"
_PAUSE_S = 1.0
"""After a wrong password: nobody new gets in, so that guessing is slow and costs no scan."""
_WRITING = {
    ua.ObjectIds.WriteRequest_Encoding_DefaultBinary,
    ua.ObjectIds.CallRequest_Encoding_DefaultBinary,
}
_READING = {*USER_TYPES} - {*_WRITING, ua.ObjectIds.HistoryReadRequest_Encoding_DefaultBinary}


@dataclass
class Person(User):
    """A user who has logged in."""

    may_write: bool = False


class Roles(SimpleRoleRuleset):
    """Everybody who is logged in reads; some roles write and call; nobody changes the nodes."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # asyncua's is untyped

    def check_validity(self, user: User, action_type_id: ua.NodeId, _body: object) -> bool:
        """Whether this user may use this service."""
        if not isinstance(user, Person) or action_type_id.NamespaceIndex:
            return False
        service = action_type_id.Identifier
        return service in _READING or (user.may_write and service in _WRITING)


class Users(UserManager):
    """Answers a log-in: None refuses it. On the server's loop.

    The certificate is that of the channel, whose key the client has shown to own; so a session
    without security, or of a stranger, ends here. Argon2 takes about 30 ms, in which the server
    answers nobody: a password that was right is known again by a keyed digest in memory.
    """

    def __init__(
        self, config: OpcUaServer, trust: Trust, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._secured = config.security.policy != "none"
        self._anonymous = config.anonymous
        self._trust = trust
        self._now_s = now_s
        self._salt = secrets.token_bytes(16)
        self._known: dict[str, bytes] = {}
        self._closed_until_s = 0.0
        self._people: dict[str, tuple[bool, str]] = {}
        file = config.security.credentials
        for name, role, password_hash in read_entries(file, _KEY, _LINE) if file else ():
            if role not in ROLES:
                raise ConfigError(
                    f"{file}: {name} has the role {role}", remedy=f"Known are {', '.join(ROLES)}"
                )
            self._people[name] = ROLES[role], password_hash.strip()
        if self._secured and not (self._people or self._anonymous):
            raise ConfigError(
                "plc: security: nobody could log in",
                remedy="Name a file of users at security.credentials",
            )

    def get_user(
        self,
        _iserver: InternalServer,
        username: str | None = None,
        password: str | None = None,
        certificate: bytes | None = None,
    ) -> Person | None:
        """The user; raises ``ServiceError`` for a certificate that is not trusted."""
        if self._secured and not self._trust.covers(certificate):
            raise ServiceError(ua.StatusCodes.BadCertificateUntrusted)
        if username is None:
            trial = not self._secured and not self._people
            return Person(UserRole.User, None, trial) if self._anonymous or trial else None
        if username not in self._people or not self._right(username, password or ""):
            return None
        return Person(UserRole.User, username, self._people[username][0])

    def _right(self, name: str, password: str) -> bool:
        composed = unicodedata.normalize("NFC", password)
        digest = hmac.digest(self._salt, f"{name}\0{composed}".encode(), hashlib.sha256)
        if hmac.compare_digest(self._known.get(name, b""), digest):
            return True
        if self._now_s() < self._closed_until_s:
            raise ServiceError(ua.StatusCodes.BadTooManyOperations)
        try:
            PasswordHasher().verify(self._people[name][1], composed)
        except (Argon2Error, InvalidHashError):
            self._closed_until_s = self._now_s() + _PAUSE_S
            return False
        self._known[name] = digest
        return True


class GuardedServer(InternalServer):
    """The library's server without its take-over of sessions, and with values checked on writing.

    asyncua 2.1.0 gives a session to whoever names its token on a new channel, *before* it looks at
    who that is; tokens are counted up. So nobody takes a session over here.
    """

    def __init__(self, users: Users, on_written: Callable[[], None]) -> None:
        super().__init__(users)
        self.on_written = on_written
        self._sessions: list[InternalSession] = []
        self.allow_remote_admin = False
        self.max_connections = 32
        self.max_pending_activation_seconds = 10.0
        self.max_session_timeout_ms = 60_000
        self.max_subscriptions = 64

    @property
    def occupied(self) -> bool:
        """Whether anybody is logged in. Any thread."""
        return any(session.state is SessionState.Activated for session in tuple(self._sessions))

    def create_session(
        self, name: str, user: User | None = None, external: bool = False
    ) -> InternalSession:
        """A session whose writes are checked."""
        user = user or User(UserRole.Anonymous)
        service = self.subscription_service
        return _Session(self, self.aspace, service, name, user=user, external=external)

    def lookup_external_session(self, _auth_token: ua.NodeId) -> None:
        """Nobody takes a session over."""

    def register_external_session(self, session: InternalSession) -> None:
        """It began."""
        self._sessions.append(session)

    def unregister_external_session(self, session: InternalSession) -> None:
        """It ended."""
        if session in self._sessions:
            self._sessions.remove(session)


class _Session(InternalSession):
    iserver: GuardedServer

    async def write(self, params: ua.WriteParameters) -> list[ua.StatusCode]:
        for one in params.NodesToWrite:
            value = one.Value.Value
            good = one.Value.StatusCode is None or one.Value.StatusCode.is_good()
            if not good or value is None or not isinstance(value.Value, (bool, int, str)):
                raise ServiceError(ua.StatusCodes.BadTypeMismatch)  # all registers are scalars
        results: list[ua.StatusCode] = await super().write(params)
        self.iserver.on_written()
        return results
