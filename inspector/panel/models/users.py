"""The station's users as an administrator works on them."""

from __future__ import annotations

import unicodedata

from inspector.link.messages import (
    AddUser,
    ListUsers,
    OneTime,
    RemoveUser,
    ResetPassword,
    SetBadge,
    SetRole,
    UserEntry,
    UserList,
)
from inspector.panel.models.desk import Desk
from inspector.panel.models.screen import ScreenModel

ROLES = ("operator", "technician", "engineer", "quality", "administrator", "auditor")
ADMINISTRATOR = "administrator"
Change = AddUser | RemoveUser | SetRole | ResetPassword | SetBadge


class UsersModel(ScreenModel):
    """Who is known, who is looked at, and what was asked of the station about them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.entries: tuple[UserEntry, ...] | None = None
        """None until the station has told who there is."""
        self.chosen = ""
        self.adding = False
        self.one_time: tuple[str, str] | None = None
        """A name and its password for one log-in, shown until somebody says that it was told."""
        self.wants_badge = ""
        """Whose badge is to be held to the reader now."""
        self.waiting = False
        self.trouble = ""
        """Why the last change was not made."""

    @property
    def busy(self) -> bool:
        """True while the list is awaited."""
        return self.entries is None

    @property
    def empty(self) -> bool:
        """True when there is nobody to show."""
        return not self.entries

    @property
    def entry(self) -> UserEntry | None:
        """Who is looked at."""
        return next((one for one in self.entries or () if one.name == self.chosen), None)

    @property
    def only_administrator(self) -> bool:
        """True when who is looked at must stay what they are."""
        names = [one.name for one in self.entries or () if one.role == ADMINISTRATOR]
        return names == [self.chosen]

    def reload(self) -> None:
        """Ask who is known."""
        self.problem = ""
        self.desk.send(ListUsers(), self._listed, self._not_listed)

    def choose(self, name: str) -> None:
        """Look at one of them; nobody: back to the list."""
        self.chosen, self.adding = name, False
        self._settle()

    def begin_to_add(self) -> None:
        """Somebody new."""
        self.chosen, self.adding = "", True
        self._settle()

    def add(self, name: str, role: str, full_name: str) -> None:
        """Make a user. The name in its plain form, however it was typed."""
        plain = unicodedata.normalize("NFKC", name).strip()
        self._change(AddUser(plain, role, full_name.strip()))

    def set_role(self, role: str) -> None:
        """Make who is looked at something else."""
        self._change(SetRole(self.chosen, role))

    def reset_password(self) -> None:
        """Another password for one log-in; ends a lock-out as well."""
        self._change(ResetPassword(self.chosen))

    def remove(self) -> None:
        """Remove who is looked at."""
        self._change(RemoveUser(self.chosen))

    def ask_for_badge(self) -> None:
        """Wait for a badge at the reader; again: do not."""
        self.wants_badge = "" if self.wants_badge else self.chosen
        self.changed.emit()

    def set_badge(self, badge: str) -> None:
        """The badge that was read, for whom it was waited; empty: take it away."""
        name, self.wants_badge = self.wants_badge or self.chosen, ""
        self._change(SetBadge(name, badge))

    def told(self) -> None:
        """The one-time password was handed on: it is not shown again."""
        self.one_time = None
        self.changed.emit()

    def leave(self) -> None:
        """Whoever looked has gone: nothing about people stays on the screen."""
        self.entries, self.one_time = None, None
        self.choose("")

    def _change(self, command: Change) -> None:
        self.waiting, self.trouble = True, ""
        self.changed.emit()
        self.desk.send(command, lambda answer: self._changed(command, answer), self._not_changed)

    def _changed(self, command: Change, answer: object) -> None:
        self._settle()
        if isinstance(answer, OneTime):
            self.one_time = (command.name, answer.password)
        if isinstance(command, AddUser):
            self.chosen, self.adding = command.name, False
        if isinstance(command, RemoveUser):
            self.chosen = ""
        self.reload()

    def _not_changed(self, reason: str) -> None:
        self._settle(reason)

    def _listed(self, answer: object) -> None:
        if isinstance(answer, UserList):
            self.entries = answer.entries
        self.changed.emit()

    def _not_listed(self, reason: str) -> None:
        self.entries, self.problem = (), reason
        self.changed.emit()

    def _settle(self, trouble: str = "") -> None:
        self.waiting, self.wants_badge, self.trouble = False, "", trouble
        self.changed.emit()
