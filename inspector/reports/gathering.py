"""Everything that a report on paper says, gathered from the ledger in one walk over the parts."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from inspector.core.errors import InputError
from inspector.core.record import RecordKind
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.reviews import WITHDRAWN
from inspector.reports.anchoring import Anchor, anchor_for
from inspector.reports.happenings import Happenings, Run, happened, limits_before, releases
from inspector.reports.inspected import Inspected, parts_of, times_of
from inspector.reports.request import ReportKind, ReportRequest

_FINDINGS = {"defect": "true", "good": "false", "unsure": "unsure"}


@dataclass(frozen=True, slots=True)
class Gathered:
    """``window`` is the request with the time that was found: a lot's first to last part."""

    station: str
    request: ReportRequest
    window: ReportRequest
    inspected: Inspected
    happenings: Happenings
    reviews: Counter[str]
    releases: dict[str, dict[str, Any]]
    anchor: Anchor
    first: int
    last: int
    records: int

    def recorded(self, run: Run) -> int:
        """Records of parts that the ledger has of a run."""
        sequences = self.inspected.sequences
        return bisect_right(sequences, run.last) - bisect_left(sequences, run.first)


def gather(reader: LedgerReader, request: ReportRequest) -> Gathered:
    """Read it. Raises ``InputError`` when there is nothing, ``LedgerError``.

    What a running line writes meanwhile is left out: it would be in some sums and not in others.
    """
    newest = reader.head().sequence
    inspected = Inspected(most_pictures=request.pictures)
    of_parts = 0
    if request.kind is ReportKind.AUDIT:
        of_parts = reader.count(times_of(request, RecordKind.INSPECTION), last=newest)
    else:
        for record, part in parts_of(reader, request, newest):
            inspected.add(record, part)
        of_parts = len(inspected.sequences)
    window = _window(request, inspected)
    happenings = happened(reader, window, newest)
    earlier = limits_before(reader, window.since_us)
    happenings.limits[:0] = [earlier] if earlier is not None else []
    ends = [happenings.first_sequence, happenings.last_sequence]
    ends += [inspected.sequences[0], inspected.sequences[-1]] if inspected.sequences else []
    ends = [end for end in ends if end]
    if not ends:
        raise InputError(
            f"station {reader.station}: no records in that time",
            remedy="See: inspector ledger list",
        )
    products = {one.product for one in inspected.deciding}
    return Gathered(
        station=reader.station,
        request=request,
        window=window,
        inspected=inspected,
        happenings=happenings,
        reviews=_reviews(reader, request, inspected, newest),
        releases={
            product: told
            for product, told in sorted(releases(reader, max(ends)).items())
            if product in products or request.kind is ReportKind.AUDIT
        },
        anchor=anchor_for(reader, max(ends)),
        first=min(ends),
        last=max(ends),
        records=of_parts + sum(happenings.records.values()),
    )


def _window(request: ReportRequest, inspected: Inspected) -> ReportRequest:
    if request.kind is not ReportKind.LOT:
        return request
    if inspected.first_us is None:
        raise InputError(
            f"--lot {request.lot}: no part of it is recorded", remedy="See: inspector ledger list"
        )
    return replace(request, since_us=inspected.first_us, until_us=inspected.last_us + 1)


def _reviews(
    reader: LedgerReader, request: ReportRequest, inspected: Inspected, newest: int
) -> Counter[str]:
    """What people said of the parts up to the report's end; of each part the last word."""
    if not inspected.sequences:
        return Counter()
    until = None if request.until_us is None else request.until_us - 1
    words: dict[int, dict[str, str]] = {}
    for record in reader.each(
        RecordFilter(RecordKind.REVIEW, since_us=inspected.first_us, until_us=until), last=newest
    ):
        content = json.loads(record.payload)
        of_part = words.setdefault(content["part"], {})
        of_part.pop(content["user"], None)
        if content["finding"] != WITHDRAWN:
            of_part[content["user"]] = content["finding"]
    said = {part: list(of_part.values())[-1] for part, of_part in words.items() if of_part}
    found = Counter(_FINDINGS[said[part]] for part in sorted(inspected.rejects & said.keys()))
    passed = set(inspected.good) & {part for part, word in said.items() if word == "defect"}
    return found + Counter(missed=len(passed))
