"""Who did what, page by page, and the newest signed head."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Any

from inspector.core.record import RecordKind
from inspector.ledger.chain import StoredRecord
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.segments import newest
from inspector.link.questions.audit import (
    ActionEntry,
    Actions,
    AskHead,
    ListActions,
    NewestHead,
    SignedBy,
)
from inspector.office.room import Answers, Room

_AT_ONCE = 200
_MOST = 200
_MOST_LOOKED_AT = 20_000
"""Records in one answer; a filter that finds nothing in so many goes on at the next page."""

_KINDS = (RecordKind.ACTION, RecordKind.REVIEW)
_FRAME = ("kind", "utc_us", "part_id", "outcome")
"""What every record carries around what is told."""
_COLUMNS = (*_FRAME, "action", "user", "role", "peer", "refused", "signatures")


def list_actions(question: ListActions, room: Room) -> Actions:
    """One page, newest first."""
    count = max(1, min(question.count, _MOST))
    entries: list[ActionEntry] = []
    last = 0
    for looked, record in enumerate(_newest_first(question, room.ledger)):
        if len(entries) == count or looked == _MOST_LOOKED_AT:
            return Actions(tuple(entries), next=last)
        last = record.sequence
        entry = _entry(record)
        if question.person in ("", entry.user) and question.action in ("", entry.action):
            entries.append(entry)
    return Actions(tuple(entries))


def _newest_first(question: ListActions, reader: LedgerReader) -> Iterator[StoredRecord]:
    """What people said of parts is an action to them, and a kind of record of its own here."""
    streams = (_of_kind(kind, question, reader) for kind in _KINDS)
    return heapq.merge(*streams, key=lambda record: -record.sequence)


def _of_kind(
    kind: RecordKind, question: ListActions, reader: LedgerReader
) -> Iterator[StoredRecord]:
    wanted = RecordFilter(kind, since_us=question.since_us, until_us=question.until_us)
    before = question.before or None
    while page := reader.tail(_AT_ONCE, wanted, before=before):
        yield from reversed(page)
        before = page[0].sequence


def _entry(record: StoredRecord) -> ActionEntry:
    content = record.content
    told = ((key, value) for key, value in content.items() if key not in _COLUMNS)
    return ActionEntry(
        record=record.sequence,
        utc_us=record.utc_us,
        user=str(content.get("user", "")),
        role=str(content.get("role", "")),
        peer=str(content.get("peer", "")),
        action=str(content.get("action", "Judge")),
        refused=str(content.get("refused", "")),
        told=tuple((key, _text(value)) for key, value in told if value not in (None, "", [], {})),
        signatures=tuple(_signed(one) for one in content.get("signatures", ())),
    )


def _signed(one: dict[str, Any]) -> SignedBy:
    return SignedBy(one["user"], one["full_name"], one["role"], one["meaning"], one["utc_us"])


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return str(value)


def newest_head(question: AskHead, room: Room) -> NewestHead:
    """The newest head, and how many records came after it."""
    del question
    reader = room.ledger
    head, end = newest(reader).head, reader.head().sequence
    if head is None:
        return NewestHead(reader.station, unsigned=end)
    return NewestHead(
        station=reader.station,
        number=head.head.number,
        last=head.head.last,
        utc_us=head.head.utc_us,
        fingerprint=head.fingerprint,
        unsigned=max(0, end - head.sequence),
    )


ANSWERS: Answers = {ListActions: list_actions, AskHead: newest_head}
