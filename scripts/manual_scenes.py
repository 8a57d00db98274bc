"""States of the panel that the operator's manual shows; see ``scripts/screenshots.py --manual``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec

from inspector.core.state import Alarm, Health, StationState, StationStatus
from inspector.link.messages import CheckNote, Session
from inspector.link.questions.products import AskProduct, Compared, CompareProducts, ListTiles
from inspector.panel.models.alarms import CALL
from inspector.panel.models.visitors import Visitors
from inspector.panel.screens.products import ProductsScreen
from scripts import staged_plant as plant
from tests.panel import fakes, people
from tests.panel import test_products_screen as products
from tests.panel.stage import Stage


def stopped(stage: Stage) -> None:
    """Ready to start."""
    _tell(stage, plant.told(StationState.READY))


def running(stage: Stage) -> None:
    """A good part."""
    plant.run(stage, passed=True)


def rejecting(stage: Stage) -> None:
    """A bad part."""
    plant.run(stage, passed=False)


def reject(stage: Stage) -> None:
    """One of the last rejects is looked at."""
    plant.run(stage, passed=True)
    checks = (
        CheckNote("engine", 4.1, 2.4, 0.0009, passed=False),
        CheckNote("local", 1.1, 2.0, 0.4, passed=True),
    )
    opened = stage.model.rejects.notices[1]
    stage.model.rejects.open(msgspec.structs.replace(opened, checks=checks))


def alarm(stage: Stage) -> None:
    """Two alarms stand."""
    slow = fakes.alarm(Health.OUT_OF_SPECIFICATION, "The disk of the evidence is 86 % full")
    held = fakes.alarm(Health.CHECK_FUNCTION, "the PLC's heartbeat stands still")
    plant.run(stage, passed=True, alarms=(held, slow))


def called(stage: Stage) -> None:
    """Somebody asked for an engineer."""
    text = "sato calls an engineer to the line"
    call = Alarm(CALL, Health.MAINTENANCE_REQUIRED, text, fakes.NOON_UTC_US)
    plant.run(stage, passed=True, alarms=(call,))


def failed(stage: Stage) -> None:
    """The station is in Error."""
    text = "the PLC's heartbeat stands still"
    plant.run(stage, passed=True)
    _tell(stage, plant.told(StationState.ERROR, (fakes.alarm(Health.FAILURE, text),)))


def no_connection(stage: Stage) -> None:
    """The station is not heard."""
    plant.run(stage, passed=True)
    stage.model.lose("the station is silent")


def who(stage: Stage) -> None:
    """Names of who was here lately."""
    plant.run(stage, passed=True)
    session = stage.model.session
    session.visitors = Visitors()
    for name in ("sato", "suzuki.k", "oki"):
        session.visitors.welcome(name)
    session.greet(Session("", "panel", "operator"))
    session.open()


def password(stage: Stage) -> None:
    """A password is typed."""
    who(stage)
    stage.model.session.choose("oki")
    stage.shell.activateWindow()
    stage.settle()
    stage.shell.login.room.keyboard.show()


def pin(stage: Stage) -> None:
    """A session goes on."""
    plant.run(stage, passed=True)
    stage.model.session.accept(people.SATO)
    stage.model.session.rest()
    stage.model.session.open()


def tiles(stage: Stage) -> None:
    """Which product is next?"""
    _products(stage, products.ready())


def changeover(stage: Stage) -> None:
    """What changes."""
    screen = _products(stage, products.ready())
    screen.model.touch(products.OTHER)


def limit_samples(stage: Stage) -> None:
    """The third of four is to be placed."""
    screen = _products(stage, products.masters_at(2, "scratch-1"))
    screen.about.click()


def bypassed(stage: Stage) -> None:
    """All parts pass."""
    plant.run(stage, passed=False)
    _tell(stage, replace(plant.told(), bypass="suzuki.k"))


MANUAL: tuple[Callable[[Stage], None], ...] = (
    stopped,
    running,
    rejecting,
    reject,
    alarm,
    called,
    failed,
    no_connection,
    who,
    password,
    pin,
    tiles,
    changeover,
    limit_samples,
    bypassed,
)
"""Name of the function = name of the picture."""


def _tell(stage: Stage, status: StationStatus) -> None:
    stage.now_s += 5
    stage.model.deliver(status, stage.now_s, None, [])
    stage.settle()


def _products(stage: Stage, status: StationStatus) -> ProductsScreen:
    stage.answers |= {
        ListTiles: plant.tiles,
        CompareProducts: lambda _asked: _compared(),
        AskProduct: products.detail,
    }
    _tell(stage, status)
    stage.shell.go("products")
    stage.settle()
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    return screen


def _compared() -> Compared:
    """With the picture of its tile."""
    found = products.compared()
    tile = next(one for one in plant.tiles().entries if one.product == products.OTHER)
    return msgspec.structs.replace(
        found, picture=msgspec.structs.replace(found.picture, jpeg=tile.picture)
    )
