"""Third step of teaching: what is looked at, drawn with a finger. Nothing has to be drawn."""

from __future__ import annotations

from PyQt6.QtWidgets import QBoxLayout, QButtonGroup, QGridLayout, QPushButton, QWidget

from inspector.panel.models.drawing import Drawn, Pen
from inspector.panel.models.teach import TeachModel
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.drawing_pad import DrawingPad
from inspector.panel.widgets.view import View, label


class DrawingPage(View):
    """Three pens, and the ways back."""

    def __init__(self, model: TeachModel) -> None:
        super().__init__()
        self.model = model
        self.pad = DrawingPad(model.drawing)
        self.pad.changed = model.changed.emit
        self.says = label("muted", wrap=True)
        self._group = QButtonGroup(self)
        self.pens: dict[Pen, QPushButton] = {}
        for pen in Pen:
            button = choice_button()
            button.clicked.connect(lambda _=False, pen=pen: self._choose(pen))
            self._group.addButton(button)
            self.pens[pen] = button
        self.close_it, self.undo, self.clear = (QPushButton() for _ in range(3))
        self.close_it.clicked.connect(lambda: self._do(model.drawing.close))
        self.undo.clicked.connect(lambda: self._do(self.model.drawing.undo))
        self.clear.clicked.connect(lambda: self._do(self.model.drawing.clear))
        self._tools = QWidget()
        self._grid = QGridLayout(self._tools)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.addWidget(self.pad, 3)
        self._beside.addWidget(self._tools, 1)

    def rescale(self, metrics: Metrics) -> None:
        """Tools beside the picture, or below it."""
        directions = QBoxLayout.Direction
        portrait = metrics.portrait
        self._beside.setDirection(directions.TopToBottom if portrait else directions.LeftToRight)
        self._beside.setSpacing(metrics.px(16))
        self.pad.reach_px = metrics.target
        columns = 3 if portrait else 1
        buttons = [*self.pens.values(), self.close_it, self.undo, self.clear]
        for place, button in enumerate(buttons):
            self._grid.addWidget(button, *divmod(place, columns))
        self._grid.addWidget(self.says, 6, 0, 1, columns)
        self._grid.setRowStretch(7, 0 if portrait else 1)

    def refresh(self) -> None:
        """Show the picture, and what can be done."""
        drawing = self.pad.drawing = self.model.drawing
        names = {
            Pen.FIELD: self.tr("Field"),
            Pen.INCLUDE: self.tr("Look here only"),
            Pen.EXCLUDE: self.tr("Leave out"),
        }
        says = {
            Pen.FIELD: self.tr("Drag a rectangle around the part. Without one all is looked at."),
            Pen.INCLUDE: self.tr("Drag a rectangle, or tap corner after corner around the place."),
            Pen.EXCLUDE: self.tr("Drag over what may look different, or tap around it."),
        }
        for pen, button in self.pens.items():
            button.setText(names[pen])
            button.setChecked(pen is drawing.pen)
        self.says.setText(says[drawing.pen])
        self.close_it.setText(self.tr("Close outline"))
        self.close_it.setEnabled(len(drawing.drawn.corners) >= 3)
        self.undo.setText(self.tr("Undo"))
        self.undo.setEnabled(drawing.can_undo)
        self.clear.setText(self.tr("Clear all"))
        self.clear.setEnabled(drawing.drawn != Drawn())
        self.pad.show_picture(self.model.large[1])

    def _choose(self, pen: Pen) -> None:
        self.model.drawing.pen = pen
        self.model.changed.emit()

    def _do(self, act: object) -> None:
        assert callable(act)
        act()
        self.model.changed.emit()
