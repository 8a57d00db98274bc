"""The job that makes a report, in a process of its own: drawing one takes seconds to minutes."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

from inspector.core.canonical import sha256_hex
from inspector.core.errors import RefusedError
from inspector.link.questions.reports import MakeReport, ReportFile
from inspector.office.apart import Progress, run_apart
from inspector.office.jobs import Job, JobKind, JobKinds
from inspector.office.room import Room

LARGEST = 16 * 1024 * 1024
"""Bytes that a panel is handed; more is for the command line, which writes straight to a file."""


def report(question: MakeReport, room: Room, job: Job) -> ReportFile:
    """Have it made apart; the job is cancelled by ending that process."""
    job.progress("report")
    made = run_apart("inspector.office.answers.reporting:make_report", question, room, job)
    assert isinstance(made, ReportFile)
    return made


def make_report(question: MakeReport, room: Room, progress: Progress) -> ReportFile:
    """Make it, as ``inspector report`` does."""
    from inspector.reports.making import write  # noqa: PLC0415  # its libraries take time to load
    from inspector.reports.request import Language, ReportKind, ReportRequest  # noqa: PLC0415
    from inspector.station.report_pictures import ReportPictures  # noqa: PLC0415

    progress("report", 0, 0)
    request = ReportRequest(
        kind=ReportKind(question.report),
        since_us=question.since_us,
        until_us=question.until_us,
        lot=question.lot,
        language=Language(question.language),
        offset_min=question.offset_min,
    )
    reader, file = room.ledger, io.BytesIO()
    shown = ReportPictures(reader, room.config, room.data_folder)
    lacking = write(reader, request, question.form, file, shown)
    data = file.getvalue()
    if len(data) > LARGEST:
        raise RefusedError(
            f"the report has {len(data) // 2**20} MiB", remedy="Make it with inspector report"
        )
    return ReportFile(_name(question, reader.station), data, sha256_hex(data), len(lacking))


def _name(question: MakeReport, station: str) -> str:
    """Station, kind, stretch: letters that any file system takes."""
    told = [station, question.report, question.lot]
    told += [_day(at, question.offset_min) for at in (question.since_us, question.until_us) if at]
    plain = (re.sub(r"[^\w-]+", "-", one).strip("-") for one in told if one)
    return "_".join(plain)[:120] + question.form


def _day(utc_us: int, offset_min: int) -> str:
    moment = datetime.fromtimestamp(utc_us // 1_000_000, UTC) + timedelta(minutes=offset_min)
    return f"{moment:%Y%m%dT%H%M}"


JOBS: JobKinds = {MakeReport: JobKind(report, group="report")}
