"""A large archive: its size, and how long it takes to be asked, verified, exported and thinned out.

Synthetic inspections, sealed and chained as the station does (payloads from samples in which
numbers are exchanged), each segment signed by the real ``Segments``. The first ones go through the
real store, a transaction and a flush for each thousand; the rest into the same tables by plain SQL
without flushes: that changes how fast they are made and nothing that is asked afterwards. Rejects,
and one pass in a hundred, name pictures that are not there: none is opened here.

    python -m scripts.bench.ledger_archive --folder /disk/archive make --parts 10000000
    python -m scripts.bench.ledger_archive --folder /disk/archive ask verify auditor retention
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path

from inspector.core.canonical import Json
from inspector.core.ports import SystemClock
from inspector.core.record import RecordKind
from inspector.ledger.chain import SealedRecord, StoredRecord, genesis, link_all
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.evidence_index import EvidenceIndex
from inspector.ledger.export import record_line
from inspector.ledger.keeping import EvidenceClass
from inspector.ledger.keys import KeyFolder
from inspector.ledger.ledger import ledger_folder, open_reader, open_store
from inspector.ledger.proof import key_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.segments import Segments, key_in_use
from inspector.ledger.signatures import Proofs
from inspector.ledger.standalone.verify_export import Check
from inspector.ledger.store import LedgerStore, Store
from inspector.ledger.verify import Walk
from scripts.bench.ledger import START_US, STATION, STEP_US, synthetic

_SEGMENT = 1000
REAL = 200_000
"""So many go through the store as it is."""
_BULK = 50_000
_LAST = 300_000
"""So many records at the end are left to the check beside production."""
_HOUR_US = 3_600_000_000
_COLUMNS = tuple(StoredRecord.__slots__)


class _BulkStore(LedgerStore):
    """The same chain in the same tables, many thousands in a transaction, not flushed."""

    def __init__(self, folder: Path, station: str) -> None:
        super().__init__(folder, station)
        self._rows: list[StoredRecord] = []
        self._database = sqlite3.connect(self.path, isolation_level=None)
        self._database.execute("PRAGMA synchronous=OFF")

    def append_sealed(self, batch: Sequence[SealedRecord]) -> tuple[StoredRecord, ...]:
        linked = link_all(self.station, self.head, batch)
        self._rows += linked
        self._advance(linked)
        if len(self._rows) >= _BULK:
            self.write()
        return linked

    def write(self) -> None:
        """Put what waits into the tables."""
        insert = f"INSERT INTO records VALUES ({', '.join('?' * len(_COLUMNS))})"
        insert = insert.replace("records", f"records ({', '.join(_COLUMNS)})")
        self._database.execute("BEGIN")
        self._database.executemany(insert, map(attrgetter(*_COLUMNS), self._rows))
        head = (self.head.sequence, self.head.digest)
        self._database.execute("UPDATE heads SET sequence = ?, digest = ?", head)
        self._database.execute("COMMIT")
        self._rows.clear()


def make(folder: Path, parts: int, database: DatabaseAddress | None, real: int = REAL) -> None:
    """Make the archive."""
    records, real = synthetic(1, parts), parts if database else min(real, parts)
    begun = time.perf_counter()
    store = open_store(folder, STATION, database)
    _fill(store, folder, itertools.islice(records, real))
    while store.journal.records:
        time.sleep(0.1)
    store.close()
    _say(f"{real} by the store: {real / (time.perf_counter() - begun):.0f} records/s")
    begun, bulk = time.perf_counter(), parts - real
    if bulk:
        fast = _BulkStore(ledger_folder(folder), STATION)
        _fill(fast, folder, records)
        fast.write()
        fast.close()
        _say(f"{bulk} in bulk: {bulk / (time.perf_counter() - begun):.0f} records/s")


def _fill(store: Store, folder: Path, records: Iterator[SealedRecord]) -> None:
    signer = key_in_use(store, KeyFolder(key_folder(folder)), SystemClock())
    segments = Segments(store, signer, SystemClock(), most=_SEGMENT)
    while chunk := list(itertools.islice(records, _SEGMENT)):
        store.append_sealed(chunk)
        segments.close_if_due()
    segments.close()


def ask(reader: LedgerReader, folder: Path) -> None:
    """Time the review screen's questions: median and longest of seven."""
    newest = reader.tail(1, RecordFilter(RecordKind.INSPECTION))[0]
    parts, end, page = newest.part_id or 0, newest.utc_us, 100
    size = sum(file.stat().st_size for file in ledger_folder(folder).rglob("*") if file.is_file())
    _say(f"{parts} parts: {size / 2**30:.2f} GiB, {size / parts:.0f} bytes/record")
    since = START_US + parts // 2 * STEP_US
    until, kind = since + _HOUR_US, RecordKind.INSPECTION
    hour, shift, week = _HOUR_US, end - 8 * _HOUR_US, end - 168 * _HOUR_US
    asked: dict[str, Callable[[], Sequence[object]]] = {
        "last 100 rejects": lambda: reader.tail(page, RecordFilter(kind, "reject")),
        "last 100 late ones": lambda: reader.tail(page, RecordFilter(cause="late")),
        "100 late ones of an hour in the middle": lambda: reader.tail(
            page, RecordFilter(cause="late", since_us=since, until_us=until)
        ),
        "100 rejects of that hour": lambda: reader.tail(
            page, RecordFilter(kind, "reject", since_us=since, until_us=until)
        ),
        "first 100 records of that hour": lambda: list(
            itertools.islice(
                reader.each(RecordFilter(since_us=since, until_us=until), page=page), page
            )
        ),
        "one part": lambda: reader.tail(1, RecordFilter(part_id=parts // 2)),
        "which of 4096 parts are recorded": lambda: reader.recorded_parts(
            parts // 2, parts // 2 + 4095
        ),
        "counts per hour of the last shift": lambda: reader.counts(shift, end, hour),
        "counts per hour of the last week": lambda: reader.counts(week, end, hour),
        "number of rejects, all": lambda: [reader.count(RecordFilter(outcome="reject"))],
        "an event among all records": lambda: reader.tail(page, RecordFilter(RecordKind.EVENT)),
    }
    for name, question in asked.items():
        times = []
        for _ in range(7):
            begun = time.perf_counter()
            found = question()
            times.append(1e3 * (time.perf_counter() - begun))
        _say(f"{name:40} {sorted(times)[3]:9.1f} ms, longest {max(times):9.1f} ({len(found)} rows)")


def verify(reader: LedgerReader, _folder: Path) -> None:
    """As ``inspector ledger verify`` without evidence; the end as the check beside production.

    That is a walk of its own, from where the first one came to, 20 records at a time.
    """
    head, proofs = reader.head(), Proofs(signed=True)
    first = Walk(reader, None, proofs)
    rate, found = _walk(first, reader.each(last=max(1, head.sequence - _LAST)))
    _say(f"verify: {first.records} records, {rate:.0f} /s, {found} findings")
    then = Walk(reader, None, proofs, first.link, first.signatures.signed)
    rate, found = _walk(then, reader.each(first=first.link.sequence + 1, page=20))
    found += len(list(then.end(head)))
    _say(f"from there, 20 at a time: {then.records} records, {rate:.0f} /s, {found} findings")
    begun = time.perf_counter()
    twice = reader.repeated_parts()
    _say(f"parts recorded twice: {len(twice)}, asked in {time.perf_counter() - begun:.1f} s")


def _walk(walk: Walk, records: Iterator[StoredRecord]) -> tuple[float, int]:
    """Records a second, and how many findings."""
    begun = time.perf_counter()
    found = sum(len(list(walk.follow(record))) for record in records)
    return walk.records / (time.perf_counter() - begun), found


def auditor(reader: LedgerReader, folder: Path, most: int = 2_000_000) -> None:
    """The verifier that stands alone, on the first ``most`` records.

    The export comes through a pipe: it is as large as the ledger.
    """
    target = folder / "export"
    target.mkdir(exist_ok=True)
    pipe, newest = target / "records.jsonl", reader.head().sequence
    head = reader.record(min(most, newest))
    assert head is not None
    manifest: Json = {
        "station": STATION,
        "first": 1,
        "last": head.sequence,
        "newest": newest,
        "digest_before": genesis(STATION).digest.hex(),
        "digest": head.digest.hex(),
    }
    (target / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    writer = multiprocessing.get_context("spawn").Process(
        target=_write_lines, args=(folder, pipe, head.sequence)
    )
    writer.start()
    check = _WithoutPictures(target)
    before, begun = _memory(), time.perf_counter()
    intact, passed = check.run(), time.perf_counter() - begun
    writer.join()
    _say(
        f"auditor: {check.records} records, {check.records / passed:.0f} /s, intact {intact}, "
        f"{time.process_time():.0f} s of the processor, memory {before:.0f} -> {_memory():.0f} MB"
    )


class _WithoutPictures(Check):
    def picture(self, sequence: int, mark: dict[str, object]) -> None:
        """The archive has none."""


def _write_lines(folder: Path, pipe: Path, last: int) -> None:
    reader = open_reader(folder, STATION, None)
    with pipe.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as lines:
        for record in reader.each(last=last):
            lines.write(record_line(record))
    reader.close()


def retention(reader: LedgerReader, folder: Path) -> None:
    """The index that follows the chain, and finding a batch that age or size let go."""
    (folder / "evidence").mkdir(exist_ok=True)
    index, begun = EvidenceIndex(folder / "evidence" / "index.sqlite"), time.perf_counter()
    first = index.sequence
    index.follow(reader)
    passed, newest = time.perf_counter() - begun, index.sequence
    _say(f"index: {newest - first} records, {(newest - first) / passed:.0f} /s")
    middle = START_US + newest // 2 * STEP_US
    ages = dict.fromkeys(EvidenceClass, middle)
    asked: dict[str, Callable[[], Sequence[object]]] = {
        "200 that are too old": lambda: index.too_old(ages, 200),
        "none is too old": lambda: index.too_old(dict.fromkeys(EvidenceClass, START_US), 200),
        "200 beyond the size of a class": lambda: index.too_many(EvidenceClass.PASS, 1e9, 200),
        "a class that is not too large": lambda: index.too_many(EvidenceClass.PASS, 1e15, 200),
    }
    for name, question in asked.items():
        begun = time.perf_counter()
        found = question()
        _say(f"{name:40} {1e3 * (time.perf_counter() - begun):9.1f} ms ({len(found)} pictures)")
    index.close()


def _memory() -> float:
    """The most that this process ever took, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(text: str) -> None:
    print(text, flush=True)


_STAGES = {"ask": ask, "verify": verify, "auditor": auditor, "retention": retention}


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("stages", nargs="+", choices=["make", *_STAGES])
    parser.add_argument("--folder", type=Path, required=True, help="on the disk to measure; kept")
    parser.add_argument("--database", default="", help="postgresql://USER@HOST/NAME")
    parser.add_argument("--parts", type=int, default=1_000_000)
    given = parser.parse_args()
    address = DatabaseAddress(given.database) if given.database else None
    for stage in given.stages:
        if stage == "make":
            make(given.folder, given.parts, address)
            continue
        reader = open_reader(given.folder, STATION, address)
        begun = time.perf_counter()
        _STAGES[stage](reader, given.folder)
        reader.close()
        _say(f"-- {stage}: {time.perf_counter() - begun:.0f} s, {_memory():.0f} MB at most")


if __name__ == "__main__":
    main()
