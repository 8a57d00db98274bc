"""What runs where, in which state, for whom, in which language."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from inspector.core.state import StationState, StationStatus
from inspector.link.messages import Logout
from inspector.panel.models.live import LiveModel
from inspector.panel.models.session import SessionModel
from inspector.panel.translation import LANGUAGES, Language
from inspector.panel.widgets.view import ElidedLabel, View, label, restyle
from inspector.panel.words import role_name, state_name

LONGEST_NAME = 16
"""Letters of a user's name that are shown; the whole name stands in the records."""


class Header(View):
    """Product, station, state, production or demo, person, language."""

    asked = pyqtSignal(object)
    """A command for the station."""

    def __init__(self, live: LiveModel, session: SessionModel, language: Language) -> None:
        super().__init__()
        self._live, self._session, self._language = live, session, language
        self.product = ElidedLabel("strong")
        self.station = label("station")
        self.state = label("chip")
        self.mode = label("chip")
        self.person = QPushButton()
        self.person.clicked.connect(self._person)
        self.language = QPushButton()
        self.language.clicked.connect(language.switch)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.product)
        names.addWidget(self.station)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addLayout(names, 1)
        for widget in (self.state, self.mode, self.person, self.language):
            self._layout.addWidget(widget)
        live.changed.connect(self.refresh)
        session.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, height: int, gap: int, chip: int) -> None:
        """Sizes in pixels."""
        self.setFixedHeight(height)
        self._layout.setSpacing(gap)
        self.state.setFixedHeight(chip)
        self.mode.setFixedHeight(chip)

    def refresh(self) -> None:
        """Show what is known now."""
        status, state = self._live.status, self._live.state
        self.product.setText(self._title(status) if status is not None else "")
        self.station.setText(status.station if status is not None else "")
        self.state.setText(state_name(state) if state is not None else self.tr("Unknown"))
        restyle(self.state, "kind", _kind(state))
        self.mode.setVisible(state is not None)
        restyle(self.product, "faded", state is None)
        if status is not None:
            production, demo = self.tr("Production"), self.tr("DEMO – not production")
            self.mode.setText(production if status.production else demo)
            restyle(self.mode, "kind", "production" if status.production else "demo")
        session = self._session.session
        if session is not None and self._session.logged_in:
            name, role = session.user[:LONGEST_NAME], role_name(session.role)
            self.person.setText(f"{name}\n{role} · {self.tr('Log out')}")
        else:
            self.person.setText(self.tr("Log in"))
        self.language.setText(LANGUAGES[self._language.other])

    def _title(self, status: StationStatus) -> str:
        title = status.title
        return title.get(self._language.code) or title.get("en") or status.product

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
