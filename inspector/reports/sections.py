"""Sections that several reports share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.ledger.heads import grouped
from inspector.reports.gathering import Gathered
from inspector.reports.happenings import MOST_KEPT
from inspector.reports.reconciling import Agreement
from inspector.reports.sheet import BAD, GOOD, INK, LEFT, LINE, QUIET, ROOM, Cell, Column, Sheet
from inspector.reports.telling import in_words
from inspector.reports.words import Words

_BOX = 52.0
_SHOWN = 60
"""Alarms and changes of state in a report on parts; the audit report has all."""


def head_facts(found: Gathered, words: Words) -> list[tuple[str, str]]:
    """What the report is about."""
    request, window = found.request, found.window
    lots = ", ".join(lot for lot in sorted(found.inspected.lots)[:12] if lot)
    facts = [(words("Station"), found.station)]
    if request.lot:
        facts.append((words("Lot"), request.lot))
    since = (
        words("begin of the ledger") if window.since_us is None else request.time(window.since_us)
    )
    until = words("end of the ledger") if window.until_us is None else request.time(window.until_us)
    facts.append((words("Period"), f"{since}  –  {until}   ({request.zone})"))
    if found.inspected.deciding:
        products = sorted({one.product for one in found.inspected.deciding})
        facts.append((words("Products"), ", ".join(products)))
        facts.append((words("Lots"), lots or words("none is named")))
    facts.append(
        (words("Records"), f"{found.first:,} – {found.last:,}   ({found.records:,})"),
    )
    return facts


def counts(sheet: Sheet, agreements: list[Agreement], words: Words) -> None:
    """The counters, reconciled."""
    sheet.heading(words("Counters reconciled"), 16.0 * len(agreements) + 20.0)
    columns = (
        Column(words("rule"), 0.52),
        Column(words("figures"), 0.34),
        Column(words("result"), 0.14),
    )
    sheet.table(columns, ((one.rule, one.figures, _result(one, words)) for one in agreements))


def _result(one: Agreement, words: Words) -> Cell:
    if one.agrees is None:
        return Cell(words("not told"), QUIET)
    return Cell(words("agrees"), GOOD) if one.agrees else Cell(words("DIFFERS"), BAD, bold=True)


def unrecorded(sheet: Sheet, found: Gathered, words: Words) -> None:
    """Part numbers without an outcome."""
    sheet.heading(words("Outcomes that were not recorded"), 30.0)
    told = found.happenings.unrecorded
    if not told:
        sheet.note(words("None: every part number that was given out has its record."))
        return
    sheet.note(
        words(
            "After a crash or a loss of power nobody knows what became of these numbers: they "
            "may have been given to parts whose records did not reach the disk. They are not used "
            "again."
        )
    )
    columns = (
        Column(words("told at"), 0.22),
        Column(words("record"), 0.12, right=True),
        Column(words("part numbers"), 0.52),
        Column(words("count"), 0.14, right=True),
    )
    rows = (
        (
            found.request.time(one.utc_us),
            str(one.sequence),
            ", ".join(f"{first}–{last}" for first, last in one.ranges),
            Cell(f"{one.parts:,}", BAD),
        )
        for one in told
    )
    sheet.table(columns, rows)


def limit_samples(sheet: Sheet, found: Gathered, words: Words) -> None:
    """Checks of limit samples and what each master showed."""
    sheet.heading(words("Limit samples"), 30.0)
    if not found.happenings.limits:
        sheet.note(words("No check of limit samples in this time, nor shortly before."))
        return
    if found.happenings.limits[0].utc_us < (found.window.since_us or 0):
        sheet.note(words("The first one was made before the period and may hold in it."))
    columns = (
        Column(words("time"), 0.19),
        Column(words("product"), 0.15),
        Column(words("by"), 0.11),
        Column(words("limit sample"), 0.15),
        Column(words("expected"), 0.1),
        Column(words("score / limit"), 0.15),
        Column(words("result"), 0.15),
    )
    sheet.table(columns, _masters(found, words))


def _masters(found: Gathered, words: Words) -> Iterator[tuple[str | Cell, ...]]:
    for check in found.happenings.limits:
        color = GOOD if check.outcome == "passed" else BAD
        head = (found.request.time(check.utc_us), check.product, check.user)
        outcome = Cell(words("check " + check.outcome), color, bold=True)
        yield (*head, "", "", "", outcome)
        for one in check.results:
            scores = [one.get("score"), one.get("threshold")]
            figures = " / ".join(f"{score:.4g}" for score in scores if score is not None)
            problem = str(one.get("problem", ""))
            said = Cell(problem, BAD) if problem else Cell(words("as expected"), GOOD)
            yield ("", "", "", str(one["name"]), words(str(one["expected"])), figures, said)


def decided(sheet: Sheet, found: Gathered, words: Words) -> None:
    """Hashes of all that decided."""
    sheet.heading(words("What decided: software, recipe, bundle, calibration"), 90.0)
    for one, stretch in sorted(found.inspected.deciding.items(), key=lambda item: item[1].first):
        sheet.need(88.0)
        span = words(
            "parts {first} to {last}: {count} of them",
            first=stretch.first,
            last=stretch.last,
            count=f"{stretch.parts:,}",
        )
        sheet.facts(
            [
                (words("Product"), f"{one.product}   ({span})"),
                (words("Software"), f"Inspector {one.software}"),
                (words("Runtime"), one.fingerprint),
                (words("Recipe"), one.recipe),
                (words("Preparation"), one.preparation),
                (words("Bundle"), one.bundle),
                (words("Calibration"), one.calibration),
            ]
        )
        sheet.space(4.0)


def releases(sheet: Sheet, found: Gathered, words: Words) -> None:
    """The last entry of each product's chain of releases, as the ledger tells it."""
    sheet.heading(words("Releases in force at the end"), 30.0)
    if not found.releases:
        sheet.note(words("The ledger knows of no release: nothing of this was production."))
        return
    columns = (
        Column(words("product"), 0.16),
        Column(words("entry"), 0.12),
        Column(words("time"), 0.19),
        Column(words("by"), 0.2),
        Column(words("reason"), 0.19),
        Column(words("hash"), 0.14),
    )
    rows = (
        (
            product,
            Cell(words("withdrawn"), BAD)
            if told["action"] == "Withdraw"
            else str(told.get("new", "")),
            found.request.time(told["utc_us"]),
            _signers(told, words),
            str(told.get("reason", "")),
            str(told.get("hash", ""))[:12],
        )
        for product, told in found.releases.items()
    )
    sheet.table(columns, rows)


