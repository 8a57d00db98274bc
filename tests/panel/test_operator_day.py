"""The whole day of an operator: the real panel, a real station, its office as a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.cli.office_child import OfficeChild
from inspector.core.record import RecordKind
from inspector.core.state import StationState
from inspector.link.client_zmq import ZmqClient
from inspector.link.office_client import ZmqOfficeClient
from inspector.panel import connection as connection_module
from inspector.panel import office_connection
from inspector.panel.connection import Connection
from inspector.panel.models.alarms import CALL
from inspector.panel.models.limit_samples import CheckState
from inspector.panel.models.session import Asking
from inspector.panel.office_connection import OfficeConnection
from inspector.panel.screens.products import ProductsScreen
from inspector.panel.screens.trends import TrendsScreen
from inspector.panel.translation import Language
from inspector.panel.widgets.control import ControlPane
from inspector.panel.widgets.field import Field
from inspector.panel.widgets.live import LiveScreen
from inspector.panel.widgets.login import LoginPane
from inspector.panel.widgets.tile_grid import ProductTile
from inspector.panel.window import PanelWindow
from inspector.station.opening import OpenStation
from tests.office.two_products import make_two_products
from tests.panel.test_people_at_the_panel import tap, write
from tests.station.production_line import MASTERS, PASSWORD, add_masters, opened, records
from tests.tiny_plant import TinyPlant

PIN = "4711"
SOON = 60_000


@dataclass
class Day:
    """Somebody at the panel of a line."""

    qtbot: QtBot
    plant: TinyPlant
    station: OpenStation
    window: PanelWindow

    @property
    def live(self) -> LiveScreen:
        """The live screen."""
        return self.window.shell.live

    def until(self, what: Callable[[], object]) -> None:
        """Wait for what must come."""
        self.qtbot.waitUntil(lambda: bool(what()), timeout=SOON)

    def go(self, key: str) -> None:
        """Touch the way to a screen."""
        bar = self.window.shell.navigation
        self.until(lambda: all(way.isVisible() for way in bar.buttons))
        (way,) = [one for one in bar.buttons if one.place.key == key]
        tap(way)
        assert self.window.shell.here == key

    def log_in(self, name: str) -> None:
        """By the keys on the screen."""
        shell, session = self.window.shell, self.window.model.session
        tap(shell.header.person)
        self.type_into(shell.login, shell.login.user, name)
        tap(shell.login.next)
        assert session.asking is Asking.PASSWORD
        self.type_into(shell.login, shell.login.password, PASSWORD)
        tap(shell.login.enter)
        self.until(lambda: session.logged_in and not session.logging_in)

    def type_into(self, login: LoginPane, field: Field, text: str) -> None:
        """Touch a field, then the keys."""
        tap(field.edit)
        field.edit.setFocus()
        self.until(login.room.keyboard.isVisible)
        write(login.room, text)
        assert field.text == text

    def log_out(self) -> None:
        """One touch."""
        tap(self.window.shell.header.person)
        self.until(lambda: not self.window.model.session.logged_in)

    def parts(self, more: int) -> None:
        """Parts get their verdicts."""
        status = self.station.station.status
        want = status().parts.verdicts + more
        self.until(lambda: status().parts.verdicts >= want)


@pytest.fixture
def day(
    qtbot: QtBot, language: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Day]:
    monkeypatch.setattr(connection_module, "BACKOFF_S", (0.1,))
    monkeypatch.setattr(connection_module, "SILENCE_S", 30.0)
    monkeypatch.setattr(office_connection, "BACKOFF_S", (0.1,))
    belt = {"parts_per_s": 10.0, "counts_per_part": 100}
    plant = make_two_products(tmp_path, production=False, belt=belt)
    Users(plant.data_folder).add("yui", Role.OPERATOR, PASSWORD)
    with opened(plant) as station:
        add_masters(station)
        office = OfficeChild(plant.line_file)
        office.keep_alive()
        window = PanelWindow(
            Connection(lambda: ZmqClient(plant.data_folder)),
            OfficeConnection(lambda: ZmqOfficeClient(plant.data_folder)),
            language,
        )
        window.shell.dpi = 118.0
        window.resize(1024, 600)
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        made = Day(qtbot, plant, station, window)
        try:
            window._connection.start()
            window._office.start()
            made.until(lambda: window.model.live.connected and window.desk.rights)
            yield made
        finally:
            window.close()
            office.close()


def test_the_whole_day_of_an_operator(day: Day, language: Language) -> None:
    live, model = day.live, day.window.model
    day.log_in("oki")
    choose_a_pin(day)
    show_limit_samples(day)
    tap(live.controls.start)
    day.until(lambda: model.live.face.live and model.rejects.notices)
    look_at_a_reject(day)
    freeze_and_release(day)
    call_and_cancel(day)
    look_at_trends_in_japanese(day, language)
    go_away_and_come_back(day)
    day.log_out()
    assert day.station.station.state.running, "hands change, the line goes on"

    day.log_in("yui")
    first = stop(day)
    change_over(day, "other")
    tap(live.controls.start)
    day.until(lambda: model.live.verdict is not None)
    day.parts(8)
    second = stop(day)
    day.log_out()

    day.until(lambda: len(parts_since_start(day)) >= first + second)
    assert len(set(parts_since_start(day))) == len(parts_since_start(day)) == first + second
    inspected = records(day.plant, RecordKind.INSPECTION)
    assert tuple(one["master"] for one in inspected if one["master"]) == MASTERS
    told = [("oki", name) for name in EARLY] + [("yui", name) for name in LATE]
    day.until(lambda: [(one["user"], one["action"]) for one in actions(day)] == told)
    assert not any(one["refused"] for one in actions(day))


def parts_since_start(day: Day) -> list[int]:
    """Numbers of the parts in the ledger after the limit samples: of these the station counts."""
    start = next(one["utc_us"] for one in actions(day) if one["action"] == "Start")
    inspected = records(day.plant, RecordKind.INSPECTION)
    return [one["part_id"] for one in inspected if one["utc_us"] > start]


def actions(day: Day) -> list[dict[str, Any]]:
    """What the ledger says of people at the panel; the engineer's limit samples came before."""
    return [one for one in records(day.plant, RecordKind.ACTION) if one["user"] != "ann"]


