"""Atomic, flushed writing of files and folders; disk faults in words."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from inspector.core.errors import ConfigError, StorageError


def _in_words(error: OSError, path: Path) -> StorageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(f"{path}: the disk is full", remedy="Free space and try again")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageError(
            f"{path}: cannot be written ({error.strerror})",
            remedy="Check the owner and rights of the folder",
        )
    return StorageError(f"{path}: {error.strerror or error}", remedy="Check the disk")


@contextlib.contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` about ``path`` into a ``StorageError`` that says what to do."""
    try:
        yield
    except OSError as error:
        raise _in_words(error, path) from error


def expanded(given: str, key: str) -> Path:
    """The path with ``~`` expanded. Raises ``ConfigError`` naming the key for an unknown user."""
    try:
        return Path(given).expanduser()
    except RuntimeError as error:
        raise ConfigError(
            f"{key}: {given}: no such user's home", remedy="Write the path out"
        ) from error


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries, so that a rename in it survives a power cut (no-op on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Flush a file's contents to the disk."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a whole file: temporary name, flush, rename, flush the folder.

    After a crash the file is the old one or the new one, never a part. ``private`` makes it
    readable by its owner alone. Raises ``StorageError``.
    """
    with storage_errors(path), atomic_file(path, private=private) as file:
        file.write(data)


@contextlib.contextmanager
def atomic_file(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """A file to write piece by piece; it gets its name on leaving without an error, whole.

    Raises ``StorageError`` where it cannot be made or named.
    """
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            with storage_errors(path):
                file.flush()
                os.fsync(file.fileno())
        with storage_errors(path):
            if not private and os.name != "nt":
                Path(name).chmod(0o644)
            Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    with storage_errors(path):
        sync_folder(path.parent)


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Build a folder under a temporary name beside ``path``; it gets its name only when complete.

    Yields the temporary folder. On leaving without an error every file in it is flushed and the
    folder is renamed to ``path``, which must not exist; on an error nothing remains.
    """
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
    try:
        with storage_errors(path):
            yield work
            for file in sorted(work.rglob("*")):
                if file.is_file():
                    sync_file(file)
            if os.name != "nt":
                work.chmod(0o755)
            work.rename(path)
            sync_folder(path.parent)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def sha256_of_file(path: Path) -> str:
    """Lower-case hex SHA-256 of a file's contents."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
