"""Walking the chain: is every record, and every piece of evidence, what it was when written?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from inspector.durable.files import sha256_of_file
from inspector.ledger.chain import Head, StoredRecord, genesis, next_digest
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.reader import LedgerReader
from inspector.ledger.retention import Deletions
from inspector.ledger.signatures import Finding, Proofs, SignatureWalk, Signed

_MOST_FINDINGS = 100


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a walk over the chain found; at most 100 findings, in the order of the chain.

    ``head`` is the newest digest (hex). Records before ``signed_from`` were written before signing
    began, those after ``signed_to`` are not signed yet; both are 0 where nothing is signed.
    """

    station: str
    records: int
    evidence: int
    findings: tuple[Finding, ...]
    seconds: float
    head: str
    signed_from: int = 0
    signed_to: int = 0
    key: str | None = None
    """Id of the key that signed the newest head."""

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


def verify(
    reader: LedgerReader,
    evidence: EvidenceStore | None,
    proofs: Proofs | None = None,
    look: Callable[[int, int], None] = lambda _walked, _all: None,
) -> VerifyReport:
    """Walk the whole chain, and the evidence too if its store is given.

    ``proofs`` is what the ledger must agree with. Records that a running station adds meanwhile
    are left for the next walk. ``look`` is called before each record and may raise to end the walk.
    """
    started = time.perf_counter()
    walk = Walk(reader, evidence, proofs or Proofs())
    findings: list[Finding] = []
    for finding in walk.whole(look):
        findings.append(finding)
        if len(findings) >= _MOST_FINDINGS:
            break
    signed = walk.signatures.signed
    return VerifyReport(
        station=reader.station,
        records=walk.records,
        evidence=walk.evidence,
        findings=tuple(findings),
        seconds=time.perf_counter() - started,
        head=walk.link.digest.hex(),
        signed_from=signed.begun,
        signed_to=signed.last,
        key=signed.key,
    )


class Walk:
    """The state of one walk: the last link seen, the signatures so far, and counts.

    ``link`` and ``signed`` are where an earlier walk came to, for one that goes on from there.
    """

    def __init__(
        self,
        reader: LedgerReader,
        store: EvidenceStore | None,
        proofs: Proofs,
        link: Head | None = None,
        signed: Signed | None = None,
    ) -> None:
        self._reader = reader
        self._store = store
        self.link = link or genesis(reader.station)
        self.signatures = SignatureWalk(reader.station, proofs, signed)
        self._deletions = Deletions(reader)
        self.records = 0
        self.evidence = 0

    def whole(self, look: Callable[[int, int], None] = lambda *_: None) -> Iterator[Finding]:
        """From the first record to the newest, and what only the whole can show."""
        head = self._reader.head()
        for record in self._reader.each(last=head.sequence):
            look(self.records, head.sequence)
            yield from self.follow(record)
        yield from self.end(head)
        for part in self._reader.repeated_parts():
            yield Finding(head.sequence, f"part {part} has more than one inspection record")

    def follow(self, record: StoredRecord) -> Iterator[Finding]:
        """The next record."""
        before = self.link
        self.link = Head(record.sequence, record.digest)
        self.records += 1
        yield from self.signatures.anchored(record)
        if record.sequence != before.sequence + 1:
            yield Finding(before.sequence + 1, f"removed, up to record {record.sequence - 1}")
        elif not _follows(before, record):
            yield Finding(record.sequence, "altered, inserted or moved: its digest does not follow")
        else:
            yield from self._contents(record, before)

    def end(self, head: Head) -> Iterator[Finding]:
        """``head`` is the newest link as the ledger kept it before the last stretch was walked."""
        if self.link.sequence < head.sequence:
            yield Finding(self.link.sequence + 1, "removed, with all that followed")
        elif self.link != head:
            yield Finding(head.sequence, "the newest digest is not the one noted at its writing")
        if (beyond := self._reader.beyond_head()) is not None:
            yield Finding(beyond, "inserted after the newest record that was written")
        yield from self.signatures.end(self.link)

    def _contents(self, record: StoredRecord, before: Head) -> Iterator[Finding]:
        try:
            content = record.content
        except ValueError as error:
            yield Finding(record.sequence, f"not a record: {error}")
            return
        yield from _index(record, content)
        yield from self.signatures.follow(record, content, before)
        if self._store is not None and content.get("evidence"):
            try:
                yield from self._pictures(self._store, record, content)
            except (KeyError, TypeError) as error:
                yield Finding(record.sequence, f"what names its evidence is damaged: {error}")

    def _pictures(
        self, store: EvidenceStore, record: StoredRecord, content: dict[str, Any]
    ) -> Iterator[Finding]:
        for mark in content["evidence"]:
            if "digest" not in mark:
                continue
            self.evidence += 1
            path = store.path(mark["digest"], mark["suffix"])
            if not path.is_file():
                if self._deletions.after(record.sequence, mark["digest"]):
                    continue
                yield Finding(record.sequence, f"evidence {mark['name']} is missing: {path.name}")
            elif sha256_of_file(path) != mark["digest"]:
                yield Finding(record.sequence, f"evidence {mark['name']} is altered: {path.name}")


def _follows(before: Head, record: StoredRecord) -> bool:
    try:
        return next_digest(before.digest, record.payload) == record.digest
    except TypeError:  # the database gives anything that was put in place of bytes
        return False


def _index(record: StoredRecord, content: dict[str, Any]) -> Iterator[Finding]:
    for name in ("kind", "utc_us", "part_id", "outcome", "cause"):
        if content.get(name) != getattr(record, name):
            yield Finding(record.sequence, f"index column {name} differs from the payload")
