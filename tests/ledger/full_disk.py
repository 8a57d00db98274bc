"""A line on a disk that fills up: ``python -m tests.ledger.full_disk DISK AFTER [URL]``.

Something else takes all but a little of the disk; the line goes on until the ledger says that it is
full; then space is freed. Prints what was acknowledged, and what was said. ``AFTER`` is made.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from inspector.core.errors import LedgerError
from inspector.ledger.chain import StoredRecord
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.ledger import Ledger
from tests.ledger.parts_on_a_line import heat, inspection, picture
from tests.waiting import until

_LEFT = 300_000


def main(disk: Path, after: Path, url: str | None) -> None:
    """Prints one JSON object."""
    acknowledged: dict[int, str] = {}

    def tell(stored: Sequence[StoredRecord]) -> None:
        acknowledged.update((one.sequence, one.digest.hex()) for one in stored)

    database = DatabaseAddress(url) if url else None
    ledger = Ledger(disk, "station-1", block_size=1024, database=database)
    writer = ledger.writer
    writer.on_stored += (tell,)
    writer.size_evidence(3600, 1024)
    room = os.statvfs(disk)
    ballast = disk / "ballast"
    ballast.write_bytes(bytes(room.f_bavail * room.f_frsize - _LEFT))
    offered = 0
    while writer.fault is None:
        offered = _inspect(ledger, offered)
    when_full, fault = len(acknowledged), writer.fault
    for _ in range(50):
        offered = _inspect(ledger, offered)
    ballast.unlink()
    until(lambda: writer.backlog == 0 and writer.fault is None)
    assert ledger.close()
    after.mkdir()
    told = {
        "fault": fault,
        "offered": offered,
        "dropped": writer.dropped_records,
        "acknowledged_when_full": when_full,
        "acknowledged": acknowledged,
    }
    print(json.dumps(told))


def _inspect(ledger: Ledger, offered: int) -> int:
    time.sleep(0.002)
    try:
        part = ledger.part_ids.next()
    except LedgerError:
        return offered
    if part % 3:
        ledger.writer.offer_inspection(inspection(part, score=0.5))
    else:
        ledger.writer.offer_inspection(inspection(part), picture(part), heat(part))
    return offered + 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
