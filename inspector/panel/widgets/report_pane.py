"""For a sheet: which report, of which time, in which form; then the way onto a memory stick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.panel.models.reports import FORMS, KINDS, ReportModel, Stretch
from inspector.panel.station_words import station_words
from inspector.panel.sticks import sticks
from inspector.panel.surroundings import Surroundings
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.job_bar import JobBar
from inspector.panel.widgets.view import View, label, restyle

Value = TypeVar("Value")
_MOST_STICKS = 3


class _Choice(Generic[Value]):
    """A row of buttons, one of which is down."""

    def __init__(
        self, parent: QWidget, values: Sequence[Value], choose: Callable[[Value], None]
    ) -> None:
        self._group = QButtonGroup(parent)
        self.row = QHBoxLayout()
        self.buttons: dict[Value, QPushButton] = {}
        for value in values:
            button = choice_button()
            button.clicked.connect(lambda _=False, value=value: choose(value))
            self._group.addButton(button)
            self.row.addWidget(button, 1)
            self.buttons[value] = button

    def show_choice(self, names: dict[Value, str], chosen: Value) -> None:
        """Name them all, and press the one that is chosen."""
        for value, button in self.buttons.items():
            button.setText(names[value])
            button.setChecked(value == chosen)


class ReportPane(View):
    """Follows its model as long as it is there."""

    wrote = pyqtSignal(object, str)
    """Folder, and what went wrong; emitted on the thread that writes."""

    def __init__(
        self,
        model: ReportModel,
        around: Surroundings,
        look: Callable[[], Sequence[Path]] = sticks,
    ) -> None:
        super().__init__()
        self._model, self._around, self._look = model, around, look
        self._kinds = _Choice(self, KINDS, lambda kind: model.want(kind=kind))
        self._stretches = _Choice(self, tuple(Stretch), lambda one: model.want(stretch=one))
        self._forms = _Choice(self, FORMS, lambda form: model.want(form=form))
        self.make = QPushButton()
        self.make.clicked.connect(lambda: model.make(around.language.code))
        restyle(self.make, "primary", True)
        self.job, self.words = JobBar(), label("strong", wrap=True)
        self.again = QPushButton()
        self.again.clicked.connect(self.refresh)
        self.folders = [QPushButton() for _ in range(_MOST_STICKS)]
        self._found: tuple[Path, ...] = ()
        for index, button in enumerate(self.folders):
            button.clicked.connect(lambda _=False, index=index: self._save(index))
        self._lay_out()
        self.wrote.connect(model.wrote)
        refresh = self.refresh
        model.changed.connect(refresh)
        self.destroyed.connect(lambda _=None: model.changed.disconnect(refresh))
        self.refresh()

    def refresh(self) -> None:
        """Show what is wanted, how far it is, and where it may be taken."""
        model = self._model
        self._name_choices()
        self.make.setText(self.tr("Make the report"))
        self.make.setEnabled(model.possible)
        self.make.setVisible(model.made is None)
        self.job.follow(model.making)
        self.words.setText(self._words())
        made = model.made is not None and not model.saved
        self._found = tuple(self._look())[:_MOST_STICKS] if made else ()
        for index, button in enumerate(self.folders):
            there = index < len(self._found)
            button.setVisible(there)
            button.setEnabled(not model.saving)
            text = self.tr("Save to {folder}")
            button.setText(text.format(folder=self._found[index].name) if there else "")
        self.again.setText(self.tr("Look for memory sticks again"))
        self.again.setVisible(made and not model.saving)

    def _name_choices(self) -> None:
        model = self._model
        lot = self.tr("Lot {name}").format(name=model.lot) if model.lot else self.tr("Lot")
        kinds = {"shift": self.tr("Shift"), "lot": lot, "audit": self.tr("Audit trail")}
        self._kinds.show_choice({kind: kinds[kind] for kind in KINDS}, model.kind)
        self._kinds.buttons["lot"].setEnabled(bool(model.lot))
        self._stretches.show_choice(
            {
                Stretch.SHIFT: self.tr("8 hours"),
                Stretch.DAY: self.tr("24 hours"),
                Stretch.WEEK: self.tr("7 days"),
                Stretch.MONTH: self.tr("30 days"),
            },
            model.stretch,
        )
        for button in self._stretches.buttons.values():
            button.setEnabled(model.kind != "lot")
        self._forms.show_choice({".pdf": "PDF", ".csv": "CSV", ".parquet": "Parquet"}, model.form)

    def _words(self) -> str:
        model, made = self._model, self._model.made
        if model.trouble:
            return station_words(model.trouble)
        if model.saved:
            return self.tr("Saved: {path}").format(path=model.saved)
        if made is None:
            return ""
        if model.saving:
            return self.tr("One moment …")
        size = self.tr("The report is made: {name}, {size} kB.")
        text = size.format(name=made.name, size=f"{max(1, len(made.data) // 1000):,}")
        nowhere = self.tr("Plug in a memory stick.")
        return text if self._look() else f"{text} {nowhere}"

    def _save(self, index: int) -> None:
        folder = self._found[index]
        self._model.save(folder, lambda trouble: self.wrote.emit(folder, trouble))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for choice in (self._kinds, self._stretches, self._forms):
            column.addLayout(choice.row)
        column.addWidget(self.make)
        column.addWidget(self.job)
        column.addWidget(self.words)
        row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for button in (*self.folders, self.again):
            row.addWidget(button, 1)
        column.addLayout(row)
        column.addStretch()
