"""Secrets of a protocol: files that others cannot read, and the keyring."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from inspector.core.errors import ConfigError
from inspector.plc.buses.credentials import read_credentials, read_entries, secret_file

USER, PASSWORD = "line-3", "s3cret: with colons, spaces "


def secret(path: Path, text: str, mode: int = 0o600) -> str:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return str(path)


def test_the_first_line_of_a_file(tmp_path: Path) -> None:
    given = secret(tmp_path / "login", f"# of the broker\n\n{USER}:{PASSWORD}\r\nother:one\n")
    known = read_credentials(given)
    assert (known.user, known.password) == (USER, PASSWORD)
    assert PASSWORD not in repr(known)
    assert read_entries(given, "users", "user:password")[1] == ["other", "one"]


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
@pytest.mark.parametrize("mode", [0o600, 0o400, 0o640])
def test_the_group_may_read_a_secret(tmp_path: Path, mode: int) -> None:
    given = secret(tmp_path / "credentials", f"{USER}:{PASSWORD}\n", mode)
    assert read_credentials(given).user == USER


@pytest.mark.skipif(os.name != "posix", reason="rights of files are POSIX's")
@pytest.mark.parametrize("mode", [0o660, 0o604, 0o602])
def test_others_do_not_and_the_group_does_not_write_it(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "credentials"
    given = secret(path, f"{USER}:{PASSWORD}\n", mode)
    for read in (read_credentials, lambda given: secret_file(given, "key")):  # one rule
        with pytest.raises(ConfigError, match=f"chmod 600 {path}") as caught:
            read(given)
        assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize("text", ["s3cret", "s3cret:", ":s3cret", "", "s3cret\xff"])
def test_a_bad_line_is_never_shown(tmp_path: Path, text: str) -> None:
    path = tmp_path / "credentials"
    path.write_text(text, encoding="latin-1")
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="user:password") as caught:
        read_credentials(str(path))
    assert "s3cret" not in "".join(traceback.format_exception(caught.value))


def test_a_file_that_is_not_there_is_told_by_its_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Check security\.credentials"):
        read_credentials(str(tmp_path / "none"), "security.credentials")


@pytest.fixture
def entries() -> Iterator[dict[tuple[str, str], str]]:
    """What the system's keyring holds."""
    keyring = pytest.importorskip("keyring", reason="needs the extra keyring")
    from keyring.backend import KeyringBackend
    from keyring.errors import KeyringLocked

    held: dict[tuple[str, str], str] = {}

    class InMemory(KeyringBackend):
        priority = 1.0

        def get_password(self, service: str, username: str) -> str | None:
            if service == "locked":
                raise KeyringLocked("nobody is logged in")
            return held.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            held[service, username] = password

    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())  # type: ignore[no-untyped-call]  # keyring's
    yield held
    keyring.set_keyring(before)


def test_the_keyring_holds_a_password(entries: dict[tuple[str, str], str]) -> None:
    import keyring

    keyring.set_password("inspector/broker", USER, PASSWORD)
    known = read_credentials(f"keyring:inspector/broker/{USER}")
    assert (known.user, known.password) == (USER, PASSWORD)
    with pytest.raises(ConfigError, match="keyring set inspector/broker nobody") as caught:
        read_credentials("keyring:inspector/broker/nobody")
    assert PASSWORD not in str(caught.value)
    with pytest.raises(ConfigError, match="KeyringLocked") as caught:
        read_credentials(f"keyring:locked/{USER}")
    assert "or name a file" in caught.value.remedy


@pytest.mark.parametrize("given", ["keyring:", "keyring:service", "keyring:/user", "keyring:s/"])
def test_an_entry_has_a_service_and_a_user(given: str) -> None:
    with pytest.raises(ConfigError, match=f"credentials: {given} does not name") as caught:
        read_credentials(given)
    assert "keyring:SERVICE/USER" in caught.value.remedy


def test_users_of_our_own_server_are_in_a_file() -> None:
    with pytest.raises(ConfigError, match="come from a file"):
        read_entries("keyring:a/b", "security.credentials", "user:role:password-hash")


def test_a_keyring_without_its_package_is_told_with_the_remedy() -> None:
    with (
        patch.dict(sys.modules, {"keyring": None}),
        pytest.raises(ConfigError, match="needs the Python package keyring") as caught,
    ):
        read_credentials("keyring:inspector/line-3")
    assert "inspector-line[keyring]" in caught.value.remedy
