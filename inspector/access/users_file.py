"""What the file of users holds: version 2, and version 1 as it was."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from inspector.access.permissions import Role
from inspector.core.errors import ConfigError, StorageError


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Plain):
    """One user."""

    name: Annotated[str, Field(pattern=r"^[\w.@-]{1,64}$")]
    role: Role
    full_name: Annotated[str, Field(max_length=128)] = ""
    password_hash: str = Field(repr=False)
    one_time: Literal["", "new", "used"] = ""
    """A password that somebody else has seen: good for one log-in, in which it is changed."""
    pin_hash: str | None = Field(None, repr=False)
    badge_hash: str | None = Field(None, repr=False)
    created_utc_us: int
    last_login_us: int = 0


class Recovery(_Plain):
    """An administrator was recovered on the console, and no administrator has taken note of it."""

    user: str
    utc_us: int


class UsersFile(_Plain):
    """``access/users.json``."""

    schema_version: Literal[1, 2] = 2
    users: tuple[Entry, ...] = ()
    retired: tuple[str, ...] = ()
    """Names of users who were removed: nobody else gets them."""
    badge_salt: str = Field(default_factory=lambda: secrets.token_hex(16), repr=False)
    recoveries: tuple[Recovery, ...] = ()


def load_users(path: Path) -> UsersFile:
    """Read the file; without one nobody is known. Raises ``ConfigError``, ``StorageError``."""
    try:
        found = UsersFile.model_validate(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return UsersFile()
    except OSError as error:
        raise StorageError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError:
        # Without the cause: it would carry the file's content, password hashes and all.
        raise ConfigError(f"{path}: damaged", remedy="Restore it from a backup") from None
    return found.model_copy(update={"schema_version": 2})
