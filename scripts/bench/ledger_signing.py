"""What signing costs the ledger's writer, and how fast both verifiers walk.

``python -m scripts.bench.ledger_signing --records 6000 --rounds 3``: the same records pass the same
writer with and without signed segments in turn, then what was signed is verified and exported.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from inspector.core.frame import FrameInfo
from inspector.core.judgement import CheckResult, Judgement, Region
from inspector.core.ports import SystemClock
from inspector.core.verdict import Cause, Outcome, StageTimes, Verdict
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.export import export
from inspector.ledger.heads import key_id
from inspector.ledger.inspection import Identity, Inspection
from inspector.ledger.keys import KeyFolder
from inspector.ledger.reader import LedgerReader
from inspector.ledger.segments import Segments, key_in_use
from inspector.ledger.signatures import Proofs
from inspector.ledger.standalone.verify_export import Check
from inspector.ledger.store import LedgerStore
from inspector.ledger.verify import verify
from inspector.ledger.writer import LedgerWriter

_WHO = Identity("bench", "a" * 64, "b" * 64, "c" * 64, "d" * 64, "bench", "0", production=False)


def part(number: int) -> Inspection:
    """A rejected part with one region."""
    at = 10**12 + number
    check = CheckResult("engine", 2.0, 1.0, 0.01, (Region(0.1, 0.2, 0.3, 0.4, 120.0, None, 2.0),))
    return Inspection(
        verdict=Verdict(
            part_id=number,
            trigger_count=number,
            encoder_count=number * 1000,
            outcome=Outcome.REJECT,
            cause=Cause.DEFECT,
            triggered_ns=at,
            deadline_ns=at + 150_000_000,
            decided_ns=at + 40_000_000,
            judgement=Judgement((check,)),
        ),
        times=StageTimes(at, *(at + step * 1_000_000 for step in range(1, 8))),
        utc_us=1_790_000_000_000_000 + number,
        identity=_WHO,
        frames=(FrameInfo("camera", number, number, number, at, at + 10**6, "part.png"),),
    )


def written_per_s(folder: Path, records: int, most: int | None) -> float:
    """Records per second of the writer, from the first offered to the last on the disk."""
    store, clock = LedgerStore(folder / "ledger", "bench"), SystemClock()
    segments = None
    if most is not None:
        signer = key_in_use(store, KeyFolder(folder / "keys"), clock)
        segments = Segments(store, signer, clock, most=most)
    evidence = EvidenceStore(folder / "evidence")
    evidence.prepare()
    writer = LedgerWriter(store, evidence, None, segments, queue_records=records)
    started = time.perf_counter()
    for number in range(1, records + 1):
        writer.offer_inspection(part(number))
    writer.start()
    if not writer.close(600.0):
        raise SystemExit("the writer did not end in time")
    seconds = time.perf_counter() - started
    store.close()
    return records / seconds


def read_per_s(folder: Path) -> tuple[float, float]:
    """Records per second of ``inspector ledger verify``, and of the verifier that stands alone."""
    reader, evidence = LedgerReader.open(folder / "ledger"), EvidenceStore(folder / "evidence")
    public = KeyFolder(folder / "keys").public()
    trusted = [key_id(public)] if public else []
    report = verify(reader, evidence, Proofs(trusted=frozenset(trusted)))
    export(reader, evidence, folder / "export")
    reader.close()
    check = Check(folder / "export", trusted)
    started = time.perf_counter()
    if not (check.run() and report.intact):
        raise SystemExit("the ledger does not verify")
    return report.records_per_s, check.records / (time.perf_counter() - started)


def main() -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--records", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    cases: dict[str, int | None] = {"unsigned": None, "signed, 1000": 1000, "signed, 100": 100}
    speeds: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(given.rounds):
        for name, most in cases.items():
            with tempfile.TemporaryDirectory() as folder:
                speeds[name].append(written_per_s(Path(folder), given.records, most))
                read = read_per_s(Path(folder))
        print(f"verify {read[0]:.0f} records/s, alone {read[1]:.0f} records/s")
    for name, found in speeds.items():
        print(f"writer, {name}: median {statistics.median(found):.0f} records/s of {found}")


if __name__ == "__main__":
    main()
