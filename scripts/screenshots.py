"""Render the panel's screens into a folder, with rendered parts and a scripted station.

    python scripts/screenshots.py FOLDER [--size 1280x800]

Nothing on the pictures is a photograph: the parts are drawn by ``tests.panel.fakes``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

from inspector.core.state import Alarm, Health, StationState
from inspector.core.verdict import Cause
from inspector.link.messages import Session
from inspector.panel.app import application
from inspector.panel.models.panel import PanelModel
from inspector.panel.station_words import station_words
from inspector.panel.translation import Language
from inspector.panel.widgets.live import LiveScreen
from tests.panel import fakes

CAUSES = (Cause.DEFECT, Cause.DEFECT, Cause.LATE, Cause.DEFECT, Cause.OVERRUN, Cause.EXPIRED)
NEWEST = 12_480


class Stage:
    """One live screen whose clock stands still until it is told otherwise."""

    def __init__(self, language: Language, width: int, height: int) -> None:
        self.now_s = 100.0
        self.model = PanelModel(lambda: self.now_s)
        self.screen = LiveScreen(self.model, language)
        self.screen.resize(width, height)
        self.screen.show()

    def run(
        self,
        *,
        passed: bool = True,
        state: StationState = StationState.CONTINUOUS_EXECUTION,
        alarms: tuple[Alarm, ...] = (),
        late: int = 0,
    ) -> None:
        """The line runs; the newest part passed or not."""
        status = fakes.status(state, alarms=alarms, late=late)
        earlier = [fakes.reject(NEWEST - 200 + 17 * i, CAUSES[i % 6]) for i in range(11)]
        self.model.deliver(status, self.now_s, None, earlier)
        self.now_s += 5
        newest = fakes.picture(NEWEST, passed=passed)
        self.model.deliver(status, self.now_s, newest, [] if passed else [fakes.reject(NEWEST)])


def passing(stage: Stage) -> None:
    """A good part."""
    stage.run()


def rejecting(stage: Stage) -> None:
    """A scratched part."""
    stage.run(passed=False)


def alarms(stage: Stage) -> None:
    """Two alarms stand."""
    stage.model.session.accept(Session("t", "sato", "engineer"))
    stage.run(
        passed=False,
        late=3,
        alarms=(
            fakes.alarm(Health.OUT_OF_SPECIFICATION, "Deadline margin below 10 ms: lower the rate"),
            fakes.alarm(Health.MAINTENANCE_REQUIRED, "Disk 91 % full: export old evidence"),
        ),
    )


def failed(stage: Stage) -> None:
    """The station is in Error."""
    text = "Camera does not answer: check its cable, then press Reset"
    stage.run(state=StationState.ERROR, alarms=(fakes.alarm(Health.FAILURE, text),))


def stopped(stage: Stage) -> None:
    """Ready, and a command was refused."""
    stage.run(state=StationState.READY)
    stage.screen.notice.say(station_words("Start: nobody is logged in. Log in first"))


def no_connection(stage: Stage) -> None:
    """The station went away while it ran."""
    stage.run()
    stage.model.lose("the station is silent")


def log_in(stage: Stage) -> None:
    """An engineer logs in while parts go on."""
    stage.run(passed=False)
    stage.model.session.open()
    stage.screen.login.type("sato")


def reject_detail(stage: Stage) -> None:
    """A closer look at an earlier reject."""
    stage.run()
    stage.model.rejects.open(stage.model.rejects.notices[1])


SCENES: tuple[Callable[[Stage], None], ...] = (
    passing,
    rejecting,
    alarms,
    failed,
    stopped,
    no_connection,
    log_in,
    reject_detail,
)


def main() -> int:
    """Render every scene in every language."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", default="1280x800", help="width x height in pixels")
    asked = parser.parse_args()
    width, height = map(int, asked.size.split("x"))
    app = application()
    asked.folder.mkdir(parents=True, exist_ok=True)
    language = Language()
    for code in ("en", "ja"):
        language.use(code)
        for scene in SCENES:
            stage = Stage(language, width, height)
            scene(stage)
            app.processEvents()
            path = asked.folder / f"{scene.__name__}-{code}.png"
            stage.screen.grab().save(str(path))
            stage.screen.close()
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
