"""Products: tiles, what changes, the changeover, limit samples and releases, at all sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from inspector.core.state import (
    Alarm,
    Health,
    LimitSamples,
    Lock,
    MasterSaid,
    Requirement,
    StationState,
    StationStatus,
)
from inspector.link.messages import (
    AddMaster,
    AnnounceMasters,
    AnyCommand,
    HandOver,
    Release,
    RemoveMaster,
    SelectProduct,
    Stop,
)
from inspector.link.questions.products import (
    AskProduct,
    Compared,
    CompareProducts,
    Difference,
    ListTiles,
    MasterEntry,
    ProductDetail,
    ProductPicture,
    ReleaseEntry,
    Tile,
    Tiles,
    ZoneShape,
)
from inspector.panel.models.limit_samples import CheckState
from inspector.panel.models.products import Page
from inspector.panel.screens import SCREENS
from inspector.panel.screens.products import ProductsScreen
from inspector.panel.translation import Language
from tests.panel import fakes
from tests.panel.looking import look_everywhere
from tests.panel.stage import Stage

ENTRIES = [entry for entry in SCREENS if entry.key in ("live", "products")]
NOON = fakes.NOON_UTC_US
LOADED, OTHER = "solar-mono", "solar-poly"
NAMES = {
    LOADED: ("Solar cell, monocrystalline", "太陽電池セル（単結晶）"),
    OTHER: ("Solar cell, polycrystalline", "太陽電池セル（多結晶）"),
    "washer-m8": ("Washer M8, zinc-plated, with a rather long name", "座金 M8(亜鉛めっき)"),
    "bottle": ("Bottle, bottom view", "ボトル底面"),
    "tile": ("Magnetic tile", "磁性タイル"),
}
LOCKS = (
    Lock(Requirement.RELEASE, f"Not released: {OTHER} was never released. Release it: x"),
    Lock(
        Requirement.LIMIT_SAMPLES,
        "Limit samples: they were never shown to this station. Show all of them",
    ),
)
MASTERS = ("good-1", "good-2", "scratch-1", "chip-2")


def jpeg(seed: int) -> bytes:
    return fakes.jpeg(fakes.cell(seed, 240))


def tiles(_asked: ListTiles | None = None) -> Tiles:
    entries = [
        Tile(name, {"en": en, "ja": ja}, name != "tile", name != OTHER, "", jpeg(seed))
        for seed, (name, (en, ja)) in enumerate(NAMES.items())
    ]
    entries.append(Tile("torn", {}, taught=False, released=False, problem="torn.yaml: speed: ?"))
    return Tiles(tuple(entries))


def many(_asked: ListTiles) -> Tiles:
    new = tuple(
        Tile(
            f"part-{n:03d}", {"en": f"Part {n}", "ja": f"部品{n}"}, taught=True, released=n % 3 > 0
        )
        for n in range(100)
    )
    return Tiles((*new, *tiles().entries[:1]))


def compared(_asked: CompareProducts | None = None, problem: str = "") -> Compared:
    shape = ZoneShape("busbar", "exclude", 1.0, ((0.1, 0.2), (0.9, 0.2), (0.9, 0.3)))
    return Compared(
        OTHER,
        dict(zip(("en", "ja"), NAMES[OTHER], strict=True)),
        ProductPicture(jpeg(1), (0.05, 0.05, 0.9, 0.9), (shape,)),
        (
            Difference("release", "released", "ann, 2026-11-02", ""),
            Difference("threshold", "false_reject_rate", "1 %", "0.5 %"),
            Difference("threshold", "threshold", "2.41", "3.07"),
            Difference("engine", "bundle", "4f19aa20c331", "90be117ad2f4"),
            Difference("engine", "method", "patchcore", "padim"),
            Difference("checks", "checks", "engine, rx", "engine"),
            Difference("zones", "zones", "", "busbar"),
            Difference("preparation", "align", "none", "contour"),
            Difference("camera", "ExposureTime", "1200", "850"),
            Difference("rest", "plc_id", "3", "4"),
        ),
        problem,
        "solar-poly was never released",
        "they were never shown to this station",
    )


def detail(asked: AskProduct | None = None) -> ProductDetail:
    zones = (
        ZoneShape("busbar", "exclude", 1.0, ((0.1, 0.2), (0.9, 0.2), (0.9, 0.3), (0.1, 0.3))),
        ZoneShape("rim", "zone", 2.5, ((0.05, 0.6), (0.4, 0.6), (0.4, 0.95), (0.05, 0.95))),
    )
    return ProductDetail(
        asked.product if asked is not None else LOADED,
        dict(zip(("en", "ja"), NAMES[LOADED], strict=True)),
        ProductPicture(jpeg(0), (0.03, 0.03, 0.94, 0.94), zones),
        ("engine", "rx"),
        tuple(
            MasterEntry(
                name,
                name.startswith("good"),
                "engine" if "chip" in name else "",
                picture=jpeg(seed + 7) if seed < 3 else b"",
            )
            for seed, name in enumerate(MASTERS)
        ),
        (
            ReleaseEntry(
                3,
                "ann",
                "engineer",
                NOON,
                "a finer backbone finds thin scratches",
                0,
                "4f19aa20c331",
                0.01,
            ),
            ReleaseEntry(2, "kim", "quality", NOON - 10**12, "customer complaint 311", 1),
            ReleaseEntry(
                1,
                "ann",
                "engineer",
                NOON - 10**13,
                "first release of this cell",
                0,
                "77be117ad2f4",
                0.01,
            ),
        ),
        3,
    )


def ready(**changes: object) -> StationStatus:
    limits = LimitSamples(4, valid=True, checked_utc_us=NOON, due_utc_us=NOON + 28_800_000_000)
    settled = replace(fakes.status(StationState.READY, production=True), limits=limits)
    return replace(settled, **changes)  # type: ignore[arg-type]  # fields by name


def masters_at(
    shown: int = 0, expected: str = "", wrong: str = "", **changes: object
) -> StationStatus:
    said = tuple(
        MasterSaid(name, f"{name} is bad and was passed" if name == wrong else "")
        for name in MASTERS[: shown or (len(MASTERS) if wrong else 0)]
    )
    limits = LimitSamples(4, shown, expected, checked_utc_us=NOON, said=said)
    state = StationState.SINGLE_EXECUTION if expected else StationState.INITIALIZED
    return ready(state=state, production=False, limits=limits, locked=LOCKS[1:], **changes)


class Play:
    """The screen on a stage; ``tell`` is a snapshot of the station."""

    def __init__(
        self,
        language: Language,
        size: tuple[int, int] = (1280, 800),
        status: StationStatus | None = None,
        **answers: Callable[[Any], object],
    ) -> None:
        given = {
            ListTiles: answers.get("tiles", tiles),
            CompareProducts: answers.get("compared", compared),
            AskProduct: answers.get("detail", detail),
        }
        self.stage = Stage(language, ENTRIES, given, size=size)  # type: ignore[arg-type]  # by type
        self.tell(status or ready())
        self.stage.shell.go("products")
        self.stage.settle()
        screen = self.stage.screen
        assert isinstance(screen, ProductsScreen)
        self.screen = screen

    def tell(self, status: StationStatus) -> None:
        self.stage.now_s += 0.2
        self.stage.model.deliver(status, self.stage.now_s, None, [])
        self.stage.settle()

    def accept(self, kind: type[AnyCommand]) -> None:
        """The station accepts the last command of a kind."""
        found = [one for one in self.stage.commands if isinstance(one, kind)]
        self.stage.desk.answered(found[-1], None)

    @property
    def commands(self) -> list[AnyCommand]:
        return self.stage.commands

    def last(self) -> AnyCommand:
        return self.commands[-1]

    def touch(self, product: str) -> None:
        grid = self.screen.grid
        next(t for t in grid.tiles if t.words is not None and t.words.product == product).click()
        self.stage.settle()


def _last(stage: Stage) -> AnyCommand:
    return stage.commands[-1]


# -- what is shown: also the pictures that are looked at by people ---------------------------------


def shown_tiles(language: Language, size: tuple[int, int]) -> Stage:
    return Play(language, size).stage


def shown_hundred(language: Language, size: tuple[int, int]) -> Stage:
    return Play(language, size, tiles=many).stage


def shown_comparison(language: Language, size: tuple[int, int]) -> Stage:
    play = Play(language, size, ready(state=StationState.CONTINUOUS_EXECUTION))
    play.touch(OTHER)
    return play.stage


def shown_loading(language: Language, size: tuple[int, int]) -> Stage:
    play = Play(language, size, ready(state=StationState.CONTINUOUS_EXECUTION))
    play.touch(OTHER)
    play.screen.comparison.confirm.click()
    play.tell(ready())
    return play.stage


def shown_locked(language: Language, size: tuple[int, int]) -> Stage:
    play = Play(language, size)
    play.touch(OTHER)
    play.screen.comparison.confirm.click()
    play.tell(ready(product=OTHER, state=StationState.INITIALIZED, locked=LOCKS))
    return play.stage


def shown_failed(language: Language, size: tuple[int, int]) -> Stage:
    play = Play(language, size)
    play.touch(OTHER)
    play.screen.comparison.confirm.click()
    text = f"{OTHER}: not calibrated for 0.01. Calibrate it first"
    fault = Alarm("fault", Health.FAILURE, text, NOON + 5)
    play.tell(ready(product=OTHER, state=StationState.ERROR, alarms=(fault,)))
    return play.stage


def shown_masters(
    language: Language, size: tuple[int, int], status: StationStatus | None = None
) -> Stage:
    play = Play(language, size, status or ready())
    play.screen.about.click()
    play.stage.settle()
    return play.stage


def shown_placing(language: Language, size: tuple[int, int]) -> Stage:
    return shown_masters(language, size, masters_at(2, "scratch-1"))


def shown_check_failed(language: Language, size: tuple[int, int]) -> Stage:
    return shown_masters(language, size, masters_at(wrong="chip-2"))


def shown_due(language: Language, size: tuple[int, int]) -> Stage:
    return shown_masters(language, size, masters_at())


def shown_release(language: Language, size: tuple[int, int]) -> Stage:
    stage = shown_masters(language, size)
    assert isinstance(stage.screen, ProductsScreen)
    stage.screen.choices[stage.screen.release].click()
    return stage


def shown_zones(language: Language, size: tuple[int, int]) -> Stage:
    stage = shown_masters(language, size)
    assert isinstance(stage.screen, ProductsScreen)
    stage.screen.choices[stage.screen.zones].click()
    return stage


def shown_new_master(language: Language, size: tuple[int, int]) -> Stage:
    stage = shown_masters(language, size)
    assert isinstance(stage.screen, ProductsScreen)
    stage.screen.masters.add.click()
    return stage


SHOWN: dict[str, Callable[[Language, tuple[int, int]], Stage]] = {
    "tiles": shown_tiles,
    "hundred": shown_hundred,
    "comparison": shown_comparison,
    "loading": shown_loading,
    "locked": shown_locked,
    "failed": shown_failed,
    "masters": shown_masters,
    "placing": shown_placing,
    "check-failed": shown_check_failed,
    "due": shown_due,
    "release": shown_release,
    "zones": shown_zones,
    "new-master": shown_new_master,
}


@pytest.mark.parametrize(
    "state", ["tiles", "comparison", "failed", "masters", "placing", "release", "zones"]
)
def test_looks(qtbot: QtBot, language: Language, state: str) -> None:
    stage = SHOWN[state](language, (1280, 800))
    look_everywhere(stage, language)
    stage.close()


def test_a_hundred_products_are_turned_over_and_searched(qtbot: QtBot, language: Language) -> None:
    play = Play(language, tiles=many)
    grid, fits = play.screen.grid, len(play.screen.grid.tiles)
    assert grid.keys.place.text() == f"1 – {fits}  /  101"
    assert [t.words.product for t in grid.tiles[:3] if t.words] == [LOADED, "part-000", "part-001"]
    for _ in range(100 // fits):
        grid.keys.older.click()
    assert not grid.keys.older.isEnabled()
    assert grid.tiles[100 % fits].words is not None
    play.screen.search.click()
    play.stage.settle()
    play.screen._found("part 42")
    assert [t.words.product for t in grid.tiles if t.words is not None] == ["part-042"]
    play.screen.search.click()  # what was searched for is forgotten
    assert len(play.screen.model.shown) == 101
    play.stage.close()


def test_a_running_line_is_stopped_before_the_other_product_is_asked_for(
    qtbot: QtBot, language: Language
) -> None:
    play = Play(language, status=ready(state=StationState.CONTINUOUS_EXECUTION))
    play.touch(OTHER)
    assert play.screen.comparison.confirm.text() == "Stop the line and change over"
    assert "The line runs: it stops first" in play.screen.comparison.warnings.text()
    play.screen.comparison.confirm.click()
    assert play.last() == Stop()
    play.accept(Stop)
    assert SelectProduct(OTHER) not in play.commands
    play.tell(ready())
    assert play.last() == SelectProduct(OTHER)
    play.accept(SelectProduct)
    play.tell(ready(product=OTHER, state=StationState.HALTED))
    assert not play.screen.changeover.on.isVisible()
    play.tell(ready(product=OTHER))
    play.screen.changeover.on.click()
    assert play.stage.shell.here == "live"
    play.stage.close()


def test_a_failed_load_says_why_and_leads_back(qtbot: QtBot, language: Language) -> None:
    stage = shown_failed(language, (1280, 800))
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    assert "Calibrate it first" in screen.changeover.result.text()
    screen.changeover.other.click()
    assert stage.commands[-1] == SelectProduct(LOADED)
    stage.close()


def test_a_refused_changeover_says_why(qtbot: QtBot, language: Language) -> None:
    play = Play(language)
    play.stage.answers[SelectProduct] = lambda _: f"{OTHER}: not taught yet on this station"
    play.touch(OTHER)
    play.screen.comparison.confirm.click()
    play.stage.settle()
    assert "not taught yet" in play.screen.changeover.result.text()
    play.screen.changeover.tiles.click()
    assert play.screen.model.page is Page.TILES
    play.stage.close()


def test_while_the_plc_commands_only_taking_control_back_helps(
    qtbot: QtBot, language: Language
) -> None:
    play = Play(language, status=ready(writer="plc"))
    play.touch(OTHER)
    pane = play.screen.comparison
    assert not pane.confirm.isEnabled()
    pane.take_back.click()
    assert play.last() == HandOver("operator")
    play.tell(ready())
    assert pane.confirm.isEnabled()
    play.stage.close()


def test_who_may_not_change_over_is_led_to_the_log_in(qtbot: QtBot, language: Language) -> None:
    play = Play(language)
    play.stage.log_in("quality")
    play.touch(OTHER)
    pane = play.screen.comparison
    assert pane.confirm.text() == "Log in"
    assert "For: " in pane.warnings.text()
    pane.confirm.click()
    assert SelectProduct(OTHER) not in play.commands
    assert play.stage.model.session.logging_in
    play.stage.close()


def test_what_cannot_be_loaded_cannot_be_confirmed(qtbot: QtBot, language: Language) -> None:
    play = Play(language, compared=lambda _: compared(problem="tile: not taught yet"))
    play.touch("tile")
    assert not play.screen.comparison.confirm.isEnabled()
    assert "tile: not taught yet" in play.screen.comparison.warnings.text()
    play.stage.close()


def test_masters_are_announced_one_by_one_in_their_order(qtbot: QtBot, language: Language) -> None:
    stage = shown_masters(language, (1280, 800), masters_at())
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    pane = screen.masters
    pane.show_next.click()
    assert stage.commands[-1] == AnnounceMasters(("good-1",))
    stage.model.deliver(masters_at(0, "good-1"), stage.now_s + 1, None, [])
    assert pane.now.text() == "Place now: good-1"
    stage.model.deliver(masters_at(1), stage.now_s + 2, None, [])
    assert pane.now.text() == "Next: good-2"
    assert pane.last.text() == "good-1: as expected"
    assert pane.progress.text() == "1 of 4 shown"
    pane.rows.touched.emit("chip-2")
    pane.show_next.click()
    assert stage.commands[-1] == AnnounceMasters(("chip-2",))
    stage.model.deliver(ready(), stage.now_s + 3, None, [])
    assert screen.masters_model.state is CheckState.VALID
    assert pane.why.text().startswith("Until ")
    stage.close()


def test_a_wrong_verdict_is_said_in_words(qtbot: QtBot, language: Language) -> None:
    stage = shown_check_failed(language, (1280, 800))
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    assert screen.masters.last.text() == "chip-2 is bad and was passed"
    assert [row.words.found for row in screen.masters.rows.rows] == [True, True, True, False]
    language.use("ja")
    stage.settle()
    assert screen.masters.last.text() == "chip-2 は不良品なのに合格と判定"
    stage.close()


def test_masters_join_and_leave_the_list(qtbot: QtBot, language: Language) -> None:
    stage = shown_new_master(language, (1280, 800))
    screen, sheet = stage.screen, stage.shell._sheet
    assert isinstance(screen, ProductsScreen)
    assert sheet is not None
    form = sheet.content
    assert not sheet.confirm.isEnabled()
    form.name.edit.setText("scratch 2")  # type: ignore[attr-defined]  # a NewMaster
    assert not sheet.confirm.isEnabled()
    form.name.edit.setText("scratch-2")  # type: ignore[attr-defined]  # likewise
    form.is_bad.click()  # type: ignore[attr-defined]  # likewise
    form.checks["rx"].click()  # type: ignore[attr-defined]  # likewise
    sheet.confirm.click()
    signing = stage.shell.signing
    assert signing.command == AddMaster(LOADED, "scratch-2", good=False, check="rx")
    signing.sign("a new kind of scratch", [])
    assert _last(stage) == AddMaster(
        LOADED, "scratch-2", good=False, check="rx", reason="a new kind of scratch"
    )
    stage.desk.answered(stage.commands[-1], None)
    screen.masters.rows.touched.emit("good-2")
    screen.masters.remove.click()
    assert stage.shell.signing.command == RemoveMaster(LOADED, "good-2")
    asked = len(stage.questions)
    signing.sign("worn", [])
    assert _last(stage) == RemoveMaster(LOADED, "good-2", "worn")
    stage.desk.answered(stage.commands[-1], None)
    assert isinstance(stage.questions[asked], AskProduct)
    stage.close()


def test_a_release_is_signed_and_only_when_limit_samples_hold(
    qtbot: QtBot, language: Language
) -> None:
    stage = shown_release(language, (1280, 800))
    screen = stage.screen
    assert isinstance(screen, ProductsScreen)
    pane = screen.release
    assert not pane.release.isEnabled()  # nothing was changed since
    stage.model.deliver(ready(locked=LOCKS), stage.now_s + 1, None, [])
    assert not pane.release.isEnabled()
    assert "Limit samples must be shown" in pane.who.text()
    stage.model.deliver(ready(locked=LOCKS[:1]), stage.now_s + 2, None, [])
    pane.release.click()
    assert stage.shell.signing.command == Release(LOADED, "")
    stage.close()
