"""The live screen as an operator sees and touches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QRect, Qt
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from inspector.core.state import CameraCounters, Health, LimitSamples, Lock, Requirement
from inspector.core.state import StationState as State
from inspector.core.verdict import Cause
from inspector.link.messages import (
    Acknowledge,
    CallEngineer,
    CheckNote,
    RejectNotice,
    Reset,
    Start,
    Stop,
)
from inspector.link.picture import OtherView
from inspector.link.questions.comparing import AskExplanation, Explained, Nearest, NearestNormal
from inspector.panel import theme
from inspector.panel.models.comparison import Beside
from inspector.panel.models.figures import Figure
from inspector.panel.models.live import STALE_AFTER_S, Face
from inspector.panel.models.overlay import Strength
from inspector.panel.translation import Language
from inspector.panel.widgets.live import LiveScreen
from inspector.panel.widgets.paint import big_word
from tests.panel import fakes
from tests.panel.looking import look_everywhere
from tests.panel.stage import SIZES, Stage

LEFT = Qt.MouseButton.LeftButton


class Desk(Stage):
    """The whole panel, at its live screen."""

    @property
    def live(self) -> LiveScreen:
        return self.shell.live

    def beeps(self) -> bool:
        return self.live._voice.beeping

    def frozen(self) -> bool:
        return self.model.live.frozen

    def run(self, part_id: int = 1, *, passed: bool = True) -> None:
        self.now_s += 5
        picture = fakes.picture(part_id, passed=passed)
        self.model.deliver(fakes.status(), self.now_s, picture, [])
        self.settle()

    def image(self, widget: QWidget) -> QImage:
        return widget.grab().toImage()


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(language: Language) -> Iterator[MakeDesk]:
    made: list[Desk] = []

    def make(width: int = 1280, height: int = 800) -> Desk:
        made.append(Desk(language, size=(width, height)))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()


def tap(widget: QWidget, at: QPoint | None = None) -> None:
    QTest.mouseClick(widget, LEFT, pos=at or widget.rect().center())  # type: ignore[call-overload]  # static, whatever the stub says
    QApplication.processEvents()


def notice(part_id: int, **changes: object) -> RejectNotice:
    checks = (
        CheckNote("engine", 4.1, 2.4, 0.0099, passed=False),
        CheckNote("local", 1.1, 2.0, 0.4, passed=True),
    )
    told = {"checks": checks, "regions": fakes.picture(1, passed=False).regions, **changes}
    return msgspec.structs.replace(fakes.reject(part_id), **told)


def share(image: QImage, colour: QColor) -> float:
    """Fraction of sampled pixels that are nearly of this colour."""
    hits = total = 0
    for y in range(0, image.height(), 4):
        for x in range(0, image.width(), 4):
            found = image.pixelColor(x, y)
            apart = (
                found.red() - colour.red(),
                found.green() - colour.green(),
                found.blue() - colour.blue(),
            )
            hits += max(map(abs, apart)) < 24
            total += 1
    return hits / total


def place(widget: QWidget, screen: QWidget) -> QRect:
    return widget.rect().translated(widget.mapTo(screen, QPoint(0, 0)))


# -- the verdict ----------------------------------------------------------------------------------


def test_a_pass_is_calm_and_a_reject_is_not(desk: Desk) -> None:
    desk.run(1)
    calm = desk.image(desk.live.verdict)
    desk.run(2, passed=False)
    loud = desk.image(desk.live.verdict)
    assert share(calm, theme.PASS) > 0.05
    assert share(calm, theme.SURFACE) > 0.4
    assert share(calm, theme.REJECT) == 0
    assert share(loud, theme.REJECT) > 0.5
    assert share(loud, theme.PASS) == 0


def test_pass_and_reject_differ_without_colour(desk: Desk) -> None:
    desk.run(1)
    calm = desk.image(desk.live.verdict).convertToFormat(QImage.Format.Format_Grayscale8)
    desk.run(2, passed=False)
    loud = desk.image(desk.live.verdict).convertToFormat(QImage.Format.Format_Grayscale8)
    corner = QPoint(12, 12)
    assert abs(calm.pixelColor(corner).red() - loud.pixelColor(corner).red()) > 15
    assert desk.live.verdict.word() == "REJECT"


@pytest.mark.parametrize(("size", "least_mm"), [((1280, 800), 27), ((1920, 1080), 46)])
@pytest.mark.parametrize("code", ["en", "ja"])
def test_the_verdict_is_tall_enough_for_five_metres(
    make_desk: MakeDesk, language: Language, size: tuple[int, int], least_mm: float, code: str
) -> None:
    """Twenty minutes of arc at five metres are 29 mm, ten are the least for good eyes."""
    language.use(code)
    desk = make_desk(*size)
    for part_id, passed in ((1, True), (2, False)):
        desk.run(part_id, passed=passed)
        verdict = desk.live.verdict
        drawn = big_word(verdict.word(), verdict.word_room()).boundingRect()
        assert verdict.word_room().adjusted(-1, -1, 1, 1).contains(drawn)
        assert drawn.height() / (SIZES[size] / 25.4) > least_mm


def test_stale_data_turns_grey_and_says_so(desk: Desk) -> None:
    desk.run(1)
    assert desk.live.controls.stop.isEnabled()
    desk.now_s += STALE_AFTER_S + 0.1
    desk.model.tick()
    image = desk.image(desk.live.verdict)
    assert desk.live.verdict.word() == "NO CONNECTION"
    assert share(image, theme.STALE) > 0.4
    assert share(image, theme.PASS) == 0
    assert not desk.live.controls.stop.isEnabled()
    assert not desk.live.controls.call.isEnabled()
    assert {tile.reading.text for tile in desk.live.figures.tiles.values()} == {"–"}
    assert desk.live.pane.picture.words == "Last picture – not live"


@pytest.mark.parametrize("face", list(Face))
def test_every_face_has_a_word_and_an_explanation(
    desk: Desk, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run(1, passed=face is not Face.REJECT)
    monkeypatch.setattr(type(desk.model.live), "face", face)
    assert desk.live.verdict.word()
    assert desk.live.verdict.explanation()
    assert not desk.image(desk.live.verdict).isNull()


def test_what_is_let_through_all_the_same_is_said(desk: Desk) -> None:
    bypassed = replace(fakes.status(), bypass="sato")
    desk.model.deliver(bypassed, desk.now_s, fakes.picture(2, passed=False), [])
    assert desk.live.verdict.explanation() == "Defect – bypass, not ejected"
    showing = replace(fakes.status(), limits=LimitSamples(masters=3, shown=1))
    desk.model.deliver(showing, desk.now_s, None, [])
    assert desk.live.verdict.explanation() == "Limit sample – not ejected"
    locked = (Lock(Requirement.RELEASE, "Not released"),)
    halted = replace(fakes.status(State.INITIALIZED), locked=locked)
    desk.model.deliver(halted, desk.now_s, None, [])
    assert desk.live.verdict.explanation() == "Production is locked: see the alarms"


# -- the picture ----------------------------------------------------------------------------------


def test_a_good_part_shows_no_heat_and_a_scratch_does(desk: Desk) -> None:
    picture, heat = desk.live.pane.picture, desk.live.pane.heat
    desk.run(1)
    with_heat = desk.image(picture)
    tap(heat)
    tap(heat)
    assert desk.model.live.heat is Strength.OFF
    assert desk.image(picture) == with_heat, "the overlay of a good part is fully transparent"
    desk.run(2, passed=False)
    room = picture.picture_room()
    spot = QPoint(
        round(room.left() + 0.66 * room.width()), round(room.top() + 0.38 * room.height())
    )
    seen: dict[Strength, int] = {}
    for _ in Strength:
        found = desk.image(picture).pixelColor(spot)
        seen[desk.model.live.heat] = found.red() - found.green()
        tap(heat)
    assert abs(seen[Strength.OFF]) < 8
    assert seen[Strength.STRONG] > seen[Strength.NORMAL] > 40


def test_a_reject_that_marks_no_place_shows_its_score_and_no_heat(desk: Desk) -> None:
    desk.now_s += 5
    picture = replace(fakes.picture(2, passed=False), map=None, regions=())
    desk.model.deliver(fakes.status(), desk.now_s, picture, [notice(2)])
    assert desk.live.pane.score.whole == "Score 4.1, limit 2.4, judged as a whole"
    tap(desk.live.rejects.tiles[0])
    assert desk.live.detail.canvas.words == "Judged as a whole: no place is marked"
    tap(desk.live.rejects.tiles[0])
    desk.now_s += 5
    desk.model.deliver(fakes.status(), desk.now_s, replace(picture, part_id=2, score=None), [])
    assert desk.live.pane.score.whole == "Not inspected"


def test_the_picture_belongs_to_its_part(desk: Desk) -> None:
    pane = desk.live.pane
    desk.run(1)
    good = desk.image(pane.picture)
    desk.model.deliver(fakes.status(), desk.now_s, None, [fakes.reject(2, Cause.DEFECT)])
    assert pane.part.whole.startswith("Part 2 ")
    assert pane.score.whole == ""
    assert desk.image(pane.picture) != good
    desk.model.deliver(fakes.status(), desk.now_s, None, [fakes.reject(3, Cause.FRAME_LOST)])
    assert pane.picture.words == "There is no picture of this part"
    assert share(desk.image(pane.picture), theme.SURFACE) > 0.8


def test_colour_pictures_are_shown_in_colour(desk: Desk) -> None:
    blue = np.zeros((40, 60, 3), np.uint8)
    blue[..., 2] = 200
    desk.model.deliver(fakes.status(), desk.now_s, replace(fakes.picture(1), pixels=blue), [])
    view = desk.live.pane.picture
    centre = view.picture_room().center().toPoint()
    assert desk.image(view).pixelColor(centre) == QColor(0, 0, 200)


def test_all_cameras_are_shown_in_their_order_and_one_large_by_a_tap(desk: Desk) -> None:
    shades = {1: 60, 0: 120, 2: 180}
    flat = {v: np.full((40, 50, 1), level, np.uint8) for v, level in shades.items()}
    others = tuple(OtherView(view, flat[view]) for view in (0, 2))
    part = replace(fakes.picture(5), view=1, pixels=flat[1], map=None, others=others)
    cameras = {name: CameraCounters() for name in ("front", "left", "right")}
    desk.model.deliver(replace(fakes.status(), cameras=cameras), desk.now_s, part, [])
    view = desk.live.pane.picture
    image = desk.image(view)
    rooms = [pane.room for pane in view._panes]
    seen = [image.pixelColor(room.center().toPoint()).red() for room in rooms]
    assert seen == [120, 60, 180]
    assert list(view.names) == ["front", "left", "right"]
    small = rooms[2].width()
    tap(view, rooms[2].center().toPoint())
    assert desk.image(view).pixelColor(view.rect().center()).red() == 180
    assert view._panes[2].room.width() > small
    desk.model.deliver(fakes.status(), desk.now_s, replace(part, part_id=6), [])
    assert desk.image(view).pixelColor(view.rect().center()).red() == 180, "it stays large"
    tap(view)
    assert view._panes[2].room.width() == small


def test_a_picture_is_scaled_once(desk: Desk) -> None:
    desk.run(1)
    desk.image(desk.live.pane.picture)
    scaled = desk.live.pane.picture._panes[0].scaled
    desk.model.deliver(fakes.status(parts=7), desk.now_s, None, [])
    tap(desk.live.pane.heat)
    desk.image(desk.live.pane.picture)
    assert desk.live.pane.picture._panes[0].scaled is scaled is not None


# -- freezing -------------------------------------------------------------------------------------


def test_a_frozen_reject_stands_while_verdict_and_counters_go_on(desk: Desk) -> None:
    pane = desk.live.pane
    desk.run(1)
    tap(pane.freeze)
    assert not desk.frozen(), "a good part does not freeze"
    desk.run(2, passed=False)
    frozen = desk.image(pane.picture)
    desk.run(3)
    desk.model.deliver(fakes.status(parts=13_000), desk.now_s, None, [])
    assert desk.live.verdict.word() == "PASS"
    assert desk.live.figures.tiles[Figure.PARTS].reading.text == "13,000"
    assert pane.part.whole.startswith("Part 2 ")
    assert pane.picture.words == "Frozen – the line goes on"
    assert desk.image(pane.picture) == frozen
    assert pane.freeze.primary
    tap(pane.freeze)
    assert pane.part.whole.startswith("Part 3 ")
    assert desk.model.live.freezing
    desk.run(4, passed=False)
    assert desk.frozen()
    tap(pane.freeze)
    tap(pane.freeze)
    assert not desk.model.live.freezing


# -- one touch ------------------------------------------------------------------------------------


def test_buttons_ask_the_station(desk: Desk) -> None:
    controls = desk.live.controls
    for state, button, command in (
        (State.READY, controls.start, Start()),
        (State.CONTINUOUS_EXECUTION, controls.stop, Stop()),
        (State.ERROR, controls.start, Reset()),
    ):
        desk.model.deliver(fakes.status(state), desk.now_s, None, [])
        tap(button)
        assert desk.commands.pop() == command
        other = ({controls.start, controls.stop} - {button}).pop()
        assert not other.isEnabled()
        assert controls.product.isEnabled()


def test_stop_needs_no_log_in(desk: Desk) -> None:
    desk.log_in("")
    desk.run(1)
    tap(desk.live.controls.stop)
    assert desk.commands == [Stop()]


def test_an_engineer_is_called_and_the_call_taken_back(desk: Desk) -> None:
    call = desk.live.controls.call
    desk.run(1)
    tap(call)
    assert desk.commands == [CallEngineer()]
    standing = fakes.alarm(Health.MAINTENANCE_REQUIRED, "oki calls an engineer to the line")
    alarms = (replace(standing, key="call"),)
    desk.model.deliver(fakes.status(alarms=alarms), desk.now_s, None, [])
    assert call.on
    tap(call)
    assert desk.commands[-1] == Acknowledge("call")


def test_the_horn_is_off_sounds_for_what_is_new_and_is_muted_by_one_touch(desk: Desk) -> None:
    horn, button = desk.live.horn, desk.live.controls.horn
    first = fakes.alarm(Health.FAILURE, key="camera")
    desk.model.deliver(fakes.status(alarms=(first,)), desk.now_s, None, [])
    assert not horn.sounding
    tap(button)
    assert desk.beeps()
    assert button.primary
    tap(button)
    assert not desk.beeps()
    second = fakes.alarm(Health.OUT_OF_SPECIFICATION, key="link")
    desk.model.deliver(fakes.status(alarms=(first, second)), desk.now_s, None, [])
    assert desk.beeps(), "a new alarm is heard again"
    seen = (replace(first, acknowledged=True), replace(second, acknowledged=True))
    desk.model.deliver(fakes.status(alarms=seen), desk.now_s, None, [])
    assert not desk.beeps()
    tap(button)
    assert not horn.on


# -- alarms ---------------------------------------------------------------------------------------


def test_alarms_are_paged_and_acknowledged(desk: Desk) -> None:
    alarms = (
        fakes.alarm(Health.FAILURE, "Camera gone: check its cable", key="camera"),
        fakes.alarm(Health.MAINTENANCE_REQUIRED, "Disk nearly full", key="disk", seen=True),
    )
    desk.model.deliver(fakes.status(alarms=alarms), desk.now_s, None, [])
    desk.settle()
    bar = desk.live.alarms
    assert bar.sign.health is Health.FAILURE
    assert bar.title.text().startswith("Failure")
    assert share(desk.image(bar.sign), theme.NE107[Health.FAILURE]) > 0.1
    tap(bar.acknowledge)
    assert desk.commands == [Acknowledge("camera")]
    tap(bar.more)
    assert bar.text.text() == "Disk nearly full"
    assert not bar.acknowledge.isEnabled()


def test_long_texts_never_push_the_screen_apart(desk: Desk) -> None:
    long = "Camera 'front-left' does not answer: check its cable and its power supply. " * 3
    status = replace(
        fakes.status(alarms=(fakes.alarm(Health.FAILURE, long),)), title={"en": "t" * 90}
    )
    desk.model.deliver(status, desk.now_s, fakes.picture(10**9), [])
    desk.model.rejects.open(notice(1, checks=(), reasons=(long,) * 3))
    desk.settle()
    assert desk.shell.size().width() == 1280
    assert desk.shell.size().height() == 800
    assert desk.shell.minimumSizeHint().width() <= 1280
    assert desk.live.minimumSizeHint().height() <= desk.live.height()


# -- rejects --------------------------------------------------------------------------------------


def test_a_reject_is_opened_beside_the_verdict_and_closed_by_the_same_tap(desk: Desk) -> None:
    desk.run(1)
    desk.model.deliver(fakes.status(), desk.now_s, fakes.picture(3, passed=False), [])
    notices = [notice(n) for n in range(2, 4)] + [fakes.reject(4, Cause.OVERRUN)]
    desk.model.deliver(fakes.status(), desk.now_s, None, notices)
    tiles, detail = desk.live.rejects.tiles, desk.live.detail
    assert [tile.isEnabled() for tile in tiles] == [True] * 3 + [False] * 9
    tap(tiles[1])
    assert detail.isVisible()
    assert tiles[1].opened
    assert detail.canvas.part is not None
    assert detail.canvas.part.picture is not None, "whole, not its thumbnail"
    assert detail.checks[0].words == "Learned looks: 4.1, limit 2.4"
    assert detail.checks[0].chance == "p = 0.0099 (1 in 101)"
    assert detail.checks[1].chance == "p = 0.4"
    assert not place(detail, desk.live).intersects(place(desk.live.verdict, desk.live))
    assert detail.geometry() == desk.live.pane.geometry()
    tap(detail.older)
    assert desk.model.rejects.opened == notices[0]
    assert not detail.older.isEnabled()
    tap(tiles[2])
    assert not detail.isVisible()
    tap(tiles[0])
    assert detail.canvas.words == "There is no picture of this part"
    tap(detail.back)
    assert not detail.isVisible()


def test_a_part_is_compared_with_its_nearest_normal(desk: Desk) -> None:
    part, normal = (fakes.jpeg(fakes.picture(7, passed=passed).pixels) for passed in (False, True))
    desk.answers[NearestNormal] = lambda _: Nearest(part, normal, among=120, apart=3.0)
    desk.run(1)
    assert not desk.live.pane.compare.isEnabled(), "evidence is of rejects"
    desk.run(7, passed=False)
    tap(desk.live.pane.compare)
    compared = desk.live.compared
    question = desk.questions[-1]
    assert isinstance(question, NearestNormal)
    assert question.part == 7
    assert compared.isVisible()
    assert compared.among.whole == "Nearest of 120 good images"
    assert not compared.normal.image.isNull()
    assert compared.geometry() == desk.live.pane.geometry()
    tap(compared.back)
    assert not compared.isVisible()


def explaining(desk: Desk) -> None:
    """A reject whose engine tells what it expected."""
    part, normal = (fakes.jpeg(fakes.picture(7, passed=passed).pixels) for passed in (False, True))
    heats = (("brightness", part), ("structure", normal))
    desk.answers[NearestNormal] = lambda _: Nearest(part, normal, 120, 3.0, explains=True)
    desk.answers[AskExplanation] = lambda _: Explained(part, normal, heats)
    desk.run(7, passed=False)
    tap(desk.live.pane.compare)


def test_an_engine_that_explains_is_the_other_side_of_a_switch(desk: Desk) -> None:
    explaining(desk)
    compared = desk.live.compared
    assert compared.ways[Beside.NORMAL].isChecked()
    tap(compared.ways[Beside.ENGINE])
    assert compared.normal.title == "Expected"
    tap(compared.heats["structure"])
    assert compared.normal.title == "Structure"
    assert compared.among.whole == "Red: where this is strongest"
    tap(compared.ways[Beside.NORMAL])
    assert compared.normal.title == "Nearest normal"
    assert not compared.heats
    desk.answers[AskExplanation] = lambda _: "solar-mono: its engine cannot tell what it expected"
    tap(compared.back)
    tap(desk.live.pane.compare)
    tap(compared.ways[Beside.ENGINE])
    assert "cannot tell" in compared.among.whole
    tap(compared.ways[Beside.NORMAL])
    assert compared.normal.isVisible()


def test_looks_of_an_explanation(desk: Desk, language: Language) -> None:
    explaining(desk)
    tap(desk.live.compared.ways[Beside.ENGINE])
    look_everywhere(desk, language)


def test_a_comparison_that_cannot_be_made_says_why_and_goes_with_its_part(desk: Desk) -> None:
    desk.answers[NearestNormal] = lambda _: "part 7: no picture of it was kept"
    desk.run(1)
    desk.model.deliver(fakes.status(), desk.now_s, None, [notice(7), notice(8)])
    tap(desk.live.rejects.tiles[1])
    tap(desk.live.detail.compare)
    assert desk.live.compared.among.whole == "Part 7: no picture of it was kept"
    tap(desk.live.rejects.tiles[0])
    assert not desk.live.compared.isVisible()
    assert desk.live.detail.isVisible()


# -- looks ----------------------------------------------------------------------------------------


def test_the_language_switches_everything_at_once(desk: Desk) -> None:
    desk.run(1, passed=False)
    switch = desk.shell.header.language
    before = desk.image(desk.live.verdict)
    tap(switch)
    assert desk.live.verdict.word() == "不合格"
    assert desk.live.controls.stop.text() == "停止"
    assert desk.live.alarms.text.text() == "警報はありません"
    assert desk.image(desk.live.verdict) != before
    tap(switch)
    assert desk.live.verdict.word() == "REJECT"


def all_at_once(desk: Stage) -> None:
    both = (fakes.alarm(Health.FAILURE), fakes.alarm(Health.MAINTENANCE_REQUIRED))
    desk.now_s += 5
    status = fakes.status(alarms=both, late=3)
    desk.model.deliver(status, desk.now_s, fakes.picture(1), [notice(n) for n in range(12)])


def test_looks(desk: Desk, language: Language) -> None:
    all_at_once(desk)
    look_everywhere(desk, language)


def test_looks_of_a_reject_that_was_opened(desk: Desk, language: Language) -> None:
    all_at_once(desk)
    desk.model.rejects.open(desk.model.rejects.notices[3])
    look_everywhere(desk, language)
