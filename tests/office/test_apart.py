"""Jobs in processes of their own: progress, result, refusal, death, cancel."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from inspector.core.errors import Cancelled, FaultError, RefusedError
from inspector.link.questions import AnyAnswer, JobState
from inspector.link.questions.jobs import Verified, VerifyLedger
from inspector.office.apart import Progress, run_apart
from inspector.office.jobs import Job
from inspector.office.room import Asker, Room
from tests.tiny_plant import make_plant

HERE = "tests.office.test_apart"


def counts(question: VerifyLedger, room: Room, progress: Progress) -> AnyAnswer:
    print("a library prints")
    progress("counting", 1, 2)
    return Verified(room.config.station, os.getpid(), 0, (), 0.0, "", int(question.evidence))


def refuses(question: VerifyLedger, room: Room, progress: Progress) -> AnyAnswer:
    del question, room, progress
    raise RefusedError("too few pictures")


def dies(question: VerifyLedger, room: Room, progress: Progress) -> AnyAnswer:
    del question, room, progress
    os._exit(7)


def hangs(question: VerifyLedger, room: Room, progress: Progress) -> AnyAnswer:
    del question, room
    progress("hanging", 0, 0)
    time.sleep(600)
    return None


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return Room.of_line(make_plant(tmp_path_factory.mktemp("apart")).line_file)


@pytest.fixture
def job() -> Job:
    return Job(JobState(1, "VerifyLedger", "eno"), Asker("eno", "engineer", ""))


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))


def test_the_result_comes_from_another_process(room: Room, job: Job) -> None:
    result = run_apart(f"{HERE}:counts", VerifyLedger(), room, job)
    assert isinstance(result, Verified)
    assert result.station == room.config.station
    assert result.records != os.getpid()
    assert (job.state.step, job.state.done, job.state.total) == ("counting", 1, 2)


def test_its_reasons_and_its_death_are_told(room: Room, job: Job) -> None:
    with pytest.raises(RefusedError, match="too few pictures"):
        run_apart(f"{HERE}:refuses", VerifyLedger(), room, job)
    with pytest.raises(FaultError, match="code 7"):
        run_apart(f"{HERE}:dies", VerifyLedger(), room, job)


def test_cancelling_kills_it(room: Room, job: Job) -> None:
    def cancel() -> None:
        while job.state.step != "hanging":
            time.sleep(0.01)
        job.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(Cancelled):
        run_apart(f"{HERE}:hangs", VerifyLedger(), room, job)
    thread.join()
