"""What the ledger keeps: one canonical payload per event, evidence by digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from inspector.core.canonical import Json


class RecordKind(StrEnum):
    """Kinds of ledger record."""

    INSPECTION = "inspection"
    """One part: identity, times, scores, thresholds, verdict, evidence digests."""
    ACTION = "action"
    """Who did what, when, with which reason."""
    EVENT = "event"
    """State changes, faults, alarms, counters, runs."""
    REVIEW = "review"
    """What a person said of an inspected part; a later one corrects."""
    BLOCK = "block"
    """A reserved block of part ids, and how it ended."""
    SIGNING = "signing"
    """The signed head of a segment of the chain, or a change of the key that signs."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """Encoded bytes to keep beside a record. ``name`` says what it is: ``image`` or ``map``."""

    name: str
    suffix: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """One record before it is chained. ``part_id`` is None for what concerns no part.

    The payload must be plain JSON; times in it are UTC microseconds, so that they stay exact.
    """

    kind: RecordKind
    utc_us: int
    payload: Mapping[str, Json]
    part_id: int | None = None
    outcome: str | None = None