EARLY = (
    "Login",
    "SetPin",
    "AnnounceMasters",
    "Start",
    "CallEngineer",
    "Acknowledge",
    "LockSession",
    "ResumeSession",
    "Logout",
)
LATE = ("Login", "Stop", "SelectProduct", "Start", "Stop", "Logout")


def choose_a_pin(day: Day) -> None:
    shell, session = day.window.shell, day.window.model.session
    shell.header.control_wanted.emit()
    QApplication.processEvents()
    pane = shell.findChild(ControlPane)
    assert pane is not None
    tap(pane.pin)
    login = shell.login
    for field, text in ((login.old, PASSWORD), (login.own, PIN), (login.again, PIN)):
        day.type_into(login, field, text)
    tap(login.save)
    day.until(lambda: session.session is not None and session.session.pin)
    assert not session.logging_in


def look_at_a_reject(day: Day) -> None:
    live, rejects = day.live, day.window.model.rejects
    tap(live.rejects.tiles[0])
    assert live.detail.isVisible()
    assert rejects.opened is not None
    number = rejects.opened.part_id
    day.parts(6)
    assert rejects.opened.part_id == number, "it stays open while parts go on"
    tap(live.detail.back)
    assert not live.detail.isVisible()


def freeze_and_release(day: Day) -> None:
    pane, shown = day.live.pane, day.window.model.live
    tap(pane.freeze)
    day.until(lambda: shown.frozen)
    assert shown.part is not None
    frozen = shown.part.verdict.part_id
    day.until(lambda: shown.verdict is not None and shown.verdict.part_id > frozen + 2)
    assert shown.part.verdict.part_id == frozen, "the verdict goes on, the picture stands"
    tap(pane.freeze)
    assert not shown.frozen or shown.part.verdict.part_id > frozen
    tap(pane.freeze)


def call_and_cancel(day: Day) -> None:
    live, alarms = day.live, day.window.model.alarms
    tap(live.controls.call)
    day.until(lambda: alarms.stands(CALL))
    assert live.alarms.acknowledge.isVisible()
    tap(live.controls.call)
    day.until(lambda: not alarms.stands(CALL))


def look_at_trends_in_japanese(day: Day, language: Language) -> None:
    shell = day.window.shell
    day.go("trends")
    trends = shell.screens["trends"]
    assert isinstance(trends, TrendsScreen)
    day.until(lambda: trends.model.trends is not None)
    assert shell.strip.isVisible()
    english = trends.counts.text()
    tap(shell.header.language)
    assert language.code == "ja"
    assert trends.counts.text() != english
    day.go("live")


def go_away_and_come_back(day: Day) -> None:
    """An hour passes for the panel; the session rests, and its PIN goes on with it."""
    session = day.window.model.session
    now = session._now
    session._now = lambda: now() + 3600.0
    day.until(lambda: session.resting is not None)
    assert day.station.station.state.running, "nobody is there, and parts go on"
    tap(day.window.shell.header.person)
    assert session.asking is Asking.PIN
    pad = day.window.shell.login.pad
    for digit in PIN:
        tap(pad.digits[digit])
    tap(pad.enter)
    day.until(lambda: session.logged_in and not session.logging_in)


def stop(day: Day) -> int:
    """Stop; how many parts this run had, all of which have a verdict."""
    tap(day.live.controls.stop)
    day.until(lambda: day.window.model.live.state is StationState.READY)
    parts = day.station.station.status().parts
    assert parts.reconciled
    assert parts.verdicts == parts.parts
    return parts.verdicts


def products(day: Day) -> ProductsScreen:
    screen = day.window.shell.screens["products"]
    assert isinstance(screen, ProductsScreen)
    return screen


def show_limit_samples(day: Day) -> None:
    """The engineer's list, one part after the other, and its check at the beginning of a shift."""
    day.go("products")
    screen = products(day)
    day.until(lambda: screen.about.isVisible() and screen.about.isEnabled())
    tap(screen.about)
    masters = screen.masters
    day.until(lambda: masters.show_all.isVisible() and masters.show_all.isEnabled())
    assert masters.model.state is CheckState.DUE
    tap(masters.show_all)
    day.until(lambda: masters.model.state is CheckState.VALID)
    day.until(lambda: day.window.model.live.state is StationState.READY)
    day.go("live")


def change_over(day: Day, product: str) -> None:
    """By the key of the live screen, the product's tile, and what would change."""
    live = day.window.model.live
    tap(day.live.controls.product)
    assert day.window.shell.here == "products"
    screen = products(day)
    if screen.back.isVisible():
        tap(screen.back)

    def tile() -> list[ProductTile]:
        shown = [one for one in screen.grid.tiles if one.isVisible()]
        return [one for one in shown if one.words is not None and one.words.product == product]

    day.until(tile)
    tap(tile()[0])
    day.until(lambda: screen.comparison.confirm.isVisible() and screen.model.may_change)
    tap(screen.comparison.confirm)
    day.until(lambda: live.status is not None and live.status.product == product)
    day.until(screen.changeover.on.isVisible)
    tap(screen.changeover.on)
    assert day.window.shell.here == "live"
    day.until(lambda: live.state is StationState.READY)
