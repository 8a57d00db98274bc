"""The picture with its caption and the heat map's switch."""

from __future__ import annotations

from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from inspector.panel.models.live import LiveModel
from inspector.panel.widgets.picture import PictureView
from inspector.panel.widgets.view import View, card, label
from inspector.panel.words import clock_time


class PicturePane(View):
    """Which part this is, how far from normal, and what it looks like."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__()
        self._model = model
        self.picture = PictureView(model)
        self.part = label("strong")
        self.score = label("muted")
        self.heat = QPushButton()
        self.heat.setCheckable(True)
        self.heat.setChecked(True)
        self.heat.toggled.connect(self.picture.show_heat)
        self.heat.toggled.connect(self.refresh)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.part)
        words.addWidget(self.score)
        caption = QHBoxLayout()
        caption.setContentsMargins(12, 6, 6, 6)
        caption.addLayout(words, 1)
        caption.addWidget(self.heat)
        inside = QVBoxLayout()
        inside.setContentsMargins(0, 0, 0, 8)
        inside.setSpacing(0)
        inside.addLayout(caption)
        inside.addWidget(self.picture, 1)
        card(self, inside)
        model.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Caption of the picture on display."""
        on = self.heat.isChecked()
        self.heat.setText(self.tr("Heat map on") if on else self.tr("Heat map off"))
        shown, picture = self._model.verdict, self._model.picture
        self.part.setText("")
        self.score.setText("")
        if shown is None:
            return
        part = self.tr("Part {number}").format(number=f"{shown.part_id:,}")
        self.part.setText(f"{part}  ·  {clock_time(shown.utc_us)}")
        if picture is None or self._model.thumbnail_jpeg is not None:
            return
        if picture.score is None:
            self.score.setText(self.tr("Not inspected"))
        else:
            text = self.tr("Score {score}, limit {limit}")
            self.score.setText(
                text.format(score=f"{picture.score:.3g}", limit=f"{picture.threshold:.3g}")
            )
