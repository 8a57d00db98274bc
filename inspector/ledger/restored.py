"""After a restore: numbers that the station may have given since its backup are never given again.

Nobody knows how far it came after the backup was made. So the first opening of a restored ledger
reserves, and gives to nobody, as many numbers as the fastest line could have used until now, or
all up to one that a person names.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from inspector.core.errors import LedgerError
from inspector.core.ports import Clock
from inspector.core.record import LedgerRecord, RecordKind
from inspector.durable.files import storage_errors, sync_folder, write_atomically
from inspector.ledger.store import Store

MOST_PARTS_PER_S = 10_000
"""No line is faster (``belt.parts_per_s``), and no disk takes more records."""
_LEAST_S = 3600
"""The clocks of two PCs may differ."""
_MARK = "restored.json"


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What was restored: digest and time of the backup; ``last_part`` as a person knows it."""

    backup: str
    utc_us: int
    last_part: int | None = None


def mark_restored(folder: Path, restored: Restored) -> None:
    """Have the next opening of the ledger in ``folder`` skip numbers. Raises ``StorageError``."""
    write_atomically(folder / _MARK, msgspec.json.encode(restored))


def skip_numbers(store: Store, folder: Path, clock: Clock) -> None:
    """Reserve what may have been used, once; ``PartIdBlocks`` records that its outcome is unknown.

    Raises ``LedgerError`` where the clock stands before the backup.
    """
    path = folder / _MARK
    if not path.exists():
        return
    with storage_errors(path):
        data = path.read_bytes()
    try:
        restored = msgspec.json.decode(data, type=Restored)
    except msgspec.MsgspecError as error:
        raise LedgerError(f"{path}: damaged ({error})", remedy="Restore the backup again") from None
    first = store.reserve_block(1, _record(restored, clock)).start
    if (size := _size(restored, first, clock, path)) > 0:
        store.reserve_block(size, _record(restored, clock))
    with storage_errors(path):
        path.unlink()
        sync_folder(folder)


def _size(restored: Restored, first: int, clock: Clock, path: Path) -> int:
    if restored.last_part is not None:
        return restored.last_part - first
    elapsed_s = (clock.utc_us() - restored.utc_us) // 1_000_000 + 1
    if elapsed_s < 0:
        raise LedgerError(
            f"{path}: the clock of this PC stands before the backup that was restored",
            remedy="Set the clock and start again",
        )
    return MOST_PARTS_PER_S * max(elapsed_s, _LEAST_S)


def _record(restored: Restored, clock: Clock) -> LedgerRecord:
    payload = {"event": "reserved", "why": "restored", "backup": restored.backup}
    return LedgerRecord(RecordKind.BLOCK, clock.utc_us(), payload)
