"""Pictures of every screen of the panel, in both languages and themes, at the sizes it is made for.

    python scripts/screenshots.py FOLDER                   all of it
    python scripts/screenshots.py FOLDER --only review     one screen, or one scene
    python scripts/screenshots.py FOLDER --kept            the few that docs/images/panel keeps
    python scripts/screenshots.py FOLDER --manual          those of the operator's manual

Screens are shown by the real panel, connected to a small station and its office in this process,
with parts that are drawn; ``SCENES`` are states that need a hand, on a stage without a station
(``staged_plant``). Nothing is a photograph.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "UTC"  # pictures are the same wherever they are made
sys.path.insert(0, str(Path(__file__).parents[1]))

import cv2
import numpy as np
from PyQt6.QtCore import QCoreApplication, QEvent, Qt
from PyQt6.QtGui import QImage, QPainter, qRgb
from PyQt6.QtWidgets import QApplication, QWidget

from inspector.link.client_zmq import ZmqClient
from inspector.link.control import Seat
from inspector.link.messages import Login
from inspector.panel import theme
from inspector.panel.connection import Connection
from inspector.panel.curtain import application
from inspector.panel.office_connection import OfficeConnection
from inspector.panel.screens import SCREENS
from inspector.panel.translation import Language
from inspector.panel.widgets.shell import Shell
from inspector.panel.window import PanelWindow
from scripts.manual_scenes import MANUAL
from scripts.panel_scenes import SCENES
from scripts.staged_plant import NOW
from tests.office.conftest import run_office
from tests.panel.looking import pixels_of
from tests.panel.stage import SIZES, Stage
from tests.station.production_line import PASSWORD

SHEET = (
    "judging",
    "teaching",
    "choosing",
    "trend",
    "focusing",
    "states",
    "auditing",
    "staff",
)
"""Scenes that stand together, two in a row, at half their size."""
SHEETS = (("en", theme.Theme.DARK), ("ja", theme.Theme.LIGHT))
KEPT = (
    ("rejecting", "en", theme.Theme.DARK),
    ("log_in", "ja", theme.Theme.DARK),
    ("locked", "ja", theme.Theme.LIGHT),
)
KEPT_SIZE, MANUAL_SIZE, MANUAL_WIDTH = (1280, 800), (1024, 600), 800
HERE = Seat("here", "line-pc")
QUIET_S, PATIENCE_S = 0.5, 30.0
SMOOTH = Qt.TransformationMode.SmoothTransformation


class Camera:
    """Writes pictures into a folder; of few ``colours``, or ``width`` pixels wide, if asked."""

    def __init__(self, folder: Path, *, width: int = 0, colours: int = 0) -> None:
        self.folder, self.width, self.colours = folder, width, colours
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, widget: QWidget, name: str) -> None:
        """One picture."""
        self.keep(widget.grab().toImage(), name)

    def keep(self, image: QImage, name: str) -> None:
        """Write it."""
        if self.width:
            image = image.scaledToWidth(self.width, SMOOTH)
        if self.colours:
            flags = Qt.ImageConversionFlag
            near = flags.ThresholdDither | flags.AvoidDither
            few = _palette(image, self.colours)
            image = image.convertToFormat(QImage.Format.Format_Indexed8, few, near)
        path = self.folder / f"{name}.png"
        image.save(str(path), quality=0)  # PNG: packed best
        print(path)


def _palette(image: QImage, most: int) -> list[int]:
    """Half of them as they are there most often, half so that every other one has a near one."""
    levels = pixels_of(image).reshape(-1, 3)
    _, first, counts = np.unique(levels >> 3, axis=0, return_index=True, return_counts=True)
    seen = levels[first[np.argsort(-counts, kind="stable")]]
    few, rest = seen[: most // 2], seen[most // 2 :].astype(np.float32)
    if len(rest) > most - len(few):
        cv2.setRNGSeed(1)
        ends = (cv2.TERM_CRITERIA_MAX_ITER, 10, 0.0)
        flags = cv2.KMEANS_PP_CENTERS
        rest = cv2.kmeans(rest, most - len(few), np.empty(0, np.int32), ends, 1, flags)[2]
    return [qRgb(*map(int, colour)) for colour in (*few, *rest)]


def _each(language: Language) -> Iterator[tuple[str, tuple[int, int]]]:
    """Language, theme and size in turn: the rest of a picture's name, and the size."""
    for look in theme.Theme:
        for code in ("en", "ja"):
            _use(language, code, look)
            for size in SIZES:
                yield f"{code}-{look}-{size[0]}x{size[1]}", size
    _use(language, "en", theme.Theme.DARK)


