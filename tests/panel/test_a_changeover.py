"""The real panel before a real line of two products: a whole changeover, and a whole check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.core.state import StationState
from inspector.link.in_process import InProcessClient
from inspector.link.messages import AddMaster, SelectProduct, Start
from inspector.office.room import Room
from inspector.office.serving import in_process
from inspector.panel import theme
from inspector.panel.models.changeover import Phase
from inspector.panel.models.limit_samples import CheckState
from inspector.panel.models.products import Page
from inspector.panel.models.signing import Signer
from inspector.panel.screens.products import ProductsScreen
from inspector.panel.translation import Language
from inspector.panel.window import PanelWindow
from inspector.station.opening import OpenStation
from tests.office.two_products import make_two_products
from tests.panel.office_window import log_in, shown
from tests.station.production_line import MASTERS, PASSWORD, as_user, opened, qualified, rest_after

SOON = 30_000


class Day:
    """Panel and line; ``until`` lets both go on."""

    def __init__(self, qtbot: QtBot, window: PanelWindow, station: OpenStation) -> None:
        self.qtbot, self.window, self.station = qtbot, window, station
        screen = window.shell.screens["products"]
        assert isinstance(screen, ProductsScreen)
        self.screen = screen

    def until(self, what: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(what, timeout=SOON)

    def touch_tile(self, product: str) -> None:
        grid = self.screen.grid

        def shown() -> bool:
            return any(t.words is not None and t.words.product == product for t in grid.tiles)

        self.until(shown)
        next(t for t in grid.tiles if t.words is not None and t.words.product == product).click()

    def next_is_good(self) -> bool:
        """Whoever places masters by hand sees them; the pictures of the belt go on and on."""
        return self.station.station._rooms.belt.count % 4 != 3

    def next_part(self, *, good: bool) -> str:
        """A master of this kind, one that was not shown if there is any."""
        model = self.screen.masters_model
        of_it = [one.name for one in model.masters if one.good == good]
        said = model.said if model.limits.shown else {}
        return next((name for name in of_it if name not in said), of_it[0])

    def show_master(self, name: str) -> None:
        """Touch it, announce it, and wait for what the station says."""
        masters, live = self.screen.masters, self.window.model.live
        count = self.station.station._rooms.belt.count
        masters.rows.touched.emit(name)
        masters.show_next.click()
        self.until(lambda: self.station.station._rooms.belt.count > count)
        rest_after(self.station)
        stamp = self.station.station.status().uptime_s

        def heard() -> bool:
            return live.status is not None and live.status.uptime_s > stamp

        self.until(heard)

    def check(self) -> CheckState:
        return self.screen.masters_model.state

    def state(self) -> StationState | None:
        return self.window.model.live.state


@pytest.fixture
def day(qtbot: QtBot, language: Language, tmp_path: Path) -> Iterator[Day]:
    """``tiny`` is released and runs; ``other`` has masters that were never shown; ann is here."""
    plant = make_two_products(tmp_path)
    with opened(plant) as station:
        qualified(station)
        new = (AddMaster("other", name, good=name.startswith("good")) for name in MASTERS)
        as_user(station, "ann", *new)
        # The office asks on a connection of its own: whose a token is, it says by taking it on.
        own = InProcessClient(station.console._handler, lambda _: None)
        with (
            in_process(Room.of_line(plant.line_file), own) as client,
            shown(qtbot, language, station.console, client) as window,
        ):
            window.resize(theme.REFERENCE)
            log_in(qtbot, window, "ann", "Release")
            yield Day(qtbot, window, station)


def test_a_changeover_from_a_running_line_to_a_released_product(day: Day) -> None:
    screen, window = day.screen, day.window
    window.desk.send(Start())
    day.until(lambda: day.state() is StationState.CONTINUOUS_EXECUTION)
    window.shell.live.controls.product.click()
    assert window.shell.here == "products"
    day.touch_tile("other")
    day.until(lambda: screen.model.comparison is not None)
    assert "other was never released" not in screen.comparison.warnings.text()
    assert "Not released" in screen.comparison.warnings.text()
    screen.comparison.confirm.click()
    changeover = screen.model.changeover
    assert changeover is not None
    day.until(lambda: changeover.phase is Phase.LOADED)
    assert day.state() is StationState.INITIALIZED
    assert "Limit samples: They were never shown" in screen.changeover.result.text()

    screen.changeover.missing.click()
    day.until(lambda: screen.model.page is Page.DETAIL and len(screen.masters.rows.rows) == 4)
    assert day.check() is CheckState.DUE
    while day.check() is not CheckState.VALID:
        shown = screen.masters_model.limits.shown
        name = day.next_part(good=day.next_is_good())
        day.show_master(name)
        assert day.check() in (CheckState.GOING_ON, CheckState.VALID)
        assert screen.masters_model.limits.shown in (0, shown, shown + 1)
    day.until(lambda: all(row.words.picture for row in screen.masters.rows.rows))

    screen.choices[screen.release].click()
    day.until(screen.release.release.isEnabled)
    screen.release.release.click()
    signing = window.shell.signing
    signers = [Signer("ann", PASSWORD)] if signing.needed else []
    signing.sign("first release of the other part", signers)
    day.until(lambda: day.state() is StationState.READY)
    day.until(lambda: screen.release.verdict.text() == "Released: it may run in production.")
    window.desk.send(Start())
    day.until(lambda: day.state() is StationState.CONTINUOUS_EXECUTION)


def test_a_wrong_master_ends_the_check_and_says_which(day: Day) -> None:
    screen = day.screen
    day.window.desk.send(SelectProduct("other"))
    day.until(lambda: screen.model.loaded == "other" and screen.masters_model.at_rest)
    day.window.shell.go("products")
    screen.about.click()
    day.until(lambda: len(screen.masters.rows.rows) == 4)
    assert day.check() is CheckState.DUE
    good = day.next_is_good()
    day.show_master("bad-1" if good else "good-1")
    assert day.check() is CheckState.FAILED
    wrong = "bad-1 is bad and was passed" if good else "good-1 is good and was rejected"
    assert screen.masters.last.text() == wrong
    day.until(lambda: day.state() is StationState.INITIALIZED)
    assert not screen.masters.override.isEnabled()
