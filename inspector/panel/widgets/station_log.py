"""Station, log: the newest lines, and one file for whoever helps from afar."""

from __future__ import annotations

from datetime import datetime

from PyQt6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout

from inspector.link.questions.station import LogLevel, LogLine
from inspector.panel.models.support import LEVELS, LogModel, SupportModel
from inspector.panel.station_words import station_words
from inspector.panel.sticks import write_away
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.facts import Fact, FactCard
from inspector.panel.widgets.paged_rows import Cell, PagedRows, Row
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.support_pane import SupportPane
from inspector.panel.widgets.view import View, beside

_SIGNS = {"error": "✕ ", "warning": "! "}


class LogPane(View):
    """A level, the lines, and two ways on."""

    def __init__(self, model: LogModel, around: Surroundings) -> None:
        super().__init__()
        self._model, self._around = model, around
        self._fresh = -1
        self._group = QButtonGroup(self)
        self.levels: dict[LogLevel, QPushButton] = {}
        choices = QHBoxLayout()
        for level in LEVELS:
            button = choice_button()
            button.clicked.connect(lambda _=False, level=level: model.only(level))
            self._group.addButton(button)
            self.levels[level] = button
            choices.addWidget(button, 1)
        self.rows = PagedRows()
        self.rows.opened.connect(self._open)
        self.again, self.support = QPushButton(), QPushButton()
        self.again.clicked.connect(model.reload)
        self.support.clicked.connect(self._export)
        keys = QHBoxLayout()
        for button in (self.again, self.support):
            keys.addWidget(button, 1)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.addLayout(choices, 3)
        self._top.addLayout(keys, 2)
        pane = StandingPane(model, self.rows, lambda: self.tr("Nothing of this kind in the log."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._top)
        column.addWidget(pane, 1)
        model.changed.connect(self.refresh)
        around.desk.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes of rows, one row of keys or two."""
        self._top.setDirection(beside(metrics))
        self.rows.rescale(metrics)

    def refresh(self) -> None:
        """Show the lines."""
        names: dict[LogLevel, str] = {
            "info": self.tr("Everything"),
            "warning": self.tr("Warnings"),
            "error": self.tr("Errors"),
        }
        for level, button in self.levels.items():
            button.setText(names[level])
            button.setChecked(level == self._model.level)
        anew, self._fresh = self._model.fresh != self._fresh, self._model.fresh
        rows = [self._row(index, line) for index, line in enumerate(self._model.lines)]
        self.rows.show_rows(rows, anew=anew)
        self.again.setText(self.tr("Look again"))
        self.support.setText(self.tr("Support file …"))
        self.support.setEnabled(self._around.desk.may("MakeSupportBundle"))

    @staticmethod
    def _row(index: int, line: LogLine) -> Row:
        day, clock = _local(line.time)
        more = "  ".join(f"{key}={value}" for key, value in line.more)
        warn = line.level in _SIGNS
        text = f"{_SIGNS.get(line.level, '')}{station_words(line.text)}"
        return Row(str(index), (Cell(1.5, clock, day), Cell(8.5, text, more, warn=warn)))

    def _open(self, key: str) -> None:
        if int(key) >= len(self._model.lines):
            return
        line = self._model.lines[int(key)]
        facts = FactCard()
        day, clock = _local(line.time)
        rows = [Fact(self.tr("Time"), f"{day} {clock}"), Fact(self.tr("Level"), line.level)]
        facts.show_facts(station_words(line.text), [*rows, *(Fact(*pair) for pair in line.more)])
        self._around.lay(Sheet(self.tr("Line of the log"), Dragged(facts)))

    def _export(self) -> None:
        model = SupportModel(self._around.desk, write_away)
        self._around.lay(Sheet(self.tr("Support file"), SupportPane(model)))
        model.make()


def _local(time: str) -> tuple[str, str]:
    """Day and clock of this PC; what is no time as it is."""
    try:
        moment = datetime.fromisoformat(time.replace("Z", "+00:00")).astimezone()
    except ValueError:
        return time, ""
    return f"{moment:%Y-%m-%d}", f"{moment:%H:%M:%S}"
