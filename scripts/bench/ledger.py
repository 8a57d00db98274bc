"""How fast records and evidence reach the disk, beside the bare disk.

That is appending and flushing 4 KiB, as often as it can. ``ledger_archive`` asks a large ledger.

    .venv/bin/python -m scripts.bench.ledger
    .venv/bin/python -m scripts.bench.ledger --database postgresql://postgres@127.0.0.1/bench
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from inspector.core.canonical import Json
from inspector.core.judgement import CheckResult, Judgement, Region
from inspector.core.verdict import Cause, Outcome, StageTimes, Verdict
from inspector.ledger.chain import SealedRecord, seal
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.inspection import Identity, Inspection
from inspector.ledger.keeping import EvidenceClass, Keeping
from inspector.ledger.ledger import Ledger, open_store
from inspector.ledger.store import Store

STATION = "bench"
_SECONDS = 5.0
_PART, _TIME = 888_000_888, 1_777_000_777_000_777
"""In the samples; exchanged for the numbers of each part."""
START_US = 1_790_000_000_000_000
STEP_US = 100_000
_DIGESTS = ("e" * 64, "f" * 64)
"""In the samples, of a picture and its map."""
_IDENTITY = Identity(
    product="bench",
    recipe="a" * 64,
    preparation="b" * 64,
    bundle="c" * 64,
    calibration="d" * 64,
    fingerprint="openvino 2026.4 CPU f32",
    software="0.1.0",
    production=False,
)
_CAUSES = {Cause.GOOD: 0.97, Cause.DEFECT: 0.025, Cause.LATE: 0.003, Cause.FRAME_LOST: 0.002}


def part_of(number: int, cause: Cause = Cause.GOOD, *, utc_us: int = START_US) -> Inspection:
    """One part with three checks, one region if it is rejected for a defect."""
    start, rejected = 10**15, cause is Cause.DEFECT
    region = Region(0.1, 0.2, 0.3, 0.4, 120.0, None, 3.25)
    checks = (
        CheckResult("engine", 2.125 if rejected else 0.71875, 1.0, 0.0078125, (region,) * rejected),
        CheckResult("crd", 0.40625, 1.5, 0.25),
        CheckResult("size", 0.0, 1.0, 0.5),
    )
    seen = cause in (Cause.GOOD, Cause.DEFECT)
    verdict = Verdict(
        part_id=number,
        trigger_count=number,
        encoder_count=number,
        outcome=Outcome.PASS if cause is Cause.GOOD else Outcome.REJECT,
        cause=cause,
        triggered_ns=start,
        deadline_ns=start + 150_000_000,
        decided_ns=start + 40_000_000,
        judgement=Judgement(checks) if seen else None,
    )
    times = StageTimes(start, *(start + step * 1_000_000 for step in range(1, 8)))
    return Inspection(verdict=verdict, times=times, utc_us=utc_us, identity=_IDENTITY)


def synthetic(first: int, count: int, seed: int = 0) -> Iterator[SealedRecord]:
    """Sealed inspections ``first`` to ``first + count - 1``, ten a second."""
    chance = random.Random(seed)
    causes = chance.choices(list(_CAUSES), list(_CAUSES.values()), k=count)
    samples = {(cause, kept): sample(cause, kept) for cause in _CAUSES for kept in (False, True)}
    for number, cause in zip(range(first, first + count), causes, strict=True):
        kept = is_kept(number, cause)
        sealed, utc_us = samples[cause, kept], START_US + number * STEP_US
        payload = sealed.payload.replace(b"%d" % _PART, b"%d" % number)
        payload = payload.replace(b"%d" % _TIME, b"%d" % utc_us)
        if kept:
            for digest in _DIGESTS:
                payload = payload.replace(digest.encode(), digest_of(digest, number).encode())
        yield SealedRecord(sealed.kind, utc_us, number, sealed.outcome, payload, sealed.cause)


def is_kept(number: int, cause: Cause) -> bool:
    """Rejects, and one pass in a hundred, name pictures."""
    return cause is Cause.DEFECT or (cause is Cause.GOOD and number % 100 == 0)


def digest_of(sample_digest: str, number: int) -> str:
    """In place of the sample's: another one for each part."""
    return f"{number:063x}{sample_digest[0]}"


def sample(
    cause: Cause,
    kept: bool,
    part: int = _PART,
    utc_us: int = _TIME,
    digests: tuple[str, str] = _DIGESTS,
) -> SealedRecord:
    """One part, in its final bytes."""
    rejected = cause is not Cause.GOOD
    kind = EvidenceClass.REJECT if rejected else EvidenceClass.PASS
    keeping = Keeping(kind, 1.0 if rejected else 0.01, kept)
    marks: list[Json] = [
        {"name": "image", "digest": digests[0], "suffix": ".jxl", "bytes": 550_000},
        {"name": "map", "digest": digests[1], "suffix": ".f32.zst", "bytes": 45_000},
    ]
    inspection = replace(part_of(part, cause, utc_us=utc_us), keeping=keeping)
    return seal(inspection.record(marks if kept else []))


