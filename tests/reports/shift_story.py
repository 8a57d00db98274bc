"""A shift as a ledger holds it: written record by record, so that its sums are known by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inspector.core.canonical import Json
from inspector.core.judgement import CheckResult, Judgement, Region
from inspector.core.record import LedgerRecord, RecordKind
from inspector.core.verdict import Cause, Outcome
from inspector.ledger.evidence import EvidenceStore, encode_image
from inspector.ledger.inspection import Identity
from inspector.ledger.keys import KeyFolder
from inspector.ledger.reader import LedgerReader
from inspector.ledger.segments import Segments, key_in_use
from inspector.ledger.store import LedgerStore
from inspector.reports.pictures import Picture
from inspector.reports.request import Language, ReportKind, ReportRequest
from tests.clocks import HandClock
from tests.ledger.parts_on_a_line import IDENTITY, inspection

BEGIN_US = 1_795_300_000_000_000
HOUR_US = 3_600_000_000
STATION = "station-1"
BLOCK = 4096


class Shift:
    """Writes to a ledger of its own; every part comes a second after the one before."""

    def __init__(self, folder: Path, *, lot: str = "L2611", product: str = "washer") -> None:
        self.folder = folder
        self.clock = HandClock(BEGIN_US * 1000)
        self.store = LedgerStore(folder / "ledger", STATION)
        signer = key_in_use(self.store, KeyFolder(folder / "keys"), self.clock)
        self.segments = Segments(self.store, signer, self.clock)
        self.evidence = EvidenceStore(folder / "evidence")
        self.identity = replace(IDENTITY, product=product, lot=lot, production=True)
        self.block = self.store.reserve_block(BLOCK, self._record(RecordKind.BLOCK, "reserved"))
        self.last_part = 0

    @staticmethod
    def identity_of(lot: str) -> Identity:
        """What decides on a lot."""
        return replace(IDENTITY, product="washer", lot=lot, production=True)

    def parts(self, causes: Sequence[Cause], **given: Any) -> None:
        """One part each, in one batch."""
        self.store.append_batch([self._part(cause, **given) for cause in causes])

    def event(self, event: str, **details: Json) -> None:
        self.clock.move_ms(1000)
        self.store.append_batch([self._record(RecordKind.EVENT, event, **details)])

    def state(self, old: str, new: str, reason: str = "as asked") -> None:
        self.event("state", old=old, new=new, reason=reason)

    def act(self, action: str, user: str, **details: Json) -> None:
        self.clock.move_ms(1000)
        payload: dict[str, Json] = {
            "action": action,
            "user": user,
            "role": "quality",
            "peer": "panel",
            "refused": "",
            **details,
        }
        kind = RecordKind.REVIEW if action == "Judge" else RecordKind.ACTION
        self.store.append_batch([LedgerRecord(kind, self.clock.utc_us(), payload)])

    def run_ended(self, parts: int, rejected: int, **cameras: Json) -> None:
        self.event(
            "run ended",
            parts=parts,
            verdicts=parts,
            passed=parts - rejected,
            rejected=rejected,
            bypassed=0,
            late=0,
            by_cause={},
            cameras=cameras or {"cam-1": {"triggers": parts, "frames": parts, "lost": 0}},
            masters=False,
        )

    def settle(self, unrecorded: Sequence[tuple[int, int]] = ()) -> None:
        lost = sum(last - first + 1 for first, last in unrecorded)
        used = self.last_part
        payload: dict[str, Json] = {
            "event": "outcome unrecorded" if unrecorded else "settled",
            "first": self.block.start,
            "last": self.block.stop - 1,
            "recorded": used - lost,
            "unrecorded": [list(one) for one in unrecorded],
            "unused": [[used + 1, self.block.stop - 1]],
        }
        self.clock.move_ms(1000)
        record = LedgerRecord(RecordKind.BLOCK, self.clock.utc_us(), payload)
        self.store.settle_block(self.block, record)

    def close(self) -> LedgerReader:
        """Sign and close; returns a reader."""
        self.segments.close()
        self.store.close()
        return LedgerReader.open(self.folder / "ledger", STATION)

    def _record(self, kind: RecordKind, event: str, **details: Json) -> LedgerRecord:
        return LedgerRecord(kind, self.clock.utc_us(), {"event": event, **details})

    def _part(
        self, cause: Cause, *, check: str = "engine", finding: str = "", master: str = ""
    ) -> LedgerRecord:
        self.last_part += 1
        self.clock.move_ms(1000)
        good = cause is Cause.GOOD
        score = 0.5 if good else 1.5 + (self.last_part % 7) / 10.0
        plain = inspection(self.last_part)
        result = CheckResult(
            check, score, 1.0, 0.01, (Region(0.1, 0.2, 0.3, 0.4, 120.0, None, score),)
        )
        result = replace(result, finding=finding)
        judged = cause in (Cause.GOOD, Cause.DEFECT)
        verdict = replace(
            plain.verdict,
            outcome=Outcome.PASS if good else Outcome.REJECT,
            cause=cause,
            master=master,
            judgement=Judgement((result,)) if judged else None,
        )
        made = replace(plain, verdict=verdict, utc_us=self.clock.utc_us(), identity=self.identity)
        kept = encode_image("image", photograph(self.last_part)) if cause is Cause.DEFECT else None
        return made.record(() if kept is None else (kept.mark(),))


def photograph(seed: int) -> Picture:
    """A washer with a scratch somewhere, uint8[160, 200, 3]."""
    picture = np.full((160, 200, 3), 90, np.uint8)
    cv2.circle(picture, (100, 80), 60, (190, 190, 195), 22)
    x, y = 60 + 13 * seed % 80, 40 + 29 * seed % 70
    cv2.line(picture, (x, y), (x + 20, y + 12), (40, 40, 50), 2)
    cv2.rectangle(picture, (x - 6, y - 6), (x + 27, y + 19), (255, 255, 0), 1)
    return picture


GOOD, DEFECT = Cause.GOOD, Cause.DEFECT
SIGNED: Json = [
    {
        "user": "ann",
        "full_name": "Ann Berg",
        "role": "quality",
        "meaning": "approval",
        "utc_us": BEGIN_US + 5_000_000,
    },
    {
        "user": "yuki",
        "full_name": "鈴木 由紀",
        "role": "engineer",
        "meaning": "review",
        "utc_us": BEGIN_US + 5_000_000,
    },
]
MASTERS: Json = [
    {"name": "good-1", "expected": "good", "score": 0.4, "threshold": 1.0, "problem": ""},
    {"name": "bad-1", "expected": "bad", "score": 1.9, "threshold": 1.0, "problem": ""},
]


def whole_shift(folder: Path) -> LedgerReader:
    """400 parts in two runs, of which the second was cut off by a crash; 23 rejects.

    By reasons: engine 12, presence: no part 5, expired 4, frame-lost 2. Two limit samples before.
    """
    shift = Shift(folder)
    shift.state("preoperational", "halted", "devices are there")
    shift.state("halted", "initialized", "washer loaded")
    shift.act(
        "Release",
        "ann",
        product="washer",
        reason="validated on 320 images",
        old="none",
        new="entry 1",
        hash="e" * 64,
        signatures=SIGNED,
    )
    shift.parts([GOOD], master="good-1")
    shift.parts([DEFECT], master="bad-1")
    shift.event("limit samples passed", product="washer", user="ann", results=MASTERS, text="")
    shift.state("initialized", "ready")
    shift.state("ready", "continuous-execution", "started")
    shift.parts([*[GOOD] * 180, *[DEFECT] * 7])
    shift.event("alarm", alarm="drift blur", health="maintenance-required", text="Clean the lens")
    shift.act("Acknowledge", "ann", alarm="drift blur")
    shift.parts([DEFECT] * 5, check="presence", finding="no part")
    shift.event("alarm gone", alarm="drift blur")
    shift.parts([*[Cause.EXPIRED] * 4, *[Cause.FRAME_LOST] * 2, *[GOOD] * 2])
    counts: Json = {"triggers": 200, "frames": 198, "lost": 2}
    shift.run_ended(200, 18, **{"cam-1": counts})
    shift.state("continuous-execution", "ready", "stopped")
    shift.act("Judge", "ann", part=190, finding="good", defect="", note="dust", marks=[])
    shift.act("Judge", "ann", part=191, finding="defect", defect="scratch", note="", marks=[])
    shift.act("Judge", "ann", part=10, finding="defect", defect="dent", note="", marks=[])
    shift.act("Start", "=SUM(A1)", refused="Start: not allowed to the role auditor")
    shift.state("ready", "continuous-execution", "started")
    shift.parts([*[GOOD] * 195, *[DEFECT] * 5])
    shift.last_part += 30
    shift.state("preoperational", "halted", "devices are there")
    shift.settle([(403, 432)])
    return shift.close()


def of_shift(**given: Any) -> ReportRequest:
    """The whole of it, in Japan's time."""
    asked: dict[str, Any] = {
        "kind": ReportKind.SHIFT,
        "since_us": BEGIN_US,
        "until_us": BEGIN_US + HOUR_US,
        "language": Language.EN,
        "offset_min": 540,
    }
    return ReportRequest(**asked | given)
