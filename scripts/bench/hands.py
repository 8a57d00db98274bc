"""What it costs that the panel watches every event of the program for hands and badges.

    QT_QPA_PLATFORM=offscreen .venv/bin/python -m scripts.bench.hands

Bare events sent as quickly as they go, and the panel showing 60 parts a second, each in turns with
and without the watch. CPU time of the GUI thread; the best of all rounds.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

from inspector.panel.curtain import application
from inspector.panel.translation import Language
from inspector.panel.widgets.hands import Hands
from tests.panel import fakes
from tests.panel.stage import Stage

EVENTS, ROUNDS, SECONDS, HZ = 200_000, 4, 4.0, 60


class Counted(QObject):
    """How many events come to a filter of the program."""

    def __init__(self) -> None:
        super().__init__()
        self.events = 0

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:  # noqa: N802  # Qt's name
        """Count."""
        self.events += 1
        return False


def bare() -> float:
    """CPU seconds of one event that does nothing."""
    target, event = QWidget(), QEvent(QEvent.Type.User)
    began = time.thread_time()
    for _ in range(EVENTS):
        QApplication.sendEvent(target, event)
    return (time.thread_time() - began) / EVENTS


def shown(app: QApplication, parts: list[int]) -> float:
    """CPU seconds of the GUI thread for one part."""
    began, before = time.thread_time(), parts[0]
    QTimer.singleShot(int(SECONDS * 1000), app.quit)
    app.exec()
    return (time.thread_time() - began) / max(1, parts[0] - before)


def in_turns(app: QApplication, hands: Hands, measure: Callable[[], float]) -> tuple[float, float]:
    """With and without the watch."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        found[0].append(measure())
        app.removeEventFilter(hands)
        found[1].append(measure())
        app.installEventFilter(hands)
    return min(found[0]), min(found[1])


def main() -> None:
    """Print both, and the share."""
    app = application()
    stage = Stage(Language(), size=(1280, 800))
    pictures = [fakes.picture(part, passed=bool(part % 7)) for part in range(1, 30)]
    parts = [0]

    def deliver() -> None:
        parts[0] += 1
        stage.now_s = time.monotonic()
        picture = pictures[parts[0] % len(pictures)]
        stage.model.deliver(fakes.status(), stage.now_s, picture, [])

    belt, counted, hands = QTimer(), Counted(), stage.shell.hands
    belt.timeout.connect(deliver)
    with_watch, without = in_turns(app, hands, bare)
    print(f"events/s: {1 / with_watch:,.0f} with, {1 / without:,.0f} without")
    belt.start(1000 // HZ)
    app.installEventFilter(counted)
    shown(app, parts)
    each = counted.events / max(1, parts[0])
    app.removeEventFilter(counted)
    part, bare_part = in_turns(app, hands, lambda: shown(app, parts))
    print(f"ms/part: {1000 * part:.2f} with, {1000 * bare_part:.2f} without; {each:.1f} events")
    print(f"share of GUI time: {100 * each * (with_watch - without) / part:.2f} %")


if __name__ == "__main__":
    main()
