"""The hash chain: canonical payload bytes, and the digest that ties each record to all before.

``digest(n) = SHA-256(digest(n - 1) || SHA-256(payload(n)))``; ``digest(0)`` comes from the name of
the station. The chain shows that a record was changed, removed or moved; that it was not made anew
as a whole is what ``segments`` sign and ``anchor`` keeps elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from inspector.core.canonical import Json, canonical_bytes
from inspector.core.record import LedgerRecord
from inspector.ledger.plain import plain


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link: sequence 0 and the genesis digest before the first record."""

    sequence: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """A record in its final bytes, not yet in the chain."""

    kind: str
    utc_us: int
    part_id: int | None
    outcome: str | None
    payload: bytes
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """One record as the ledger holds it."""

    station: str
    sequence: int
    kind: str
    utc_us: int
    part_id: int | None
    outcome: str | None
    payload: bytes
    digest: bytes
    cause: str | None = None

    @property
    def content(self) -> dict[str, Any]:
        """The payload as plain values. Raises ``ValueError`` when it was damaged."""
        content = json.loads(self.payload)
        if not isinstance(content, dict):
            raise ValueError("the payload is not a JSON object")
        return content


def genesis(station: str) -> Head:
    """The head of an empty chain."""
    return Head(0, hashlib.sha256(f"inspector ledger of {station}".encode()).digest())


def seal(record: LedgerRecord) -> SealedRecord:
    """Canonical bytes of a record: its payload and all that is indexed, so the chain covers both.

    What JSON cannot hold (NaN, infinity) becomes null, and ``faults`` in the payload says so.
    """
    faults: list[str] = []
    content = {key: plain(value, key, faults) for key, value in record.payload.items()}
    content |= {
        "kind": record.kind.value,
        "utc_us": record.utc_us,
        "part_id": record.part_id,
        "outcome": record.outcome,
    }
    if faults:
        content["faults"] = faults
    return SealedRecord(
        kind=record.kind.value,
        utc_us=record.utc_us,
        part_id=record.part_id,
        outcome=record.outcome,
        payload=canonical_bytes(content),
        cause=_text_or_none(content.get("cause")),
    )


def _text_or_none(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def next_digest(previous: bytes, payload: bytes) -> bytes:
    """Digest of the record that follows ``previous``."""
    return hashlib.sha256(previous + hashlib.sha256(payload).digest()).digest()


def link(station: str, head: Head, record: SealedRecord) -> StoredRecord:
    """The record as it follows ``head``."""
    return StoredRecord(
        station=station,
        sequence=head.sequence + 1,
        kind=record.kind,
        utc_us=record.utc_us,
        part_id=record.part_id,
        outcome=record.outcome,
        payload=record.payload,
        digest=next_digest(head.digest, record.payload),
        cause=record.cause,
    )


def link_all(station: str, head: Head, records: Iterable[SealedRecord]) -> tuple[StoredRecord, ...]:
    """The records as they follow ``head``, one after the other."""
    linked = []
    for record in records:
        stored = link(station, head, record)
        linked.append(stored)
        head = Head(stored.sequence, stored.digest)
    return tuple(linked)


def restored(station: str, sequence: int, payload: bytes, digest: bytes) -> StoredRecord:
    """The record with its index columns made anew from the payload. Raises ``ValueError``."""
    content = json.loads(payload)
    try:
        return StoredRecord(
            station=station,
            sequence=sequence,
            kind=content["kind"],
            utc_us=content["utc_us"],
            part_id=content["part_id"],
            outcome=content["outcome"],
            payload=payload,
            digest=digest,
            cause=_text_or_none(content.get("cause")),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the payload lacks {error}") from error
