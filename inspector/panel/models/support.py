"""Versions, doctor, log, and the file for whoever helps from afar."""

from __future__ import annotations

from inspector.link.questions.station import (
    AskLog,
    AskVersions,
    Examination,
    Examine,
    LogLevel,
    LogLine,
    LogLines,
    MakeSupportBundle,
    PcFinding,
    SupportBundle,
    Versions,
)
from inspector.panel.models.desk import Desk, Following
from inspector.panel.models.saving import SavingModel, Write
from inspector.panel.models.screen import ScreenModel

LEVELS: tuple[LogLevel, ...] = ("info", "warning", "error")
_WORST_FIRST = {"failure": 0, "warn": 1, "missing": 2, "ok": 3}


class SystemModel(ScreenModel):
    """Versions, and what the doctor finds."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.versions: Versions | None = None
        self.examining: Following | None = None

    @property
    def empty(self) -> bool:
        """True before the office told the versions."""
        return self.versions is None

    @property
    def findings(self) -> tuple[PcFinding, ...]:
        """What the doctor found, worst first."""
        result = self.examining.result if self.examining is not None else None
        found = result.findings if isinstance(result, Examination) else ()
        return tuple(sorted(found, key=lambda one: _WORST_FIRST[one.status]))

    @property
    def looking(self) -> bool:
        """True while the doctor looks."""
        return self.examining is not None and not self.examining.ended

    def reload(self) -> None:
        """Ask for the versions."""
        self.ask(AskVersions(), self._take)

    def examine(self) -> None:
        """Have the doctor look."""
        if not self.looking:
            self.examining = self.run(Examine())
            self.changed.emit()

    def _take(self, versions: Versions) -> None:
        self.versions = versions


class LogModel(ScreenModel):
    """The newest lines."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.level: LogLevel = "info"
        self.lines: tuple[LogLine, ...] = ()
        self.fresh = 0
        """Counts the lists: another one is shown from its beginning."""

    @property
    def empty(self) -> bool:
        """True where there is nothing of this level."""
        return not self.lines

    def reload(self) -> None:
        """Ask for the newest."""
        self.ask(AskLog(self.level), self._take)

    def only(self, level: LogLevel) -> None:
        """Lines of this level, and worse ones."""
        self.level, self.lines = level, ()
        self.reload()

    def _take(self, found: LogLines) -> None:
        self.lines, self.fresh = found.lines, self.fresh + 1


class SupportModel(SavingModel[SupportBundle]):
    """One support file at a time. ``write`` puts a file into a folder, on a thread of its own."""

    def __init__(self, desk: Desk, write: Write) -> None:
        super().__init__(desk, SupportBundle, write)

    def make(self) -> None:
        """Have it made anew."""
        self.saved = self.trouble = ""
        self.making = self.run(MakeSupportBundle())
        self.changed.emit()
