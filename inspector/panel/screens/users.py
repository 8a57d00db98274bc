"""Users: who is known to the station, and what an administrator does about them."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.link.messages import Acknowledge, UserEntry
from inspector.panel.models.users import ROLES, UsersModel
from inspector.panel.moments import date_and_time
from inspector.panel.station_words import station_words
from inspector.panel.surroundings import Surroundings
from inspector.panel.theme import Metrics
from inspector.panel.widgets.choice import choice_button
from inspector.panel.widgets.field import Field
from inspector.panel.widgets.paged_rows import Cell, PagedRows, Row
from inspector.panel.widgets.screen import Screen
from inspector.panel.widgets.sheet import Sheet
from inspector.panel.widgets.standing import StandingPane
from inspector.panel.widgets.typing_room import TypingRoom
from inspector.panel.widgets.view import View, label, restyle
from inspector.panel.words import role_name

RECOVERED = "recovered"
"""Key of the alarm that stands until an administrator has taken note."""


class RoleChoice(View):
    """One of the six roles."""

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        for index, role in enumerate(ROLES):
            button = choice_button()
            self._group.addButton(button)
            self.buttons[role] = button
            grid.addWidget(button, index // 3, index % 3)
        self.refresh()

    def refresh(self) -> None:
        """Name the roles."""
        for role, button in self.buttons.items():
            button.setText(role_name(role))

    def choose(self, role: str) -> None:
        """Show which it is."""
        self.buttons[role].setChecked(True)

    @property
    def chosen(self) -> str:
        """Which it is."""
        return next((role for role, one in self.buttons.items() if one.isChecked()), ROLES[0])


class UsersScreen(Screen):
    """List, one of them, somebody new, and a password that is shown once."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.model = UsersModel(around.desk)
        self._shown: tuple[str, bool] = ("", False)
        self.rows = PagedRows()
        self.rows.opened.connect(self.model.choose)
        self.add = QPushButton()
        self.add.clicked.connect(self.model.begin_to_add)
        self.recovered, self.acknowledge = label("loud", wrap=True), QPushButton()
        self.acknowledge.clicked.connect(lambda: around.desk.send(Acknowledge(RECOVERED)))
        self.pages = QStackedWidget()
        for page in (self._list_page(), self._user_page(), self._new_page(), self._secret_page()):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.model.changed.connect(self.refresh)
        around.model.alarms.changed.connect(self.refresh)
        self.refresh()

    def enter(self) -> None:
        """Ask who there is."""
        self.model.reload()

    def leave(self) -> None:
        """Nothing about people stays."""
        self.around.model.session.badge_taker = None
        self.model.leave()

    def rescale(self, metrics: Metrics) -> None:
        """Sizes of everything."""
        self.rows.rescale(metrics)
        self.room.rescale(metrics)

    # -- pages -------------------------------------------------------------------------------------

    def _list_page(self) -> QWidget:
        head = QHBoxLayout()
        self.count = label("title")
        head.addWidget(self.count, 1)
        head.addWidget(self.add)
        self.note = QFrame()
        self.note.setObjectName("countdown")
        note = QHBoxLayout(self.note)
        note.setContentsMargins(12, 4, 4, 4)
        note.addWidget(self.recovered, 1)
        note.addWidget(self.acknowledge)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.note)
        column.addWidget(self.rows, 1)
        return StandingPane(self.model, content, lambda: self.tr("There is nobody to show."))

    def _user_page(self) -> QWidget:
        self.back = QPushButton()
        self.back.clicked.connect(lambda: self.model.choose(""))
        self.name, self.about, self.trouble = label("title"), label("muted", wrap=True), label()
        self.trouble.setWordWrap(True)
        restyle(self.trouble, "kind", "warning")
        self.role = RoleChoice()
        for role, button in self.role.buttons.items():
            button.clicked.connect(lambda _=False, role=role: self._change_role(role))
        self.reset, self.badge, self.no_badge, self.remove = (QPushButton() for _ in range(4))
        self.reset.clicked.connect(self._confirm_reset)
        self.badge.clicked.connect(self.model.ask_for_badge)
        self.no_badge.clicked.connect(lambda: self.model.set_badge(""))
        self.remove.clicked.connect(self._confirm_remove)
        restyle(self.remove, "dangerous", True)
        head = QHBoxLayout()
        head.addWidget(self.back)
        head.addWidget(self.name, 1)
        acts = QGridLayout()
        acts.addWidget(self.reset, 0, 0)
        acts.addWidget(self.badge, 0, 1)
        acts.addWidget(self.no_badge, 1, 1)
        self.role_title = label("strong")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        for widget in (self.about, self.trouble, self.role_title, self.role):
            column.addWidget(widget)
        column.addSpacing(16)
        column.addLayout(acts)
        column.addStretch()
        column.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignRight)
        return page

    def _new_page(self) -> QWidget:
        self.new_title, self.new_trouble = label("title"), label(wrap=True)
        restyle(self.new_trouble, "kind", "warning")
        self.cancel, self.make_user = QPushButton(), QPushButton()
        self.cancel.clicked.connect(lambda: self.model.choose(""))
        self.make_user.clicked.connect(self._create)
        restyle(self.make_user, "primary", True)
        self.new_name, self.new_full = Field(longest=64), Field(longest=128, prose=True)
        self.new_name.edit.returnPressed.connect(self.new_full.edit.setFocus)
        self.new_full.edit.returnPressed.connect(self.new_full.edit.clearFocus)
        self.new_name.edit.textChanged.connect(self.refresh)
        self.new_role = RoleChoice()
        head, fields = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.new_title, 1)
        head.addWidget(self.cancel)
        head.addWidget(self.make_user)
        fields.addWidget(self.new_name, 1)
        fields.addWidget(self.new_full, 2)
        top, page = QWidget(), QWidget()
        above = QVBoxLayout(top)
        above.setContentsMargins(0, 0, 0, 0)
        above.addLayout(head)
        above.addWidget(self.new_trouble)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(fields)
        column.addWidget(self.new_role)
        column.addStretch()
        self.room = TypingRoom(page, self.around.language, top)
        return self.room

    def _secret_page(self) -> QWidget:
        self.secret_title, self.secret_hint = label("title", wrap=True), label(wrap=True)
        self.secret = label("secret")
        self.secret.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.told = QPushButton()
        self.told.clicked.connect(self.model.told)
        restyle(self.told, "primary", True)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.secret_title)
        column.addStretch()
        column.addWidget(self.secret)
        column.addWidget(self.secret_hint)
        column.addStretch()
        column.addWidget(self.told)
        return page

    # -- words -------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the page that is wanted now."""
        model = self.model
        self._words()
        self._show_list()
        self._show_user()
        self._show_secret()
        adding = (model.chosen, model.adding)
        if adding != self._shown:
            self._shown = adding
            self.new_name.clear()
            self.new_full.clear()
            self.new_role.choose(ROLES[0])
        self.make_user.setEnabled(bool(self.new_name.text.strip()) and not model.waiting)
        self.new_trouble.setText(station_words(model.trouble) if model.trouble else "")
        self.new_trouble.setVisible(bool(model.trouble))
        page = 3 if model.one_time else 2 if model.adding else 1 if model.entry else 0
        self.pages.setCurrentIndex(page)

    def _words(self) -> None:
        self.add.setText(self.tr("Add somebody"))
        self.back.setText(self.tr("‹  All users"))
        self.role_title.setText(self.tr("Role"))
        self.reset.setText(self.tr("Reset password"))
        self.no_badge.setText(self.tr("Take the badge away"))
        self.remove.setText(self.tr("Remove"))
        self.new_title.setText(self.tr("Somebody new"))
        self.cancel.setText(self.tr("Cancel"))
        self.make_user.setText(self.tr("Add"))
        self.new_name.call(self.tr("User name"))
        self.new_full.call(self.tr("Full name, as it stands beside signatures"))
        self.acknowledge.setText(self.tr("Acknowledge"))
        self.told.setText(self.tr("I have handed it on"))

    def _show_list(self) -> None:
        entries = self.model.entries or ()
        self.count.setText(self.tr("{count} users").format(count=len(entries)))
        self.rows.show_rows([self._row(entry) for entry in entries])
        alarms = self.around.model.alarms.alarms
        recovered = next((one for one in alarms if one.key == RECOVERED), None)
        self.note.setVisible(recovered is not None and not recovered.acknowledged)
        self.recovered.setText(station_words(recovered.text) if recovered is not None else "")

    def _row(self, entry: UserEntry) -> Row:
        has = [self.tr("PIN")] if entry.pin else []
        has += [self.tr("badge")] if entry.badge else []
        state, warn = self._state(entry)
        last = date_and_time(entry.last_login_us)[:-3] if entry.last_login_us else self.tr("never")
        cells = (
            Cell(3, entry.name, entry.full_name, bold=True),
            Cell(2, role_name(entry.role)),
            Cell(3, state, " · ".join(has), warn=warn),
            Cell(2.6, last, self.tr("last log-in")),
        )
        return Row(entry.name, cells)

    def _state(self, entry: UserEntry) -> tuple[str, bool]:
        if entry.waits_s > 0:
            seconds = round(entry.waits_s + 0.5)
            return self.tr("! locked for {seconds} s").format(seconds=seconds), True
        if entry.one_time:
            return self.tr("! one-time password"), True
        return self.tr("active"), False

    def _show_user(self) -> None:
        model, entry = self.model, self.model.entry
        if entry is None:
            return
        state, _ = self._state(entry)
        last = date_and_time(entry.last_login_us) if entry.last_login_us else self.tr("never")
        self.name.setText(f"{entry.name}   {entry.full_name}")
        self.about.setText(f"{state.removeprefix('! ')}  ·  {self.tr('last log-in')}: {last}")
        self.trouble.setText(station_words(model.trouble) if model.trouble else "")
        self.trouble.setVisible(bool(model.trouble))
        self.role.choose(entry.role)
        free = not model.waiting
        for role, button in self.role.buttons.items():
            button.setEnabled(free and (not model.only_administrator or role == entry.role))
        waits = bool(model.wants_badge)
        self.around.model.session.badge_taker = model.set_badge if waits else None
        waiting, other = self.tr("Hold the badge to the reader …"), self.tr("Another badge")
        give = self.tr("Give a badge")
        self.badge.setText(waiting if waits else other if entry.badge else give)
        self.no_badge.setVisible(entry.badge)
        self.reset.setEnabled(free)
        self.remove.setEnabled(free and not model.only_administrator)

    def _show_secret(self) -> None:
        if self.model.one_time is None:
            self.secret.setText("")
            return
        name, password = self.model.one_time
        self.secret_title.setText(self.tr("Password for one log-in of {name}").format(name=name))
        self.secret.setText(password)
        self.secret_hint.setText(self.tr("Tell it to this person alone. It is not shown again."))

    # -- what people do ----------------------------------------------------------------------------

    def _create(self) -> None:
        self.model.add(self.new_name.text, self.new_role.chosen, self.new_full.text)

    def _change_role(self, role: str) -> None:
        entry = self.model.entry
        if entry is None or role == entry.role:
            return
        self.role.choose(entry.role)  # until it is confirmed
        text = self.tr("{name}: from {old} to {new}? Their sessions end now.").format(
            name=entry.name, old=role_name(entry.role), new=role_name(role)
        )
        self._ask(text, self.tr("Change the role"), lambda: self.model.set_role(role))

    def _confirm_reset(self) -> None:
        text = self.tr("{name} gets a password for one log-in. The PIN goes, a lock-out ends.")
        self._ask(
            text.format(name=self.model.chosen),
            self.tr("Reset password"),
            self.model.reset_password,
        )

    def _confirm_remove(self) -> None:
        text = self.tr("{name} is removed. Nobody will ever get this name again.")
        name = self.model.chosen
        self._ask(text.format(name=name), self.tr("Remove"), self.model.remove, dangerous=True)

    def _ask(
        self, text: str, confirm: str, then: Callable[[], None], *, dangerous: bool = False
    ) -> None:
        sheet = Sheet(text, QWidget(), confirm=confirm, dangerous=dangerous)
        sheet.confirmed.connect(then)
        self.around.lay(sheet)
