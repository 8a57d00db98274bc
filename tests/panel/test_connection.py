"""The thread between station and GUI: latest only, never blocking, mending itself."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from inspector.core.errors import LinkError
from inspector.core.verdict import Cause
from inspector.link.messages import AnyCommand, Hello, Login, Session, Snapshot, Start
from inspector.panel import connection as connection_module
from inspector.panel.connection import Connection, Delivery
from tests.panel import fakes
from tests.panel.fakes import ScriptedStation


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "BACKOFF_S", (0.01,))


def test_no_pass_hides_a_reject_that_was_not_taken_yet() -> None:
    box = Delivery()
    for picture in (fakes.picture(1), fakes.picture(2, passed=False), fakes.picture(3)):
        box.put_picture(picture)
    assert box.picture is not None
    assert box.picture.part_id == 2


def test_news_arrive_newest_only(qtbot: QtBot) -> None:
    station = ScriptedStation()
    station.events.extend(Snapshot(fakes.status(parts=n)) for n in range(100, 130))
    station.events.extend(fakes.reject(n, Cause.OVERRUN) for n in range(20))
    station.pictures.append(fakes.picture(5))
    link = Connection(lambda: station)
    bells: list[None] = []
    link.arrived.connect(lambda: bells.append(None))
    link.start()
    qtbot.waitUntil(lambda: not station.events and not station.pictures)
    link.stop()
    qtbot.wait(1)
    news = link.take()
    assert news.status is not None
    assert news.status.parts.parts == 129
    assert [notice.part_id for notice in news.rejects] == list(range(8, 20))
    assert len(bells) == 1, "one bell until the news are taken"
    assert station.closed


def test_commands_are_answered_or_refused(qtbot: QtBot) -> None:
    station = ScriptedStation(refuse={"Start": "not ready"}, repeat=fakes.status())
    link = Connection(lambda: station)
    answers: list[tuple[AnyCommand, object]] = []
    refusals: list[tuple[AnyCommand, str]] = []
    link.answered.connect(lambda command, answer: answers.append((command, answer)))
    link.refused.connect(lambda command, reason: refusals.append((command, reason)))
    link.start()
    link.send(Start())
    link.send(Login("sato", "secret"))
    qtbot.waitUntil(lambda: len(answers) == 2 and len(refusals) == 1)
    link.stop()
    assert refusals[0][1] == "not ready"
    assert isinstance(answers[0][0], Hello)
    assert isinstance(answers[1][1], Session)


def test_a_slow_station_does_not_hold_the_gui_thread(qtbot: QtBot) -> None:
    release = threading.Event()

    class Slow(ScriptedStation):
        def call(self, command: AnyCommand, timeout_s: float = 2.0) -> None:
            release.wait(5)

    link = Connection(Slow)
    link.start()
    link.send(Start())
    assert not release.is_set()
    assert link.take().status is None
    release.set()
    link.stop()


def test_a_lost_station_is_said_and_found_again(qtbot: QtBot) -> None:
    stations = [ScriptedStation(gone=True), ScriptedStation(repeat=fakes.status())]
    first = stations[0]
    troubles: list[str] = []

    def connect() -> ScriptedStation:
        if not stations:
            raise LinkError("no station has run here")
        return stations.pop(0)

    link = Connection(connect)
    link.lost.connect(troubles.append)
    with qtbot.waitSignal(link.arrived, timeout=5000):
        link.start()
    assert troubles == ["the station went away"]
    assert first.closed
    link.stop()


def test_a_silent_station_is_left(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "SILENCE_S", 0.05)
    link = Connection(ScriptedStation)
    with qtbot.waitSignal(link.lost, timeout=5000) as lost:
        link.start()
    assert lost.args == ["the station is silent"]
    link.stop()


def test_what_was_asked_of_a_lost_station_is_never_done_later(qtbot: QtBot) -> None:
    reachable = threading.Event()
    station = ScriptedStation(repeat=fakes.status())

    def connect() -> ScriptedStation:
        if not reachable.is_set():
            raise LinkError("no station has run here")
        return station

    link = Connection(connect)
    link.send(Start())
    with qtbot.waitSignal(link.refused, timeout=5000):
        link.start()
    reachable.set()
    with qtbot.waitSignal(link.arrived, timeout=5000):
        pass
    link.stop()
    assert not any(isinstance(command, Start) for command in station.asked)


def test_an_unforeseen_fault_does_not_end_the_thread(qtbot: QtBot) -> None:
    class Broken(ScriptedStation):
        def picture(self) -> None:
            raise ValueError("torn")

    link = Connection(Broken)
    for _ in range(2):
        with qtbot.waitSignal(link.lost, timeout=5000) as lost:
            if not link._thread.is_alive():
                link.start()
        assert lost.args == ["torn"]
    link.stop()
