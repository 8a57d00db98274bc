"""Reports of the ledger, made by the office and handed to the panel as a file."""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.link.question import JobQuestion, Reading

ReportForm = Literal[".pdf", ".csv", ".parquet"]


class MakeReport(JobQuestion, frozen=True):
    """Make one report. ``offset_min``: minutes east of UTC in which its times are printed."""

    report: Literal["shift", "lot", "audit"]
    since_us: int | None = None
    until_us: int | None = None
    lot: str = ""
    language: Literal["en", "ja"] = "en"
    offset_min: int = 0
    form: ReportForm = ".pdf"


class ReportFile(Reading, frozen=True):
    """Result of ``MakeReport``: the file's bytes, and a name that is good for any file system."""

    name: str
    data: bytes = msgspec.field(default=b"")
    sha256: str = ""
    lacking: int = 0
    """Letters that this PC has no font for; they are printed as their codes."""


AnyReportsQuestion = MakeReport
AnyReportsAnswer = ReportFile
