"""Exposure and gain by large keys: darker, brighter, a suggestion, and keeping what is set."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QLabel, QPushButton

from inspector.link.questions.cameras import Dial
from inspector.panel.models.focus import FocusModel
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.view import View, label, restyle


class DialRows(View):
    """One row each of what the camera lets be turned; nothing where it lets nothing."""

    def __init__(self, model: FocusModel) -> None:
        super().__init__()
        self._model = model
        self.less, self.more = (_stepper("−"), _stepper("−")), (_stepper("+"), _stepper("+"))
        self.values = (QLabel(), QLabel())
        self.suggest, self.keep = QPushButton(), QPushButton()
        self.suggest.clicked.connect(model.suggest)
        self.problem = label("alarm", wrap=True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        rows = zip(self.less, self.values, self.more, (self.suggest, self.keep), strict=True)
        for row, (less, value, more, key) in enumerate(rows):
            value.setAlignment(Qt.AlignmentFlag.AlignCenter)
            value.setObjectName("strong")
            for column, widget in enumerate((less, value, more, key)):
                self._grid.addWidget(widget, row, column)
            less.clicked.connect(lambda _=False, row=row: self._turn(row, -1))
            more.clicked.connect(lambda _=False, row=row: self._turn(row, 1))
        self._grid.addWidget(self.problem, len(self.values), 0, 1, 4)
        self._grid.setColumnStretch(1, 1)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Keys that a glove hits."""
        for key in (*self.less, *self.more):
            key.setFixedWidth(round(1.4 * metrics.target))
        for key in (self.suggest, self.keep):
            key.setMinimumWidth(metrics.px(170))

    def refresh(self) -> None:
        """As it is, or will be in a moment."""
        model, dials = self._model, self._model.dials
        self.setVisible(bool(dials))
        for row, (less, value, more) in enumerate(
            zip(self.less, self.values, self.more, strict=True)
        ):
            dial = dials[row] if row < len(dials) else None
            value.setText("" if dial is None else self._words(dial))
            less.setVisible(dial is not None)
            more.setVisible(dial is not None)
            less.setEnabled(dial is not None and dial.value > dial.lower)
            more.setEnabled(dial is not None and dial.value < dial.upper)
        self.suggest.setText(self.tr("Suggest"))
        self.keep.setText(self.tr("Keep …"))
        new = model.change is not None
        self.keep.setEnabled(new and model.desk.may("ChangeLight"))
        restyle(self.keep, "primary", new)
        refused = model.look.refused if model.look is not None else ""
        self.problem.setText(station_words(refused))
        self.problem.setVisible(bool(refused))

    def _words(self, dial: Dial) -> str:
        if dial.exposes:
            return self.tr("Exposure {time} µs").format(time=f"{dial.value:,.0f}")
        return self.tr("Gain {gain} dB").format(gain=f"{dial.value:.1f}")

    def _turn(self, row: int, thirds: int) -> None:
        dials = self._model.dials
        if row < len(dials):
            self._model.brighten(dials[row].name, thirds)


def _stepper(sign: str) -> QPushButton:
    key = QPushButton(sign)
    key.setAutoRepeat(True)
    return key
