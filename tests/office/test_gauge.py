"""A gauge study at the panel: shows of one part after the other, the study, and those before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inspector.core.errors import InspectorError
from inspector.core.frame import PixelFormat
from inspector.core.levels import levels_of
from inspector.durable.images import encode_png
from inspector.link.questions.cameras import CameraLook
from inspector.link.questions.gauge import (
    AskGauge,
    GaugeFound,
    GaugeKnown,
    LayShowsAside,
    StudyGauge,
    TakeShow,
)
from inspector.office.shows import folder_of
from tests.office.conftest import Desk, run_office
from tests.office.test_teaching import done
from tests.tiny_plant import picture

CAMERA = "replay-0"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with run_office(tmp_path_factory.mktemp("gauge")) as running:
        yield running


def ask(desk: Desk, question: AskGauge | TakeShow | LayShowsAside) -> GaugeKnown:
    found = desk.ask(question, desk.log_in("eno"))
    assert isinstance(found, GaugeKnown)
    return found


def show(desk: Desk, part: int, number: int, *, seed: int) -> GaugeKnown:
    pixels = picture(seed, defective=part == 3)
    desk.room.viewfinder.show(CameraLook(seed, CAMERA), pixels, PixelFormat.MONO8)
    return ask(desk, TakeShow("tiny", CAMERA, part, number))


def test_parts_are_shown_studied_and_read_again(desk: Desk) -> None:
    with pytest.raises(InspectorError, match="no picture comes"):
        ask(desk, TakeShow("tiny", CAMERA, 1, 1))
    for number in (1, 2):
        for part in (1, 2, 3):
            known = show(desk, part, number, seed=7000 + 10 * number + part)
    assert known.shown == ((1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2))
    with pytest.raises(InspectorError, match="was taken before"):
        show(desk, 1, 3, seed=7011)
    with pytest.raises(InspectorError, match="no such show"):
        show(desk, 51, 1, seed=7090)

    found = done(desk, StudyGauge("tiny"), desk.log_in("eno"))
    assert isinstance(found, GaugeFound)
    assert (found.product, found.user) == ("tiny", "eno")
    assert [(one.name, one.shows) for one in found.parts] == [("01", 2), ("02", 2), ("03", 2)]
    assert [one.rejects for one in found.parts] == [0, 0, 2]
    assert found.over_distance is not None
    assert 0.0 < found.sigma_low < found.sigma < found.sigma_high
    assert ask(desk, AskGauge("tiny")).studies == (found,)

    assert ask(desk, LayShowsAside("tiny")).shown == ()
    assert ask(desk, AskGauge("tiny")).studies == (found,)
    aside = desk.plant.data_folder / "gauge/tiny/before-1"
    assert len(list(aside.glob("*/*.png"))) == 6


def test_folders_of_parts_are_offered(desk: Desk) -> None:
    folder = desk.plant.data_folder / "pictures/shown"
    for part in ("a", "b"):
        for number in range(2):
            path = folder / part / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = picture(ord(part) * 10 + number, defective=False)
            path.write_bytes(encode_png(levels_of(pixels)))
    (source,) = ask(desk, AskGauge("tiny")).sources
    assert (source.title, source.pictures) == ("shown", 4)
    assert folder_of("tiny", source.key, desk.room) == folder
    with pytest.raises(InspectorError, match="is gone"):
        folder_of("tiny", "/etc", desk.room)


def test_what_is_no_study_is_refused(desk: Desk) -> None:
    with pytest.raises(InspectorError, match="not allowed"):
        desk.ask(StudyGauge("tiny"), desk.log_in("oki"))
    with pytest.raises(InspectorError, match="unknown product"):
        desk.ask(AskGauge("none"), desk.log_in("eno"))
