"""Walking the chain: is every record, and every piece of evidence, what it was when written?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from inspector.durable.files import sha256_of_file
from inspector.ledger.chain import Head, StoredRecord, genesis, next_digest
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.reader import LedgerReader

_MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at a record."""

    sequence: int
    problem: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a walk over the chain found; at most 100 findings, in the order of the chain.

    ``head`` is the newest digest (hex): compare it with one that was noted elsewhere.
    """

    station: str
    records: int
    evidence: int
    findings: tuple[Finding, ...]
    seconds: float
    head: str

    @property
    def intact(self) -> bool:
        """True when nothing is wrong."""
        return not self.findings

    @property
    def first(self) -> Finding | None:
        """The first thing that is wrong."""
        return self.findings[0] if self.findings else None

    @property
    def records_per_s(self) -> float:
        """How fast the walk was."""
        return self.records / self.seconds if self.seconds > 0 else 0.0


def verify(reader: LedgerReader, evidence: EvidenceStore | None) -> VerifyReport:
    """Walk the whole chain, and the evidence too if its store is given.

    Records that a running station adds meanwhile are left for the next walk.
    """
    started = time.perf_counter()
    walk = _Walk(reader, evidence)
    findings: list[Finding] = []
    for finding in walk.findings():
        findings.append(finding)
        if len(findings) >= _MOST_FINDINGS:
            break
    return VerifyReport(
        station=reader.station,
        records=walk.records,
        evidence=walk.evidence,
        findings=tuple(findings),
        seconds=time.perf_counter() - started,
        head=walk.link.digest.hex(),
    )


class _Walk:
    """The state of one walk: the last link seen, and counts."""

    def __init__(self, reader: LedgerReader, store: EvidenceStore | None) -> None:
        self._reader = reader
        self._store = store
        self.link = genesis(reader.station)
        self.records = 0
        self.evidence = 0

    def findings(self) -> Iterator[Finding]:
        head = self._reader.head()
        for record in self._reader.each(last=head.sequence):
            yield from self._follow(record)
        if self.link.sequence < head.sequence:
            yield Finding(self.link.sequence + 1, "removed, with all that followed")
        elif self.link != head:
            yield Finding(head.sequence, "the newest digest is not the one noted at its writing")
        if (beyond := self._reader.beyond_head()) is not None:
            yield Finding(beyond, "inserted after the newest record that was written")
        for part in self._reader.repeated_parts():
            yield Finding(head.sequence, f"part {part} has more than one inspection record")

    def _follow(self, record: StoredRecord) -> Iterator[Finding]:
        if record.sequence != self.link.sequence + 1:
            yield Finding(self.link.sequence + 1, f"removed, up to record {record.sequence - 1}")
        elif next_digest(self.link.digest, record.payload) != record.digest:
            yield Finding(record.sequence, "altered, inserted or moved: its digest does not follow")
        else:
            yield from self._contents(record)
        self.link = Head(record.sequence, record.digest)
        self.records += 1

    def _contents(self, record: StoredRecord) -> Iterator[Finding]:
        content = record.content
        yield from _index(record, content)
        if self._store is not None:
            yield from self._pictures(self._store, record, content)

    def _pictures(
        self, store: EvidenceStore, record: StoredRecord, content: dict[str, Any]
    ) -> Iterator[Finding]:
        for mark in content.get("evidence", ()):
            if "digest" not in mark:
                continue
            self.evidence += 1
            path = store.path(mark["digest"], mark["suffix"])
            if not path.is_file():
                yield Finding(record.sequence, f"evidence {mark['name']} is missing: {path.name}")
            elif sha256_of_file(path) != mark["digest"]:
                yield Finding(record.sequence, f"evidence {mark['name']} is altered: {path.name}")


def _index(record: StoredRecord, content: dict[str, Any]) -> Iterator[Finding]:
    for name in ("kind", "utc_us", "part_id", "outcome"):
        if content.get(name) != getattr(record, name):
            yield Finding(record.sequence, f"index column {name} differs from the payload")