def _signers(release: dict[str, Any], words: Words) -> str:
    signed = [
        f"{one['full_name'] or one['user']} ({words(one['role'])}): {words(one['meaning'])}"
        for one in release.get("signatures", ())
    ]
    return "\n".join(signed) or f"{release['user']} ({words(str(release.get('role', '')))})"


def signatures(sheet: Sheet, found: Gathered, words: Words) -> None:
    """Who signed what, with the meaning."""
    sheet.heading(words("Electronic signatures"), 30.0)
    if not found.happenings.signed:
        sheet.note(words("Nothing was signed in this time."))
        return
    columns = (
        Column(words("time"), 0.19),
        Column(words("name"), 0.19),
        Column(words("role"), 0.11),
        Column(words("meaning"), 0.12),
        Column(words("signed"), 0.18),
        Column(words("reason"), 0.21),
    )
    rows = (
        (
            found.request.time(one.utc_us),
            f"{one.full_name} ({one.user})" if one.full_name else one.user,
            words(one.role),
            words(one.meaning),
            f"{words(in_words(one.action))} {one.about} (#{one.sequence})",
            one.reason,
        )
        for one in found.happenings.signed
    )
    sheet.table(columns, rows)


def alarms(sheet: Sheet, found: Gathered, words: Words) -> None:
    """Alarms with their ends."""
    told = found.happenings.alarms
    sheet.heading(words("Alarms"), 30.0)
    if not told:
        sheet.note(words("No alarm in this time."))
        return
    columns = (
        Column(words("raised"), 0.19),
        Column(words("gone"), 0.11),
        Column(words("signal (NE 107)"), 0.16),
        Column(words("alarm"), 0.42),
        Column(words("noted by"), 0.12),
    )
    rows = (
        (
            found.request.time(one.utc_us),
            "–" if one.gone_us is None else found.request.time(one.gone_us)[11:],
            Cell(words(one.health), BAD if one.health == "failure" else INK),
            f"{one.key}: {one.text}",
            one.by,
        )
        for one in told[:_SHOWN]
    )
    sheet.table(columns, rows)
    _more(sheet, len(told), words)


