"""A line that is killed again and again: ``python -m tests.ledger.killed FOLDER ROUNDS [URL]``.

Each round is a process of its own that opens the ledger, records parts as fast as it can, tells
over a pipe what was acknowledged, and is killed (SIGKILL) at a random moment, be it while opening.
Prints sequence and digest of all that was acknowledged, as JSON. Forks, so that 200 rounds are
seconds: nothing may have started a thread before.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from inspector.core.errors import LedgerError
from inspector.ledger.chain import StoredRecord
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.ledger import Ledger
from tests.ledger.parts_on_a_line import heat, inspection, picture

_LONGEST_S = 0.3
_WAIT_S = 60.0


def record(folder: Path, url: str | None, pipe: int) -> None:
    """Never returns."""

    def tell(stored: Sequence[StoredRecord]) -> None:
        lines = [f"{one.sequence} {one.digest.hex()}\n" for one in stored]
        for line in lines:
            os.write(pipe, line.encode())

    database = DatabaseAddress(url) if url else None
    ledger = Ledger(folder, "station-1", queue_records=500, block_size=64, database=database)
    ledger.writer.on_stored += (tell,)
    ledger.writer.size_evidence(3600, 1024)
    while True:
        try:
            part = ledger.part_ids.next()
        except LedgerError:  # faster than the disk: a real line is slower than this
            time.sleep(0.001)
            continue
        if part % 5:
            ledger.writer.offer_inspection(inspection(part, score=0.5))
        else:
            ledger.writer.offer_inspection(inspection(part), picture(part), heat(part))


def killed_once(folder: Path, url: str | None, after_s: float, *, at_work: bool) -> list[str]:
    """Lines of what was acknowledged. ``at_work``: the time runs from the first of them."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        record(folder, url, writing)
    os.close(writing)
    os.set_blocking(reading, False)
    told, begun = b"", time.monotonic()
    while time.monotonic() < begun + (_WAIT_S if at_work and not told else after_s):
        new = _available(reading)
        if at_work and new and not told:
            begun = time.monotonic()
        told += new
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"it ended by itself: {status}"
    os.set_blocking(reading, True)
    while more := os.read(reading, 65536):
        told += more
    os.close(reading)
    return told.decode().split("\n")[:-1]  # the last line may be cut


def _available(pipe: int) -> bytes:
    try:
        return os.read(pipe, 65536)
    except BlockingIOError:
        return b""


def main(folder: Path, rounds: int, url: str | None) -> None:
    """Prints what was acknowledged over all rounds."""
    chance = random.Random(rounds)
    acknowledged: dict[str, str] = {}
    for number in range(rounds):
        after_s = chance.uniform(0.0, _LONGEST_S)
        for line in killed_once(folder, url, after_s, at_work=number % 4 != 3):
            sequence, digest = line.split()
            assert acknowledged.setdefault(sequence, digest) == digest, "acknowledged otherwise"
    print(json.dumps(acknowledged))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None)
