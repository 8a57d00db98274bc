"""What people meet at the panel, at all sizes, in both languages, in both themes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from inspector.core.state import Alarm, Health
from inspector.link.messages import AddUser, Bypass, ListUsers, OneTime, Session
from inspector.link.questions.audit import AskHead, ListActions
from inspector.panel.models.session import Asking, SessionModel
from inspector.panel.screens.audit import AuditScreen
from inspector.panel.screens.users import UsersScreen
from inspector.panel.translation import Language
from tests.panel import fakes, people
from tests.panel.stage import Answer, Stage

Scene = Callable[[Stage], None]


def session_of(stage: Stage) -> SessionModel:
    return stage.model.session


def who(stage: Stage) -> None:
    for name in ("yamada", "suzuki.k", "tanaka", "sato"):
        session_of(stage).visitors.welcome(name)
    session_of(stage).open()


def password(stage: Stage) -> None:
    session_of(stage).choose("suzuki.k")
    session_of(stage).refuse("too many failed attempts. Try again in 32 s")


def pin(stage: Stage) -> None:
    session_of(stage).accept(people.SATO)
    session_of(stage).rest()
    session_of(stage).open()


def own_password(stage: Stage) -> None:
    session_of(stage).choose("sato")
    session_of(stage).give_password("abcd-efgh-jkmn")
    session_of(stage).accept(people.SATO_INVITED)


def new_pin(stage: Stage) -> None:
    session_of(stage).accept(people.SATO)
    session_of(stage).change(Asking.CHANGE_PIN)


def four_eyes(stage: Stage) -> None:
    session_of(stage).accept(people.SATO)
    stage.shell.signing.open(Bypass(True, ""))


def bands(stage: Stage) -> None:
    session_of(stage).accept(people.SATO)
    stage.now_s += people.SATO.idle_s - 42
    stage.model.deliver(people.bypassed(), stage.now_s, None, [])
    session_of(stage).tick()


def users(stage: Stage) -> None:
    recovered = Alarm("recovered", Health.MAINTENANCE_REQUIRED, people.RECOVERED, 1)
    stage.model.deliver(fakes.status(alarms=(recovered,)), stage.now_s, None, [])
    stage.shell.go("users")


def user(stage: Stage) -> None:
    stage.shell.go("users")
    screen = stage.shell.screens["users"]
    assert isinstance(screen, UsersScreen)
    screen.model.choose("suzuki.k")
    screen.model.ask_for_badge()


def new_user(stage: Stage) -> None:
    stage.shell.go("users")
    screen = stage.shell.screens["users"]
    assert isinstance(screen, UsersScreen)
    screen.model.begin_to_add()


def one_time(stage: Stage) -> None:
    new_user(stage)
    screen = stage.shell.screens["users"]
    assert isinstance(screen, UsersScreen)
    screen.model.add("mori", "operator", "森 花子")


def audit(stage: Stage) -> None:
    stage.shell.go("audit")
    screen = stage.shell.screens["audit"]
    assert isinstance(screen, AuditScreen)
    screen.model.only(person="sato", action="ChangeThreshold")
    screen.model.verify()


def action(stage: Stage) -> None:
    stage.shell.go("audit")
    screen = stage.shell.screens["audit"]
    assert isinstance(screen, AuditScreen)
    screen.rows.opened.emit("4711")


def head(stage: Stage) -> None:
    stage.shell.go("audit")
    screen = stage.shell.screens["audit"]
    assert isinstance(screen, AuditScreen)
    screen.head.click()


def control(stage: Stage) -> None:
    status = replace(fakes.status(), plc_asks=True)
    stage.model.deliver(status, stage.now_s, None, [])
    stage.shell.header.control_wanted.emit()


SCENES: tuple[Scene, ...] = (
    control,
    who,
    password,
    pin,
    own_password,
    new_pin,
    four_eyes,
    bands,
    users,
    user,
    new_user,
    one_time,
    audit,
    action,
    head,
)
SHEETS: dict[Scene, Scene] = {action: action, head: head, control: control}
"""A sheet speaks the language in which it was laid: these are laid in each."""

ANSWERS: dict[type, Answer] = {
    ListUsers: lambda _: people.LIST,
    AddUser: lambda _: OneTime("abcd-efgh-jkmn"),
    ListActions: lambda _: people.ACTIONS,
    AskHead: lambda _: people.HEAD,
}


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_looks(qtbot: QtBot, language: Language, scene: Scene) -> None:
    stage = Stage(language, answers=ANSWERS, role="administrator")
    stage.model.deliver(fakes.status(), stage.now_s, None, [])
    scene(stage)
    for code, size in (("ja", (1024, 600)), ("en", (800, 1280))):
        language.use(code)
        scene_again = SHEETS.get(scene)
        if scene_again is not None:
            scene_again(stage)
        people.look_here(stage, code, size)
    stage.close()


def test_nobody_is_shown_to_whoever_comes_next(qtbot: QtBot, language: Language) -> None:
    stage = Stage(language, answers=ANSWERS, role="administrator")
    one_time(stage)
    screen = stage.shell.screens["users"]
    assert isinstance(screen, UsersScreen)
    assert screen.secret.text() == "abcd-efgh-jkmn"
    stage.model.session.accept(Session("t", "oki", "operator"))
    stage.desk.take_session(stage.model.session.session)
    assert stage.shell.here == "live"
    assert screen.model.entries is None
    assert screen.secret.text() == ""
    stage.close()
