"""A picture file as it came, as large as there is room."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy

from inspector.panel import theme
from inspector.panel.widgets.paint import centred, fitted_font
from inspector.panel.widgets.view import View


class Photo(View):
    """Shows a JPEG file, or words in its place."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self.words = ""
        self._jpeg = b""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_photo(self, jpeg: bytes, words: str = "") -> None:
        """A picture, or why there is none."""
        if jpeg is not self._jpeg:
            self._jpeg = jpeg
            self.image = QImage.fromData(jpeg) if jpeg else QImage()
        self.words = words
        self.update()

    @property
    def room(self) -> QRectF:
        """Where it stands, its proportions kept."""
        return centred(self.image.size(), self.rect())

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.SURFACE)
        if self.image.isNull():
            painter.setPen(theme.MUTED)
            painter.setFont(fitted_font(self.words, 24, self.width() - 24))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.words)
        else:  # pixels stay pixels where it is enlarged: smoothing looks like bad focus
            enlarged = self.room.width() > self.image.width()
            smooth = QPainter.RenderHint.SmoothPixmapTransform
            painter.setRenderHint(smooth, not enlarged)
            painter.drawImage(self.room, self.image)
        painter.end()
