"""Bringing a backup back: checked file by file, into a new data folder, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from inspector.backup.archive import ArchiveReader, Sealed
from inspector.backup.contents import SECRET
from inspector.backup.ledger_copy import Named, pictures
from inspector.backup.making import KEYS, LEDGER
from inspector.backup.secrets import decrypted
from inspector.core.canonical import Json
from inspector.core.errors import InputError
from inspector.core.ports import Clock, SystemClock
from inspector.core.record import LedgerRecord, RecordKind
from inspector.durable.files import new_folder, storage_errors, write_atomically
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.evidence_index import DELETED
from inspector.ledger.ledger import evidence_folder, ledger_folder
from inspector.ledger.reader import LedgerReader
from inspector.ledger.restored import Restored, mark_restored
from inspector.ledger.retention import Deletions
from inspector.ledger.store import LedgerStore

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Return:
    """How a backup is to be brought back.

    ``passphrase`` opens its keys, None leaves them where they are; ``last_part`` is the last number
    that the station gave, where somebody knows it; ``by`` who restores.
    """

    data_folder: Path
    by: str
    passphrase: str | None = None
    last_part: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was brought back; ``left_out`` counts pictures that the backup does not hold."""

    sealed: Sealed
    left_out: int
    has_key: bool


def restore(archive: Path, wish: Return, clock: Clock | None = None) -> Done:
    """Bring all back to a folder that does not exist or is empty.

    Nothing is there before every file was compared with the manifest. The ledger tells of it, and
    of pictures that it names and that are gone now. Raises ``InputError`` for a backup that is not
    whole, ``LedgerError``, ``StorageError``.
    """
    folder = wish.data_folder
    with storage_errors(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(f"{folder}: is not empty", remedy="Name a new data folder")
        if folder.exists():
            folder.rmdir()
    with new_folder(folder) as work:
        sealed = ArchiveReader(archive).take_out(work)
        has_key = _keys_back(work, wish.passphrase)
        left_out = _settle(work, wish, sealed, clock or SystemClock())
    return Done(sealed, left_out, has_key)


def _keys_back(work: Path, passphrase: str | None) -> bool:
    """Keys to their places, for their owner alone; False when they are not there afterwards."""
    blob = work / KEYS
    if not blob.is_file():
        if passphrase is not None:
            raise InputError("this backup holds no keys", remedy="Restore it without a passphrase")
        return False
    if passphrase is not None:
        for name, data in decrypted(blob.read_bytes(), passphrase).items():
            if name.partition("/")[0] not in SECRET or ".." in name:
                raise InputError(f"the keys hold {name!r}", remedy="Use another backup")
            write_atomically(work / name, data, private=True)
        for name in SECRET:
            if (work / name).is_dir():
                (work / name).chmod(0o700)
    with storage_errors(blob):
        blob.unlink()
    return passphrase is not None


def _settle(work: Path, wish: Return, sealed: Sealed, clock: Clock) -> int:
    """Have the ledger tell what happened, and give no number twice."""
    about = sealed.manifest.about
    left_out = 0
    if (work / LEDGER).is_file():
        store = LedgerStore(ledger_folder(work), about.station)
        try:
            now_us = clock.utc_us()
            store.append_batch([LedgerRecord(RecordKind.ACTION, now_us, _told(wish, sealed))])
            left_out = _tell_left_out(store, work, set(sealed.manifest.missing), now_us)
        finally:
            store.close()
    if about.database or (work / LEDGER).is_file():
        mark = Restored(backup=sealed.digest, utc_us=about.utc_us, last_part=wish.last_part)
        mark_restored(ledger_folder(work), mark)
    return left_out


def _told(wish: Return, sealed: Sealed) -> dict[str, Json]:
    about = sealed.manifest.about
    return {
        "action": "Restore",
        "user": wish.by,
        "role": "",
        "peer": "console",
        "refused": "",
        "backup": sealed.digest,
        "made_us": about.utc_us,
        "software": about.software,
    }


def _tell_left_out(store: LedgerStore, work: Path, missing: set[str], now_us: int) -> int:
    """Pictures that are named and were left out are recorded as deleted; how many they are.

    Those that were missing already where the backup was made stay a finding of ``verify``.
    """
    absent = _absent(store.reader, EvidenceStore(evidence_folder(work)), missing)
    count = 0
    while batch := list(islice(absent, _BATCH)):
        payload: dict[str, Json] = {
            "event": DELETED,
            "by": "restore",
            "why": "not in the backup",
            "bytes": sum(picture.bytes for picture in batch),
            "pictures": [
                {"digest": one.digest, "suffix": one.suffix, "bytes": one.bytes} for one in batch
            ],
        }
        store.append_batch([LedgerRecord(RecordKind.EVENT, now_us, payload)])
        count += len(batch)
    return count


def _absent(reader: LedgerReader, store: EvidenceStore, missing: set[str]) -> Iterator[Named]:
    deletions, told = Deletions(reader), set(missing)
    last = reader.head().sequence
    for picture in pictures(reader, "all"):
        if picture.sequence > last:
            return
        if picture.digest in told or deletions.after(picture.sequence, picture.digest):
            continue
        if not store.path(picture.digest, picture.suffix).is_file():
            told.add(picture.digest)
            yield picture