def states(sheet: Sheet, found: Gathered, words: Words) -> None:
    """Changes of the station's state."""
    told = found.happenings.states
    sheet.heading(words("Changes of state"), 30.0)
    if not told:
        sheet.note(words("No change of state in this time."))
        return
    columns = (
        Column(words("time"), 0.19),
        Column(words("from"), 0.18),
        Column(words("to"), 0.18),
        Column(words("reason"), 0.45),
    )
    rows = (
        (found.request.time(one.utc_us), words(one.old), words(one.new), one.reason)
        for one in told[:_SHOWN]
    )
    sheet.table(columns, rows)
    _more(sheet, len(told), words)


def _more(sheet: Sheet, number: int, words: Words) -> None:
    if number > _SHOWN:
        left = f"{number - _SHOWN:,}" + ("+" if number >= MOST_KEPT else "")
        sheet.note(words("{number} more: see the audit report of this time.", number=left))


def anchor(sheet: Sheet, found: Gathered, words: Words) -> None:
    """The chain's head, to be compared later with what the ledger says then."""
    sheet.heading(words("Anchor of the ledger"), 110.0)
    head, unsigned = found.anchor.head, found.anchor.unsigned
    if head is None:
        sheet.note(words("The ledger is not signed: nothing vouches for it."), BAD)
        return
    said = head.head
    sheet.facts(
        [
            (words("Signed head"), head.fingerprint),
            (words("Key"), grouped(said.key)),
            (words("Covers"), words("records up to {last}", last=f"{said.last:,}")),
            (words("Signed at"), f"{found.request.time(said.utc_us)}   {_clock(found, words)}"),
        ]
    )
    if unsigned:
        text = words(
            "{number} of the last records are not under a signed head yet.", number=unsigned
        )
        sheet.note(text, BAD)
    sheet.note(
        words(
            "Keep this page where nobody can reach it from the station. Later this command must "
            "find the same head in the ledger, signed with the same key:"
        )
    )
    sheet.note(
        f'inspector ledger verify --printed "{head.fingerprint}" --key "{grouped(said.key)}"',
        INK,
        7.2,
    )


def _clock(found: Gathered, words: Words) -> str:
    head = found.anchor.head
    state = None if head is None else head.head.clock.synchronised
    if state is None:
        return words("(state of the clock unknown)")
    return words("(clock synchronised)") if state else words("(clock NOT synchronised)")


def hands(sheet: Sheet, words: Words) -> None:
    """Room for signatures by hand."""
    sheet.need(_BOX + 30.0)
    sheet.space(14.0)
    width = (ROOM + 8.0) / 3.0
    for place, name in enumerate((words("Prepared"), words("Reviewed"), words("Approved"))):
        x = LEFT + place * width
        sheet.canvas.setStrokeColor(LINE)
        sheet.canvas.setLineWidth(0.6)
        sheet.canvas.rect(x, sheet.y - _BOX, width - 8.0, _BOX, stroke=1, fill=0)
        sheet.text(x + 6.0, sheet.y - 11.0, name, 7.5, QUIET)
        sheet.text(x + 6.0, sheet.y - _BOX + 6.0, words("name, date"), 6.5, QUIET)
    sheet.space(_BOX + 6.0)
