"""A part beside what it should look like: its nearest normal, or what its engine expected."""

from __future__ import annotations

from PyQt6.QtCore import QRectF, QSizeF, Qt
from PyQt6.QtGui import QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.link.questions.comparing import Explained
from inspector.panel import theme
from inspector.panel.models.comparison import Asking, Beside, Comparison
from inspector.panel.station_words import station_words
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.explained_words import part_name
from inspector.panel.widgets.paint import Symbol, draw_symbol, fitted_font
from inspector.panel.widgets.sign_button import SignButton
from inspector.panel.widgets.view import ElidedLabel, View, card


class Titled(QWidget):
    """A picture below its name."""

    def __init__(self, symbol: Symbol) -> None:
        super().__init__()
        self.title = ""
        self.image = QImage()
        self._symbol = symbol
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, title: str, jpeg: bytes) -> None:
        """Show a picture file; empty: none yet."""
        self.title = title
        self.image = QImage.fromData(jpeg) if jpeg else QImage()
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        row = QRectF(self.rect())
        row.setHeight(max(26.0, self.height() * 0.09))
        side = row.height() * 0.6
        mark = QRectF(0, (row.height() - side) / 2, side, side)
        passed = self._symbol is Symbol.CHECK
        draw_symbol(painter, self._symbol, mark, theme.PASS if passed else theme.ALERT)
        painter.setPen(theme.TEXT)
        words = row.adjusted(side * 1.6, 0, 0, 0)
        painter.setFont(fitted_font(self.title, row.height() * 0.66, words.width(), bold=True))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, left, self.title)
        rest = QRectF(self.rect()).adjusted(0, row.height() + 2, 0, 0)
        keep = Qt.AspectRatioMode.KeepAspectRatio
        fitted = QSizeF(self.image.size()).scaled(rest.size(), keep)
        room = QRectF(0, 0, fitted.width(), fitted.height())
        room.moveCenter(rest.center())
        room.moveTop(rest.top())
        painter.drawImage(room, self.image)
        painter.end()


class CompareView(View):
    """Lies over the live picture, never over the verdict; a tap leads back."""

    def __init__(self, model: Comparison) -> None:
        super().__init__()
        self._model = model
        self.title = ElidedLabel("strong")
        self.among = ElidedLabel("muted")
        self.part = Titled(Symbol.CROSS)
        self.normal = Titled(Symbol.CHECK)
        self.ways = {beside: choice_button() for beside in Beside}
        self._group, self._heats = QButtonGroup(self), QButtonGroup(self)
        for beside, button in self.ways.items():
            self._group.addButton(button)
            button.clicked.connect(lambda _=False, beside=beside: model.compare_with(beside))
        self.heats: dict[str, QPushButton] = {}
        self._explained: Explained | None = None
        self.back = SignButton(Symbol.BACK)
        self.back.clicked.connect(model.close)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.among)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.addLayout(words, 1)
        self._head.addWidget(self.back)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.addWidget(self.part, 1)
        self._both.addWidget(self.normal, 1)
        self._ways, self._maps = QHBoxLayout(), QHBoxLayout()
        for button in self.ways.values():
            self._ways.addWidget(button, 1)
        self._inside = QVBoxLayout()
        self._inside.addLayout(self._head)
        self._inside.addLayout(self._ways)
        self._inside.addLayout(self._both, 1)
        self._inside.addLayout(self._maps)
        card(self, self._inside)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes in pixels."""
        gap = metrics.px(8)
        self._inside.setContentsMargins(gap, gap, gap, gap)
        self._inside.setSpacing(gap)
        self._both.setSpacing(gap)
        self.back.rescale(metrics.target, metrics.px(22))
        self.back.setFixedSize(max(metrics.target, metrics.px(112)), metrics.target)

    def refresh(self) -> None:
        """Show what was found, or that it is looked for, or why there is nothing."""
        model = self._model
        self.setVisible(model.asking is not Asking.CLOSED)
        self.back.show_as(self.tr("Back"), primary=True)
        number = self.tr("Part {number}").format(number=f"{model.part_id:,}")
        self.title.setText(number)
        engine = model.beside is Beside.ENGINE
        names = {
            Beside.NORMAL: self.tr("Nearest good"),
            Beside.ENGINE: self.tr("As the engine sees it"),
        }
        for beside, button in self.ways.items():
            button.setText(names[beside])
            button.setChecked(beside is model.beside)
            button.setVisible(model.switched)
        found = model.asking is Asking.FOUND
        for picture in (self.part, self.normal):
            picture.setVisible(found)
        self._list_heats(model.explained if engine and found else None)
        if found:
            self._show_explained() if engine else self._show_nearest()
        elif model.asking is Asking.WAITING:
            looking = self.tr("Looking through the good images…")
            self.among.setText(self.tr("Asking the engine …") if engine else looking)
        else:
            self.among.setText(station_words(model.problem))

    def _show_nearest(self) -> None:
        nearest = self._model.nearest
        if nearest is not None:
            among = self.tr("Nearest of {count} good images")
            self.among.setText(among.format(count=f"{nearest.among:,}"))
            self.part.show_image(self.tr("This part"), nearest.part)
            self.normal.show_image(self.tr("Nearest normal"), nearest.normal)

    def _show_explained(self) -> None:
        explained, heat = self._model.explained, self._model.heat
        if explained is None:
            return
        self.part.show_image(self.tr("This part"), explained.part)
        shown = dict(explained.heats).get(heat, explained.expected)
        self.among.setText(
            self.tr("Red: where this is strongest") if heat else self.tr("As it would be if good")
        )
        self.normal.show_image(part_name(heat) if heat else self.tr("Expected"), shown)

    def _list_heats(self, explained: Explained | None) -> None:
        """What can be shown beside the part; a single thing needs no choice."""
        if explained is not self._explained:
            self._explained = explained
            for button in self.heats.values():
                self._heats.removeButton(button)
                self._maps.removeWidget(button)
                button.hide()
                button.deleteLater()
            names = [*([""] if explained and explained.expected else [])]
            names += [name for name, _ in explained.heats] if explained is not None else []
            self.heats = {name: self._heat_button(name) for name in names if len(names) > 1}
        for name, button in self.heats.items():
            button.setText(part_name(name) if name else self.tr("Expected"))
            button.setChecked(name == self._model.heat)

    def _heat_button(self, name: str) -> QPushButton:
        button = choice_button()
        button.clicked.connect(lambda: self._model.show_heat(name))
        self._heats.addButton(button)
        self._maps.addWidget(button, 1)
        return button
