"""Making a backup: beside a running station, and whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inspector import __version__
from inspector.backup.archive import About, ArchiveWriter, Kept, Sealed
from inspector.backup.contents import configuration, plain_files, secret_files
from inspector.backup.ledger_copy import copy_database, pictures
from inspector.backup.secrets import check_passphrase, encrypted
from inspector.core.errors import InputError
from inspector.core.ports import Clock, SystemClock
from inspector.durable.files import storage_errors, sync_folder
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.ledger import ledger_folder, open_reader
from inspector.ledger.reader import LedgerReader
from inspector.ledger.retention import Deletions
from inspector.ledger.schema import DATABASE

KEYS = "keys.encrypted"
LEDGER = f"ledger/{DATABASE}"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be backed up. ``passphrase``: of the keys; None leaves them out."""

    station: str
    data_folder: Path
    line_file: Path
    database: DatabaseAddress | None = None
    evidence: Kept = "all"
    datasets: bool = True
    passphrase: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made."""

    path: Path
    sealed: Sealed
    bytes: int


def back_up(wish: Wish, out: Path, clock: Clock | None = None) -> Made:
    """Write the backup to ``out``, which must not exist; its name appears when it is whole.

    The line goes on meanwhile. Raises ``InputError``, ``LedgerError`` and ``StorageError``.
    """
    _check(wish, out)
    about = About(
        station=wish.station,
        utc_us=(clock or SystemClock()).utc_us(),
        software=__version__,
        evidence=wish.evidence,
        datasets=wish.datasets,
        keys=wish.passphrase is not None,
        database=str(wish.database or ""),
    )
    with _new_file(out) as (file, work):
        archive = ArchiveWriter(file, about)
        _add_files(archive, wish)
        missing = _add_records(archive, wish, work / DATABASE)
        sealed = archive.seal(missing)
    with storage_errors(out):
        return Made(out, sealed, out.stat().st_size)


def _check(wish: Wish, out: Path) -> None:
    if out.exists():
        raise InputError(f"{out}: is there already", remedy="Name another file")
    if not out.resolve().parent.is_dir():
        raise InputError(f"{out}: its folder does not exist", remedy="Make it first")
    if out.resolve().is_relative_to(wish.data_folder) and out.resolve().parent != (
        wish.data_folder / "backups"
    ):
        raise InputError(
            f"{out}: lies in the data folder that it is to save", remedy="Name another disk"
        )
    if not wish.data_folder.is_dir():
        raise InputError(f"{wish.data_folder}: there is no data folder", remedy="Check --line")
    if wish.passphrase is not None:
        check_passphrase(wish.passphrase)


def _add_files(archive: ArchiveWriter, wish: Wish) -> None:
    for name, path in configuration(wish.line_file):
        archive.add_path(name, path)
    for path in plain_files(wish.data_folder, datasets=wish.datasets):
        archive.add_path(path.relative_to(wish.data_folder).as_posix(), path)
    if wish.passphrase is not None:
        archive.add_bytes(KEYS, encrypted(secret_files(wish.data_folder), wish.passphrase))


def _add_records(archive: ArchiveWriter, wish: Wish, copy: Path) -> tuple[str, ...]:
    """Pictures first, then the records, then the pictures that those name since.

    A picture is written before its record, and its deletion is recorded before it goes: so what a
    record of the copy names is here, or the copy tells that it was deleted. Returns the digests of
    pictures of which neither is true.
    """
    source = ledger_folder(wish.data_folder) / DATABASE
    if wish.database is None and not source.is_file():
        return ()
    gone: dict[str, int] = {}
    reader = open_reader(wish.data_folder, wish.station, wish.database)
    try:
        last = reader.head().sequence
        _add_pictures(archive, wish, reader, 1, gone)
        if wish.database is not None:
            return _lost(reader, gone)
    finally:
        reader.close()
    with storage_errors(copy):
        copy_database(source, copy)
        archive.add_path(LEDGER, copy)
    reader = LedgerReader.open(copy.parent, wish.station)
    try:
        _add_pictures(archive, wish, reader, last + 1, gone)
        return _lost(reader, gone)
    finally:
        reader.close()


def _add_pictures(
    archive: ArchiveWriter, wish: Wish, reader: LedgerReader, first: int, gone: dict[str, int]
) -> None:
    for picture in pictures(reader, wish.evidence, first):
        if picture.name in archive:
            continue
        if not archive.add_path(picture.name, wish.data_folder / picture.name):
            gone[picture.digest] = picture.sequence


def _lost(reader: LedgerReader, gone: dict[str, int]) -> tuple[str, ...]:
    deletions = Deletions(reader)
    return tuple(
        digest for digest, sequence in gone.items() if not deletions.after(sequence, digest)
    )


@contextmanager
def _new_file(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file that gets its name when it is whole and flushed, and a folder for work beside it."""
    with (
        storage_errors(path),
        tempfile.TemporaryDirectory(
            prefix=f".{path.name}.", suffix=".part", dir=path.parent
        ) as work,
    ):
        part = Path(work) / path.name
        with part.open("xb") as file:
            part.chmod(0o600)
            yield file, Path(work)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
