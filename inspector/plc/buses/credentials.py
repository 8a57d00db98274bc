"""User and password of a protocol, from a file that nobody else may read."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from inspector.core.errors import ConfigError
from inspector.durable.files import expanded

_OTHERS = 0o007
"""Not the group: services are given secrets by it."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and the password, which no ``repr`` shows."""

    user: str
    password: str = field(repr=False)


def read_credentials(given: str) -> Credentials:
    """The first line ``user:password`` of the file. Raises ``ConfigError``, never with the line."""
    path = secret_file(given, "credentials")
    try:
        line = path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: credentials cannot be read: {type(error).__name__}",
            remedy="Write one line user:password in UTF-8",
        ) from None  # the error of decoding holds the text
    user, colon, password = line.partition(":")
    if not (user and colon and password):
        raise ConfigError(
            f"{path}: its first line is not user:password", remedy="Write one line user:password"
        )
    return Credentials(user, password)


def secret_file(given: str, key: str) -> Path:
    """Raises ``ConfigError`` when the file is missing, or anybody on this PC may read it."""
    path = expanded(given, key)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be opened: {error.strerror}", remedy=f"Check {key} in line.yaml"
        ) from error
    if os.name == "posix" and mode & _OTHERS:
        raise ConfigError(
            f"{path}: everybody on this PC may read or change it", remedy=f"chmod 600 {path}"
        )
    return path
