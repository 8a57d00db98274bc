"""Values that the ledger's tests share."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inspector.core.frame import FrameInfo, Pixels, ScoreMap
from inspector.core.judgement import CheckResult, Judgement, Region
from inspector.core.record import LedgerRecord, RecordKind
from inspector.core.verdict import Cause, Outcome, StageTimes, Verdict
from inspector.ledger.inspection import Identity, Inspection
from inspector.ledger.store import LedgerStore

NOW_US = 1_790_000_000_000_000

IDENTITY = Identity(
    product="solar-mono",
    recipe="a" * 64,
    preparation="b" * 64,
    bundle="c" * 64,
    calibration="d" * 64,
    fingerprint="openvino 2026.3 CPU f32",
    software="0.1.0",
    production=False,
)


def inspection(
    part_id: int, *, score: float = 2.0, score_map: ScoreMap | None = None
) -> Inspection:
    """One part that is rejected when ``score`` exceeds 1."""
    start = 10**18 + part_id  # an uptime beyond what a JSON number can hold
    region = Region(0.1, 0.2, 0.3, 0.4, 120.0, None, score)
    check = CheckResult("engine", score, 1.0, 0.01, (region,), map=score_map)
    good = check.passed
    return Inspection(
        verdict=Verdict(
            part_id=part_id,
            trigger_count=part_id,
            encoder_count=part_id * 1000,
            outcome=Outcome.PASS if good else Outcome.REJECT,
            cause=Cause.GOOD if good else Cause.DEFECT,
            triggered_ns=start,
            deadline_ns=start + 150_000_000,
            decided_ns=start + 40_000_000,
            judgement=Judgement((check,)),
        ),
        times=StageTimes(start, *(start + step * 1_000_000 for step in range(1, 8))),
        utc_us=NOW_US + part_id,
        identity=IDENTITY,
        frames=(
            FrameInfo("replay-0", part_id, part_id, part_id, start, start + 10**6, "cell.png"),
        ),
    )


def event(number: int) -> LedgerRecord:
    """A small record."""
    return LedgerRecord(RecordKind.EVENT, NOW_US + number, {"event": "test", "number": number})


def filled(folder: Path, count: int) -> None:
    """A ledger of ``count`` small records, closed."""
    store = LedgerStore(folder, "station-1")
    store.append_batch([event(number) for number in range(1, count + 1)])
    store.close()


def picture(seed: int = 0, side: int = 60) -> Pixels:
    """Noise, uint8[side, side, 1]: compresses as badly as a real image does."""
    return np.random.default_rng(seed).integers(0, 256, (side, side, 1), np.uint8)


def heat(seed: int = 0, side: int = 32) -> ScoreMap:
    """A map of raw scores."""
    return np.random.default_rng(seed).normal(3.0, 1.0, (side, side)).astype(np.float32)
