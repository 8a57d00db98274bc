"""The key that signs: a port for what holds one, and the file that does so by default."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from inspector.core.errors import LedgerError
from inspector.durable.files import storage_errors, sync_folder, write_atomically

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Signer(Protocol):
    """What holds the private key: the file here, a TPM or a smart card elsewhere. One thread."""

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""

    def sign(self, message: bytes) -> bytes:
        """Ed25519 signature, 64 bytes. Raises ``LedgerError`` when the key cannot be used."""


class FileSigner:
    """A private key in memory, from a file that its owner alone may read."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Ed25519 signature, 64 bytes."""
        return self._private.sign(message)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """True when the holder of the key signed exactly this."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class KeyFolder:
    """Where a station keeps its key: ``ledger.key`` (PEM, mode 0600) and ``ledger.pub`` (hex).

    On Windows the folder's own rights protect the key. Raises ``LedgerError``, ``StorageError``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._private, self._next = folder / "ledger.key", folder / "ledger.key.next"
        self._public = folder / "ledger.pub"

    def load(self) -> FileSigner | None:
        """The key in use; None before the first one."""
        return _load(self._private) if self._private.exists() else None

    def public(self) -> bytes | None:
        """The public half alone, for who may not read the other; None when there is no key."""
        try:
            return bytes.fromhex(self._public.read_text(encoding="ascii"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise LedgerError(f"{self._public}: {error}", remedy="Start the station once") from None

    def prepare(self) -> FileSigner:
        """Make the next key, durably; it is not in use before ``take_next``."""
        signer = Ed25519PrivateKey.generate()
        pem = signer.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync_folder(self.folder.parent)
        write_atomically(self._next, pem, private=True)
        return FileSigner(signer)

    def load_next(self) -> FileSigner | None:
        """A key that was made and not taken into use yet."""
        return _load(self._next) if self._next.exists() else None

    def take_next(self) -> None:
        """The next key is the one in use from now on; the one before is gone."""
        with storage_errors(self._private):
            self._next.replace(self._private)
            sync_folder(self.folder)
        self.publish()

    def publish(self) -> None:
        """Write the public half anew where it is missing or another one."""
        signer = self.load()
        text = signer.public.hex().encode() if signer else b""
        if text and not (self._public.is_file() and self._public.read_bytes() == text):
            write_atomically(self._public, text)


def _load(path: Path) -> FileSigner:
    with storage_errors(path):
        if os.name != "nt" and path.stat().st_mode & _OTHERS:
            raise LedgerError(
                f"{path}: others may read the key that signs the ledger",
                remedy="chmod 600, then: inspector ledger rotate-key",
            )
        pem = path.read_bytes()
    try:
        private = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise LedgerError(
            f"{path}: not a key ({error})", remedy="Restore it, or: rotate-key --lost"
        ) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise LedgerError(f"{path}: not an Ed25519 key", remedy="Restore the right one")
    return FileSigner(private)
