"""What a changeover changes, shown before it is confirmed."""

from __future__ import annotations

from itertools import groupby

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.link.messages import HandOver
from inspector.link.questions.products import Compared, Difference
from inspector.panel.models.products import ProductsModel
from inspector.panel.product_words import group_name, key_name, value_text
from inspector.panel.station_words import station_words
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.view import View, card, label, restyle
from inspector.panel.widgets.zone_picture import ZonePicture
from inspector.panel.words import role_name


class ComparisonPane(View):
    """Picture of the other product, old → new of all that differs, and what has to be done."""

    def __init__(self, model: ProductsModel, around: Surroundings) -> None:
        super().__init__()
        self._model, self._around = model, around
        self.title, self.since = label("title"), label("muted", wrap=True)
        self.picture = ZonePicture(named=False)
        self.list_title = label("strong")
        self.changes = Dragged(QWidget())
        self._listed: tuple[Compared, str] | None = None
        self.warnings = label(wrap=True)
        restyle(self.warnings, "kind", "warning")
        self.cancel, self.confirm, self.take_back = QPushButton(), QPushButton(), QPushButton()
        self.cancel.clicked.connect(model.back)
        self.confirm.clicked.connect(self._confirm)
        self.take_back.clicked.connect(lambda: around.desk.send(HandOver("operator")))
        left, right = View(), View()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._fill(left, self.title, self.since, self.picture)
        self._fill(right, self.list_title, self.changes)
        self._sides.addWidget(left, 2)
        self._sides.addWidget(right, 3)
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel, 1)
        buttons.addWidget(self.take_back, 1)
        buttons.addWidget(self.confirm, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._sides, 1)
        column.addWidget(self.warnings)
        column.addLayout(buttons)
        self.refresh()

    @staticmethod
    def _fill(view: View, *widgets: QWidget) -> None:
        inside = QVBoxLayout()
        for widget in widgets[:-1]:
            inside.addWidget(widget)
        inside.addWidget(widgets[-1], 1)
        card(view, inside)

    def rescale(self, metrics: Metrics) -> None:
        """Side by side, or picture above list."""
        ways = QBoxLayout.Direction
        self._sides.setDirection(ways.TopToBottom if metrics.portrait else ways.LeftToRight)

    def refresh(self) -> None:
        """Say it in the language in use."""
        model, compared = self._model, self._model.comparison
        self.cancel.setText(self.tr("Cancel"))
        self.take_back.setText(self.tr("Take control back"))
        if compared is None:
            return
        self.title.setText(model.title_of(compared.other))
        now = self.tr("Now: {product}").format(product=model.title_of(model.loaded))
        self.since.setText(now)
        self.picture.show_picture(compared.picture)
        count = len(compared.differences)
        self.list_title.setText(self.tr("What changes ({count})").format(count=count))
        self._list(compared)
        warnings = self._warnings(compared)
        self.warnings.setText("\n".join(warnings))
        self.warnings.setVisible(bool(warnings))
        may_log_in = not self._around.desk.may("SelectProduct")
        change = self.tr("Stop the line and change over") if model.runs else self.tr("Change over")
        self.confirm.setText(self.tr("Log in") if may_log_in else change)
        self.confirm.setEnabled(may_log_in or model.may_change)
        restyle(self.confirm, "primary", may_log_in or not model.runs)
        restyle(self.confirm, "dangerous", model.runs and not may_log_in)
        self.take_back.setVisible(model.plc_commands and self._around.desk.may("HandOver"))

    def _warnings(self, compared: Compared) -> list[str]:
        model, desk = self._model, self._around.desk
        if compared.problem:
            cannot = self.tr("It cannot be loaded: {why}")
            return [cannot.format(why=station_words(compared.problem))]
        found: list[str] = []
        if not desk.may("SelectProduct"):
            able = self.tr(", ").join(role_name(role) for role in desk.who_may("SelectProduct"))
            found.append(self.tr("For: {roles}").format(roles=able))
        if model.plc_commands:
            found.append(self.tr("The PLC commands the line: only it changes over now."))
        if model.runs:
            found.append(self.tr("The line runs: it stops first, after the parts under way."))
        if compared.unreleased:
            found.append(self.tr("Not released: it will not run in production."))
        if compared.limits_due:
            why = station_words(compared.limits_due)
            due = self.tr("Limit samples must be shown before production: {why}")
            found.append(due.format(why=why))
        return found

    def _list(self, compared: Compared) -> None:
        """Anew only when it is another list, or another language: it is dragged meanwhile."""
        now = (compared, self._around.language.code)
        if self._listed == now:
            return
        self._listed = now
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 12, 0)
        if not compared.differences:
            column.addWidget(_text("muted", self.tr("Nothing but the name.")))
        column.addLayout(self._grid(compared))
        column.addStretch()
        self.changes.setWidget(content)
        content.setAutoFillBackground(False)
        self.changes.to_top()

    @staticmethod
    def _grid(compared: Compared) -> QGridLayout:
        """Below each group's name: what, old, new."""
        grid = QGridLayout()
        for column, share in enumerate((4, 3, 0, 3)):
            grid.setColumnStretch(column, share)
        for group, of_it in groupby(compared.differences, lambda one: one.group):
            differences = list(of_it)
            names = [key_name(one) for one in differences]
            if names != [group_name(group)]:
                grid.addWidget(_text("group", group_name(group)), grid.rowCount(), 0, 1, 4)
            for one, name in zip(differences, names, strict=True):
                _add_row(grid, one, name)
        return grid

    def _confirm(self) -> None:
        if self._around.desk.may("SelectProduct"):
            self._model.confirm()
        else:
            self._around.log_in()


def _add_row(grid: QGridLayout, one: Difference, name: str) -> None:
    row = grid.rowCount()
    arrow = QLabel("→")
    arrow.setAlignment(Qt.AlignmentFlag.AlignTop)
    grid.addWidget(_text("", name), row, 0)
    grid.addWidget(_text("muted", value_text(one, one.old)), row, 1)
    grid.addWidget(arrow, row, 2)
    grid.addWidget(_text("", value_text(one, one.new)), row, 3)


def _text(style: str, words: str) -> QLabel:
    made = label(style, wrap=True)
    made.setText(words)
    made.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    return made
