"""The live screen as an operator sees and touches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.core.state import Health, StationState
from inspector.core.verdict import Cause
from inspector.link.messages import (
    Acknowledge,
    AnyCommand,
    Login,
    Logout,
    RejectNotice,
    Reset,
    Session,
    Start,
    Stop,
)
from inspector.panel import theme
from inspector.panel.models.live import STALE_AFTER_S, Face
from inspector.panel.models.panel import PanelModel
from inspector.panel.translation import Language
from inspector.panel.widgets.live import LiveScreen
from inspector.panel.widgets.paint import big_word
from tests.panel import fakes

SIZES = [(1280, 800), (1920, 1080)]
LEFT = Qt.MouseButton.LeftButton


class Desk:
    """A screen, its model, a clock, and the commands that came out."""

    def __init__(self, language: Language, width: int = 1280, height: int = 800) -> None:
        self.now_s = 10.0
        self.model = PanelModel(lambda: self.now_s)
        self.screen = LiveScreen(self.model, language)
        self.screen.resize(width, height)
        self.asked: list[AnyCommand] = []
        self.screen.asked.connect(self.asked.append)

    def run(self, part_id: int = 1, *, passed: bool = True) -> None:
        self.now_s += 5
        self.model.deliver(fakes.status(), self.now_s, fakes.picture(part_id, passed=passed), [])

    def image(self, widget: QWidget | None = None) -> QImage:
        return (widget or self.screen).grab().toImage()


MakeDesk = Callable[..., Desk]


@pytest.fixture
def make_desk(qtbot: QtBot, language: Language) -> MakeDesk:
    def make(width: int = 1280, height: int = 800) -> Desk:
        desk = Desk(language, width, height)
        qtbot.addWidget(desk.screen)
        with qtbot.waitExposed(desk.screen):
            desk.screen.show()
        return desk

    return make


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()


def tap(widget: QWidget) -> None:
    QTest.mouseClick(widget, LEFT)  # type: ignore[call-overload]  # static, whatever the stub says
    QApplication.processEvents()


def replace_reasons(notice: RejectNotice, reasons: tuple[str, ...]) -> RejectNotice:
    return msgspec.structs.replace(notice, reasons=reasons)


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


def test_a_pass_is_calm_and_a_reject_is_not(desk: Desk) -> None:
    desk.run(1)
    calm = desk.image(desk.screen.verdict)
    desk.run(2, passed=False)
    loud = desk.image(desk.screen.verdict)
    assert share(calm, theme.PASS) > 0.1
    assert share(calm, theme.SURFACE) > 0.4
    assert share(calm, theme.REJECT) == 0
    assert share(loud, theme.REJECT) > 0.5
    assert share(loud, theme.PASS) == 0


def test_pass_and_reject_differ_without_colour(desk: Desk) -> None:
    desk.run(1)
    calm = desk.image(desk.screen.verdict).convertToFormat(QImage.Format.Format_Grayscale8)
    desk.run(2, passed=False)
    loud = desk.image(desk.screen.verdict).convertToFormat(QImage.Format.Format_Grayscale8)
    corner = QPoint(12, 12)
    assert abs(calm.pixelColor(corner).red() - loud.pixelColor(corner).red()) > 15
    assert desk.screen.verdict.word() == "REJECT"


@pytest.mark.parametrize(("size", "diagonal_mm"), [((1280, 800), 396), ((1920, 1080), 396)])
@pytest.mark.parametrize("code", ["en", "ja"])
def test_the_verdict_is_fifty_millimetres_high_on_a_15_inch_panel(
    make_desk: MakeDesk, language: Language, size: tuple[int, int], diagonal_mm: float, code: str
) -> None:
    language.use(code)
    desk = make_desk(*size)
    px_per_mm = (size[0] ** 2 + size[1] ** 2) ** 0.5 / diagonal_mm
    for part_id, passed in ((1, True), (2, False)):
        desk.run(part_id, passed=passed)
        verdict = desk.screen.verdict
        drawn = big_word(verdict.word(), verdict.word_room()).boundingRect()
        assert verdict.word_room().adjusted(-1, -1, 1, 1).contains(drawn)
        assert drawn.height() / px_per_mm > 46


def test_stale_data_turns_grey_and_says_so(desk: Desk) -> None:
    desk.run(1)
    assert desk.screen.controls.stop.isEnabled()
    desk.now_s += STALE_AFTER_S + 0.1
    desk.model.tick()
    image = desk.image(desk.screen.verdict)
    assert desk.screen.verdict.word() == "NO CONNECTION"
    assert share(image, theme.STALE) > 0.4
    assert share(image, theme.PASS) == 0
    assert not desk.screen.controls.stop.isEnabled()
    assert {tile.reading.text for tile in desk.screen.figures.tiles.values()} == {"–"}
    assert desk.screen.header.state.text() == "Unknown"
    assert not desk.screen.header.mode.isVisible()


def test_a_good_part_shows_no_heat_and_a_scratch_does(desk: Desk) -> None:
    picture = desk.screen.pane.picture
    desk.run(1)
    with_heat = desk.image(picture)
    desk.screen.pane.heat.click()
    assert desk.image(picture) == with_heat, "the overlay of a good part is fully transparent"
    desk.run(2, passed=False)
    without = desk.image(picture)
    desk.screen.pane.heat.click()
    glowing = desk.image(picture)
    assert glowing != without
    room = picture.picture_room()
    spot = QPoint(
        round(room.left() + 0.64 * room.width()), round(room.top() + 0.36 * room.height())
    )
    colour = glowing.pixelColor(spot)
    assert colour.red() > colour.green() + 40


def test_a_reject_that_marks_no_place_shows_its_score_and_no_heat(desk: Desk) -> None:
    desk.now_s += 5
    picture = replace(fakes.picture(passed=False), map=None, regions=())
    desk.model.deliver(fakes.status(), desk.now_s, picture, [])
    assert desk.screen.pane.score.text() == "Score 4.1, limit 2.4"
    desk.now_s += 5
    desk.model.deliver(fakes.status(), desk.now_s, replace(picture, part_id=2, score=None), [])
    assert desk.screen.pane.score.text() == "Not inspected"


def test_the_picture_belongs_to_the_verdict(desk: Desk) -> None:
    pane = desk.screen.pane
    desk.run(1)
    good = desk.image(pane.picture)
    desk.model.deliver(fakes.status(), desk.now_s, None, [fakes.reject(2, Cause.DEFECT)])
    assert pane.part.text().startswith("Part 2 ")
    assert pane.score.text() == ""
    assert desk.image(pane.picture) != good
    desk.model.deliver(fakes.status(), desk.now_s, None, [fakes.reject(3, Cause.FRAME_LOST)])
    empty = desk.image(pane.picture)
    assert share(empty, theme.SURFACE) > 0.8


def test_colour_pictures_are_shown_in_colour(desk: Desk) -> None:
    blue = np.zeros((40, 60, 3), np.uint8)
    blue[..., 2] = 200
    desk.model.deliver(fakes.status(), 10.0, replace(fakes.picture(1), pixels=blue), [])
    view = desk.screen.pane.picture
    assert desk.image(view).pixelColor(view.rect().center()) == QColor(0, 0, 200)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", ["en", "ja"])
def test_targets_are_big_enough_and_nothing_is_cut_or_overlaps(
    make_desk: MakeDesk, language: Language, size: tuple[int, int], code: str
) -> None:
    language.use(code)
    desk = make_desk(*size)
    both = (fakes.alarm(Health.FAILURE), fakes.alarm(Health.MAINTENANCE_REQUIRED))
    desk.model.session.accept(Session("t", "administrator", "administrator"))
    desk.model.deliver(fakes.status(alarms=both), desk.now_s, fakes.picture(1), [fakes.reject(1)])
    QApplication.processEvents()
    buttons = [b for b in desk.screen.findChildren(QAbstractButton) if b.isVisible()]
    assert len(buttons) >= 20
    least = theme.Metrics.of(QSize(*size), desk.screen.screen()).target
    assert least >= 64
    for button in buttons:
        assert button.height() >= least
        assert button.width() >= least
        parent = button.parentWidget()
        assert parent is not None
        assert parent.rect().contains(button.geometry()), button
    for text in [*desk.screen.findChildren(QLabel), *desk.screen.findChildren(QPushButton)]:
        if text.isVisible() and isinstance(text, QLabel | QPushButton):
            assert text.width() >= text.fontMetrics().size(0, text.text()).width(), text.text()


def test_long_texts_never_push_the_screen_apart(desk: Desk) -> None:
    long = "Camera 'front-left' does not answer: check its cable and its power supply. " * 3
    status = replace(
        fakes.status(alarms=(fakes.alarm(Health.FAILURE, long),)),
        product="p" * 90,
        title={"en": "t" * 90},
        station="s" * 90,
    )
    desk.model.session.accept(Session("t", "u" * 60, "administrator"))
    desk.model.deliver(status, desk.now_s, fakes.picture(10**9), [])
    desk.model.rejects.open(replace_reasons(fakes.reject(1), (long,) * 3))
    QApplication.processEvents()
    needed = desk.screen.minimumSizeHint()
    assert needed.width() <= 1280
    assert needed.height() <= 800


def test_buttons_ask_the_station(desk: Desk) -> None:
    controls = desk.screen.controls
    for state, button, command in (
        (StationState.READY, controls.start, Start()),
        (StationState.CONTINUOUS_EXECUTION, controls.stop, Stop()),
        (StationState.ERROR, controls.reset, Reset()),
    ):
        desk.model.deliver(fakes.status(state), desk.now_s, None, [])
        tap(button)
        assert desk.asked.pop() == command
        others = {controls.start, controls.stop, controls.reset} - {button}
        assert not any(other.isEnabled() for other in others)


def test_alarms_are_paged_and_acknowledged(desk: Desk) -> None:
    alarms = (
        fakes.alarm(Health.FAILURE, "Camera gone: check its cable", key="camera"),
        fakes.alarm(Health.MAINTENANCE_REQUIRED, "Disk nearly full", key="disk", seen=True),
    )
    desk.model.deliver(fakes.status(alarms=alarms), desk.now_s, None, [])
    bar = desk.screen.alarms
    assert bar.sign.health is Health.FAILURE
    assert bar.title.text().startswith("Failure")
    assert share(desk.image(bar.sign), theme.NE107[Health.FAILURE]) > 0.1
    tap(bar.acknowledge)
    assert desk.asked == [Acknowledge("camera")]
    tap(bar.more)
    assert bar.text.text() == "Disk nearly full"
    assert not bar.acknowledge.isEnabled()


def test_a_reject_is_opened_beside_the_verdict_and_closed(desk: Desk) -> None:
    notices = [fakes.reject(n) for n in range(1, 4)] + [fakes.reject(4, Cause.OVERRUN)]
    desk.model.deliver(fakes.status(), desk.now_s, None, notices)
    tiles = desk.screen.rejects.tiles
    assert [tile.isEnabled() for tile in tiles] == [True] * 4 + [False] * 8
    tap(tiles[1])
    detail = desk.screen.detail
    assert detail.isVisible()
    assert "score 4.1" in detail.reasons.text()
    assert not detail.geometry().intersects(_place(desk.screen.verdict, desk.screen))
    tap(detail.close_button)
    assert not detail.isVisible()


def test_an_engineer_logs_in_by_touch_without_covering_the_verdict(
    desk: Desk,
) -> None:
    screen = desk.screen
    tap(screen.header.person)
    verdict = _place(screen.verdict, screen)
    assert not screen.login.geometry().intersects(verdict)
    assert not screen.keyboard.geometry().intersects(verdict)
    _type(desk, "Satoo")
    tap(screen.keyboard.erase)
    screen.login.password.setFocus()
    _type(desk, "pa5")
    assert screen.login.password.echoMode() is QLineEdit.EchoMode.Password
    tap(screen.login.enter)
    assert desk.asked == [Login("Sato", "pa5")]
    assert not screen.login.enter.isEnabled(), "no second attempt while the first is under way"
    desk.model.refused(desk.asked[0], "wrong name or password")
    assert screen.login.message.text() == "wrong name or password"
    assert screen.login.user.text() == "Sato"
    assert screen.login.password.text() == ""
    desk.model.answered(desk.asked[0], Session("t", "Sato", "engineer"))
    assert not screen.login.isVisible()
    assert not screen.keyboard.isVisible()
    assert "Sato\nengineer" in screen.header.person.text()
    assert screen.login.user.text() == ""
    tap(screen.header.person)
    assert desk.asked[-1] == Logout()


def test_the_language_switches_everything_at_once(desk: Desk) -> None:
    desk.run(1, passed=False)
    switch = desk.screen.header.language
    assert switch.text() == "日本語"
    before = desk.image(desk.screen.verdict)
    tap(switch)
    assert desk.screen.verdict.word() == "不合格"
    assert desk.screen.controls.stop.text().strip() == "停止"
    assert desk.screen.header.state.text() == "連続運転中"
    assert desk.screen.header.product.whole == "太陽電池セル（単結晶）"
    assert desk.screen.alarms.text.text() == "警報はありません"
    assert desk.image(desk.screen.verdict) != before
    assert switch.text() == "English"
    tap(switch)
    assert desk.screen.verdict.word() == "REJECT"


def test_notices_are_plain_text_over_the_picture_only(desk: Desk) -> None:
    notice = desk.screen.notice
    notice.say("<b>Start</b>: not ready. " + "Show the limit samples first. " * 4)
    assert notice.isVisible()
    assert notice.textFormat() == Qt.TextFormat.PlainText
    assert _place(desk.screen.pane, desk.screen).contains(notice.geometry())
    tap(notice)
    assert not notice.isVisible()


@pytest.mark.parametrize("face", list(Face))
def test_every_face_has_a_word_and_an_explanation(
    desk: Desk, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run(1, passed=face is not Face.REJECT)
    monkeypatch.setattr(type(desk.model.live), "face", face)
    assert desk.screen.verdict.word()
    assert desk.screen.verdict.explanation()
    assert not desk.image(desk.screen.verdict).isNull()


def _type(desk: Desk, text: str) -> None:
    for letter in text:
        if letter.isupper():
            tap(desk.screen.keyboard.shift)
        keys = desk.screen.keyboard.findChildren(QPushButton)
        (key,) = [k for k in keys if k.isVisible() and k.text() == letter]
        tap(key)


def _place(widget: QWidget, screen: QWidget) -> QRect:
    return widget.rect().translated(widget.mapTo(screen, QPoint(0, 0)))


def test_a_product_without_a_title_is_called_by_its_name(desk: Desk) -> None:
    desk.model.deliver(replace(fakes.status(), title={}), desk.now_s, None, [])
    assert desk.screen.header.product.whole == "solar-mono"
    desk.model.deliver(replace(fakes.status(), title={"ja": "部品"}), desk.now_s, None, [])
    assert desk.screen.header.product.whole == "solar-mono"
