"""Looking through a camera that the station has let go of."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest

from inspector.core.errors import InspectorError
from inspector.core.state import StationState
from inspector.link.messages import Halt
from inspector.link.questions.cameras import (
    AskCameras,
    CameraLook,
    KnownCameras,
    LookAtCamera,
    WatchCamera,
    Watched,
)
from inspector.link.questions.jobs import AskResult, CancelJob, JobStarted
from inspector.office import viewfinder
from tests.office.conftest import Desk, run_office
from tests.station.production_line import wait_until

CAMERA = "replay-0"


@pytest.fixture(scope="module")
def halted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with run_office(tmp_path_factory.mktemp("cameras")) as desk:
        with pytest.raises(InspectorError, match="holds the cameras"):
            desk.ask(WatchCamera(CAMERA, "tiny"), desk.log_in("eno"))
        desk.station.console.call(Halt())
        wait_until(lambda: desk.station.station.state is StationState.HALTED, "not halted")
        yield desk


def started(desk: Desk, token: str) -> int:
    answer = desk.ask(WatchCamera(CAMERA, "tiny"), token)
    assert isinstance(answer, JobStarted)
    return answer.job


def look(desk: Desk, token: str, *, after: int = 0, anew: bool = False) -> CameraLook:
    """The first look after another."""
    until_s = time.monotonic() + 30.0
    while time.monotonic() < until_s:
        found = desk.ask(LookAtCamera(anew=anew), token)
        assert isinstance(found, CameraLook)
        if found.number > after:
            return found
        time.sleep(0.05)
    raise AssertionError("no look came")


def test_the_camera_is_seen_in_figures_and_a_picture(halted: Desk) -> None:
    token = halted.log_in("eno")
    job = started(halted, token)
    first = look(halted, token)
    assert (first.camera, first.size) == (CAMERA, (64, 64))
    assert first.picture.startswith(b"\xff\xd8")
    assert sum(first.histogram) == pytest.approx(1.0)
    assert first.advice[0] == "too-dark"  # the tiny part is grey 60 of 255
    assert first.saturated == 0.0
    again = look(halted, token, after=first.number)
    assert 0.0 < again.sharpness <= 1.0
    halted.ask(CancelJob(job), token)


def test_it_ends_when_nobody_looks_any_more(halted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    token, jobs = halted.log_in("eno"), list[int]()

    def free() -> bool:
        """The camera of the test before is let go."""
        with contextlib.suppress(InspectorError):
            jobs.append(started(halted, token))
        return bool(jobs)

    wait_until(free, "the camera before is still watched")
    monkeypatch.setattr(viewfinder, "PATIENCE_S", 0.0)
    wait_until(lambda: halted.ask(AskResult(jobs[0]), token) is not None, "it is still watched")
    assert isinstance(halted.ask(AskResult(jobs[0]), token), Watched)


def test_operators_do_not_set_cameras(halted: Desk) -> None:
    token = halted.log_in("oki")
    for question in (WatchCamera(CAMERA, "tiny"), LookAtCamera(), AskCameras()):
        with pytest.raises(InspectorError, match="not allowed"):
            halted.ask(question, token)


def test_what_is_known_of_the_cameras(halted: Desk) -> None:
    known = halted.ask(AskCameras(), halted.log_in("eno"))
    assert known == KnownCameras((CAMERA,))
