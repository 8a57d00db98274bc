"""``inspector report``: shift, lot and audit-trail reports as PDF, CSV and Parquet."""

from __future__ import annotations

import getpass
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from inspector.cli.desk import office
from inspector.cli.ledger_evidence import utc_us_of
from inspector.cli.options import LineOption
from inspector.cli.priority import give_way
from inspector.core.errors import InputError, InspectorError
from inspector.durable.files import atomic_file, sha256_of_file
from inspector.ledger.ledger import open_reader
from inspector.ledger.reader import LedgerReader
from inspector.link.messages import NoteReport
from inspector.reports.request import Language, ReportKind, ReportRequest
from inspector.station.opening import data_folder_of, load_line
from inspector.station.places import database_of, find_config


def report_command(  # noqa: PLR0917  # one parameter for each option
    kind: Annotated[ReportKind, typer.Argument(help="what it is about")],
    out: Annotated[
        list[Path], typer.Option(help="file to make: .pdf, .csv or .parquet; several may be given")
    ],
    since: Annotated[str, typer.Option(help="from this day or time on")] = "",
    until: Annotated[str, typer.Option(help="up to this day or time, which is no part of it")] = "",
    lot: Annotated[str, typer.Option(help="the lot of a lot report")] = "",
    language: Annotated[Language, typer.Option(help="of the PDF")] = Language.EN,
    pictures: Annotated[int, typer.Option(min=0, max=200, help="at most so many rejects")] = 24,
    user: Annotated[str, typer.Option(help="who makes it; the password is asked")] = "",
    line: LineOption = None,
) -> None:
    """Make a report from the ledger, also beside the running line. That it was made is recorded.

    The same stretch of the ledger gives the same bytes. Times are of this PC's calendar unless
    they carry an offset, and are printed in the time zone that --since is given in.

    [bold]Examples[/bold]

        inspector report shift --since 2026-11-22T06:00 --until 2026-11-22T14:00 --out shift.pdf
        inspector report lot --lot L2611 --language ja --out L2611.pdf --out L2611.csv
        inspector report audit --since 2026-10-01 --until 2026-11-01 --out october.pdf
    """
    from inspector.reports.making import check_suffix  # noqa: PLC0415  # the PDF library takes time

    suffixes = [check_suffix(path.name) for path in out]
    for path in out:
        if path.exists():
            raise InputError(f"--out {path}: exists already", remedy="Name a new file")
    if len(set(out)) < len(out):
        raise InputError("--out: names one file twice", remedy="Name each file once")
    request = ReportRequest(
        kind=kind,
        since_us=utc_us_of(since, "--since") if since else None,
        until_us=utc_us_of(until, "--until") if until else None,
        lot=lot,
        language=language,
        offset_min=_offset_min(since or until),
        pictures=pictures,
    )
    give_way()
    files = _made(line, request, list(zip(out, suffixes, strict=True)))
    _record(line, request, files, user)


def _offset_min(text: str) -> int:
    """Minutes east of UTC that a time is given in; without one those of this PC in winter."""
    if not text:
        return -time.timezone // 60
    offset = datetime.fromisoformat(text).astimezone().utcoffset()
    given = datetime.fromisoformat(text).utcoffset()
    return int((given if given is not None else offset or timedelta()).total_seconds()) // 60


def _made(
    line: Path | None, request: ReportRequest, wanted: list[tuple[Path, str]]
) -> tuple[tuple[str, str], ...]:
    """Write the files; suffix and digest of each."""
    config = load_line(line or find_config("line.yaml"))
    reader = open_reader(data_folder_of(config), config.station, database_of(config))
    try:
        return tuple(
            (suffix, _write(reader, line, request, path, suffix)) for path, suffix in wanted
        )
    finally:
        reader.close()


def _write(
    reader: LedgerReader, line: Path | None, request: ReportRequest, path: Path, suffix: str
) -> str:
    from inspector.reports.making import write  # noqa: PLC0415  # as above
    from inspector.station.report_pictures import ReportPictures  # noqa: PLC0415  # as above

    config = load_line(line or find_config("line.yaml"))
    shown = ReportPictures(reader, config, data_folder_of(config))
    with atomic_file(path) as file:
        lacking = write(reader, request, suffix, file, shown)
    digest = sha256_of_file(path)
    print(f"{path}: {path.stat().st_size:,} bytes, SHA-256 {digest}")
    if lacking:
        from inspector.reports.fonts import REMEDY  # noqa: PLC0415  # as above

        print(f"{len(lacking)} letters are printed as their codes. {REMEDY}", file=sys.stderr)
    return digest


def _record(
    line: Path | None, request: ReportRequest, files: tuple[tuple[str, str], ...], user: str
) -> None:
    note = NoteReport(
        request.kind.value,
        request.language.value,
        files,
        getpass.getuser(),
        since_us=request.since_us,
        until_us=request.until_us,
        lot=request.lot or None,
    )
    try:
        with office(line) as station:
            if user:
                station.log_in(user)
            station.call(note)
    except InspectorError as error:
        print(f"inspector: the report is whole, but not recorded: {error}", file=sys.stderr)
        raise typer.Exit(3) from error
