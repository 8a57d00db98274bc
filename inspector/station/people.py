"""Commands about people, carried out: sessions, users, passwords, PINs, badges."""

from __future__ import annotations

from pathlib import Path

from inspector.access.passwords import Hashing, HashTimeout
from inspector.access.permissions import Role
from inspector.access.sessions import Sessions
from inspector.access.users import User, Users
from inspector.core.canonical import Json
from inspector.core.errors import InputError, RefusedError
from inspector.core.line_config import AccessConfig
from inspector.core.ports import Clock
from inspector.link.binding import link_folder
from inspector.link.messages import (
    AddPanel,
    AddUser,
    Answer,
    ListPanels,
    ListUsers,
    LockSession,
    Login,
    Logout,
    OneTime,
    PanelList,
    Recover,
    RemovePanel,
    RemoveUser,
    ResetPassword,
    ResumeSession,
    Session,
    SetBadge,
    SetPassword,
    SetPin,
    SetRole,
    UserEntry,
    UserList,
)
from inspector.link.panel_keys import PanelKeys
from inspector.station.recovery import check_proof
from inspector.station.signing import Signing

Entering = Login | ResumeSession
OfUsers = (
    Logout
    | LockSession
    | SetPassword
    | SetPin
    | AddUser
    | RemoveUser
    | SetRole
    | ResetPassword
    | SetBadge
    | ListUsers
    | Recover
    | AddPanel
    | RemovePanel
    | ListPanels
)
Done = tuple[Answer, dict[str, Json]]
"""The answer, and what the record tells beside who and when."""


class People:
    """The users of a station and who of them is there. Any thread; tens of ms where a hash is made.

    One for all connections; ``hashing`` is another process where a line runs. Raises ``InputError``
    with the reason, ``StorageError``.
    """

    def __init__(
        self,
        data_folder: Path,
        config: AccessConfig,
        clock: Clock,
        hashing: Hashing | None = None,
    ) -> None:
        self._folder, self._clock = data_folder, clock
        self._panels = PanelKeys(link_folder(data_folder))
        self.users = Users(data_folder, clock=clock, hashing=hashing)
        self.signing = Signing(self.users, config.signatures, clock)
        self._idle_s = 60.0 * config.idle_min
        self._sessions = Sessions(
            idle_s=self._idle_s, longest_s=3600.0 * config.session_hours, clock=clock
        )

    def who(self, token: str, *, use: bool = True) -> User | None:
        """Who the token belongs to; ``use`` keeps their session from resting."""
        return self._sessions.user(token, use=use) if token else None

    def name_of(self, command: Entering) -> str:
        """Who wants to come in."""
        return self.users.of_badge(command.user) if command.badge else command.user

    def enter(self, command: Entering, name: str, peer: str) -> Session:
        """Log in, or go on with a session."""
        if isinstance(command, ResumeSession):
            return self._resume(name, command.pin, peer)
        user = self.users.authenticate(name, command.password)
        self.users.note_login(name)
        return self._session(self._sessions.begin(user, peer), user)

    def _resume(self, name: str, pin: str, peer: str) -> Session:
        waits = self._sessions.try_to_resume(name, peer)
        try:
            right = self.users.pin_matches(name, pin)  # the same time, whoever has a session
        except HashTimeout:
            if waits:
                self._sessions.not_tried(name, peer)
            raise
        resumed = self._sessions.resume(name, peer) if waits and right else None
        if resumed is None:
            self._sessions.end_tried(name, peer)
            raise RefusedError(
                "no session here goes on with this PIN", remedy="Log in with the password"
            )
        return self._session(*resumed)

    def _session(self, token: str, user: User) -> Session:
        return Session(
            token,
            user.name,
            user.role.value,
            user.one_time,
            full_name=user.full_name,
            pin=self.users.has_pin(user.name),
            idle_s=self._idle_s,
            left_s=self._sessions.left_s(token),
            signers=dict(self.signing.needed),
        )

    def carry_out(self, command: OfUsers, actor: User | None, token: str) -> Done:
        """A command that was authorised; ``actor`` is None where nobody is logged in."""
        match command:
            case Logout():
                self._sessions.end(token)
            case LockSession():
                self._sessions.lock(token)
            case ListUsers():
                entries = (UserEntry(**one) for one in self.users.listing)  # type: ignore[arg-type]  # plain values of these very fields
                return UserList(tuple(entries)), {}
            case SetPassword() | SetPin():
                if actor is None:
                    raise RefusedError("nobody is logged in", remedy="Log in first")
                self._change_own(command, actor, token)
            case Recover(name=name, proof=proof):
                check_proof(self._folder, proof)
                self._sessions.end_all(name)
                return OneTime(self.users.recover(name)), {"name": name}
            case AddPanel() | RemovePanel() | ListPanels():
                return self._let_in(command)
            case _:
                return self._administer(command)
        return None, {}

    def _let_in(self, command: AddPanel | RemovePanel | ListPanels) -> Done:
        match command:
            case AddPanel(name=name, key=key):
                self._panels.add(name, key, self._clock.utc_us())
                return None, {"key": key}
            case RemovePanel(name=name):
                return None, {"key": self._panels.remove(name).key}
            case ListPanels():
                return PanelList(self._panels.entries), {}

    def _change_own(self, command: SetPassword | SetPin, actor: User, token: str) -> None:
        if isinstance(command, SetPin):
            self.users.confirm(actor.name, command.password)
            self.users.set_pin(actor.name, command.pin)
            return
        self.users.confirm(actor.name, command.old)
        if command.new == command.old:
            raise InputError("the new password is the old one", remedy="Choose another")
        self.users.set_password(actor.name, command.new)
        self._sessions.end_others(token)

    def _administer(
        self, command: AddUser | RemoveUser | SetRole | ResetPassword | SetBadge
    ) -> Done:
        name, before = command.name, self._role_of(command.name)
        self._sessions.end_all(name)
        match command:
            case AddUser(role=role, full_name=full_name):
                password = self.users.invite(name, _role(role), full_name)
                return OneTime(password), {"new": role, "full_name": full_name}
            case ResetPassword():
                return OneTime(self.users.reset_password(name)), {}
            case RemoveUser():
                self.users.remove(name)
                return None, {"old": before}
            case SetRole(role=role):
                self.users.set_role(name, _role(role))
                return None, {"old": before, "new": role}
            case SetBadge(badge=badge):
                self.users.set_badge(name, badge)
                return None, {"badge": bool(badge)}

    def _role_of(self, name: str) -> str:
        return next((one.role.value for one in self.users.all if one.name == name), "")


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise InputError(f"{text}: no role", remedy=f"Give one of: {', '.join(Role)}") from None
