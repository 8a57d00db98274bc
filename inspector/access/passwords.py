"""Passwords and PINs: their rules, their hash, and readable ones made by chance."""

from __future__ import annotations

import itertools
import secrets
import unicodedata
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.low_level import Type, hash_secret_raw

from inspector.core.errors import InputError, RefusedError

SHORTEST = 8
LONGEST = 256
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # without 0 o, 1 l i
_PIN_DIGITS = range(4, 13)


def check_rule(password: str) -> None:
    """Raise ``InputError`` when the password cannot be taken, and say what is expected."""
    if len(password) < SHORTEST:
        raise InputError(
            f"the password has {len(password)} characters",
            remedy=f"Use at least {SHORTEST}; any characters, also spaces",
        )
    if len(password) > LONGEST:
        raise InputError("the password is too long", remedy=f"Use at most {LONGEST} characters")


def check_pin(pin: str) -> None:
    """Raise ``InputError`` when these digits cannot be a PIN."""
    if not (pin.isascii() and pin.isdecimal() and len(pin) in _PIN_DIGITS):
        raise InputError("not a PIN", remedy="Use 4 to 12 digits")
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise InputError("everybody would guess this PIN", remedy="Not 1111, 1234 or 4321")


def readable_password() -> str:
    """12 characters (59 bits) that can be read aloud and typed, such as ``abcd-efgh-jkmn``."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


class HashTimeout(RefusedError):
    """Nothing could be compared: neither right nor wrong."""

    def __init__(self) -> None:
        super().__init__("the station was too busy to check this", remedy="Try again")


class Hashing(Protocol):
    """What hashes; tens of ms. Any thread. Raises ``HashTimeout`` where another process does it."""

    def make(self, password: str) -> str:
        """The hash to store."""

    def matches(self, stored: str | None, password: str) -> bool:
        """Compare; takes the same time when there is no stored hash, and is then False."""

    def of_badge(self, badge: str, salt: bytes) -> str:
        """Hex digest that a badge is found by: one salt for all badges of a station."""


class PasswordHash:
    """Argon2id, with 19 MiB and one thread: enough for a log-in, little enough beside a line.

    Parameters after the OWASP Password Storage Cheat Sheet (m = 19 MiB, t = 2, p = 1). The
    interpreter's lock is released meanwhile.
    """

    def __init__(self, *, memory_kib: int = 19 * 1024, passes: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def make(self, password: str) -> str:
        """The hash to store."""
        return self._hasher.hash(_composed(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Compare; takes the same time when there is no stored hash, and is then False."""
        try:
            matched = self._hasher.verify(stored or self._nobody, _composed(password))
        except (Argon2Error, InvalidHashError):
            return False
        return matched and stored is not None

    def of_badge(self, badge: str, salt: bytes) -> str:
        """Hex digest that a badge is found by: one salt for all badges of a station."""
        made = hash_secret_raw(
            badge.strip().encode(errors="replace"),
            salt,
            time_cost=self._hasher.time_cost,
            memory_cost=self._hasher.memory_cost,
            parallelism=1,
            hash_len=32,
            type=Type.ID,
        )
        return made.hex()


def _composed(password: str) -> str:
    """One form of equal text (NFC), whichever keyboard it came from."""
    return unicodedata.normalize("NFC", password)
