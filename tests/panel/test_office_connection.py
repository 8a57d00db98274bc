"""The connection to the office: answers, refusals, silence, and an office that started anew."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from pytestqt.qtbot import QtBot

from inspector.core.errors import LinkError
from inspector.link.messages import Refused
from inspector.link.questions import AnyQuestion, Heard, News, Told
from inspector.link.questions.products import ListTiles, Tiles
from inspector.link.questions.rights import AskRights
from inspector.panel import office_connection
from inspector.panel.office_connection import OfficeConnection


@dataclass
class ScriptedOffice:
    """An ``OfficeClient`` that says what it is told to say."""

    asked: list[tuple[AnyQuestion, str]] = field(default_factory=list)
    says: queue.SimpleQueue[Heard] = field(default_factory=queue.SimpleQueue)
    gone: bool = False

    def ask(self, question: AnyQuestion, token: str = "") -> int:
        self.asked.append((question, token))
        return len(self.asked)

    def hear(self, timeout_s: float) -> Heard | None:
        if self.gone:
            raise LinkError("the office went away")
        try:
            return self.says.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def close(self) -> None:
        self.gone = False


@pytest.fixture
def office() -> ScriptedOffice:
    return ScriptedOffice()


@pytest.fixture
def link(
    qtbot: QtBot, office: ScriptedOffice, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OfficeConnection]:
    monkeypatch.setattr(office_connection, "BACKOFF_S", (0.01,))
    made = OfficeConnection(lambda: office)
    made.start()
    yield made
    made.stop()


def test_answers_find_their_questions_in_any_order(
    qtbot: QtBot, office: ScriptedOffice, link: OfficeConnection
) -> None:
    heard: list[tuple[object, object]] = []
    link.answered.connect(lambda question, answer: heard.append((question, answer)))
    link.refused.connect(lambda question, reason: heard.append((question, reason)))
    link.speak_for("token")
    first, second = AskRights(), ListTiles()
    link.ask(first)
    link.ask(second)
    qtbot.waitUntil(lambda: len(office.asked) == 2, timeout=20_000)
    assert office.asked == [(first, "token"), (second, "token")]
    office.says.put(Told(2, Tiles(())))
    office.says.put(Refused(1, "nobody is logged in"))
    office.says.put(Told(9, None))
    qtbot.waitUntil(lambda: len(heard) == 2, timeout=20_000)
    assert heard[0][0] is second
    assert heard[1] == (first, "nobody is logged in")


def test_what_a_lost_office_was_asked_is_refused(
    qtbot: QtBot, office: ScriptedOffice, link: OfficeConnection
) -> None:
    refused: list[tuple[object, str]] = []
    link.refused.connect(lambda question, reason: refused.append((question, reason)))
    question = AskRights()
    link.ask(question)
    qtbot.waitUntil(lambda: len(office.asked) == 1, timeout=20_000)
    with qtbot.waitSignal(link.lost, timeout=20_000):
        office.gone = True
    qtbot.waitUntil(lambda: refused == [(question, "")], timeout=20_000)
    with qtbot.waitSignal(link.news, timeout=20_000):
        office.says.put(News("run"))


def test_an_office_that_started_anew_never_heard_what_the_old_one_was_asked(
    qtbot: QtBot, office: ScriptedOffice, link: OfficeConnection
) -> None:
    refused: list[object] = []
    link.refused.connect(lambda question, _reason: refused.append(question))
    office.says.put(News("first"))
    question = AskRights()
    link.ask(question)
    qtbot.waitUntil(lambda: len(office.asked) == 1, timeout=20_000)
    office.says.put(News("second"))
    qtbot.waitUntil(lambda: refused == [question], timeout=20_000)
