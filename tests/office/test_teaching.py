"""Teaching by the office: pictures by the line's cameras, what is said of them, and the lesson."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.core.errors import InspectorError
from inspector.core.frame import PixelFormat
from inspector.core.state import StationState
from inspector.link.messages import Halt
from inspector.link.questions import AnyAnswer, AnyQuestion, JobState
from inspector.link.questions.jobs import AskResult, JobStarted
from inspector.link.questions.teaching import (
    Draft,
    DrawnZone,
    FetchPictures,
    LeaveOut,
    Lesson,
    ListDraft,
    PicturesAdded,
    ShowDraft,
    Shown,
    TakePictures,
)
from inspector.office.answers.teaching import fetch_pictures
from inspector.office.jobs import Job
from inspector.office.lessons import recipe_of
from inspector.office.room import Asker
from inspector.teaching.hints import hints_of, look_at
from tests.office.conftest import Desk, run_office
from tests.station.production_line import wait_until

NEW = "bracket"


@pytest.fixture(scope="module")
def halted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with run_office(tmp_path_factory.mktemp("teaching")) as desk:
        token = desk.log_in("eno")
        with pytest.raises(InspectorError, match="holds the cameras"):
            desk.ask(TakePictures(NEW, "tiny", 12), token)
        desk.station.console.call(Halt())
        run = desk.station.station
        wait_until(lambda: run.state is StationState.HALTED, "not halted")
        assert done(desk, TakePictures(NEW, "tiny", 12), token) == PicturesAdded(12)
        yield desk


def done(desk: Desk, question: AnyQuestion, token: str, *, seconds: float = 30.0) -> AnyAnswer:
    """The result of a job."""
    started = desk.ask(question, token)
    assert isinstance(started, JobStarted)
    until_s = time.monotonic() + seconds
    result = desk.ask(AskResult(started.job), token)
    while result is None and time.monotonic() < until_s:
        time.sleep(0.05)
        result = desk.ask(AskResult(started.job), token)
    return result


def drafted(desk: Desk, product: str = NEW) -> Draft:
    answer = desk.ask(ListDraft(product), desk.log_in("eno"))
    assert isinstance(answer, Draft)
    return answer


def test_the_lines_own_cameras_take_pictures(halted: Desk) -> None:
    draft = drafted(halted)
    assert [one.name for one in draft.pictures] == [f"{n:05d}.png" for n in range(1, 13)]
    assert draft.size == (64, 64)
    assert not draft.known
    assert (draft.least, draft.wanted) == (10, 396)  # 99 of them hold out 1 %
    (first,) = (
        one.pictures
        for one in [halted.ask(ShowDraft(NEW, ("00001.png",)), halted.log_in("eno"))]
        if isinstance(one, Shown)
    )
    assert first[0].startswith(b"\xff\xd8")


def test_a_picture_is_laid_aside_and_taken_back(halted: Desk) -> None:
    token = halted.log_in("eno")
    halted.ask(LeaveOut(NEW, ("00003.png", "../../x")), token)
    assert "00003.png" not in {one.name for one in drafted(halted).pictures}
    assert done(halted, TakePictures(NEW, "tiny", 1), token) == PicturesAdded(1)  # never the same
    halted.ask(LeaveOut(NEW, ("00003.png",), back=True), token)
    assert "00003.png" in {one.name for one in drafted(halted).pictures}


def test_pictures_lie_ready(halted: Desk) -> None:
    token = halted.log_in("eno")
    shutil.copytree(halted.plant.pictures, halted.plant.data_folder / "pictures/tuesday")
    source = next(one for one in drafted(halted).sources if one.title == "tuesday")
    assert (source.kind, source.pictures) == ("folder", 40)
    assert done(halted, FetchPictures("other", source.key), token) == PicturesAdded(40)
    assert done(halted, FetchPictures("other", source.key), token) == PicturesAdded(0, 40)
    job = Job(JobState(1, "FetchPictures", "eno"), Asker("eno", "engineer", token))
    with pytest.raises(InspectorError, match="is gone"):
        fetch_pictures(FetchPictures("other", "/etc"), halted.room, job)


def test_operators_gather_nothing(halted: Desk) -> None:
    with pytest.raises(InspectorError, match="not allowed"):
        halted.ask(ListDraft(NEW), halted.log_in("oki"))


def test_what_is_drawn_becomes_the_recipe(halted: Desk) -> None:
    corners = ((1.0, 2.0), (30.0, 2.0), (30.0, 40.0))
    zone = DrawnZone("hole", "exclude", corners)
    lesson = Lesson(NEW, "腕金", "tiny", 0.02, (4, 5, 40, 30), (zone,))
    folder = halted.plant.data_folder / "teaching" / NEW
    recipe = recipe_of(lesson, halted.room, folder, "patchcore", 64)
    box = recipe.preparation.region
    assert box is not None
    assert (box.x, box.y, box.width, box.height) == (4, 5, 40, 30)
    assert recipe.zones[0].polygon == corners
    assert recipe.decision.false_reject_rate == 0.02
    assert recipe.title == {"en": "腕金", "ja": "腕金"}
    assert recipe.preparation.pixel_format == "Mono8"


def test_hints_tell_what_stands_out(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    for number in range(8):
        image = random.integers(60, 160, (64, 64)).astype(np.uint8)
        if number == 2:
            image = np.asarray(cv2.GaussianBlur(image, (0, 0), 4), np.uint8)
        if number == 5:
            image //= 2
        cv2.imwrite(str(tmp_path / f"{number}.png"), image)
    shutil.copy(tmp_path / "1.png", tmp_path / "8.png")
    paths = sorted(tmp_path.iterdir())
    hints = hints_of([look_at(path, PixelFormat.MONO8) for path in paths], 10)
    assert [i for i, found in enumerate(hints.of_each) if found] == [2, 5, 8]
    assert hints.of_each[2] == ("blurred",)
    assert hints.of_each[5] == ("other-light",)
    assert hints.of_each[8] == ("same",)
    assert hints.of_all == ("few",)
