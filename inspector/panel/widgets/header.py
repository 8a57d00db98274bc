"""What runs where, in which state, for whom, who is in control, in which language, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from inspector.core.state import StationState, StationStatus
from inspector.link.messages import Logout
from inspector.panel.models.control import ControlModel
from inspector.panel.models.live import LiveModel
from inspector.panel.models.session import SessionModel
from inspector.panel.translation import LANGUAGES, Language
from inspector.panel.widgets.view import ElidedLabel, View, label, restyle
from inspector.panel.words import role_name, short_state

LONGEST_NAME = 16
"""Letters of a user's name that are shown; the whole name stands in the records."""


class Header(View):
    """Product, station, lot; state, production or demo; time, who is in control; person, language.

    ``now`` gives the local time.
    """

    asked = pyqtSignal(object)
    """A command for the station."""
    control_wanted = pyqtSignal()
    """Somebody wants to know who is in control, or change it."""

    def __init__(
        self,
        live: LiveModel,
        session: SessionModel,
        control: ControlModel,
        language: Language,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__()
        self._live, self._session, self._language, self._now = live, session, language, now
        self._panels = control
        self._narrow = False
        self.product = ElidedLabel("strong")
        self.station = ElidedLabel("station")
        self.state = label("chip")
        self.mode = label("chip")
        self.clock = label("strong")
        self.writer = label("small")
        for fixed in (self.clock, self.writer):
            fixed.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            fixed.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for chip in (self.state, self.mode):
            chip.setAlignment(Qt.AlignmentFlag.AlignCenter)
            restyle(chip, "slim", True)
        self.person = QPushButton()
        self.person.setObjectName("person")
        self.person.clicked.connect(self._person)
        self.language = QPushButton()
        self.language.clicked.connect(language.switch)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addLayout(_above(self.product, self.station), 1)
        self._layout.addLayout(_above(self.state, self.mode))
        self._layout.addWidget(self._control())
        for button in (self.person, self.language):
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
            self._layout.addWidget(button)
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._show_time)
        self._tick.start(1000)
        live.changed.connect(self.refresh)
        session.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, height: int, gap: int) -> None:
        """Sizes in pixels. In portrait the name of the product needs the room of other words."""
        self.setFixedHeight(height)
        self._layout.setSpacing(gap)
        window = self.window()
        narrow = window is not None and window.width() < window.height()
        if narrow != self._narrow:
            self._narrow = narrow
            self.refresh()

    def refresh(self) -> None:
        """Show what is known now."""
        status, state = self._live.status, self._live.state
        self.product.setText(self._title(status) if status is not None else "")
        self.station.setText(self._place(status) if status is not None else "")
        self.state.setText(short_state(state) if state is not None else self.tr("Unknown"))
        restyle(self.state, "kind", _kind(state))
        self.mode.setVisible(state is not None)
        self.writer.setVisible(state is not None)
        restyle(self.product, "faded", state is None)
        if status is not None:
            demo = self.tr("DEMO") if self._narrow else self.tr("DEMO – not production")
            self.mode.setText(self.tr("Production") if status.production else demo)
            restyle(self.mode, "kind", "production" if status.production else "demo")
            self.writer.setText(self._in_control(status))
            restyle(self.writer, "kind", "warning" if self._panels.holder else "")
        session = self._session.session
        if session is not None and self._session.logged_in:
            name, role = session.user[:LONGEST_NAME], role_name(session.role)
            log_out = self.tr("Log out")
            self.person.setText(f"{name}\n{log_out if self._narrow else f'{role} · {log_out}'}")
        else:
            self.person.setText(self.tr("Log in"))
        self.language.setText(LANGUAGES[self._language.other])
        self._show_time()

    def _control(self) -> QPushButton:
        button = QPushButton()
        button.setObjectName("quiet")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        inside = _above(self.clock, self.writer)
        inside.setContentsMargins(6, 0, 6, 0)
        inside.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)
        button.setLayout(inside)
        for text in (self.clock, self.writer):
            text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        button.clicked.connect(self.control_wanted)
        return button

    def _show_time(self) -> None:
        self.clock.setText(f"{self._now():%H:%M}")

    def _place(self, status: StationStatus) -> str:
        lot = self.tr("Lot {name}").format(name=status.lot) if status.lot else ""
        return "  ·  ".join(part for part in (status.station, lot, status.shift) if part)

    def _title(self, status: StationStatus) -> str:
        title = status.title
        return title.get(self._language.code) or title.get("en") or status.product

    def _in_control(self, status: StationStatus) -> str:
        if status.writer == "plc":
            return self.tr("Control: PLC")
        if self._panels.holder:
            return self.tr("Control: {name}").format(name=self._panels.holder[:LONGEST_NAME])
        return self.tr("Control: operator")

    def _person(self) -> None:
        if self._session.logged_in:
            self.asked.emit(Logout())
        else:
            self._session.open()


def _kind(state: StationState | None) -> str:
    if state is None:
        return "unknown"
    if state is StationState.ERROR:
        return "error"
    return "running" if state.running else "idle"


def _above(upper: QWidget, lower: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addStretch()
    column.addWidget(upper)
    column.addWidget(lower)
    column.addStretch()
    return column
