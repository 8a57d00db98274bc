"""The gallery: pages of parts, and their pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inspector.core.errors import RefusedError
from inspector.core.record import RecordKind
from inspector.core.verdict import Outcome
from inspector.ledger.chain import StoredRecord
from inspector.ledger.keeping import EvidenceClass
from inspector.ledger.kept import views_of
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.reviews import Review, all_reviews
from inspector.link.questions.parts import ListParts, PartEntry, PartPicture, Parts, Picture
from inspector.office.pictures import jpeg
from inspector.office.room import Answers, Room
from inspector.reports.inspected import seen
from inspector.station.devices import optics_of
from inspector.station.part_pictures import part_overlays, part_pictures

_AT_ONCE = 200
_MOST_LOOKED_AT = 20_000
"""Records in one answer; a filter that finds nothing in so many goes on at the next page."""

_MOST = 200
_OUTCOMES = {"rejects": Outcome.REJECT, "borderline": Outcome.PASS, "passes": Outcome.PASS}


def list_parts(question: ListParts, room: Room) -> Parts:
    """One page, newest first."""
    reader = room.ledger
    reviews = all_reviews(reader)
    count = max(1, min(question.count, _MOST))
    entries: list[PartEntry] = []
    last = 0
    for looked, record in enumerate(_newest_first(question, reader)):
        if len(entries) == count or looked == _MOST_LOOKED_AT:
            return Parts(tuple(entries), next=last)
        last = record.sequence
        content = record.content
        said = reviews.get(record.part_id or 0, ())
        if _wanted(question, content, said) and _has_reason(question.reason, record):
            entries.append(_entry(record, content, room, reviews))
    return Parts(tuple(entries))


def _newest_first(question: ListParts, reader: LedgerReader) -> Iterator[StoredRecord]:
    wanted = RecordFilter(
        RecordKind.INSPECTION,
        _OUTCOMES.get(question.which),
        cause=question.cause or None,
        since_us=question.since_us,
        until_us=question.until_us,
    )
    before = question.before or None
    while page := reader.tail(_AT_ONCE, wanted, before=before):
        yield from reversed(page)
        before = page[0].sequence


def _wanted(question: ListParts, content: Mapping[str, Any], said: tuple[Review, ...]) -> bool:
    kind = (content.get("keeping") or {}).get("class")
    return (
        not content.get("master")
        and question.product in ("", content["product"])
        and question.lot in ("", content["lot"])
        and not (question.unjudged and said)
        and not (question.pictured and not any("digest" in one for one in content["evidence"]))
        and (question.which != "borderline" or kind == EvidenceClass.BORDERLINE)
    )


def _has_reason(reason: str, record: StoredRecord) -> bool:
    return not reason or seen(record).reason == reason


def _entry(
    record: StoredRecord,
    content: dict[str, Any],
    room: Room,
    reviews: Mapping[int, tuple[Review, ...]],
) -> PartEntry:
    part = record.part_id or 0
    said = reviews.get(part, ())
    worst = _worst(content["checks"])
    views = views_of(content, room.evidence)
    return PartEntry(
        record=record.sequence,
        part=part,
        utc_us=record.utc_us,
        product=content["product"],
        lot=content["lot"],
        passed=record.outcome == Outcome.PASS,
        cause=content["cause"],
        reasons=_reasons(content),
        score=worst.get("score"),
        threshold=worst.get("threshold"),
        p_value=worst.get("p_value"),
        views=len(views) if all(view.path.is_file() for view in views) else 0,
        finding=said[-1].finding if said else "",
    )


def _worst(checks: list[dict[str, Any]]) -> dict[str, Any]:
    """The check that came nearest to its threshold, or went furthest beyond."""
    scored = [check for check in checks if check["score"] is not None and check["threshold"]]
    return max(scored, key=lambda check: check["score"] / check["threshold"], default={})


def _reasons(content: dict[str, Any]) -> tuple[str, ...]:
    names = [c["check"] for c in content["checks"] if c["regions"]]
    return (content["detail"],) if content["detail"] else tuple(dict.fromkeys(names))


def part_picture(question: PartPicture, room: Room) -> Picture:
    """One view, as the camera saw it or with what was found."""
    record = record_of(question, room.ledger)
    if question.overlay or question.field:
        optics, plain = optics_of(room.config, room.data_folder), not question.overlay
        pictures = part_overlays(record, room.evidence, room.data_folder, optics, plain=plain)
    else:
        pictures = part_pictures(record, room.evidence)
    if not 0 <= question.view < len(pictures):
        raise RefusedError(f"part {record.part_id}: has no view {question.view}")
    return jpeg(pictures[question.view], question.longest)


def record_of(question: PartPicture, reader: LedgerReader) -> StoredRecord:
    """The record that a question is about. Raises ``RefusedError``."""
    if question.record:
        found = reader.record(question.record)
    else:
        wanted = RecordFilter(RecordKind.INSPECTION, part_id=question.part)
        found = next(iter(reader.tail(1, wanted)), None)
    if found is None or found.kind != RecordKind.INSPECTION:
        raise RefusedError(f"part {question.part or question.record}: there is no record of it")
    return found


ANSWERS: Answers = {ListParts: list_parts, PartPicture: part_picture}
