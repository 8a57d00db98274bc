"""Hands on the panel: log-in by PIN, a signature of two, a reason in Japanese, a badge, a user."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from PyQt6.QtCore import QEvent, QPoint, QRect, Qt
from PyQt6.QtGui import (
    QEventPoint,
    QInputMethodEvent,
)
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.core.errors import RefusedError
from inspector.link.messages import (
    AddUser,
    AnyCommand,
    Bypass,
    HandOver,
    ListUsers,
    LockSession,
    Login,
    Logout,
    OneTime,
    OverrideLimits,
    ResumeSession,
    Session,
    SetBadge,
    SetPassword,
    SetPin,
    SetRole,
    Signature,
)
from inspector.link.questions.parts import ListParts
from inspector.panel.models.kanji import there_is_a_dictionary
from inspector.panel.models.session import Asking
from inspector.panel.screens.users import UsersScreen
from inspector.panel.translation import Language
from inspector.panel.widgets.control import ControlPane
from inspector.panel.widgets.typing_room import TypingRoom
from tests.panel import fakes, people
from tests.panel.stage import Stage
from tests.panel.touching import touch

LEFT = Qt.MouseButton.LeftButton


class Panel(Stage):
    """A stage whose station knows who is there: all answers reach the session as well."""

    def __init__(self, language: Language, answers: dict[type, Any], size: tuple[int, int]) -> None:
        super().__init__(language, answers=answers, role="", size=size)
        self.shell.login.asked.connect(self._send)
        self.shell.activateWindow()
        self.model.deliver(fakes.status(), self.now_s, None, [])
        self.settle()

    def _answer(self, asked: Any) -> None:
        make = self.answers.get(type(asked))
        if isinstance(asked, ListParts):
            return  # of the office, which is not there
        try:
            answer = make(asked) if make is not None else None
        except RefusedError as refusal:
            if not self.desk.refused(asked, str(refusal)):
                self.model.refused(asked, str(refusal))
            return
        self.model.answered(asked, answer)
        self.desk.answered(asked, answer)
        session = self.model.session.session
        self.desk.take_session(session)

    def told(self, kind: type[AnyCommand]) -> Any:
        """The last command of this kind."""
        return next(one for one in reversed(self.commands) if type(one) is kind)


MakePanel = Callable[..., Panel]


@pytest.fixture
def make_panel(qtbot: QtBot, language: Language) -> Iterator[MakePanel]:
    made: list[Panel] = []

    def make(answers: dict[type, Any], size: tuple[int, int] = (1024, 600)) -> Panel:
        made.append(Panel(language, answers, size))
        return made[-1]

    yield make
    for panel in made:
        panel.close()


def tap(widget: QWidget) -> None:
    """A finger, as Qt hands it on: nobody takes the touch, so it becomes a press of the mouse."""
    assert widget.isVisible()
    begun = touch(QEvent.Type.TouchBegin, QEventPoint.State.Pressed, widget)
    begun.ignore()
    QApplication.sendEvent(widget, begun)
    assert not begun.isAccepted(), widget
    QTest.mouseClick(widget, LEFT)  # type: ignore[call-overload]  # static, whatever the stub says
    QApplication.processEvents()


def keys(field: QWidget, text: str) -> None:
    """A real keyboard."""
    QTest.keyClicks(field, text)  # type: ignore[call-arg, arg-type]  # static, whatever the stub says
    QApplication.processEvents()


def write(room: TypingRoom, text: str) -> None:
    """Touch the keys."""
    for letter in text:
        keys = room.keyboard.findChildren(QPushButton)
        if letter.isupper():
            tap(room.keyboard.shift)
        (found,) = [one for one in keys if one.isVisible() and one.text() == letter]
        tap(found)


def logged_in(panel: Panel) -> bool:
    return panel.model.session.logged_in


def place(widget: QWidget, within: QWidget) -> QRect:
    return widget.rect().translated(widget.mapTo(within, QPoint(0, 0)))


def knows(*sessions: Session, password: str = "only-4-tests") -> Callable[[Any], Session]:
    """Answers log-ins of these people with this password or PIN 4711."""
    by_name = {one.user: one for one in sessions}

    def answer(command: Login | ResumeSession) -> Session:
        secret = command.pin if isinstance(command, ResumeSession) else command.password
        if secret not in (password, "4711") or command.user not in by_name:
            raise RefusedError("user name or password is wrong", remedy="Try again")
        return by_name[command.user]

    return answer


@pytest.mark.parametrize("size", [(1024, 600), (800, 1280)])
def test_a_whole_log_in_by_password_rest_and_pin(
    make_panel: MakePanel, size: tuple[int, int]
) -> None:
    known = knows(people.SATO)
    panel = make_panel({Login: known, ResumeSession: known}, size)
    pane = panel.shell.login
    tap(panel.shell.header.person)
    panel.settle()
    assert panel.shell.strip.isVisible()
    assert pane.user.edit.hasFocus(), "nobody was here before: the keyboard comes by itself"
    write(pane.room, "sato")
    tap(pane.next)
    panel.settle()
    write(pane.room, "only-4")
    write(pane.room, "-tests")
    board = place(pane.room.keyboard, panel.shell)
    assert not board.intersects(place(panel.shell.strip, panel.shell))
    assert not board.intersects(place(pane.password.edit, panel.shell))
    assert pane.password.edit.echoMode() is QLineEdit.EchoMode.Password
    tap(pane.enter)
    panel.settle()
    assert panel.told(Login) == Login("sato", "only-4-tests")
    assert not pane.isVisible()
    assert pane.password.text == ""

    panel.now_s += people.SATO.idle_s - 30
    panel.shell.hands._tick()
    panel.settle()
    assert "30" in panel.shell.bands.rest.text()
    panel.now_s += 30
    panel.shell.hands._tick()
    assert panel.told(LockSession) == LockSession()
    assert not logged_in(panel)

    tap(panel.shell.header.person)
    panel.settle()
    for digit in "9999":
        tap(pane.pad.digits[digit])
    tap(pane.pad.enter)
    panel.settle()
    assert "wrong" in pane.message.text()
    for digit in "47112":
        tap(pane.pad.digits[digit])
    tap(pane.pad.erase)
    tap(pane.pad.enter)
    panel.settle()
    assert panel.told(ResumeSession) == ResumeSession("sato", "4711")
    assert logged_in(panel)
    assert not pane.isVisible()


def test_the_tile_of_who_was_here_saves_typing_and_log_out_is_one_touch(
    make_panel: MakePanel,
) -> None:
    panel = make_panel({Login: knows(people.SATO)})
    panel.model.session.visitors.welcome("sato")
    tap(panel.shell.header.person)
    panel.settle()
    pane = panel.shell.login
    (tile,) = [one for one in pane.tiles if one.isVisible()]
    tap(tile)
    panel.settle()
    keys(pane.password.edit, "only-4-tests")
    tap(pane.enter)
    assert logged_in(panel)
    panel.shell.header.asked.connect(panel._send)
    tap(panel.shell.header.person)
    assert panel.told(Logout) == Logout()
    assert not logged_in(panel)


def test_a_one_time_password_leads_to_an_own_one(make_panel: MakePanel) -> None:
    panel = make_panel({Login: knows(people.SATO_INVITED), SetPassword: lambda _: None})
    session, pane = panel.model.session, panel.shell.login
    session.choose("sato")
    panel.settle()
    keys(pane.password.edit, "only-4-tests")
    tap(pane.enter)
    panel.settle()
    assert session.asking is Asking.OWN_PASSWORD
    keys(pane.own.edit, "my-own-one")
    keys(pane.again.edit, "my-own-ome")
    assert not pane.save.isEnabled()
    panel.shell.hands._release()
    assert "not the same" in pane.message.text()
    tap(pane.again.show_it)
    assert pane.again.edit.echoMode() is QLineEdit.EchoMode.Normal
    pane.again.edit.clear()
    keys(pane.again.edit, "my-own-one")
    tap(pane.save)
    assert panel.told(SetPassword) == SetPassword("only-4-tests", "my-own-one")
    assert not session.logging_in


def test_two_people_sign_with_a_reason_in_japanese(
    make_panel: MakePanel, language: Language
) -> None:
    refusals = ["user name or password is wrong. Try again"]

    def bypass(_command: Bypass) -> None:
        if refusals:
            raise RefusedError(refusals.pop())

    language.use("ja")
    panel = make_panel({Bypass: bypass})
    panel.model.session.accept(people.SATO)
    panel.shell.around.sign(Bypass(True, ""))
    panel.settle()
    pane = panel.shell.signature
    assert pane.isVisible()
    assert panel.shell.strip.isVisible()
    assert pane.reason.edit.hasFocus()
    write(pane.room, "syoumeikoukan")
    assert pane.reason.edit.text() == "", "nothing is in the field before it is taken"
    wanted = "照明交換" if there_is_a_dictionary() else "ショウメイコウカン"
    offers = {one.text(): one for one in pane.room.keyboard.offers.keys if one.isVisible()}
    tap(offers[wanted])
    assert pane.reason.edit.text() == wanted
    assert not pane.sign.isEnabled()
    tap(pane.room.keyboard.enter)
    first, second = pane.forms
    assert first.password.edit.hasFocus()
    assert not pane.room.keyboard.model.japanese
    write(pane.room, "one")
    tap(pane.room.keyboard.enter)
    write(pane.room, "sato")
    tap(pane.room.keyboard.enter)
    write(pane.room, "two")
    assert not pane.sign.isEnabled(), "the same person twice"
    second.user.edit.setText("quy")
    tap(pane.sign)
    panel.settle()
    assert "利用者名" in pane.message.text()
    assert pane.reason.edit.text() == wanted
    assert first.password.text == second.password.text == ""
    keys(first.password.edit, "one")
    keys(second.password.edit, "two")
    tap(second.meanings["review"])
    assert pane.sign.isEnabled()
    tap(pane.sign)
    signatures = (
        Signature("sato", "one", "responsibility"),
        Signature("quy", "two", "review"),
    )
    assert panel.told(Bypass) == Bypass(True, wanted, signatures)
    assert not pane.isVisible()


def test_nothing_covers_the_field_that_is_typed_into(make_panel: MakePanel) -> None:
    panel = make_panel({})
    panel.model.session.accept(people.SATO)
    panel.shell.around.sign(Bypass(True, ""))
    panel.settle()
    pane = panel.shell.signature
    for field in (pane.reason, pane.forms[0].password, pane.forms[1].user, pane.forms[1].password):
        field.edit.setFocus()
        panel.settle()
        seen = field.edit.visibleRegion().boundingRect()
        assert seen == field.edit.rect(), field.name.text()
        board = place(pane.room.keyboard, panel.shell)
        assert not board.intersects(place(field.edit, panel.shell))
        assert pane.sign.visibleRegion().boundingRect() == pane.sign.rect()
        assert panel.shell.rect().contains(board)


def test_on_seven_inches_there_is_the_verdict_the_field_and_all_keys(
    make_panel: MakePanel,
) -> None:
    panel = make_panel({})
    panel.shell.dpi = 170.0
    panel.shell.rescale()
    panel.model.session.accept(people.SATO)
    panel.shell.around.sign(Bypass(True, ""))
    panel.settle()
    pane = panel.shell.signature
    least = round(12.0 * 170 / 25.4)
    for one in pane.room.keyboard.findChildren(QPushButton):
        if one.isVisible():
            assert one.visibleRegion().boundingRect() == one.rect(), one.text()
            assert min(one.width(), one.height()) >= least - 1, one.text()
    assert panel.shell.strip.isVisible()
    edit = pane.reason.edit
    assert edit.visibleRegion().boundingRect() == edit.rect()
    tap(pane.room.keyboard.away)
    panel.settle()
    assert not pane.room.keyboard.isVisible()
    assert pane.cancel.isVisible()
    assert panel.shell.header.isVisible()


def test_the_input_method_of_the_system_writes_as_well(make_panel: MakePanel) -> None:
    panel = make_panel({})
    panel.model.session.accept(people.SATO)
    panel.shell.around.sign(OverrideLimits("tiny", ""))
    panel.settle()
    event = QInputMethodEvent()
    event.setCommitString("見本が汚れた")
    QApplication.sendEvent(panel.shell.signature.reason.edit, event)
    assert panel.shell.signature.reason.text == "見本が汚れた"


def test_a_badge_is_read_whatever_has_the_focus(make_panel: MakePanel, qtbot: QtBot) -> None:
    panel = make_panel({})
    tap(panel.shell.header.person)
    panel.settle()
    edit = panel.shell.login.user.edit
    panel.shell.hands._now = lambda: 7.0  # a busy PC makes no slow reader
    keys(edit, "0004711815")
    QTest.keyClick(edit, Qt.Key.Key_Return)  # type: ignore[call-overload]  # static, whatever the stub says
    assert panel.model.session.badge
    assert panel.model.session.name == "0004711815"
    assert edit.text() == "", "a badge is typed into no field"
    assert panel.model.session.asking is Asking.PASSWORD


def test_what_fingers_type_reaches_the_field_a_moment_later(
    make_panel: MakePanel, qtbot: QtBot
) -> None:
    panel = make_panel({})
    tap(panel.shell.header.person)
    panel.settle()
    edit = panel.shell.login.user.edit
    keys(edit, "Sa")
    qtbot.waitUntil(lambda: edit.text() == "Sa", timeout=10_000)


def test_all_parts_pass_is_loud_and_ended_by_one_touch(make_panel: MakePanel) -> None:
    panel = make_panel({Bypass: lambda _: None})
    bands = panel.shell.bands
    assert not bands.isVisible()
    panel.model.deliver(people.bypassed(), panel.now_s, None, [])
    for screen in ("live", "audit", "users"):
        panel.shell.go(screen)
        panel.settle()
        assert bands.isVisible()
    assert "sato" in bands.bypass.text()
    tap(bands.sort)
    assert not panel.told(Bypass).on
    panel.model.deliver(replace(people.bypassed(), bypass=""), panel.now_s, None, [])
    assert not bands.isVisible()


def test_control_is_handed_over_and_a_bypass_is_signed(make_panel: MakePanel) -> None:
    panel = make_panel({HandOver: lambda _: None})
    panel.model.session.accept(people.SATO)
    panel.desk.take_session(people.SATO)
    asking = replace(fakes.status(), plc_asks=True)
    panel.model.deliver(asking, panel.now_s, None, [])
    panel.settle()
    tap(panel.shell.bands.give)
    assert panel.told(HandOver) == HandOver("plc")
    panel.model.deliver(replace(asking, writer="plc", plc_asks=False), panel.now_s, None, [])
    (clock,) = [
        b for b in panel.shell.header.findChildren(QPushButton) if b.objectName() == "quiet"
    ]
    tap(clock)
    sheet = panel.shell._sheet
    assert sheet is not None
    pane = sheet.content
    assert isinstance(pane, ControlPane)
    tap(pane.back)
    assert panel.told(HandOver) == HandOver("operator")
    tap(pane.bypass)
    panel.settle()
    assert panel.shell.signing.command == Bypass(True, "")
    assert panel.shell.signature.isVisible()
    assert panel.shell._sheet is None


def test_somebody_chooses_a_pin_and_is_still_there(make_panel: MakePanel) -> None:
    panel = make_panel({SetPin: lambda _: None})
    session = panel.model.session
    session.accept(replace_pin(people.SATO))
    panel.shell.header.control_wanted.emit()
    sheet = panel.shell._sheet
    assert sheet is not None
    pane = sheet.content
    assert isinstance(pane, ControlPane)
    assert "no PIN" in pane.my.text()
    tap(pane.pin)
    panel.settle()
    login = panel.shell.login
    assert session.asking is Asking.CHANGE_PIN
    for field, text in ((login.old, "only-4-tests"), (login.own, "471"), (login.again, "471")):
        keys(field.edit, text)
        panel.shell.hands._release()
    assert not login.save.isEnabled()
    for field in (login.own, login.again):
        keys(field.edit, "1")
        panel.shell.hands._release()
    tap(login.save)
    assert panel.told(SetPin) == SetPin("only-4-tests", "4711")
    assert session.session is not None
    assert session.session.pin
    assert logged_in(panel)
    assert not login.isVisible()


def test_an_administrator_adds_somebody_and_gives_a_badge(make_panel: MakePanel) -> None:
    def role(_command: SetRole) -> None:
        raise RefusedError("user oki: is the only administrator", remedy="Add another one first")

    panel = make_panel(
        {
            ListUsers: lambda _: people.LIST,
            AddUser: lambda _: OneTime("abcd-efgh-jkmn"),
            SetBadge: lambda _: None,
            SetRole: role,
        }
    )
    panel.model.session.accept(replace_role("administrator"))
    panel.desk.take_session(panel.model.session.session)
    panel.shell.go("users")
    panel.settle()
    screen = panel.screen
    assert isinstance(screen, UsersScreen)
    tap(screen.add)
    screen.new_name.edit.setText("ｍｏｒｉ ")
    tap(screen.new_role.buttons["technician"])
    tap(screen.make_user)
    panel.settle()
    assert panel.told(AddUser) == AddUser("mori", "technician", "")
    assert screen.secret.text() == "abcd-efgh-jkmn"
    tap(screen.told)
    assert screen.secret.text() == ""
    screen.model.choose("oki")
    tap(screen.badge)
    panel.model.session.read_badge("000815")
    assert panel.told(SetBadge) == SetBadge("oki", "000815")
    tap(screen.role.buttons["auditor"])
    sheet = panel.shell._sheet
    assert sheet is not None
    tap(sheet.confirm)
    panel.settle()
    assert panel.told(SetRole) == SetRole("oki", "auditor")
    assert "only administrator" in screen.trouble.text()
    assert screen.role.chosen == "operator"


def replace_pin(session: Session) -> Session:
    return msgspec.structs.replace(session, pin=False)


def replace_role(role: str) -> Session:
    return Session("t", "adm", role, idle_s=600.0, left_s=4000.0)
