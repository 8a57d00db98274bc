"""Who is there? Name and password, over the picture, beside the verdict."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from inspector.link.messages import Login
from inspector.panel.models.session import SessionModel
from inspector.panel.station_words import station_words
from inspector.panel.widgets.view import View, card, label, restyle


class LoginPane(View):
    """Two fields, two buttons, and what the station thinks of it."""

    asked = pyqtSignal(object)
    """A command for the station."""

    def __init__(self, model: SessionModel) -> None:
        super().__init__()
        self._model = model
        self._open = False
        self.user = QLineEdit()
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.message = label(wrap=True)
        self.cancel = QPushButton()
        self.enter = QPushButton()
        restyle(self.enter, "primary", True)
        self.cancel.clicked.connect(model.close)
        self.enter.clicked.connect(self._enter)
        self.user.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._enter)
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel, 1)
        buttons.addWidget(self.enter, 2)
        inside = QVBoxLayout()
        inside.addWidget(self.message, 1)
        inside.addWidget(self.user)
        inside.addWidget(self.password)
        inside.addLayout(buttons)
        card(self, inside)
        model.changed.connect(self.refresh)
        self.refresh()

    def type(self, text: str) -> None:
        """Characters from the on-screen keyboard."""
        self._field().insert(text)

    def erase(self) -> None:
        """The key that takes the last character back."""
        self._field().backspace()

    def refresh(self) -> None:
        """Show the log-in, or hide and forget what was typed."""
        opening = self._model.logging_in and not self._open
        self._open = self._model.logging_in
        if opening or not self._open:
            self.user.clear()
        if opening or not self._open or self._model.problem:
            self.password.clear()
        self.user.setPlaceholderText(self.tr("User"))
        self.password.setPlaceholderText(self.tr("Password"))
        self.cancel.setText(self.tr("Cancel"))
        self.enter.setText(self.tr("Log in"))
        self.enter.setEnabled(not self._model.waiting)
        ask = self.tr("Please enter your user name and password.")
        problem = station_words(self._model.problem) if self._model.problem else ask
        self.message.setText(self.tr("One moment …") if self._model.waiting else problem)
        self.setVisible(self._open)
        if opening:
            self.user.setFocus()

    def _field(self) -> QLineEdit:
        return self.password if self.focusWidget() is self.password else self.user

    def _enter(self) -> None:
        if self.user.text() and not self._model.waiting:
            login = Login(self.user.text(), self.password.text())
            self._model.wait()
            self.asked.emit(login)
