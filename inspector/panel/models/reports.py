"""Making a report, and taking it away on a stick."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from typing import Literal

from inspector.link.messages import NoteReport
from inspector.link.questions.reports import MakeReport, ReportFile, ReportForm
from inspector.panel.models.desk import Desk
from inspector.panel.models.saving import SavingModel, Write
from inspector.panel.moments import offset_min

Kind = Literal["shift", "lot", "audit"]
KINDS: tuple[Kind, ...] = ("shift", "lot", "audit")
FORMS: tuple[ReportForm, ...] = (".pdf", ".csv", ".parquet")
_HOUR_US = 3_600_000_000


class Stretch(Enum):
    """How much of the past, in hours."""

    SHIFT = 8
    DAY = 24
    WEEK = 168
    MONTH = 720


class ReportModel(SavingModel[ReportFile]):
    """One report at a time. ``now_us`` gives UTC microseconds; ``write`` puts a file on a stick."""

    def __init__(
        self,
        desk: Desk,
        write: Write,
        now_us: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        super().__init__(desk, ReportFile, write)
        self.kind: Kind = "shift"
        self.stretch = Stretch.SHIFT
        self.form: ReportForm = ".pdf"
        self.lot = ""
        self._now_us = now_us

    @property
    def possible(self) -> bool:
        """True when one can be asked for."""
        busy = self.making is not None and not self.making.ended
        return not busy and (self.kind != "lot" or bool(self.lot))

    def want(
        self,
        *,
        kind: Kind | None = None,
        stretch: Stretch | None = None,
        form: ReportForm | None = None,
    ) -> None:
        """What kind of report, of which time, in which form."""
        self.kind, self.stretch = kind or self.kind, stretch or self.stretch
        self.form = form or self.form
        self.making, self.saved, self.trouble = None, "", ""
        self.changed.emit()

    def make(self, language: str) -> None:
        """Have it made."""
        if not self.possible:
            return
        until = self._now_us()
        lot = self.kind == "lot"
        question = MakeReport(
            self.kind,
            since_us=None if lot else until - self.stretch.value * _HOUR_US,
            until_us=None if lot else until,
            lot=self.lot if lot else "",
            language="ja" if language == "ja" else "en",
            offset_min=offset_min(until),
            form=self.form,
        )
        self.saved = self.trouble = ""
        self.making = self.run(question)
        self.changed.emit()

    def taken(self, made: ReportFile) -> None:
        """That it was taken away is recorded."""
        asked = self.making.question if self.making is not None else None
        if isinstance(asked, MakeReport):
            files = ((asked.form, made.sha256),)
            note = NoteReport(
                asked.report,
                asked.language,
                files,
                "panel",
                since_us=asked.since_us,
                until_us=asked.until_us,
                lot=asked.lot or None,
            )
            self.desk.send(note)
