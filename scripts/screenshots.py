"""Pictures of every screen of the panel, in both languages and themes, at the sizes it is made for.

    python scripts/screenshots.py FOLDER                   all of it
    python scripts/screenshots.py FOLDER --only review     one screen, or one scene
    python scripts/screenshots.py FOLDER --kept            the few that docs/images/panel keeps
    python scripts/screenshots.py FOLDER --manual          those of the operator's manual

Screens are shown by the real panel, connected to a small station and its office in this process,
with parts that are drawn; ``SCENES`` are states that need a hand. Nothing is a photograph.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PyQt6.QtCore import QCoreApplication, QEvent, Qt
from PyQt6.QtGui import QImage, QPainter, qRgb
from PyQt6.QtWidgets import QApplication, QWidget

from inspector.core.state import Health, StationState
from inspector.link.client_zmq import ZmqClient
from inspector.link.messages import Bypass, Login, Session
from inspector.link.questions import JobState
from inspector.panel import theme
from inspector.panel.connection import Connection
from inspector.panel.curtain import application
from inspector.panel.office_connection import OfficeConnection
from inspector.panel.screens import SCREENS
from inspector.panel.screens.review import ReviewScreen
from inspector.panel.translation import Language
from inspector.panel.window import PanelWindow
from scripts.manual_scenes import MANUAL
from tests.office.conftest import run_office
from tests.panel import fakes, people, review_parts
from tests.panel.looking import pixels_of
from tests.panel.stage import SIZES, Stage
from tests.station.production_line import PASSWORD

SHEET = ("judging", "teach", "products", "trends", "calibration", "station", "audit", "users")
"""Pictures that stand together, two in a row, at half their size."""
KEPT_SIZE, MANUAL_SIZE = (1280, 800), (1024, 600)
MANUAL_WIDTH, MANUAL_TIME = 800, datetime.fromtimestamp(fakes.NOON_UTC_US / 1e6, UTC)
QUIET_S, PATIENCE_S = 0.5, 30.0


def passing(stage: Stage) -> None:
    """A good part."""
    _show(stage)


def rejecting(stage: Stage) -> None:
    """A scratched part."""
    _show(stage, passed=False)


def alarms(stage: Stage) -> None:
    """Two alarms stand."""
    drift = "engine: scores rise against calibration. Check light, lens, position and parts"
    full = "The disk of the evidence is 91 % full"
    standing = (
        fakes.alarm(Health.OUT_OF_SPECIFICATION, drift),
        fakes.alarm(Health.MAINTENANCE_REQUIRED, full),
    )
    stage.model.deliver(fakes.status(alarms=standing), stage.now_s, None, [])


def failed(stage: Stage) -> None:
    """The station is in Error."""
    text = "cam-1: the camera does not answer any more"
    alarm = fakes.alarm(Health.FAILURE, text)
    status = fakes.status(StationState.ERROR, alarms=(alarm,))
    stage.model.deliver(status, stage.now_s, None, [])


def no_connection(stage: Stage) -> None:
    """The station went away while it ran."""
    _show(stage)
    stage.model.lose("the station is silent")


def log_in(stage: Stage) -> None:
    """Somebody logs in while parts go on."""
    _show(stage, passed=False)
    stage.model.session.greet(Session("", "panel", "operator"))
    stage.model.session.open()


def locked(stage: Stage) -> None:
    """An operator touched what is not for operators."""
    _show(stage, passed=False)
    stage.log_in("operator")
    stage.shell.go("audit")


def pin(stage: Stage) -> None:
    """A session goes on."""
    _show(stage)
    stage.model.session.accept(people.SATO)
    stage.model.session.rest()
    stage.model.session.open()


def signing(stage: Stage) -> None:
    """Two people sign, in Japanese where that is spoken."""
    _show(stage)
    stage.model.session.accept(people.SATO)
    stage.shell.around.sign(Bypass(True, ""))
    stage.settle()
    keyboard = stage.shell.signature.room.keyboard
    for letter in "syoumei":
        keyboard._give(keyboard.model.press(letter))  # noqa: SLF001  # a finger's work


def bypassed(stage: Stage) -> None:
    """All parts pass, and everybody sees it."""
    _show(stage)
    stage.model.deliver(people.bypassed(), stage.now_s, None, [])


def judging(stage: Stage) -> None:
    """A reject is judged again, a defect marked on it."""
    review = _review(stage)
    review.model.open(review.model.tiles[0].record)
    review.model.part.mark(((0.55, 0.3), (0.8, 0.45)))


def another_rate(stage: Stage) -> None:
    """What a rarer false-reject rate would have decided."""
    review = _review(stage)
    review.what_if_button.click()
    stage.hear(JobState(review_parts.JOB, "WhatIf", "sato", end="done"))
    review.what_if.choose(1)


def _review(stage: Stage) -> ReviewScreen:
    _show(stage)
    stage.answers.update(review_parts.ANSWERS)
    stage.shell.go("review")
    assert isinstance(stage.screen, ReviewScreen)
    return stage.screen


SCENES: tuple[Callable[[Stage], None], ...] = (
    passing,
    rejecting,
    alarms,
    failed,
    no_connection,
    log_in,
    locked,
    pin,
    signing,
    bypassed,
    judging,
    another_rate,
)
"""Name of the function = name of the picture."""


def _show(stage: Stage, *, passed: bool = True) -> None:
    stage.model.deliver(fakes.status(), stage.now_s, None, [fakes.reject(n) for n in range(1, 9)])
    stage.now_s += 5
    stage.model.deliver(fakes.status(), stage.now_s, fakes.picture(12_480, passed=passed), [])


class Camera:
    """Takes pictures of widgets into a folder."""

    def __init__(self, folder: Path, *, kept: bool, width: int = 0, colours: int = 256) -> None:
        self.folder, self.kept = folder, kept
        self.width, self.colours = width, colours
        self._taken: dict[str, QImage] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def each(self, language: Language) -> Iterator[tuple[str, tuple[int, int]]]:
        """Language, theme and size in turn: the rest of a picture's name, and the size."""
        for look in theme.Theme:
            theme.use(look)
            for code in ("en", "ja"):
                language.use(code)
                for size in [KEPT_SIZE] if self.kept else SIZES:
                    if self.kept and (look, code) == (theme.Theme.LIGHT, "en"):
                        continue
                    yield f"{code}-{look}-{size[0]}x{size[1]}", size
        theme.use(theme.Theme.DARK)
        language.use("en")

    def take(self, widget: QWidget, name: str) -> None:
        """One picture, of few colours where it is kept."""
        image = widget.grab().toImage()
        self._taken[name] = image
        self._save(image, name)

    def take_sheets(self) -> None:
        """What was taken of ``SHEET``, one picture for each language."""
        wide, high = (side // 2 for side in KEPT_SIZE)
        for code, look in (("en", theme.Theme.DARK), ("ja", theme.Theme.LIGHT)):
            size = f"{KEPT_SIZE[0]}x{KEPT_SIZE[1]}"
            pictures = [self._taken.get(f"{name}-{code}-{look}-{size}") for name in SHEET]
            sheet = QImage(2 * wide, -(-len(SHEET) // 2) * high, QImage.Format.Format_RGB32)
            painter = QPainter(sheet)
            for place, picture in enumerate(pictures):
                if picture is not None:
                    smooth = Qt.TransformationMode.SmoothTransformation
                    half = picture.scaledToWidth(wide, smooth)
                    painter.drawImage(place % 2 * wide, place // 2 * high, half)
            painter.end()
            self._save(sheet, f"sheet-{code}")

    def _save(self, image: QImage, name: str) -> None:
        if self.width:
            smooth = Qt.TransformationMode.SmoothTransformation
            image = image.scaledToWidth(self.width, smooth)
        if self.kept:
            flags = Qt.ImageConversionFlag
            near = flags.ThresholdDither | flags.AvoidDither
            few = _palette(image, self.colours)
            image = image.convertToFormat(QImage.Format.Format_Indexed8, few, near)
        path = self.folder / f"{name}.png"
        image.save(str(path))
        print(path)


def _palette(image: QImage, most: int) -> list[int]:
    """The colours of which there is most, evenly enough; bright signs are small, and stay."""
    levels = pixels_of(image)
    coarse, first, counts = np.unique(
        (levels >> 3).reshape(-1, 3), axis=0, return_index=True, return_counts=True
    )
    bright = coarse.max(axis=1).astype(int) - coarse.min(axis=1)
    often = first[np.argsort(counts * (1 + bright**2))[::-1][:most]]
    return [qRgb(*map(int, colour)) for colour in levels.reshape(-1, 3)[often]]


def shoot_scenes(camera: Camera, wanted: list[str]) -> None:
    """All scenes, or those that are wanted."""
    for scene in SCENES:
        if wanted and scene.__name__ not in wanted:
            continue
        language = Language()
        for name, size in camera.each(language):
            stage = Stage(language, size=size)
            scene(stage)
            stage.settle()
            camera.take(stage.shell, f"{scene.__name__}-{name}")
            stage.close()


def shoot_manual(folder: Path) -> None:
    """What the operator's manual shows: a small display, both languages."""
    camera = Camera(folder, kept=True, width=MANUAL_WIDTH, colours=64)
    language = Language()
    for code in ("en", "ja"):
        language.use(code)
        for scene in MANUAL:
            stage = Stage(language, size=MANUAL_SIZE, role="operator")
            stage.shell.header._now = lambda: MANUAL_TIME  # noqa: SLF001  # the same tomorrow
            scene(stage)
            stage.settle()
            camera.take(stage.shell, f"manual-{scene.__name__}-{code}")
            stage.close()


def shoot_screens(camera: Camera, wanted: list[str]) -> None:
    """All registered screens, or those that are wanted, by the real panel."""
    keys = [entry.key for entry in SCREENS if not wanted or entry.key in wanted]
    if not keys:
        return
    language = Language()
    with tempfile.TemporaryDirectory() as folder, _panel(Path(folder), language) as window:
        for name, size in camera.each(language):
            window.shell.dpi = SIZES[size]
            for _ in range(2):  # what it was before may not fit
                window.resize(*size)
                window.shell.rescale()
                QApplication.processEvents()
            for key in keys:
                _log_in(window)
                window.shell.go(key)
                _settle()
                camera.take(window, f"{key}-{name}")


@contextlib.contextmanager
def _panel(folder: Path, language: Language) -> Iterator[PanelWindow]:
    with run_office(folder) as desk:
        link = Connection(lambda: ZmqClient(desk.plant.data_folder))
        office = OfficeConnection(lambda: desk.client)
        window = PanelWindow(link, office, language)
        window.show()
        link.start()
        office.start()
        _until(lambda: window.model.live.connected and bool(window.desk.rights))
        _log_in(window)
        yield window
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _log_in(window: PanelWindow) -> None:
    """On a busy PC the station may have been out of hearing meanwhile, and with it who was here."""
    if not window.model.session.logged_in:
        _until(lambda: window.model.live.connected)
        window.desk.send(Login("adm", PASSWORD))
        _until(lambda: window.model.session.logged_in)
        _until(lambda: window.desk.may("ListUsers"))


def _until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError("the panel does not come to rest")
        QApplication.processEvents()
        time.sleep(0.01)


def _settle() -> None:
    """Answers have come and are painted."""
    until_s = time.monotonic() + QUIET_S
    while time.monotonic() < until_s:
        QApplication.processEvents()
        time.sleep(0.01)


def main() -> int:
    """Take them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[], help="keys of screens, names of scenes")
    parser.add_argument("--kept", action="store_true", help="one size, small files")
    parser.add_argument("--manual", action="store_true", help="of the operator's manual")
    asked = parser.parse_args()
    known = {entry.key for entry in SCREENS} | {scene.__name__ for scene in SCENES}
    if unknown := set(asked.only) - known:
        parser.error(f"{', '.join(sorted(unknown))}: not among {', '.join(sorted(known))}")
    app = application()
    if asked.manual:
        shoot_manual(asked.folder)
        return 0
    camera = Camera(asked.folder, kept=asked.kept)
    shoot_scenes(camera, asked.only)
    shoot_screens(camera, asked.only)
    if asked.kept:
        camera.take_sheets()
    app.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