def _use(language: Language, code: str, look: theme.Theme) -> None:
    theme.use(look)
    language.use(code)


@contextlib.contextmanager
def _staged(
    scene: Callable[[Stage], None], language: Language, size: tuple[int, int], role: str
) -> Iterator[Shell]:
    stage = Stage(language, size=size, role=role, seat=HERE)
    stage.shell.header._now = lambda: NOW  # noqa: SLF001  # the same tomorrow
    scene(stage)
    stage.settle()
    yield stage.shell
    stage.close()


def shoot_scenes(camera: Camera, wanted: list[str]) -> None:
    """All scenes, or those that are wanted."""
    for scene in SCENES:
        if wanted and scene.__name__ not in wanted:
            continue
        language = Language()
        for name, size in _each(language):
            with _staged(scene, language, size, "engineer") as shell:
                camera.take(shell, f"{scene.__name__}-{name}")


def shoot_kept(folder: Path) -> None:
    """What ``docs/images/panel`` keeps beside the manual's: ``KEPT``, and a sheet a language."""
    camera, language = Camera(folder, colours=96), Language()
    scenes = {scene.__name__: scene for scene in SCENES}
    for name, code, look in KEPT:
        _use(language, code, look)
        with _staged(scenes[name], language, KEPT_SIZE, "engineer") as shell:
            camera.take(shell, f"{name}-{code}-{look}")
    wide, high = (side // 2 for side in KEPT_SIZE)
    for code, look in SHEETS:
        _use(language, code, look)
        sheet = QImage(2 * wide, -(-len(SHEET) // 2) * high, QImage.Format.Format_RGB32)
        painter = QPainter(sheet)
        for place, name in enumerate(SHEET):
            with _staged(scenes[name], language, KEPT_SIZE, "engineer") as shell:
                half = shell.grab().toImage().scaledToWidth(wide, SMOOTH)
            painter.drawImage(place % 2 * wide, place // 2 * high, half)
        painter.end()
        camera.keep(sheet, f"sheet-{code}")


def shoot_manual(folder: Path) -> None:
    """What the operator's manual shows: a small display, both languages."""
    camera, language = Camera(folder, width=MANUAL_WIDTH, colours=64), Language()
    for code in ("en", "ja"):
        _use(language, code, theme.Theme.DARK)
        for scene in MANUAL:
            with _staged(scene, language, MANUAL_SIZE, "operator") as shell:
                camera.take(shell, f"manual-{scene.__name__}-{code}")


def shoot_screens(camera: Camera, wanted: list[str]) -> None:
    """All registered screens, or those that are wanted, by the real panel."""
    keys = [entry.key for entry in SCREENS if not wanted or entry.key in wanted]
    if not keys:
        return
    language = Language()
    with tempfile.TemporaryDirectory() as folder, _panel(Path(folder), language) as window:
        for name, size in _each(language):
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
    parser.add_argument("--kept", action="store_true", help="of docs/panel.md, small files")
    parser.add_argument("--manual", action="store_true", help="of the operator's manual")
    asked = parser.parse_args()
    known = {entry.key for entry in SCREENS} | {scene.__name__ for scene in SCENES}
    if unknown := set(asked.only) - known:
        parser.error(f"{', '.join(sorted(unknown))}: not among {', '.join(sorted(known))}")
    app = application()
    if asked.manual:
        shoot_manual(asked.folder)
    if asked.kept:
        shoot_kept(asked.folder)
    if not (asked.manual or asked.kept):
        shoot_scenes(Camera(asked.folder), asked.only)
        shoot_screens(Camera(asked.folder), asked.only)
    app.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
