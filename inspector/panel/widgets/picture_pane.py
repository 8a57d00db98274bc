"""The picture with its caption, and what can be done with it by one touch."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QBoxLayout, QVBoxLayout

from inspector.panel.models.live import LiveModel, ShownPart
from inspector.panel.models.overlay import Strength
from inspector.panel.theme import Metrics
from inspector.panel.widgets.paint import Symbol
from inspector.panel.widgets.picture import PictureView
from inspector.panel.widgets.sign_button import SignButton
from inspector.panel.widgets.view import ElidedLabel, View, card
from inspector.panel.words import clock_time


class PicturePane(View):
    """Which part this is, how far from normal, and what it looks like."""

    compare_asked = pyqtSignal(int)
    """Number of a part that is to be compared with its nearest normal."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__()
        self._model = model
        self.picture = PictureView(model)
        self.part = ElidedLabel("strong")
        self.score = ElidedLabel("muted")
        self.heat = SignButton(Symbol.HEAT)
        self.freeze = SignButton(Symbol.FREEZE)
        self.compare = SignButton(Symbol.COMPARE)
        self.heat.clicked.connect(model.next_heat)
        self.freeze.clicked.connect(self._freeze)
        self.compare.clicked.connect(self._compare)
        self._caption = QVBoxLayout()
        self._caption.setSpacing(0)
        self._caption.addWidget(self.part)
        self._caption.addWidget(self.score)
        self._tools = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        for button in (self.heat, self.freeze, self.compare):
            self._tools.addWidget(button, 1)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.addWidget(self.picture, 1)
        self._below.addLayout(self._tools)
        self._inside = QVBoxLayout()
        self._inside.addLayout(self._caption)
        self._inside.addLayout(self._below, 1)
        card(self, self._inside)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes in pixels."""
        gap = metrics.px(8)
        self._inside.setContentsMargins(gap, gap // 2, gap, gap)
        self._inside.setSpacing(gap // 2)
        self._below.setSpacing(gap)
        self._tools.setSpacing(gap)
        wide = max(metrics.target, metrics.px(112))
        for button in (self.heat, self.freeze, self.compare):
            button.rescale(metrics.target, metrics.px(22))
            button.setFixedWidth(wide)
            button.setMaximumHeight(max(metrics.target, metrics.px(150)))

    def refresh(self) -> None:
        """Caption of the picture on display, and what the buttons would do."""
        model, part = self._model, self._model.part
        words = {
            Strength.OFF: self.tr("Heat map\noff"),
            Strength.NORMAL: self.tr("Heat map\non"),
            Strength.STRONG: self.tr("Heat map\nstrong"),
        }
        self.heat.show_as(words[model.heat], on=model.heat is not Strength.OFF)
        if model.frozen:
            self.freeze.show_as(self.tr("Release\npicture"), Symbol.START, primary=True)
        else:
            self.freeze.show_as(self.tr("Freeze\nrejects"), Symbol.FREEZE, on=model.freezing)
        self.compare.show_as(self.tr("Should\nlook like"))
        self.compare.setEnabled(part is not None and not part.verdict.passed)
        self.part.setText(self._title(part))
        self.score.setText(self._score(part))

    def _title(self, part: ShownPart | None) -> str:
        if part is None:
            return ""
        number = self.tr("Part {number}").format(number=f"{part.verdict.part_id:,}")
        return f"{number}  ·  {clock_time(part.verdict.utc_us)}"

    def _score(self, part: ShownPart | None) -> str:
        if part is None or part.picture is None:
            return ""
        picture = part.picture
        if picture.score is None:
            return self.tr("Not inspected")
        text = self.tr("Score {score}, limit {limit}")
        if picture.map is None:
            text = self.tr("Score {score}, limit {limit}, judged as a whole")
        return text.format(score=f"{picture.score:.3g}", limit=f"{picture.threshold:.3g}")

    def _freeze(self) -> None:
        if self._model.frozen:
            self._model.release()
        else:
            self._model.toggle_freezing()

    def _compare(self) -> None:
        part = self._model.part
        if part is not None:
            self.compare_asked.emit(part.verdict.part_id)
