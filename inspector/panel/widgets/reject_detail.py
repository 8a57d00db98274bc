"""One reject at full size, with its reasons."""

from __future__ import annotations

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from inspector.panel.models.rejects import RejectStrip
from inspector.panel.station_words import station_words
from inspector.panel.widgets.view import View, card, label
from inspector.panel.words import cause_in_words, clock_time


class RejectDetail(View):
    """Lies over the live picture, never over the verdict."""

    def __init__(self, model: RejectStrip) -> None:
        super().__init__()
        self._model = model
        self.title = label("strong")
        self.cause = label("muted")
        self.reasons = label(wrap=True)
        self.close_button = QPushButton()
        self.close_button.clicked.connect(model.close)
        self._image = QLabel()
        self._image.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._image.setMinimumSize(QSize(1, 1))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.cause)
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 6, 6)
        head.addLayout(words, 1)
        head.addWidget(self.close_button)
        self.reasons.setContentsMargins(12, 6, 12, 12)
        inside = QVBoxLayout()
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(head)
        inside.addWidget(self._image, 1)
        inside.addWidget(self.reasons)
        card(self, inside)
        model.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the opened reject, or hide."""
        notice = self._model.opened
        self.setVisible(notice is not None)
        self.close_button.setText(self.tr("Close"))
        if notice is None:
            return
        part = self.tr("Part {number}").format(number=f"{notice.part_id:,}")
        self.title.setText(f"{part}  ·  {clock_time(notice.utc_us)}")
        self.cause.setText(cause_in_words(notice.cause))
        self.reasons.setText("\n".join(map(station_words, notice.reasons)))
        self._image.setText(self.tr("There is no picture of this part"))
        pixmap = QPixmap()
        if notice.thumbnail_jpeg and pixmap.loadFromData(notice.thumbnail_jpeg):
            pixmap = pixmap.scaled(
                self._image.size(),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._image.setPixmap(pixmap)
