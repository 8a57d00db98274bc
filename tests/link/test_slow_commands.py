"""A log-in takes its time on a thread of its own: whoever stops the line does not wait for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from inspector.core.errors import RefusedError
from inspector.link import dispatch
from inspector.link.client_zmq import ZmqClient
from inspector.link.command import Signature
from inspector.link.messages import (
    Answer,
    AnyCommand,
    Login,
    ReleaseHold,
    Request,
    Seat,
    Session,
    Stop,
)
from inspector.link.server import LinkServer


class _Slow:
    """Log-ins wait until the test lets them go."""

    def __init__(self) -> None:
        self.let_go, self.begun = threading.Event(), threading.Semaphore(0)
        self.heard: list[AnyCommand] = []

    def handle(
        self, command: AnyCommand, token: str, peer: str, seat: Seat | None = None
    ) -> Answer:
        del token, peer, seat
        self.heard.append(command)
        if dispatch.takes_time(command):
            self.begun.release()
            self.let_go.wait(60.0)
            return Session("t0ken", "oki", "operator")
        return None


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[_Slow]:
    handler = _Slow()
    server = LinkServer(tmp_path, handler)
    server.start()
    yield handler
    handler.let_go.set()
    server.close()


def _log_in(data: Path, answers: list[object]) -> threading.Thread:
    def call() -> None:
        client = ZmqClient(data)
        try:
            answers.append(client.call(Login("oki", "long enough"), 60.0))
        except RefusedError as refused:
            answers.append(str(refused))
        finally:
            client.close()

    thread = threading.Thread(target=call)
    thread.start()
    return thread


def test_a_stop_does_not_wait_for_somebody_elses_log_in(tmp_path: Path, slow: _Slow) -> None:
    answers: list[object] = []
    logging_in = _log_in(tmp_path, answers)
    assert slow.begun.acquire(timeout=30.0)
    other = ZmqClient(tmp_path)
    assert other.call(Stop(), 30.0) is None
    other.close()
    assert answers == []
    slow.let_go.set()
    logging_in.join(30.0)
    assert answers == [Session("t0ken", "oki", "operator")]


def test_too_many_log_ins_at_once_are_refused(
    tmp_path: Path, slow: _Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "MOST_SLOW", 2)
    desk = dispatch.CommandDesk(slow)
    answers: list[bytes] = []
    for number in range(3):
        request = Request(number, Login("oki", "long enough"), "")
        desk.take(msgspec.msgpack.encode(request), "panel", answers.append)
    assert len(answers) == 1
    assert b"too many log-ins" in answers[0]
    slow.let_go.set()
    desk.close()


def test_what_is_signed_takes_time_as_well() -> None:
    signed = ReleaseHold(1, "over", (Signature("oki", "long enough"),))
    assert dispatch.takes_time(signed)
    assert not dispatch.takes_time(ReleaseHold(1, "over"))
    assert not dispatch.takes_time(Stop())
