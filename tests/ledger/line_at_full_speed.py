"""A process that records parts as fast as it can, until somebody kills it.

``python -m tests.ledger.line_at_full_speed FOLDER``; prints each part id as it is given to a part.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from inspector.core.errors import LedgerError
from inspector.ledger.ledger import Ledger
from tests.ledger.parts_on_a_line import heat, inspection, picture


def run(folder: Path) -> None:
    """Never returns."""
    ledger = Ledger(folder, "station-1", queue_records=500, queue_evidence=8, block_size=64)
    ledger.writer.size_evidence(3600, 1024)
    while True:
        try:
            part = ledger.part_ids.next()
        except LedgerError:  # faster than the disk: a real line is slower than this
            time.sleep(0.001)
            continue
        sys.stdout.write(f"{part}\n")
        sys.stdout.flush()
        if part % 3:
            ledger.writer.offer_inspection(inspection(part, score=0.5))
        else:
            ledger.writer.offer_inspection(inspection(part), picture(part), heat(part))


if __name__ == "__main__":
    run(Path(sys.argv[1]))
