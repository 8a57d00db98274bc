"""What the ledger says of inspected parts, added up as they are read: the memory it takes is small.

Figures are made of the records alone, so that whoever has the ledger can make them again.
"""

from __future__ import annotations

import heapq
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from inspector.core.judgement import CheckResult
from inspector.core.record import RecordKind
from inspector.core.verdict import Cause
from inspector.ledger.chain import StoredRecord
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.reports.damage import damaged
from inspector.reports.request import ReportRequest

_GROUP = 50
"""Parts that are counted together before subgroups of the chart are made of them."""
_CHART = 30
"""Subgroups of the chart, about."""
LISTED = 300
"""Rejects that are listed on paper; files for programs hold all."""


class SeenCheck(msgspec.Struct):
    """One check of a part, as recorded."""

    check: str
    score: float | None
    threshold: float
    passed: bool
    p_value: float | None = None
    extrapolated_p: float | None = None
    finding: str = ""
    view: int = 0

    @property
    def strangeness(self) -> tuple[bool, float]:
        """Larger for what is stranger; a score that is no number is the strangest."""
        if self.score is None:
            return bool(self.finding), float("inf")
        result = CheckResult(
            self.check,
            self.score,
            self.threshold,
            self.p_value,
            extrapolated_p=self.extrapolated_p,
        )
        return bool(self.finding), result.strangeness

    @property
    def reason(self) -> str:
        """What it stands for among reasons: without the figures of a finding."""
        finding = self.finding.partition(" (")[0]
        return f"{self.check}: {finding}" if finding else self.check


class SeenFrame(msgspec.Struct):
    """Whose frame it was."""

    camera: str


class SeenDeadline(msgspec.Struct):
    """Time that was left."""

    margin_us: int


class SeenMark(msgspec.Struct):
    """A picture that was kept, by its digest."""

    name: str
    digest: str = ""


class SeenPart(msgspec.Struct):
    """Of an inspection's payload what reports tell."""

    cause: str
    product: str
    hashes: dict[str, str]
    fingerprint: str
    software: str
    deadline: SeenDeadline
    lot: str = ""
    production: bool = False
    master: str = ""
    bypassed: str = ""
    detail: str = ""
    checks: list[SeenCheck] = []
    frames: list[SeenFrame] = []
    evidence: list[SeenMark] = []

    @property
    def worst(self) -> SeenCheck | None:
        """The strangest check, of a defective part one that failed."""
        return max(
            self.checks, key=lambda check: (not check.passed, *check.strangeness), default=None
        )

    @property
    def reason(self) -> str:
        """The one reason of a reject: the strangest failed check, or the cause."""
        worst = self.worst
        if self.cause == Cause.DEFECT and worst is not None:
            return worst.reason
        return self.cause

    @property
    def picture(self) -> str:
        """Digest of its (first) picture; empty where none was kept."""
        return next((mark.digest for mark in self.evidence if mark.name.startswith("image")), "")


_decode = msgspec.json.Decoder(SeenPart).decode


def seen(record: StoredRecord) -> SeenPart:
    """The part that a record is about. Raises ``LedgerError`` for a damaged one."""
    try:
        return _decode(record.payload)
    except msgspec.MsgspecError as error:
        raise damaged(record.station, record.sequence, error) from error


def parts_of(
    reader: LedgerReader, request: ReportRequest, last: int | None = None
) -> Iterator[tuple[StoredRecord, SeenPart]]:
    """Every inspection that the report is about, in the order of the chain, up to ``last``."""
    wanted = times_of(request, RecordKind.INSPECTION)
    lot = msgspec.json.encode(request.lot)
    for record in reader.each(wanted, last=last):
        if request.lot and lot not in record.payload:
            continue
        part = seen(record)
        if not request.lot or part.lot == request.lot:
            yield record, part


def times_of(request: ReportRequest, kind: RecordKind) -> RecordFilter:
    """Records of a kind in the report's time."""
    until = None if request.until_us is None else request.until_us - 1
    return RecordFilter(kind, since_us=request.since_us, until_us=until)


@dataclass(frozen=True, slots=True)
class Reject:
    """One rejected part, as a report lists it."""

    sequence: int
    part_id: int
    utc_us: int
    reason: str
    cause: str
    worst: SeenCheck | None
    picture: str


@dataclass(frozen=True, slots=True, order=True)
class Deciding:
    """What decided on a stretch of parts: product, hashes (hex), runtime, software."""

    product: str
    recipe: str
    preparation: str
    bundle: str
    calibration: str
    fingerprint: str
    software: str


@dataclass(slots=True)
class Stretch:
    """So many parts, from one to another."""

    first: int
    last: int = 0
    parts: int = 0


@dataclass(slots=True)
class Subgroup:
    """Judged parts that follow each other, and how many of them were rejected as defective."""

    first: int
    begin_us: int
    parts: int = 0
    rejects: int = 0


