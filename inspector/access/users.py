"""The users of one station: ``access/users.json`` in its data folder."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inspector.access.passwords import LONGEST, PasswordHash, check_rule, readable_password
from inspector.access.permissions import Role
from inspector.core.errors import ConfigError, InputError, RefusedError, StorageError
from inspector.core.ports import Clock, SystemClock
from inspector.durable.files import write_atomically

_FREE_FAILURES = 4
_LONGEST_WAIT_S = 300
_MOST_NAMES = 1000


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is known to the station."""

    name: str
    role: Role


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[\w.@-]{1,64}$")]
    role: Role
    password_hash: str = Field(repr=False)
    created_utc_us: int


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = 1
    users: tuple[_Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    until_ns: int


class Users:
    """Names, roles and password hashes. Any thread; every change is on the disk when it returns.

    Raises ``ConfigError`` when the file is damaged, ``StorageError`` when it cannot be written.
    """

    def __init__(
        self,
        data_folder: Path,
        *,
        clock: Clock | None = None,
        hashing: PasswordHash | None = None,
    ) -> None:
        self.path = data_folder / "access" / "users.json"
        self._clock = clock or SystemClock()
        self._hashing = hashing or PasswordHash()
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._entries = {entry.name: entry for entry in _load(self.path).users}

    @property
    def all(self) -> tuple[User, ...]:
        """Everybody, by name."""
        return tuple(User(name, self._entries[name].role) for name in sorted(self._entries))

    def first_administrator(self, password: str | None, name: str = "administrator") -> str | None:
        """Create the first user; returns the password if it was generated, to be shown once.

        Raises ``RefusedError`` when there are users already, ``InputError`` on a poor password.
        """
        if self._entries:
            raise RefusedError(f"{self.path}: there are users already", remedy="Log in as one")
        generated = readable_password() if password is None else None
        self.add(name, Role.ADMINISTRATOR, password or generated or "")
        return generated

    def add(self, name: str, role: Role, password: str) -> None:
        """Add a user. Raises ``InputError`` on a name that is taken or cannot be used."""
        with self._lock:
            if name in self._entries:
                raise InputError(f"user {name}: exists already", remedy="Choose another name")
            self._put(name, role, password)

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password. Raises ``InputError``."""
        with self._lock:
            self._put(name, self._entry(name).role, password)
            self._failures.pop(name, None)

    def remove(self, name: str) -> None:
        """Remove a user. Raises ``InputError``; the last administrator stays."""
        with self._lock:
            entry = self._entry(name)
            others = {key: one for key, one in self._entries.items() if key != name}
            if entry.role is Role.ADMINISTRATOR and not any(
                one.role is Role.ADMINISTRATOR for one in others.values()
            ):
                raise InputError(
                    f"user {name}: is the only administrator", remedy="Add another one first"
                )
            self._save(others)

    def authenticate(self, name: str, password: str) -> User:
        """The user with this name and password, or ``RefusedError``.

        An unknown name costs the same time, words and waiting as a wrong password. From the fifth
        failure in a row on, the name must wait: 1 s, 2 s, 4 s, ... up to 5 minutes.
        """
        with self._lock:
            self._refuse_while_waiting(name)
            entry = self._entries.get(name)
            # Counted before it is tried, so that attempts at the same moment count as well.
            self._count_failure(name)
        stored = entry.password_hash if entry else None
        if not self._hashing.matches(stored, password[: LONGEST + 1]) or entry is None:
            raise RefusedError("user name or password is wrong", remedy="Try again")
        with self._lock:
            self._failures.pop(name, None)
        return User(entry.name, entry.role)

    def _refuse_while_waiting(self, name: str) -> None:
        failures = self._failures.get(name)
        remaining_ns = failures.until_ns - self._clock.monotonic_ns() if failures else 0
        if remaining_ns > 0:
            seconds = -(-remaining_ns // 1_000_000_000)
            raise RefusedError("too many failed attempts", remedy=f"Try again in {seconds} s")

    def _count_failure(self, name: str) -> None:
        before = self._failures.pop(name, None)
        count = (before.count if before else 0) + 1
        wait_s = min(2 ** min(count - _FREE_FAILURES - 1, 10), _LONGEST_WAIT_S)
        until_ns = self._clock.monotonic_ns() + int(wait_s * 1e9) if count > _FREE_FAILURES else 0
        self._failures[name] = _Failures(count, until_ns)
        while len(self._failures) > _MOST_NAMES:
            self._failures.popitem(last=False)

    def _entry(self, name: str) -> _Entry:
        if name not in self._entries:
            raise InputError(f"user {name}: unknown", remedy="Check the name")
        return self._entries[name]

    def _put(self, name: str, role: Role, password: str) -> None:
        check_rule(password)
        try:
            entry = _Entry(
                name=name,
                role=role,
                password_hash=self._hashing.make(password),
                created_utc_us=self._clock.utc_us(),
            )
        except ValidationError as error:
            raise InputError(
                f"user {name!r}: this name cannot be used",
                remedy="Use 1 to 64 letters, digits or . _ @ -",
            ) from error
        self._save({**self._entries, name: entry})

    def _save(self, entries: dict[str, _Entry]) -> None:
        content = _File(users=tuple(entries.values()))
        write_atomically(self.path, content.model_dump_json(indent=2).encode(), private=True)
        self._entries = entries


def _load(path: Path) -> _File:
    try:
        return _File.model_validate(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return _File()
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError:
        # Without the cause: it would carry the file's content, password hashes and all.
        raise ConfigError(f"{path}: damaged", remedy="Restore it from a backup") from None
