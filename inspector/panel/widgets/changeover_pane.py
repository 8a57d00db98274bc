"""A changeover under way: its steps, and at the end Ready, what is still missing, or why not."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from inspector.link.questions.products import ProductPicture
from inspector.panel import theme
from inspector.panel.models.changeover import Changeover, Phase
from inspector.panel.models.products import ProductsModel
from inspector.panel.product_words import lock_words
from inspector.panel.station_words import told_whole
from inspector.panel.theme import Metrics
from inspector.panel.widgets.paint import Symbol, draw_symbol
from inspector.panel.widgets.standing import Turning
from inspector.panel.widgets.view import View, label, restyle
from inspector.panel.widgets.zone_picture import ZonePicture

_ORDER = (Phase.STOPPING, Phase.LOADING, Phase.LOADED)


class Mark(QWidget):
    """A tick, a cross, or nothing yet."""

    def __init__(self) -> None:
        super().__init__()
        self.symbol: Symbol | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_symbol(self, symbol: Symbol | None) -> None:
        """Another one."""
        self.symbol = symbol
        self.update()

    def paintEvent(self, a0: QPaintEvent | None) -> None:  # noqa: N802  # Qt's name
        """Paint."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        if self.symbol is None:
            painter.setPen(theme.LINE)
            painter.drawEllipse(room.adjusted(6, 6, -6, -6))
        else:
            colour = theme.PASS if self.symbol is Symbol.CHECK else theme.ALERT
            draw_symbol(painter, self.symbol, room, colour)
        painter.end()


class ChangeoverPane(View):
    """Follows ``model.changeover``."""

    live_wanted = pyqtSignal()
    """To the live screen, to start."""
    missing_wanted = pyqtSignal()
    """To what production still needs."""

    def __init__(self, model: ProductsModel) -> None:
        super().__init__()
        self._model = model
        self.title = label("big", wrap=True)
        self.steps: dict[Phase, tuple[Mark, Turning, QLabel]] = {}
        self.result = label("strong", wrap=True)
        self.on, self.missing, self.again = QPushButton(), QPushButton(), QPushButton()
        self.other, self.tiles = QPushButton(), QPushButton()
        self.on.clicked.connect(self.live_wanted)
        self.missing.clicked.connect(self.missing_wanted)
        self.again.clicked.connect(lambda: self._go(Changeover.again))
        self.other.clicked.connect(lambda: self._go(lambda one: model.go_back_to(one.before)))
        self.tiles.clicked.connect(model.back)
        for button in (self.on, self.missing, self.again):
            restyle(button, "primary", True)
        column = QVBoxLayout(self)
        column.addWidget(self.title)
        column.addSpacing(12)
        for phase in _ORDER:
            column.addLayout(self._step(phase))
        column.addSpacing(12)
        column.addWidget(self.result)
        self.picture = ZonePicture(named=False)
        column.addWidget(self.picture, 1)
        buttons = QHBoxLayout()
        for button in (self.tiles, self.other, self.again, self.missing, self.on):
            buttons.addWidget(button, 1)
        column.addLayout(buttons)
        self.refresh()

    def _step(self, phase: Phase) -> QHBoxLayout:
        mark, turning, words = Mark(), Turning(), label("strong", wrap=True)
        self.steps[phase] = mark, turning, words
        row = QHBoxLayout()
        row.addWidget(mark)
        row.addWidget(turning)
        row.addWidget(words, 1)
        return row

    def rescale(self, metrics: Metrics) -> None:
        """Signs as tall as the words beside them."""
        for mark, turning, _ in self.steps.values():
            side = metrics.px(52)
            mark.setFixedSize(side, side)
            turning.setFixedSize(side, side)

    def refresh(self) -> None:
        """How far it is."""
        changeover = self._model.changeover
        if changeover is None:
            return
        compared = self._model.comparison
        if compared is not None and compared.other == changeover.product:
            self.picture.show_picture(compared.picture)
        else:
            self.picture.show_picture(ProductPicture())
        title = self._model.title_of(changeover.product)
        self.title.setText(self.tr("Changeover to {product}").format(product=title))
        self._show_steps(changeover)
        self._show_result(changeover)
        self.on.setText(self.tr("To the line"))
        self.missing.setText(self.tr("Limit samples and release"))
        self.again.setText(self.tr("Try again"))
        self.other.setText(self.tr("Back to the last"))
        self.tiles.setText(self.tr("All products"))
        loaded, failed = changeover.phase is Phase.LOADED, changeover.phase is Phase.FAILED
        self.on.setVisible(loaded)
        restyle(self.on, "primary", not changeover.locks)
        self.missing.setVisible(loaded and bool(changeover.locks))
        self.again.setVisible(failed)
        self.other.setVisible(failed and changeover.before not in ("", changeover.product))
        self.tiles.setVisible(loaded or failed)

    def _show_steps(self, changeover: Changeover) -> None:
        words = {
            Phase.STOPPING: self.tr("The line is stopped"),
            Phase.LOADING: self.tr("Cameras and engine are loaded, the engine is tested"),
            Phase.LOADED: self.tr("The station is ready"),
        }
        if changeover.locks and changeover.phase is Phase.LOADED:
            words[Phase.LOADED] = self.tr("Loaded; production is locked")
        failed = changeover.phase is Phase.FAILED
        here = Phase.LOADING if failed else changeover.phase
        for phase, (mark, turning, text) in self.steps.items():
            done = _ORDER.index(phase) < _ORDER.index(here) or here is Phase.LOADED
            turns = phase is here and not done and not failed
            text.setText(words[phase])
            restyle(text, "faded", not (done or phase is here))
            wrong = failed and phase is here
            mark.show_symbol(Symbol.CROSS if wrong else Symbol.CHECK if done else None)
            turning.turn(turns)
            turning.setVisible(turns)
            mark.setVisible(not turns)
        for widget in self.steps[Phase.STOPPING]:
            if not changeover.ran:
                widget.hide()
            elif isinstance(widget, QLabel):
                widget.show()

    def _show_result(self, changeover: Changeover) -> None:
        lines: list[str] = []
        if changeover.phase is Phase.FAILED:
            unknown = self.tr("The station cannot be reached.")
            lines = [told_whole(changeover.reason) if changeover.reason else unknown]
        elif changeover.phase is Phase.LOADED:
            lines = [lock_words(one) for one in changeover.locks]
        self.result.setText("\n".join(lines))
        restyle(self.result, "kind", "warning" if lines else "")
        self.result.setVisible(bool(lines))
        self.result.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def _go(self, act: Callable[[Changeover], None]) -> None:
        changeover = self._model.changeover
        if changeover is not None:
            act(changeover)
