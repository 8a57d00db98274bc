"""Start, stop, reset: large, apart, and the one that makes sense now stands out."""

from __future__ import annotations

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy

from inspector.core.state import StationState
from inspector.link.messages import Reset, Start, Stop
from inspector.panel import theme
from inspector.panel.models.live import LiveModel
from inspector.panel.widgets.paint import Symbol, symbol_icon
from inspector.panel.widgets.view import View, restyle


class Controls(View):
    """Buttons that ask the station; whether it obeys is the station's to say."""

    asked = pyqtSignal(object)
    """A command for the station."""

    def __init__(self, model: LiveModel) -> None:
        super().__init__()
        self._model = model
        self.start = QPushButton()
        self.stop = QPushButton()
        self.reset = QPushButton()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        for button, command in ((self.start, Start()), (self.stop, Stop()), (self.reset, Reset())):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _=False, asked=command: self.asked.emit(asked))
            self._layout.addWidget(button)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, gap: int, icon: int) -> None:
        """Sizes in pixels."""
        self._layout.setSpacing(gap)
        for button in (self.start, self.stop, self.reset):
            button.setIconSize(QSize(icon, icon))

    def refresh(self) -> None:
        """Offer what the state allows."""
        state = self._model.state
        running = state is not None and state.running
        failed = state is StationState.ERROR
        self.start.setText("  " + self.tr("Start"))
        self.stop.setText("  " + self.tr("Stop"))
        self.reset.setText("  " + self.tr("Reset"))
        self._offer(self.start, Symbol.START, state is not None and not running and not failed)
        self._offer(self.stop, Symbol.STOP, running)
        self._offer(self.reset, Symbol.RESET, failed)

    def _offer(self, button: QPushButton, symbol: Symbol, on: bool) -> None:
        if button.isEnabled() != on or button.icon().isNull():
            button.setEnabled(on)
            button.setIcon(symbol_icon(symbol, theme.GROUND if on else theme.LINE, 64))
            restyle(button, "primary", on)
