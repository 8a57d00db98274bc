"""A threshold is worked out from good images, signed, and holds; production waits for a release."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from inspector.core.errors import InspectorError
from inspector.core.levels import levels_of
from inspector.durable.images import encode_png
from inspector.link.messages import ChangeThreshold, Signature
from inspector.link.questions.thresholds import (
    AskThreshold,
    CalibrateProduct,
    ThresholdFound,
    ThresholdInForce,
)
from inspector.office.answers.thresholds import folder_of
from tests.office.conftest import Desk, run_office
from tests.office.test_teaching import done
from tests.station.production_line import PASSWORD, wait_until
from tests.tiny_plant import picture


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with run_office(tmp_path_factory.mktemp("thresholds")) as running:
        folder = running.plant.data_folder / "pictures/monday"
        folder.mkdir(parents=True)
        for number in range(30):
            pixels = picture(5000 + number, defective=False)
            (folder / f"{number:02d}.png").write_bytes(encode_png(levels_of(pixels)))
        yield running


def in_force(desk: Desk) -> ThresholdInForce:
    found = desk.ask(AskThreshold("tiny"), desk.log_in("eno"))
    assert isinstance(found, ThresholdInForce)
    return found


def test_good_images_make_a_threshold_that_waits_for_a_signature(desk: Desk) -> None:
    token = desk.log_in("eno")
    before = in_force(desk)
    assert before.proof is not None
    assert before.proof.images == 40
    (source,) = (one for one in before.sources if one.title == "monday")
    found = done(desk, CalibrateProduct("tiny", source.key), token)
    assert isinstance(found, ThresholdFound)
    assert found.new.images == 30
    assert found.before == before.proof
    assert found.comparable
    assert in_force(desk).proof == before.proof  # nothing runs by it yet

    change = ChangeThreshold(
        "tiny",
        "new lamp",
        before.proof.threshold,
        found.new.threshold,
        found.new.promised,
        found.new.calibration,
        (Signature("eno", PASSWORD),),
    )
    desk.log_in("eno")
    wrong = msgspec.structs.replace(change, threshold=1.0)
    with pytest.raises(InspectorError, match="another threshold"):
        desk.station.console.call(wrong)
    desk.log_in("oki")
    with pytest.raises(InspectorError, match="not allowed"):
        desk.station.console.call(change)
    desk.log_in("eno")
    desk.station.console.call(change)
    after = in_force(desk).proof
    assert after == found.new
    run = desk.station.station
    wait_until(
        lambda: (
            run._execution.loaded is not None
            and run._execution.loaded.judging.calibration is not None
            and run._execution.loaded.judging.calibration.hash == found.new.calibration
        ),
        "the station does not run by it",
    )


def test_what_lies_elsewhere_is_not_read(desk: Desk) -> None:
    with pytest.raises(InspectorError, match="not allowed"):
        desk.ask(CalibrateProduct("tiny"), desk.log_in("oki"))
    with pytest.raises(InspectorError, match="is gone"):
        folder_of(CalibrateProduct("tiny", "/etc"), desk.room)