def per_second(step: Callable[[int], int], seconds: float = _SECONDS) -> float:
    """How many of what ``step`` returns happen in a second; it is given 0, 1, 2, ..."""
    begun, done = time.perf_counter(), 0
    for number in itertools.count():
        done += step(number)
        if (passed := time.perf_counter() - begun) >= seconds:
            return done / passed
    raise AssertionError


def raw_fsync(folder: Path, size: int = 4096) -> float:
    """Appends of 4 KiB a second, each flushed."""
    descriptor = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    data = os.urandom(size)

    def append(_number: int) -> int:
        os.write(descriptor, data)
        os.fsync(descriptor)
        return 1

    try:
        return per_second(append)
    finally:
        os.close(descriptor)


def store_rate(store: Store, batch: int) -> float:
    """Records a second, so many at a time, each batch on the disk before the next."""
    records = iter(synthetic(1, 2_000_000))
    return per_second(lambda _: len(store.append_sealed(list(itertools.islice(records, batch)))))


def line_rate(folder: Path, database: DatabaseAddress | None, side: int) -> tuple[float, float]:
    """Records and pictures a second that the whole writer takes, without loss.

    With ``side`` each part brings a picture of side x side pixels and a map; without, none.
    """
    ledger = Ledger(folder, STATION, queue_evidence=64, block_size=1_000_000, database=database)
    writer = ledger.writer
    writer.size_evidence(max(side * side, 1), max((side // 8) ** 2, 1))
    textures = _textures(side) if side else []
    score_map = np.random.default_rng(1).normal(3.0, 1.0, (side // 8, side // 8)).astype(np.float32)

    def offer(number: int) -> int:
        while writer.backlog > (40 if side else 5000):
            time.sleep(0.0005)
        part = ledger.part_ids.next()
        if side:
            image = textures[number % len(textures)]
            image[0, 0, 0] = number % 256  # other bytes, another file
            image[0, 1:5, 0] = np.frombuffer(number.to_bytes(4, "little"), np.uint8)
            writer.offer_inspection(part_of(part, Cause.DEFECT), image, score_map)
        else:
            writer.offer_inspection(part_of(part))
        return 1

    before, begun = writer.figures, time.perf_counter()
    per_second(offer)
    after, passed = writer.figures, time.perf_counter() - begun
    assert writer.dropped_records == writer.dropped_evidence == 0
    ledger.close()
    return (after.written - before.written) / passed, (after.pictures - before.pictures) / passed


def _textures(side: int) -> list[np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]]:
    """Grey pictures with the noise of a camera."""
    chance = np.random.default_rng(0)
    wave = 110 + 40 * np.sin(np.arange(side) / 17)[None, :] * np.cos(np.arange(side) / 23)[:, None]
    return [
        (wave + chance.normal(0, 3, (side, side))).clip(0, 255).astype(np.uint8)[..., None]
        for _ in range(4)
    ]


def rates(folder: Path, database: DatabaseAddress | None, side: int) -> None:
    """Print the table."""
    raw = [raw_fsync(folder)]
    rows: list[tuple[str, float]] = []
    for name, address in (("SQLite", None), ("journal, PostgreSQL behind it", database)):
        if name != "SQLite" and address is None:
            continue
        for batch in (1, 64):
            with tempfile.TemporaryDirectory(dir=folder) as place:
                store = open_store(Path(place), f"{STATION}-{batch}", address)
                rows.append((f"{name}: records, {batch} at a time", store_rate(store, batch)))
                left, begun = store.journal.records, time.perf_counter()
                while store.journal.records:
                    time.sleep(0.01)
                if address is not None:
                    caught_up_s = time.perf_counter() - begun
                    print(f"  {left} records were behind; stored {caught_up_s:.1f} s later")
                store.close()
        raw.append(raw_fsync(folder))
    for pictures in (0, side):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            records, kept = line_rate(Path(place), None, pictures)
        rows.append((f"whole writer, SQLite: records{', with' if pictures else ''}", records))
        if pictures:
            rows.append((f"  pictures of {side} x {side} and maps", kept))
    raw.append(raw_fsync(folder))
    print(f"raw: append 4 KiB + fsync: {min(raw):.0f} .. {max(raw):.0f} /s")
    for name, rate in rows:
        print(f"{name:48} {rate:10.0f} /s  {rate / float(np.median(raw)):8.2f} x raw")


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--folder", type=Path, help="on the disk to measure; kept if given")
    parser.add_argument("--database", default="", help="postgresql://USER@HOST/NAME")
    parser.add_argument("--side", type=int, default=1024)
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(dir=Path.cwd(), prefix=".bench-ledger-"))
    folder.mkdir(parents=True, exist_ok=True)
    address = DatabaseAddress(given.database) if given.database else None
    try:
        rates(folder, address, given.side)
    finally:
        if given.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
