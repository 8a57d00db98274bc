"""Facts in rows: what it is on the left, how it stands on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QLabel, QVBoxLayout

from inspector.panel.widgets.view import View, card, label, restyle


@dataclass(frozen=True, slots=True)
class Fact:
    """One row. ``warn``: it wants attention, and a mark says so, too."""

    name: str
    value: str
    warn: bool = False
    mark: str = "! "


class FactCard(View):
    """A raised surface with a title and rows; labels are kept and only their texts change."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label("strong", wrap=True)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 3)
        self._grid.setVerticalSpacing(4)
        inside = QVBoxLayout()
        inside.addWidget(self.title)
        inside.addLayout(self._grid)
        inside.addStretch(1)
        card(self, inside)

    def show_facts(self, title: str, facts: Sequence[Fact]) -> None:
        """Say something else."""
        self.title.setText(title)
        while len(self._rows) < len(facts):
            self._add_row()
        for index, (name, value) in enumerate(self._rows):
            fact = facts[index] if index < len(facts) else None
            name.setVisible(fact is not None)
            value.setVisible(fact is not None)
            if fact is not None:
                name.setText(fact.name)
                value.setText(f"{fact.mark}{fact.value}" if fact.warn else fact.value)
                restyle(value, "kind", "warning" if fact.warn else "")

    def _add_row(self) -> None:
        row = len(self._rows)
        name, value = label("muted", wrap=True), label("", wrap=True)
        for column, one in enumerate((name, value)):
            one.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            self._grid.addWidget(one, row, column)
        self._rows.append((name, value))
