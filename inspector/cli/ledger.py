"""``inspector ledger``: list, show, verify and export what was recorded."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from inspector.cli.ledger_evidence import (
    hold_command,
    holds_command,
    picture_command,
    release_hold_command,
)
from inspector.cli.ledger_signing import (
    KeyOption,
    PrintedOption,
    anchors_of,
    head_command,
    known_proofs,
    rotate_key_command,
    signed_lines,
)
from inspector.cli.options import LineOption
from inspector.core.errors import InputError, LedgerError
from inspector.core.record import RecordKind
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.export import details, export, row
from inspector.ledger.ledger import evidence_folder, ledger_folder, open_reader
from inspector.ledger.moving import move
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.verify import verify
from inspector.station.opening import data_folder_of, load_line
from inspector.station.places import database_of, find_config

app = typer.Typer(help="What was recorded: list, show, verify, export.", no_args_is_help=True)
app.command("picture")(picture_command)
app.command("hold")(hold_command)
app.command("release-hold")(release_hold_command)
app.command("holds")(holds_command)
app.command("head")(head_command)
app.command("rotate-key")(rotate_key_command)

_LAST = 2**63 - 1
"""The largest number that the ledger's database can hold."""


@contextlib.contextmanager
def _opened(line: Path | None) -> Iterator[tuple[LedgerReader, EvidenceStore]]:
    config = load_line(line or find_config("line.yaml"))
    folder = data_folder_of(config)
    reader = open_reader(folder, config.station, database_of(config))
    try:
        yield reader, EvidenceStore(evidence_folder(folder))
    finally:
        reader.close()


@app.command("list")
def list_command(
    line: LineOption = None,
    kind: Annotated[RecordKind | None, typer.Option(help="only this kind of record")] = None,
    outcome: Annotated[str | None, typer.Option(help="only parts with pass or reject")] = None,
    count: Annotated[int, typer.Option(min=1, max=_LAST, help="how many of the newest")] = 20,
) -> None:
    """List the newest records.

    [bold]Examples[/bold]

        inspector ledger list --kind inspection --outcome reject --count 50
    """
    if outcome not in (None, "pass", "reject"):
        raise InputError(f"--outcome {outcome}: unknown", remedy="Give pass or reject")
    table = Table()
    for name in ("sequence", "time (UTC)", "kind", "part", "outcome"):
        table.add_column(name, no_wrap=True)
    table.add_column("what", overflow="fold")
    with _opened(line) as (reader, _):
        for record in reader.tail(count, RecordFilter(kind=kind, outcome=outcome)):
            one = row(record)
            part = "" if one.part_id is None else str(one.part_id)
            cells = (str(one.sequence), one.time, one.kind, part, one.outcome, escape(one.summary))
            table.add_row(*cells)
    Console().print(table)


@app.command("show")
def show_command(
    sequence: Annotated[int, typer.Argument(min=1, max=_LAST, help="number of the record")],
    line: LineOption = None,
) -> None:
    """Show one record, as it was written.

    [bold]Examples[/bold]

        inspector ledger show 4711
    """
    with _opened(line) as (reader, _):
        record = reader.record(sequence)
        if record is None:
            raise InputError(
                f"record {sequence}: there is none", remedy="See inspector ledger list"
            )
        print(details(record))


@app.command("verify")
def verify_command(
    line: LineOption = None,
    evidence: Annotated[bool, typer.Option(help="check the pictures too")] = True,
    key: KeyOption = None,
    printed: PrintedOption = None,
) -> None:
    """Check that no record and no evidence was altered, removed or moved, and who signed it.

    [bold]Examples[/bold]

        inspector ledger verify
        inspector ledger verify --printed "1a2b 3c4d 5e6f 7081 92a3 b4c5 d6e7 f809"
    """
    with _opened(line) as (reader, store):
        proofs, anchored = known_proofs(line, reader, key, printed)
        report = verify(reader, store if evidence else None, proofs)
    for finding in report.findings:
        print(f"record {finding.sequence}: {finding.problem}")
    print(
        f"station {report.station}: {report.records} records, {report.evidence} pictures checked, "
        f"{report.records_per_s:.0f} records/s, head {report.head}"
    )
    print("\n".join([*signed_lines(report), anchored]))
    if report.first is not None:
        raise LedgerError(
            f"the ledger does not verify from record {report.first.sequence} on",
            remedy="Keep the data folder as it is and tell the quality department",
        )
    print("intact")


@app.command("export")
def export_command(
    out: Annotated[Path, typer.Argument(help="folder to make; must not exist")],
    line: LineOption = None,
    first: Annotated[int, typer.Option(min=1, max=_LAST, help="first record")] = 1,
    last: Annotated[
        int | None, typer.Option(min=1, max=_LAST, help="last record; default the newest")
    ] = None,
) -> None:
    """Export records and their evidence for an auditor.

    [bold]Examples[/bold]

        inspector ledger export audit-2026-11
    """
    with _opened(line) as (reader, store):
        anchors = anchors_of(line, reader.station)
        report = export(reader, store, out, first=first, last=last, anchors=anchors)
    print(f"{report.folder}: {report.records} records, {report.evidence} pictures")
    if report.missing:
        print(f"{report.missing} pictures that records name are missing")


@app.command("move")
def move_command(line: LineOption = None) -> None:
    """Copy the station's own records to the plant's database (ledger.database); stop it before.

    [bold]Examples[/bold]

        inspector ledger move
    """
    config = load_line(line or find_config("line.yaml"))
    address = database_of(config)
    if address is None:
        raise InputError("ledger.database: names no database", remedy="See docs/plant.md")
    count = move(ledger_folder(data_folder_of(config)), config.station, address)
    print(f"{count} records copied to {address}")
