"""Reports as PDF: shift and lot reports in sections, the audit trail record by record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from inspector.ledger.reader import LedgerReader
from inspector.reports import sections
from inspector.reports.charts import CHART_HEIGHT, control_chart, pareto, pareto_height
from inspector.reports.fonts import Letters
from inspector.reports.gathering import Gathered, gather
from inspector.reports.happenings import others
from inspector.reports.inspected import LISTED, ranked
from inspector.reports.pchart import TAIL, Limits, p_chart
from inspector.reports.pictures import Pictures, gallery
from inspector.reports.reconciling import agreements
from inspector.reports.request import Language, ReportKind, ReportRequest
from inspector.reports.sheet import BAD, BLUE, GOOD, INK, QUIET, About, Cell, Column, Sheet
from inspector.reports.telling import Told, told
from inspector.reports.words import Words

TITLES = {
    ReportKind.SHIFT: "Shift report",
    ReportKind.LOT: "Lot report",
    ReportKind.AUDIT: "Audit trail",
}
_REASONS = 12
"""Bars of the Pareto chart; what is rarer is one bar together."""


def write_paper(
    reader: LedgerReader,
    request: ReportRequest,
    pictures: Pictures,
    letters: Letters,
    file: IO[bytes],
) -> Gathered:
    """Write the PDF; returns what it is made of. Raises ``InputError``, ``LedgerError``."""
    found, words = gather(reader, request), Words(request.language)
    sheet = Sheet(file, letters, _about(found, words))
    sheet.title(words(TITLES[request.kind]))
    sheet.facts(sections.head_facts(found, words))
    if request.kind is ReportKind.AUDIT:
        _audit(sheet, reader, found, words)
    else:
        _parts(sheet, found, pictures, words)
    sheet.close()
    return found


def _about(found: Gathered, words: Words) -> About:
    request, head = found.request, found.anchor.head
    title = words(TITLES[request.kind])
    foot = words("records {first}–{last}", first=found.first, last=found.last)
    if head is not None:
        foot += f"   {words('head')} {head.fingerprint}"
    page = ("Page {0} of ", "{0}") if request.language is Language.EN else ("{0} / ", "{0} ページ")
    return About(
        title=f"{title} {found.station}",
        left=f"Inspector   {title}   {found.station}",
        right=_span(found),
        foot=foot,
        page=page,
        language=request.language.value,
    )


def _span(found: Gathered) -> str:
    window = found.window
    ends = (window.since_us, window.until_us)
    times = ["…" if end is None else window.time(end)[:16] for end in ends]
    return f"{found.request.lot}   {times[0]} – {times[1]} {window.zone}".strip()


# -- shift and lot ------------------------------------------------------------------------------


def _parts(sheet: Sheet, found: Gathered, pictures: Pictures, words: Words) -> None:
    sums, checks = found.inspected, agreements(found, words)
    _figures(sheet, found, words)
    wrong = sum(one.agrees is False for one in checks)
    if wrong:
        text = words("{number} counts do not agree: see Counters reconciled.", number=wrong)
        sheet.note(text, BAD, 9.0)
    if sums.parts != sums.production:
        text = words(
            "{number} of {parts} parts were not production: trial, demonstration or bypass.",
            number=f"{sums.parts - sums.production:,}",
            parts=f"{sums.parts:,}",
        )
        sheet.note(text, BAD)
    _pareto(sheet, found, words)
    _chart(sheet, found, words)
    sections.counts(sheet, checks, words)
    if found.request.kind is ReportKind.SHIFT:
        _runs(sheet, found, words)
        sections.unrecorded(sheet, found, words)
    sections.limit_samples(sheet, found, words)
    sections.decided(sheet, found, words)
    sections.releases(sheet, found, words)
    sections.signatures(sheet, found, words)
    sections.alarms(sheet, found, words)
    sections.states(sheet, found, words)
    _rejects(sheet, found, pictures, words)
    sections.anchor(sheet, found, words)
    sections.hands(sheet, words)


def _figures(sheet: Sheet, found: Gathered, words: Words) -> None:
    sums = found.inspected
    share = sums.rejected / sums.parts if sums.parts else 0.0
    figures = [
        (words("Parts"), f"{sums.parts:,}", INK),
        (words("Passed"), f"{sums.passed:,}", GOOD),
        (words("Rejected"), f"{sums.rejected:,}", BAD if sums.rejected else INK),
        (words("Share rejected"), f"{share:.2%}", INK),
        (words("Past deadline"), f"{sums.late:,}", BAD if sums.late else INK),
    ]
    if sums.bypassed:
        figures.append((words("Bypassed"), f"{sums.bypassed:,}", BAD))
    sheet.figures(figures)
    reviews = found.reviews
    if reviews:
        text = words(
            "Judged again by people: {true} true defects, {false} false rejects, {unsure} unsure; "
            "{missed} passed parts were found defective.",
            **{key: reviews[key] for key in ("true", "false", "unsure", "missed")},
        )
        sheet.note(text)


def _pareto(sheet: Sheet, found: Gathered, words: Words) -> None:
    reasons = ranked(found.inspected.reasons)
    sheet.heading(words("Reasons of rejects (Pareto)"), pareto_height(min(len(reasons), _REASONS)))
    if not reasons:
        sheet.note(words("No part was rejected."))
        return
    shown = [(words.reason(reason), count) for reason, count in reasons[:_REASONS]]
    rest = reasons[_REASONS:]
    if rest:
        text = words("{number} rarer reasons", number=len(rest))
        shown.append((text, sum(count for _, count in rest)))
    sheet.drawing(
        pareto_height(len(shown)) + 12.0,
        lambda page, left, bottom: pareto(page, left, bottom + 12.0, shown, words),
    )
    sheet.note(
        words(
            "Each reject counts once: by the check that failed most clearly, or by the cause for "
            "which it was not judged in time. The line shows the cumulative share."
        )
    )


def _chart(sheet: Sheet, found: Gathered, words: Words) -> None:
    groups = found.inspected.chart()
    if len(groups) < 2:
        sheet.heading(words("Share of defective parts (p-chart)"), 20.0)
        sheet.note(words("Too few judged parts for a chart."))
        return
    sheet.heading(words("Share of defective parts (p-chart)"), CHART_HEIGHT + 40.0)
    time = found.request.time
    day = slice(5 if time(groups[0].begin_us)[:10] != time(groups[-1].begin_us)[:10] else 11, 16)
    marks = [(time(group.begin_us)[day], str(group.first)) for group in groups]
    chart = p_chart([group.parts for group in groups], [group.rejects for group in groups])
    sheet.drawing(
        CHART_HEIGHT,
        lambda page, left, bottom: control_chart(page, left, bottom, chart, marks),
    )
    said = {
        Limits.NONE: words("No limits: nothing or everything was rejected."),
        Limits.BINOMIAL: words(
            "Limits: exact binomial quantiles, {tail} on each side.", tail=f"{TAIL:.3%}"
        ),
        Limits.LANEY: words(
            "Limits: Laney's p', 3 sigma, because the shares scatter {sigma} times as much as a "
            "binomial count.",
            sigma=f"{chart.sigma_z:.2f}",
        ),
    }
    outside = int(chart.outside.sum())
    text = words(
        "Subgroups of about {size} judged parts in a row; below each its begin and first part. "
        "{limits} They come from these parts alone. {outside} outside.",
        size=groups[0].parts,
        limits=said[chart.limits],
        outside=outside,
    )
    sheet.note(text)


def _runs(sheet: Sheet, found: Gathered, words: Words) -> None:
    runs = found.happenings.runs
    if not runs:
        return
    sheet.heading(words("Runs of the line"))
    columns = (
        Column(words("begin"), 0.2),
        Column(words("end"), 0.2),
        Column(words("records"), 0.12, right=True),
        Column(words("counted"), 0.12, right=True),
        Column(words("passed"), 0.12, right=True),
        Column(words("rejected"), 0.12, right=True),
        Column(words("late"), 0.12, right=True),
    )
    sheet.table(columns, _run_rows(found, words))


def _run_rows(found: Gathered, words: Words) -> Iterator[tuple[str | Cell, ...]]:
    time = found.request.time
    for run in found.happenings.runs:
        begin = time(run.begin_us) if run.begun else words("before")
        if run.end_us is None:
            yield (begin, words("after"), "", "", "", "", "")
            continue
        if run.counted is None:
            cut = Cell(words("cut off"), BAD) if run.cut else Cell(words("not told"), QUIET)
            yield (begin, time(run.end_us), f"{found.recorded(run):,}", cut, "", "", "")
            continue
        counts = [f"{run.counted[key]:,}" for key in ("parts", "passed", "rejected", "late")]
        end = time(run.end_us)
        yield (begin, end, f"{found.recorded(run):,}" if run.begun else "–", *counts)


def _rejects(sheet: Sheet, found: Gathered, pictures: Pictures, words: Words) -> None:
    sums = found.inspected
    if not sums.rejected:
        return
    chosen = sums.pictured()
    if chosen:
        sheet.heading(words("Rejects: pictures"), 170.0)
        sheet.note(
            words(
                "{shown} of {all} rejects: of each reason in turn the clearest of which a picture "
                "was kept. Below each: part and time, reason, score and limit, begin of the "
                "picture's digest (SHA-256).",
                shown=len(chosen),
                all=f"{sums.rejected:,}",
            )
        )
        sheet.space(6.0)
        gallery(sheet, chosen, pictures, found.request, words)
    sheet.heading(words("Rejects: list"))
    columns = (
        Column(words("part"), 0.1, right=True),
        Column(words("time"), 0.19),
        Column(words("cause"), 0.22),
        Column(words("reason"), 0.19),
        Column(words("score / limit"), 0.18, right=True),
        Column(words("record"), 0.12, right=True),
    )
    rows = (
        (
            str(one.part_id),
            found.request.time(one.utc_us),
            words.cause(one.cause),
            words.reason(one.worst.reason) if one.worst else "",
            _score(one.worst.score, one.worst.threshold) if one.worst else "",
            str(one.sequence),
        )
        for one in sums.listed
    )
    sheet.table(columns, rows)
    if sums.rejected > LISTED:
        left = f"{sums.rejected - LISTED:,}"
        sheet.note(words("{number} more: the CSV and Parquet files hold every part.", number=left))


def _score(score: float | None, threshold: float) -> str:
    return "" if score is None else f"{score:.4g} / {threshold:.4g}"


# -- audit trail --------------------------------------------------------------------------------


def _audit(sheet: Sheet, reader: LedgerReader, found: Gathered, words: Words) -> None:
    told_of = found.happenings.records
    others_count = sum(told_of.values())
    figures = [
        (words("Records"), f"{found.records:,}", INK),
        (words("Parts"), f"{found.records - others_count:,}", INK),
        (words("Actions"), f"{told_of['action']:,}", BLUE),
        (words("Events"), f"{told_of['event']:,}", INK),
        (words("Reviews"), f"{told_of['review']:,}", INK),
        (
            words("Refused"),
            f"{found.happenings.refused:,}",
            BAD if found.happenings.refused else INK,
        ),
    ]
    sheet.figures(figures)
    sheet.note(
        words(
            "Every record of the period but those of parts, which the lot and shift reports add "
            "up. Names, reasons and messages are printed as they were recorded."
        )
    )
    sections.signatures(sheet, found, words)
    sections.unrecorded(sheet, found, words)
    sections.releases(sheet, found, words)
    sheet.heading(words("Records"))
    columns = (
        Column(words("record"), 0.085, right=True),
        Column(words("time"), 0.165),
        Column(words("who"), 0.13),
        Column(words("what"), 0.38),
        Column(words("reason"), 0.24),
    )
    rows = (
        _line(found, str(record.sequence), record.utc_us, told(record, content, words), words)
        for record, content in others(reader, found.request, found.last)
    )
    sheet.table(columns, rows, size=7.0)
    sections.anchor(sheet, found, words)
    sections.hands(sheet, words)


def _line(
    found: Gathered, sequence: str, utc_us: int, line: Told, words: Words
) -> tuple[str | Cell, ...]:
    what = line.what if not line.details else f"{line.what}: {line.details}"
    if line.old or line.new:
        what += f"  [{words(line.old) or '–'} → {words(line.new) or '–'}]"
    if line.signatures:
        what += f"\n{words('signed')}: {line.signatures}"
    who = f"{line.who}\n({line.role})" if line.role else line.who
    if line.refused:
        refused = f"{what}\n{words('REFUSED')}: {line.refused}"
        return (sequence, found.request.time(utc_us), who, Cell(refused, BAD), line.why)
    return (sequence, found.request.time(utc_us), who, what, line.why)
