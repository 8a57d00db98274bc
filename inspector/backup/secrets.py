"""Keys under a passphrase: scrypt makes it a key, AES-256-GCM encrypts and seals."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from inspector.core.errors import InputError

SHORTEST = 12
"""Characters of a passphrase."""

_ABOUT = b"Inspector backup: keys, form 1"
_SALT, _NONCE = 16, 12
_COST = 2**17
"""scrypt's N: 128 MiB and about half a second."""


def encrypted(files: Mapping[str, bytes], passphrase: str) -> bytes:
    """Contents by name as one blob: salt, nonce, ciphertext. Raises ``InputError``."""
    check_passphrase(passphrase)
    plain = {name: base64.b64encode(data).decode() for name, data in files.items()}
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    cipher = AESGCM(_key(passphrase, salt))
    return salt + nonce + cipher.encrypt(nonce, msgspec.json.encode(plain), _ABOUT)


def decrypted(blob: bytes, passphrase: str) -> dict[str, bytes]:
    """What ``encrypted`` took. Raises ``InputError`` for another passphrase, or altered bytes."""
    salt, nonce, rest = blob[:_SALT], blob[_SALT : _SALT + _NONCE], blob[_SALT + _NONCE :]
    try:
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, rest, _ABOUT)
    except (InvalidTag, ValueError) as error:
        raise InputError("the passphrase of the keys is another one", remedy="Try again") from error
    return {
        name: base64.b64decode(data)
        for name, data in msgspec.json.decode(plain, type=dict[str, str]).items()
    }


def check_passphrase(passphrase: str) -> None:
    """Raises ``InputError`` for one that is too short to hold against a search."""
    if len(passphrase) < SHORTEST:
        raise InputError(
            f"the passphrase has fewer than {SHORTEST} characters",
            remedy="Keys leave this PC under a passphrase, or not at all",
        )


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode())