@dataclass
class Inspected:
    """The sums. ``parts`` are those that are no limit samples."""

    most_pictures: int = 24
    parts: int = 0
    production: int = 0
    passed: int = 0
    rejected: int = 0
    bypassed: int = 0
    masters: int = 0
    late: int = 0
    repeated: int = 0
    """Records whose part's number is not above the one before."""
    causes: Counter[str] = field(default_factory=Counter)
    """Of all parts, bypassed ones as they were judged."""
    reasons: Counter[str] = field(default_factory=Counter)
    """One for each reject."""
    frames: Counter[str] = field(default_factory=Counter)
    lots: Counter[str] = field(default_factory=Counter)
    deciding: dict[Deciding, Stretch] = field(default_factory=dict)
    groups: list[Subgroup] = field(default_factory=list)
    listed: list[Reject] = field(default_factory=list)
    sequences: array[int] = field(default_factory=lambda: array("q"))
    """Numbers of the records, limit samples too."""
    rejects: set[int] = field(default_factory=set)
    """Part numbers rejected as defective."""
    good: array[int] = field(default_factory=lambda: array("q"))
    first_us: int | None = None
    last_us: int = 0
    first_part: int = 0
    last_part: int = 0
    shortest_us: int | None = None
    _worst: defaultdict[str, list[tuple[tuple[bool, float], int, Reject]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, record: StoredRecord, part: SeenPart) -> None:
        """One more."""
        part_id = record.part_id or 0
        self.sequences.append(record.sequence)
        self.repeated += part_id <= self.last_part
        self.first_part, self.last_part = self.first_part or part_id, max(part_id, self.last_part)
        self.first_us = min(record.utc_us, self.first_us or record.utc_us)
        self.last_us = max(record.utc_us, self.last_us)
        self.frames.update({frame.camera for frame in part.frames})
        self._decided(part_id, part)
        if part.master:
            self.masters += 1
            return
        self.parts += 1
        self.production += part.production
        self.lots[part.lot] += 1
        self.late += part.deadline.margin_us < 0
        margin = part.deadline.margin_us
        self.shortest_us = margin if self.shortest_us is None else min(margin, self.shortest_us)
        self.causes[part.cause] += 1
        if part.bypassed:
            self.bypassed += 1
            return
        self._chart(record, part)
        if part.cause == Cause.GOOD:
            self.passed += 1
            self.good.append(part_id)
        else:
            self.rejected += 1
            self._reject(record, part)

    def chart(self) -> list[Subgroup]:
        """Subgroups of about equal size; a small rest goes with the one before."""
        size = -(-len(self.groups) // _CHART)
        made = [
            _joined(self.groups[at : at + size]) for at in range(0, len(self.groups), size or 1)
        ]
        if len(made) > 1 and 2 * made[-1].parts < made[-2].parts:
            made[-2:] = [_joined(made[-2:])]
        return made

    def pictured(self) -> list[Reject]:
        """Of each reason in turn the strangest reject of which a picture was kept."""
        queues = [
            [entry[2] for entry in sorted(self._worst[reason], reverse=True)]
            for reason, _ in ranked(self.reasons)
        ]
        chosen: list[Reject] = []
        while len(chosen) < self.most_pictures and any(queues):
            chosen += [queue.pop(0) for queue in queues if queue]
        return chosen[: self.most_pictures]

    def _decided(self, part_id: int, part: SeenPart) -> None:
        key = Deciding(
            product=part.product,
            recipe=part.hashes.get("recipe", ""),
            preparation=part.hashes.get("preparation", ""),
            bundle=part.hashes.get("bundle", ""),
            calibration=part.hashes.get("calibration", ""),
            fingerprint=part.fingerprint,
            software=part.software,
        )
        stretch = self.deciding.setdefault(key, Stretch(part_id))
        stretch.last, stretch.parts = part_id, stretch.parts + 1

    def _chart(self, record: StoredRecord, part: SeenPart) -> None:
        if part.cause not in (Cause.GOOD, Cause.DEFECT):
            return  # nobody looked at it: it says nothing of the product
        if not self.groups or self.groups[-1].parts == _GROUP:
            self.groups.append(Subgroup(record.part_id or 0, record.utc_us))
        self.groups[-1].parts += 1
        self.groups[-1].rejects += part.cause == Cause.DEFECT

    def _reject(self, record: StoredRecord, part: SeenPart) -> None:
        worst, part_id = part.worst, record.part_id or 0
        made = Reject(
            sequence=record.sequence,
            part_id=part_id,
            utc_us=record.utc_us,
            reason=part.reason,
            cause=part.cause,
            worst=worst if part.cause == Cause.DEFECT else None,
            picture=part.picture,
        )
        self.reasons[made.reason] += 1
        if part.cause == Cause.DEFECT:
            self.rejects.add(part_id)
        if len(self.listed) < LISTED:
            self.listed.append(made)
        if made.picture and self.most_pictures:
            strangeness = worst.strangeness if worst else (False, 0.0)
            queue, entry = self._worst[made.reason], (strangeness, -record.sequence, made)
            if len(queue) < self.most_pictures:
                heapq.heappush(queue, entry)
            else:
                heapq.heappushpop(queue, entry)


def _joined(groups: list[Subgroup]) -> Subgroup:
    first = groups[0]
    parts, rejects = (sum(getattr(g, key) for g in groups) for key in ("parts", "rejects"))
    return Subgroup(first.first, first.begin_us, parts, rejects)


def ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    """Most frequent first, equal ones by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
