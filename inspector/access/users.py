"""The users of one station: ``access/users.json`` in its data folder."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from inspector.access.lockout import Lockout
from inspector.access.passwords import (
    LONGEST,
    Hashing,
    HashTimeout,
    PasswordHash,
    check_pin,
    check_rule,
    readable_password,
)
from inspector.access.permissions import Role
from inspector.access.users_file import Entry, Recovery, UsersFile, load_users
from inspector.core.canonical import Json
from inspector.core.errors import InputError, RefusedError, StorageError
from inspector.core.ports import Clock, SystemClock
from inspector.durable.files import write_atomically

_PEERS = ("console", "in-process", "panel", "plc")
"""Names that stand for connections in records."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is known to the station."""

    name: str
    role: Role
    full_name: str = ""
    one_time: bool = False
    """The password was seen by somebody else: it must be changed first."""


class Users:
    """Names, roles, and hashes of passwords, PINs and badges.

    Any thread; every change is on the disk when it returns, and nothing waits for a hash but who
    asked for it. Raises ``ConfigError`` when the file is damaged, ``StorageError`` when it cannot
    be written, ``HashTimeout`` when there was no time to hash.
    """

    def __init__(
        self,
        data_folder: Path,
        *,
        clock: Clock | None = None,
        hashing: Hashing | None = None,
    ) -> None:
        self.path = data_folder / "access" / "users.json"
        self._clock = clock or SystemClock()
        self._hashing: Hashing = hashing or PasswordHash()
        self._lock = threading.Lock()
        self._lockout = Lockout(data_folder / "access" / "failures.json", self._clock)
        self._file = load_users(self.path)
        self._entries = {entry.name: entry for entry in self._file.users}

    @property
    def all(self) -> tuple[User, ...]:
        """Everybody, by name."""
        return tuple(_user(self._entries[name]) for name in sorted(self._entries))

    @property
    def listing(self) -> tuple[dict[str, Json], ...]:
        """Everybody with what is set, for administrators; no secrets."""
        return tuple(
            {
                "name": one.name,
                "role": one.role.value,
                "full_name": one.full_name,
                "one_time": bool(one.one_time),
                "pin": one.pin_hash is not None,
                "badge": one.badge_hash is not None,
                "waits_s": self._lockout.waits_s(one.name),
                "last_login_us": one.last_login_us,
            }
            for _, one in sorted(self._entries.items())
        )

    def first_administrator(self, password: str | None, name: str = "administrator") -> str | None:
        """Create the first user; returns the password if it was generated, to be shown once.

        Raises ``RefusedError`` when there are users already, ``InputError`` on a poor password.
        """
        if self._entries:
            raise RefusedError(f"{self.path}: there are users already", remedy="Log in as one")
        generated = readable_password() if password is None else None
        self.add(name, Role.ADMINISTRATOR, password or generated or "")
        return generated

    def add(self, name: str, role: Role, password: str, full_name: str = "") -> None:
        """Add a user with their own password. Raises ``InputError`` on a name that is taken."""
        self._add(name, role, password, full_name, one_time=False)

    def invite(self, name: str, role: Role, full_name: str = "") -> str:
        """Add a user; returns a password for one log-in. Raises ``InputError``."""
        password = readable_password()
        self._add(name, role, password, full_name, one_time=True)
        return password

    def _add(self, name: str, role: Role, password: str, full_name: str, *, one_time: bool) -> None:
        check_rule(password)
        made = self._hashing.make(password)
        with self._lock:
            if name in self._entries:
                raise InputError(f"user {name}: exists already", remedy="Choose another name")
            if name in (*self._file.retired, *_PEERS):
                raise InputError(
                    f"user {name}: this name stands for somebody else in the records",
                    remedy="Choose another name",
                )
            try:
                entry = Entry(
                    name=name,
                    role=role,
                    full_name=full_name,
                    password_hash=made,
                    one_time="new" if one_time else "",
                    created_utc_us=self._clock.utc_us(),
                )
            except ValidationError as error:
                raise InputError(
                    f"user {name!r}: this name cannot be used",
                    remedy="Use 1 to 64 letters, digits or . _ @ -; a full name of at most 128",
                ) from error
            self._put(entry)

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password of their own. Raises ``InputError``."""
        check_rule(password)
        made = self._hashing.make(password)
        with self._lock:
            self._change(name, password_hash=made, one_time="")
        self._lockout.forget(name)

    def reset_password(self, name: str) -> str:
        """Another password for one log-in, and no PIN. Raises ``InputError``."""
        password = readable_password()
        made = self._hashing.make(password)
        with self._lock:
            self._change(name, password_hash=made, one_time="new", pin_hash=None)
        self._lockout.forget(name)
        return password

    def set_role(self, name: str, role: Role) -> None:
        """Make a user something else. Raises ``InputError``; one administrator stays."""
        with self._lock:
            if role is not Role.ADMINISTRATOR:
                self._keep_an_administrator(name)
            self._change(name, role=role)

    def set_pin(self, name: str, pin: str) -> None:
        """The user's PIN; "" for none. Raises ``InputError``."""
        if pin:
            check_pin(pin)
        made = self._hashing.make(pin) if pin else None
        with self._lock:
            self._change(name, pin_hash=made)

    def set_badge(self, name: str, badge: str) -> None:
        """The badge that stands for the user's name; "" for none. Raises ``InputError``."""
        made = self._badge_hash(badge) if badge else None
        with self._lock:
            if made and any(
                e.badge_hash == made and e.name != name for e in self._entries.values()
            ):
                raise InputError("this badge is another user's", remedy="Take it from them first")
            self._change(name, badge_hash=made)

    def remove(self, name: str) -> None:
        """Remove a user. Raises ``InputError``; the last administrator stays.

        Nobody else gets the name: records go on to mean the one who had it.
        """
        with self._lock:
            self._entry(name)
            self._keep_an_administrator(name)
            others = {key: one for key, one in self._entries.items() if key != name}
            self._save(others, retired=(*self._file.retired, name))

    def of_badge(self, badge: str) -> str:
        """The name that a badge stands for; one that nobody has for an unknown one."""
        made = self._badge_hash(badge)
        named = (entry.name for entry in self._entries.values() if entry.badge_hash == made)
        return next(named, f"badge {made[:16]}")

    def authenticate(self, name: str, password: str) -> User:
        """The user with this name and password, or ``RefusedError``.

        An unknown name costs the same time, words and waiting as a wrong password. A password for
        one log-in is used up by it.
        """
        entry = self._verified(name, password)
        if entry.one_time == "used":
            raise RefusedError("user name or password is wrong", remedy="Try again")
        self._lockout.forget(name)
        if entry.one_time == "new":
            with self._lock:
                self._change(name, one_time="used")
        return _user(entry)

    def note_login(self, name: str) -> None:
        """This user has just logged in. A full disk keeps nobody out: then it is not kept."""
        with self._lock, contextlib.suppress(StorageError):
            self._change(name, last_login_us=self._clock.utc_us())

    def confirm(self, name: str, password: str) -> User:
        """The same, of somebody who is logged in: a password for one log-in may be used up."""
        entry = self._verified(name, password)
        self._lockout.forget(name)
        return _user(entry)

    def has_pin(self, name: str) -> bool:
        """Whether this user can resume a session."""
        entry = self._entries.get(name)
        return entry is not None and entry.pin_hash is not None

    def pin_matches(self, name: str, pin: str) -> bool:
        """Compare a PIN; who asks counts the failures. The same time without one."""
        entry = self._entries.get(name)
        return self._hashing.matches(entry.pin_hash if entry else None, pin[:LONGEST])

    def _verified(self, name: str, password: str) -> Entry:
        self._lockout.refuse_or_count(name, self._entries)
        entry = self._entries.get(name)
        stored = entry.password_hash if entry else None
        try:
            matched = self._hashing.matches(stored, password[: LONGEST + 1])
        except HashTimeout:
            self._lockout.take_back(name)
            raise
        if not matched or entry is None:
            raise RefusedError("user name or password is wrong", remedy="Try again")
        return entry

    # -- a forgotten administrator ----------------------------------------------------------------

    def recover(self, name: str) -> str:
        """A password for one log-in of an administrator, who is made if absent; stays on record."""
        if name not in self._entries:
            password = self.invite(name, Role.ADMINISTRATOR)
        else:
            password = self.reset_password(name)
        with self._lock:
            found = Recovery(user=name, utc_us=self._clock.utc_us())
            self._change(name, role=Role.ADMINISTRATOR)
            self._save(self._entries, recoveries=(*self._file.recoveries, found))
        return password

    @property
    def recoveries(self) -> tuple[Recovery, ...]:
        """Those that no administrator has taken note of."""
        return self._file.recoveries

    def forget_recoveries(self) -> None:
        """An administrator has taken note."""
        with self._lock:
            self._save(self._entries, recoveries=())

    # -- the file ---------------------------------------------------------------------------------

    def _badge_hash(self, badge: str) -> str:
        return self._hashing.of_badge(badge, bytes.fromhex(self._file.badge_salt))

    def _keep_an_administrator(self, name: str) -> None:
        left = [one for one in self._entries.values() if one.role is Role.ADMINISTRATOR]
        if [one.name for one in left] == [name]:
            raise InputError(
                f"user {name}: is the only administrator", remedy="Add another one first"
            )

    def _entry(self, name: str) -> Entry:
        if name not in self._entries:
            raise InputError(f"user {name}: unknown", remedy="Check the name")
        return self._entries[name]

    def _change(self, name: str, **fields: object) -> None:
        self._put(self._entry(name).model_copy(update=fields))

    def _put(self, entry: Entry) -> None:
        self._save({**self._entries, entry.name: entry})

    def _save(self, entries: dict[str, Entry], **fields: object) -> None:
        content: UsersFile = self._file.model_copy(
            update={"users": tuple(entries.values()), **fields}
        )
        write_atomically(self.path, content.model_dump_json(indent=2).encode(), private=True)
        self._file, self._entries = content, entries


def _user(entry: Entry) -> User:
    return User(entry.name, entry.role, entry.full_name, bool(entry.one_time))
