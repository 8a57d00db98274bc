"""The newest signed head, large enough to copy by hand, and as a code for a telephone's camera."""

from __future__ import annotations

import segno
from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from inspector.link.questions.audit import NewestHead
from inspector.panel.moments import date_and_time
from inspector.panel.widgets.view import View, label

_QUIET = 4
"""Modules of white around a QR code (ISO/IEC 18004)."""


def words_of(head: NewestHead) -> str:
    """What stands in the code: station, number of the head, its last record, its fingerprint."""
    return f"{head.station} #{head.number} ..{head.last} {head.fingerprint}"


class QrCode(QWidget):
    """A QR code, black on white in any theme."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.modules = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """A square."""
        return QSize(320, 320)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Still readable by a camera at arm's length."""
        return QSize(160, 160)

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint whole pixels alone: blurred modules cannot be read."""
        count = len(self.modules) + 2 * _QUIET
        side = min(self.width(), self.height()) // count
        square = QRectF(0, 0, side * count, side * count)
        square.moveLeft((self.width() - square.width()) // 2)
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(square, QColor("white"))
        painter.translate(square.topLeft())
        for y, row in enumerate(self.modules):
            for x, dark in enumerate(row):
                if dark:
                    room = QRectF((x + _QUIET) * side, (y + _QUIET) * side, side, side)
                    painter.fillRect(room, QColor("black"))
        painter.end()


class HeadCard(View):
    """For a sheet: what to write down, and where it is compared again."""

    def __init__(self, head: NewestHead) -> None:
        super().__init__()
        words = QVBoxLayout()
        self._halves = row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(words, 3)
        if not head.number:
            self._say(words, "strong", self.tr("Nothing was signed yet."))
            return
        groups = head.fingerprint.split()
        for line in (groups[:4], groups[4:]):
            self._say(words, "fingerprint", "  ".join(line))
        text = self.tr("Head {number} of {station}: all records up to {last}, {time}")
        self._say(
            words,
            "strong",
            text.format(
                number=head.number,
                station=head.station,
                last=f"{head.last:,}",
                time=date_and_time(head.utc_us),
            ),
        )
        after = self.tr("{count} newer records are signed with the next head.")
        self._say(words, "muted", after.format(count=f"{head.unsigned:,}"))
        why = self.tr(
            "Write it on paper and keep it away from this PC. Whoever alters a record of these "
            "later cannot have the same head."
        )
        self._say(words, "muted", why)
        words.addStretch()
        self.code = QrCode(words_of(head))
        row.addWidget(self.code, 2)

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """The code below the words where it is narrow."""
        super().resizeEvent(a0)
        directions = QBoxLayout.Direction
        upright = self.height() > self.width()
        self._halves.setDirection(directions.TopToBottom if upright else directions.LeftToRight)

    @staticmethod
    def _say(column: QVBoxLayout, style: str, text: str) -> None:
        said = label(style, wrap=True)
        said.setText(text)
        column.addWidget(said)
