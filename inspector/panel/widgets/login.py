"""Who is there? A tile or a name, then password or PIN; over the screen, below the verdict."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.panel.models.session import Asking, SessionModel
from inspector.panel.models.visitors import MOST
from inspector.panel.theme import Metrics
from inspector.panel.translation import Language
from inspector.panel.widgets.field import Field
from inspector.panel.widgets.pin_pad import LONGEST, SHORTEST, PinPad
from inspector.panel.widgets.question_sheet import QuestionSheet
from inspector.panel.widgets.view import beside, label, restyle

SHORTEST_PASSWORD = 8
_COLUMNS = 4


class LoginPane(QuestionSheet):
    """One question at a time. What was typed is forgotten as soon as it was sent."""

    asked = pyqtSignal(object)
    """A command for the station."""

    def __init__(self, model: SessionModel, language: Language) -> None:
        super().__init__()
        self._model = model
        self._shown = Asking.NOTHING
        self.cancel.clicked.connect(self._cancel)
        self._pages = QStackedWidget()
        self._make_who()
        self._make_password()
        self._make_pin()
        self._make_own()
        self.fill(self._pages, language)
        model.changed.connect(self.refresh)
        self.refresh()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes of everything."""
        super().rescale(metrics)
        self.pad.rescale(metrics.target, metrics.px(8))
        self._own_row.setDirection(beside(metrics))
        for tile in self.tiles:
            tile.setMinimumHeight(2 * metrics.target)

    def refresh(self) -> None:
        """Ask for what is missing."""
        model = self._model
        opening = model.asking is not self._shown
        self._shown = model.asking
        if opening or model.problem:
            self._forget(names=opening)
        if model.problem and not opening:
            self.room.show_head()
        self.setVisible(model.logging_in)
        self._words()
        self._offer()
        if opening and model.logging_in:
            self._pages.setCurrentIndex(_PAGES[model.asking])
            self._take_focus()

    # -- the four questions ------------------------------------------------------------------------

    def _make_who(self) -> None:
        self.user = Field(longest=64)
        self.user.edit.returnPressed.connect(self._choose)
        self.user.edit.textChanged.connect(self._offer)
        self.next = QPushButton()
        self.next.clicked.connect(self._choose)
        restyle(self.next, "primary", True)
        self.hint = label("muted", wrap=True)
        self.tiles = [QPushButton() for _ in range(MOST)]
        grid = QGridLayout()
        for index, tile in enumerate(self.tiles):
            tile.clicked.connect(lambda _=False, tile=tile: self._model.choose(tile.text()))
            tile.setObjectName("tile")
            tile.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            grid.addWidget(tile, index // _COLUMNS, index % _COLUMNS)
        column = self._page()
        column.addLayout(_row(self.user, self.next))
        column.addLayout(grid)
        column.addWidget(self.hint)
        column.addStretch()

    def _make_password(self) -> None:
        self.password = Field(secret=True)
        self.password.edit.returnPressed.connect(self._enter)
        self.enter = QPushButton()
        self.enter.clicked.connect(self._enter)
        restyle(self.enter, "primary", True)
        self.other = QPushButton()
        self.other.clicked.connect(self._model.somebody_else)
        column = self._page()
        column.addLayout(_row(self.password, self.enter))
        column.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()

    def _make_pin(self) -> None:
        self.pad = PinPad()
        self.pad.entered.connect(lambda pin: self.asked.emit(self._model.give_pin(pin)))
        self.by_password, self.another = QPushButton(), QPushButton()
        self.by_password.clicked.connect(self._model.with_password)
        self.another.clicked.connect(self._model.somebody_else)
        ways = QVBoxLayout()
        ways.addWidget(self.by_password)
        ways.addWidget(self.another)
        ways.addStretch()
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.pad, 3, Qt.AlignmentFlag.AlignTop)
        row.addLayout(ways, 2)
        column = self._page()
        column.addLayout(row)
        column.addStretch()

    def _make_own(self) -> None:
        self.old, self.own, self.again = (Field(secret=True) for _ in range(3))
        self.old.edit.returnPressed.connect(self.own.edit.setFocus)
        self.own.edit.returnPressed.connect(self.again.edit.setFocus)
        self.again.edit.returnPressed.connect(self._save)
        self.save = QPushButton()
        self.save.clicked.connect(self._save)
        restyle(self.save, "primary", True)
        for field in (self.old, self.own, self.again):
            field.edit.textChanged.connect(self._offer)
        self._own_row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.addWidget(self.old, 1)
        row.addWidget(self.own, 1)
        row.addWidget(self.again, 1)
        row.addWidget(self.save, 0, Qt.AlignmentFlag.AlignBottom)
        column = self._page()
        column.addLayout(row)
        column.addStretch()

    def _page(self) -> QVBoxLayout:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(page)
        return column

    # -- words -------------------------------------------------------------------------------------

    def _words(self) -> None:
        model = self._model
        name = self.tr("the badge that was read") if model.badge else model.name
        self.title.setText(
            {
                Asking.WHO: self.tr("Who is there?"),
                Asking.PASSWORD: self.tr("Log in: {name}").format(name=name),
                Asking.PIN: self.tr("{name}: go on with your PIN").format(name=name),
                Asking.OWN_PASSWORD: self.tr("{name}: choose your own password").format(name=name),
                Asking.CHANGE_PASSWORD: self.tr("{name}: another password").format(name=name),
                Asking.CHANGE_PIN: self.tr("{name}: a PIN to go on with").format(name=name),
            }.get(model.asking, "")
        )
        self.cancel.setText(self.tr("Cancel"))
        self.user.call(self.tr("User"))
        self.password.call(self.tr("Password"))
        pin = model.asking is Asking.CHANGE_PIN
        self.old.setVisible(model.asking is not Asking.OWN_PASSWORD)
        self.old.call(self.tr("Password now"))
        self.own.call(self.tr("PIN, 4 to 12 digits") if pin else self.tr("New password"))
        self.again.call(self.tr("The same again"))
        self.next.setText(self.tr("Next"))
        self.enter.setText(self.tr("Log in"))
        self.save.setText(self.tr("Save"))
        self.other.setText(self.tr("Somebody else"))
        self.another.setText(self.tr("Somebody else"))
        self.by_password.setText(self.tr("With the password"))
        self.hint.setText(self.tr("Or hold your badge to the reader."))

    def _missing(self) -> str:
        model = self._model
        if model.asking is Asking.CHANGE_PIN:
            different = bool(self.again.text) and self.own.text != self.again.text
            return self.tr("The two are not the same yet.") if different else ""
        return self._rule() if model.asking in _CHOOSING else ""

    def _rule(self) -> str:
        own, again = self.own.text, self.again.text
        if len(own) < SHORTEST_PASSWORD:
            seen = self.tr("Somebody else has seen the old one.")
            text = self.tr("At least {count} characters, any of them.")
            text = text.format(count=SHORTEST_PASSWORD)
            return f"{seen} {text}" if self._model.asking is Asking.OWN_PASSWORD else text
        return self.tr("The two are not the same yet.") if again != own else ""

    def _offer(self) -> None:
        model = self._model
        free = not model.waiting and not model.blocked_s
        names = model.visitors.names
        for index, tile in enumerate(self.tiles):
            tile.setVisible(index < len(names))
            tile.setText(names[index] if index < len(names) else "")
        self.next.setEnabled(bool(self.user.text.strip()))
        self.enter.setEnabled(free)
        self.pad.set_on(free)
        self.save.setEnabled(free and self._chosen())
        self.tell(model, self._missing())

    # -- what people do ----------------------------------------------------------------------------

    def _choose(self) -> None:
        if self.user.text.strip():
            self._model.choose(self.user.text.strip())

    def _enter(self) -> None:
        if self.password.text and not self._model.waiting and not self._model.blocked_s:
            password = self.password.text
            self.password.clear()
            self.asked.emit(self._model.give_password(password))

    def _chosen(self) -> bool:
        """The new password or PIN may be sent; the station looks at it more closely."""
        own, again, old = self.own.text, self.again.text, self.old.text
        match self._model.asking:
            case Asking.CHANGE_PIN:
                fine = own.isdecimal() and SHORTEST <= len(own) <= LONGEST and bool(old)
            case Asking.CHANGE_PASSWORD:
                fine = len(own) >= SHORTEST_PASSWORD and bool(old)
            case _:
                fine = len(own) >= SHORTEST_PASSWORD
        return fine and own == again

    def _save(self) -> None:
        if not self.save.isEnabled():
            return
        if self._model.asking is Asking.OWN_PASSWORD:
            self.asked.emit(self._model.give_own_password(self.own.text))
        else:
            self.asked.emit(self._model.give_change(self.old.text, self.own.text))

    def _cancel(self) -> None:
        if self._model.asking is Asking.OWN_PASSWORD:
            self.asked.emit(self._model.log_out())
        self._model.close()

    def _forget(self, *, names: bool) -> None:
        secrets = (self.password, self.old, self.own, self.again)
        for field in (*secrets, *([self.user] if names else [])):
            field.clear()
        self.pad.clear()

    def _take_focus(self) -> None:
        match self._model.asking:
            case Asking.PASSWORD:
                self.password.edit.setFocus()
            case Asking.PIN:
                self.pad.setFocus()
            case Asking.CHANGE_PASSWORD | Asking.CHANGE_PIN:
                self.old.edit.setFocus()
            case Asking.OWN_PASSWORD:
                self.own.edit.setFocus()
            case Asking.WHO if not self._model.visitors.names:
                self.user.edit.setFocus()
            case _:
                self.setFocus()  # tiles stay in sight until the field is touched


_PAGES = {
    Asking.WHO: 0,
    Asking.PASSWORD: 1,
    Asking.PIN: 2,
    Asking.OWN_PASSWORD: 3,
    Asking.CHANGE_PASSWORD: 3,
    Asking.CHANGE_PIN: 3,
}
_CHOOSING = (Asking.OWN_PASSWORD, Asking.CHANGE_PASSWORD)


def _row(field: QWidget, button: QPushButton) -> QLayout:
    row = QHBoxLayout()
    row.addWidget(field, 1)
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
    return row
