"""Large targets that lead to the screens; what is locked says so and shows the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QCoreApplication, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QAbstractButton, QBoxLayout, QGridLayout, QSizePolicy, QWidget

from inspector.panel import theme
from inspector.panel.widgets.icons import Icon, draw_icon
from inspector.panel.widgets.paint import fitted_font
from inspector.panel.widgets.view import View

_TALLEST = 5.4
"""Height of a target in heights of its words, where there are few in the rail."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go: its screen's key, sign and title, and whether the role may."""

    key: str
    icon: Icon
    title: str
    locked: bool


class PlaceButton(QAbstractButton):
    """Sign above title."""

    def __init__(self, place: Place, words: float) -> None:
        super().__init__()
        self.place = place
        self._words = words
        self.setText(place.title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if place.locked:
            locked = QCoreApplication.translate("Navigation", "locked")
            self.setAccessibleName(f"{place.title} ({locked})")

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """Any."""
        return QSize(48, 48)

    def paintEvent(self, e: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        here = self.isChecked()
        painter.setPen(Qt.PenStyle.NoPen)
        if here or self.isDown():
            painter.setBrush(theme.TEXT if here else theme.RAISED)
            painter.drawRoundedRect(room, 6, 6)
        ink = theme.GROUND if here else theme.MUTED if self.place.locked else theme.TEXT
        words = fitted_font(self.text(), self._words, room.width() - 6)
        tall = self._words * 1.3
        sign = min(room.height() - tall - 6, self._words * 1.9)
        top = room.top() + (room.height() - sign - tall) / 2
        square = QRectF(room.center().x() - sign / 2, top, sign, sign)
        draw_icon(painter, self.place.icon, square, ink)
        if self.place.locked:
            lock = QRectF(square.right() + sign * 0.1, square.top(), sign * 0.62, sign * 0.62)
            draw_icon(painter, Icon.LOCK, lock, ink)
        painter.setPen(ink)
        painter.setFont(words)
        below = QRectF(room.left(), square.bottom(), room.width(), tall + 2)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Navigation(View):
    """A rail at the left, a bar at the bottom in portrait. What does not fit is under More."""

    chosen = pyqtSignal(str)
    """Key of a place."""
    more_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons: list[PlaceButton] = []
        self._places: tuple[Place, ...] = ()
        self._here = ""
        self._target, self._words = 64, 16.0
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def show_places(self, places: Sequence[Place], here: str) -> None:
        """All places, and the one that is shown now."""
        if tuple(places) != self._places or here != self._here:
            self._places, self._here = tuple(places), here
            self._build()

    def rescale(self, target: int, words: float, *, upright: bool) -> None:
        """Sizes in pixels; ``upright``: a rail."""
        self._target, self._words = target, words
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.TopToBottom if upright else directions.LeftToRight)
        wide = max(target, round(words * 7))
        if upright:
            self.setFixedWidth(wide)
            self.setMinimumHeight(0)
            self.setMaximumHeight(16_777_215)
        else:
            self.setFixedHeight(max(target, round(words * 4.2)))
            self.setMinimumWidth(0)
            self.setMaximumWidth(16_777_215)
        self._build()

    @property
    def shown(self) -> tuple[Place, ...]:
        """The places that fit."""
        room = self.height() if self._upright else self.width()
        fits = max(2, room // self._target)
        return self._places if len(self._places) <= fits else self._places[: fits - 1]

    @property
    def hidden(self) -> tuple[Place, ...]:
        """The places under More."""
        return self._places[len(self.shown) :]

    @property
    def _upright(self) -> bool:
        return self._layout.direction() == QBoxLayout.Direction.TopToBottom

    def resizeEvent(self, a0: QResizeEvent | None) -> None:  # noqa: N802  # Qt's name
        """More or fewer fit now."""
        super().resizeEvent(a0)
        if len(self.shown) != sum(one.place.icon is not Icon.MORE for one in self.buttons):
            self._build()

    def _build(self) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            del item
        for old in self.buttons:
            old.hide()
            old.deleteLater()
        self.buttons = []
        for place in self.shown:
            self._add(place).clicked.connect(lambda _=False, key=place.key: self._choose(key))
        if self.hidden:
            title = QCoreApplication.translate("Navigation", "More")
            self._add(Place("", Icon.MORE, title, False)).clicked.connect(self._more)
        if self._upright:
            self._layout.addStretch(1)

    def _add(self, place: Place) -> PlaceButton:
        button = PlaceButton(place, self._words)
        among = place.icon is Icon.MORE and self._here in {one.key for one in self.hidden}
        button.setChecked(place.key == self._here or among)
        if self._upright:
            button.setMaximumHeight(max(self._target, round(self._words * _TALLEST)))
        self.buttons.append(button)
        self._layout.addWidget(button, 1000)
        return button

    def _choose(self, key: str) -> None:
        self._restore()
        self.chosen.emit(key)

    def _more(self) -> None:
        self._restore()
        self.more_wanted.emit()

    def _restore(self) -> None:
        """Where it is, is not for the button to say."""
        for button in self.buttons:
            button.setChecked(button.place.key == self._here)


class MorePlaces(QWidget):
    """The places that found no room, as large targets."""

    chosen = pyqtSignal(str)

    def __init__(self, places: Sequence[Place], target: int, words: float) -> None:
        super().__init__()
        grid = QGridLayout(self)
        for index, place in enumerate(places):
            button = PlaceButton(place, words * 1.2)
            button.setMinimumSize(2 * target, 2 * target)
            button.clicked.connect(lambda _=False, key=place.key: self.chosen.emit(key))
            grid.addWidget(button, index // 3, index % 3)
