"""Making a report, and taking it away on a stick."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Literal

from inspector.link.messages import NoteReport
from inspector.link.questions.reports import MakeReport, ReportFile, ReportForm
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.screen import ScreenModel
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


class ReportModel(ScreenModel):
    """One report at a time. ``now_us`` gives UTC microseconds; ``write`` puts a file on a stick."""

    def __init__(
        self,
        desk: Desk,
        write: Callable[[Path, str, bytes, Callable[[str], None]], None],
        now_us: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        super().__init__(desk)
        self.kind: Kind = "shift"
        self.stretch = Stretch.SHIFT
        self.form: ReportForm = ".pdf"
        self.lot = ""
        self.making: Following | None = None
        self.saving = False
        self.saved = ""
        """Where the report was written."""
        self.trouble = ""
        self._write, self._now_us = write, now_us

    @property
    def made(self) -> ReportFile | None:
        """The report, once it is there."""
        result = self.making.result if self.making is not None else None
        return result if isinstance(result, ReportFile) else None

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

    def save(self, folder: Path, told: Callable[[str], None]) -> None:
        """Write it to a stick; ``told`` is called on the writing thread: hand it to ``wrote``."""
        made = self.made
        if made is not None and not self.saving:
            self.saving = True
            self._write(folder, made.name, made.data, told)
            self.changed.emit()

    def wrote(self, folder: Path, trouble: str) -> None:
        """It is on the stick, or not; that it was taken away is recorded."""
        self.saving, self.trouble = False, trouble
        made, making = self.made, self.making
        if not trouble and made is not None and making is not None:
            self.saved = str(folder / made.name)
            self._note(making.question, made)
        self.changed.emit()

    def _note(self, asked: object, made: ReportFile) -> None:
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
