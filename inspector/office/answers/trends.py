"""Trends: the p-chart of the last hours, reasons, scores against calibration, time left."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from calibration.threshold import Calibration
from inspector.core.errors import InspectorError
from inspector.core.record import RecordKind
from inspector.core.verdict import Outcome
from inspector.ledger.chain import StoredRecord
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.link.questions.trends import AskTrends, Duration, Group, Scores, Trends
from inspector.office.room import Answers, Room
from inspector.reports.inspected import ranked, seen
from inspector.reports.pchart import p_chart
from inspector.station.deciders import find_calibration

GROUPS = 24
"""Stretches of time that the chart shows, about."""
STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480)
"""What a stretch may last, minutes."""
REJECTS, PARTS = 1000, 2000
"""Newest records whose contents are read: a glance, not an audit."""
BINS = 32
_MINUTE_US = 60_000_000

Content = Mapping[str, Any]


def trends(question: AskTrends, room: Room) -> Trends:
    """The last hours, counted whole; contents of the newest records alone are read."""
    reader = room.ledger
    until = time.time_ns() // 1000
    hours = min(max(question.hours, 0.1), 24.0 * 31)
    step = _step_us(hours)
    since = (until - round(hours * 60 * _MINUTE_US)) // step * step
    centre, limits, groups = _chart(reader, since, until, step)
    rejects = _newest(reader, since, REJECTS, Outcome.REJECT)
    parts = _newest(reader, since, PARTS)
    contents = [record.content for record in parts]  # each is decoded when it is asked for
    return Trends(
        since,
        until,
        centre,
        limits,
        groups,
        tuple(ranked(Counter(seen(record).reason for record in rejects))),
        _scores(contents, question.product, room),
        tuple(_durations(zip(parts, contents, strict=True), step)),
        (len(rejects), len(parts)),
    )


def _step_us(hours: float) -> int:
    wanted = hours * 60 / GROUPS
    return next((step for step in STEPS_MIN if step >= wanted), 1440) * _MINUTE_US


def _newest(
    reader: LedgerReader, since: int, count: int, outcome: Outcome | None = None
) -> list[StoredRecord]:
    wanted = RecordFilter(RecordKind.INSPECTION, outcome and outcome.value, since_us=since)
    return reader.tail(count, wanted)


def _chart(
    reader: LedgerReader, since: int, until: int, step: int
) -> tuple[float, str, tuple[Group, ...]]:
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for begin, outcome, number in reader.counts(since, until, step):
        counted[begin][outcome] += number
    begins = sorted(counted)
    parts = [counted[begin].total() for begin in begins]
    rejects = [counted[begin][Outcome.REJECT.value] for begin in begins]
    chart = p_chart(parts, rejects)
    groups = zip(begins, parts, rejects, chart.lower, chart.upper, chart.outside, strict=True)
    return (
        chart.centre,
        chart.limits.value,
        tuple(Group(b, n, x, float(low), float(up), bool(out)) for b, n, x, low, up, out in groups),
    )


def _scores(parts: Sequence[Content], product: str, room: Room) -> Scores | None:
    """Of the parts that the newest calibration of this product judged; None without any."""
    judged = [part for part in parts if part["product"] == product and part["checks"]]
    if not judged:
        return None
    digest = judged[-1]["hashes"]["calibration"]
    try:
        calibration = find_calibration(room.data_folder, product, digest)
    except InspectorError:  # a product that was never calibrated, or one that was cleared away
        return None
    of_it = [content for content in judged if content["hashes"]["calibration"] == digest]
    line = np.array([_joint(content["checks"], calibration) for content in of_it])
    good = np.array(calibration.scores) / calibration.threshold
    top = max(1.2, float(np.quantile(np.concatenate([line[np.isfinite(line)], good]), 0.99)))
    edges = np.linspace(min(0.0, float(good.min())), top, BINS + 1)
    return Scores(
        tuple(edges.tolist()), _shares(line, edges), _shares(good, edges), len(line), len(good)
    )


def _joint(checks: Sequence[Mapping[str, Any]], calibration: Calibration) -> float:
    """A part's highest score of any view, in units of the threshold."""
    views: dict[int, dict[str, float]] = defaultdict(dict)
    for check in checks:
        views[check["view"]][check["check"]] = np.inf if check["score"] is None else check["score"]
    names = [check.name for check in calibration.checks]
    scores = [
        calibration.joint([found.get(name, 0.0) for name in names]) for found in views.values()
    ]
    return max(scores) / calibration.threshold


def _shares(values: NDArray[np.float64], edges: NDArray[np.float64]) -> tuple[float, ...]:
    """Shares of the values in each bin; the last one holds all that is beyond."""
    counts, _ = np.histogram(np.minimum(values, edges[-1]), edges)
    return tuple((counts / len(values)).tolist())


def _durations(parts: Iterable[tuple[StoredRecord, Content]], step: int) -> Iterable[Duration]:
    grouped: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for record, content in parts:
        deadline = content["deadline"]
        of_one = (deadline["decided_ns"] / 1e6, deadline["margin_us"] / 1e3)
        grouped[record.utc_us // step * step].append(of_one)
    for begin, of_all in sorted(grouped.items()):
        decided, margin = np.array(of_all).T
        p50, p99 = np.percentile(decided, (50, 99))
        yield Duration(begin, float(p50), float(p99), float(margin.min()))


ANSWERS: Answers = {AskTrends: trends}
