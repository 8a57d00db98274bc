"""First step of teaching: a name, or a product that is there."""

from __future__ import annotations

from PyQt6.QtWidgets import QBoxLayout, QPushButton, QVBoxLayout, QWidget

from inspector.panel.models.teach import TeachModel
from inspector.panel.theme import Metrics
from inspector.panel.translation import Language
from inspector.panel.widgets.dragged import Dragged
from inspector.panel.widgets.field import Field
from inspector.panel.widgets.picture_grid import Cell, PictureGrid
from inspector.panel.widgets.typing_room import TypingRoom
from inspector.panel.widgets.view import View, label


class ProductPage(View):
    """The field holds a name from the beginning: nobody has to type."""

    def __init__(self, model: TeachModel, language: Language) -> None:
        super().__init__()
        self.model, self._language = model, language
        self._proposed = ""
        self.name = Field(longest=60, prose=True)
        self.name.edit.returnPressed.connect(self.name.edit.clearFocus)
        self.settings = label("muted", wrap=True)
        self.anew = label("strong")
        self.resting, self.again = label("muted", wrap=True), QPushButton()
        self.again.clicked.connect(model.line.load_old)
        self.grid = PictureGrid()
        self.grid.picked.connect(model.choose)
        top = QWidget()
        left = QVBoxLayout(top)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.name)
        left.addWidget(self.settings)
        left.addStretch()
        left.addWidget(self.resting)
        left.addWidget(self.again)
        self.room = TypingRoom(top, language)
        below = QWidget()
        right = QVBoxLayout(below)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.anew)
        right.addWidget(Dragged(self.grid), 1)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.addWidget(self.room, 1)
        self._beside.addWidget(below, 1)
        self._products = below

    def rescale(self, metrics: Metrics) -> None:
        """Beside each other, or one below the other."""
        directions = QBoxLayout.Direction
        self._beside.setDirection(
            directions.TopToBottom if metrics.portrait else directions.LeftToRight
        )
        self._beside.setSpacing(metrics.px(24))
        self.room.rescale(metrics)
        self.grid.rescale(max(2 * metrics.target, metrics.px(180)))

    def refresh(self) -> None:
        """Show names."""
        model = self.model
        self.name.call(self.tr("Name of the new product"))
        proposed = self.tr("Product {number}").format(number=model.proposed().rpartition("-")[2])
        if self.name.text in {"", self._proposed} and not self.name.edit.hasFocus():
            self._proposed = proposed
            self.name.edit.setText(proposed)
        status = model.live.status
        said = self.tr("Camera settings and scale are those of {product}.")
        title = status.title.get(self._language.code, status.product) if status is not None else ""
        self.settings.setText(said.format(product=title) if title else "")
        self.resting.setText(self.tr("The line let go of it, for pictures to be taken."))
        self.again.setText(self.tr("Load {product} again").format(product=title))
        for one in (self.resting, self.again):
            one.setVisible(model.halted and not model.working)
        self.anew.setText(self.tr("Or teach one anew"))
        self._products.setVisible(bool(model.tiles))
        self.grid.show_cells(
            [
                Cell(one.product, one.picture, one.title.get(self._language.code, one.product))
                for one in model.tiles
                if not one.problem
            ]
        )
