"""Secrets of a protocol: from a file that others cannot read, or from the system's keyring."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from inspector.core.errors import ConfigError
from inspector.durable.files import expanded

_OTHERS = 0o027
"""Others nothing; the group may read, for services are handed secrets that way."""
_KEYRING = "keyring:"
_LINE = "user:password"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and the password, which no ``repr`` shows."""

    user: str
    password: str = field(repr=False)


def read_credentials(given: str, key: str = "credentials") -> Credentials:
    """The first line ``user:password`` of a file, or what ``keyring:SERVICE/USER`` names.

    Raises ``ConfigError``, never with the secret.
    """
    if given.startswith(_KEYRING):
        return _from_keyring(given, key)
    lines = read_entries(given, key, _LINE)
    if not lines:
        raise ConfigError(f"{given}: has no line {_LINE}", remedy=f"Write one line {_LINE}")
    return Credentials(*lines[0])


def read_entries(given: str, key: str, form: str) -> list[list[str]]:
    """Lines of a secret file, split at colons as ``form`` is; ``#`` begins a remark.

    Raises ``ConfigError`` for a file that cannot be read or that others may read, and for a line of
    another form, which is never shown.
    """
    if given.startswith(_KEYRING):
        raise ConfigError(
            f"{key}: lines {form} come from a file, not from the keyring", remedy="Name a file"
        )
    path = secret_file(given, key)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: {key} cannot be read: {type(error).__name__}",
            remedy=f"Write lines {form} in UTF-8",
        ) from None  # the error of decoding holds the text
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.removesuffix("\r").split(":", form.count(":"))
        if len(cells) != form.count(":") + 1 or not all(cells):
            raise ConfigError(f"{path}: line {number} is not {form}", remedy=f"Write {form}")
        found.append(cells)
    return found


def secret_file(given: str, key: str) -> Path:
    """Raises ``ConfigError`` when the file is missing, or others on this PC may read it."""
    path = expanded(given, key)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be opened: {error.strerror}", remedy=f"Check {key} in line.yaml"
        ) from error
    if os.name == "posix" and mode & _OTHERS:
        raise ConfigError(f"{path}: others may read or change it", remedy=f"chmod 600 {path}")
    return path


def _from_keyring(given: str, key: str) -> Credentials:
    service, _, user = given.removeprefix(_KEYRING).rpartition("/")
    if not (service and user):
        raise ConfigError(
            f"{key}: {given} does not name an entry", remedy="Write keyring:SERVICE/USER"
        )
    try:
        import keyring  # noqa: PLC0415  # few stations have it
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"{key}: {given} needs the Python package {error.name}",
            remedy="Install Inspector with its extra keyring: pip install inspector-line[keyring]",
        ) from error
    try:
        password = keyring.get_password(service, user)
    except KeyringError as error:
        raise ConfigError(
            f"{key}: {given}: the keyring does not open ({type(error).__name__})",
            remedy="Unlock it for the account that the station runs as, or name a file",
        ) from error
    if not password:
        raise ConfigError(
            f"{key}: {given}: the keyring has no such entry",
            remedy=f"As the account that the station runs as: keyring set {service} {user}",
        )
    return Credentials(user, password)
