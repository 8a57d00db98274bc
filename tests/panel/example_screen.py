"""The smallest whole screen: parts that were rejected, in a list. For tests of what all share."""

from __future__ import annotations

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from inspector.link.questions.parts import ListParts, PartEntry, Parts
from inspector.panel.models.desk import Desk
from inspector.panel.models.screen import ScreenModel
from inspector.panel.surroundings import Surroundings
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.view import label


class ExampleModel(ScreenModel):
    """Qt-free."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.parts: tuple[PartEntry, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.parts

    def reload(self) -> None:
        self.ask(ListParts(count=5), self._take)

    def _take(self, page: Parts) -> None:
        self.parts = page.entries


class ExampleScreen(Screen):
    """Thin."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.model = ExampleModel(around.desk)
        self.parts = label(wrap=True)
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.addWidget(self.parts)
        self.pane = StandingPane(self.model, content, lambda: "–")
        whole = QVBoxLayout(self)
        whole.addWidget(self.pane)
        self.model.changed.connect(self.refresh)

    def title(self) -> str:
        return "Example"

    def enter(self) -> None:
        self.model.reload()

    def refresh(self) -> None:
        self.parts.setText("\n".join(str(part.part) for part in self.model.parts))
