"""Drift is told as Out of specification and recorded; a person or a calibration ends it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from calibration.drift import Change, DriftState
from calibration.threshold import Calibration, read_calibration
from inspector.core.canonical import Json
from inspector.core.errors import StorageError
from inspector.core.frame import FrameInfo, PixelFormat
from inspector.core.judgement import CheckResult, Judgement
from inspector.core.line_config import DriftConfig
from inspector.core.pose import Pose
from inspector.core.recipe import PreparationSpec
from inspector.core.record import RecordKind
from inspector.core.state import Health, StationState
from inspector.core.verdict import Cause, Outcome, StageTimes, Verdict
from inspector.durable.images import encode_png
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.line.part import JudgedPart
from inspector.link.messages import Acknowledge, SelectProduct, Start, Stop
from inspector.station import drift
from inspector.station.opening import OpenStation, catalogue_of, load_line, open_station
from inspector.teaching import looks
from inspector.teaching.bundles import calibration_path, current_bundle
from tests.tiny_plant import TinyPlant, make_plant, picture
from tests.waiting import until


def alarms(station: OpenStation) -> dict[str, Health]:
    return {alarm.key: alarm.health for alarm in station.station.status().alarms}


@pytest.fixture
def brighter(tmp_path: Path) -> TinyPlant:
    """A plant whose good parts have become brighter than those that it was calibrated with."""
    plant = make_plant(tmp_path, parts=20, defective_every=100)
    for number, path in enumerate(sorted(plant.pictures.iterdir())):
        path.write_bytes(encode_png(picture(number, defective=False) + np.uint8(1)))
    return plant


def test_a_drift_is_told_and_recorded_and_decides_nothing(brighter: TinyPlant) -> None:
    config = load_line(brighter.line_file)
    catalogue = catalogue_of(brighter.line_file, brighter.data_folder)
    with open_station(config, catalogue) as station:
        station.console.call(Start())
        until(lambda: "drift engine" in alarms(station))
        status = station.station.status()
        assert status.state is StationState.CONTINUOUS_EXECUTION
        assert status.health is Health.OUT_OF_SPECIFICATION
        assert [a.text for a in status.alarms] == [
            "engine: scores rise against calibration. Check light, lens, position and parts"
        ]
        station.console.call(Stop())
        until(lambda: station.station.state is StationState.READY)
        assert alarms(station) == {"drift engine": Health.OUT_OF_SPECIFICATION}
        before = station.station._execution.loaded
        station.console.call(SelectProduct("tiny"))  # the same calibration: nothing is forgotten
        until(lambda: station.station._execution.loaded not in (before, None))
        until(lambda: station.station.state is StationState.READY)
        assert alarms(station)
        station.console.call(Acknowledge("drift engine"))
        assert not alarms(station)
        assert station.station.status().health is Health.GOOD
        station.console.call(Start())
        until(lambda: bool(alarms(station)))  # the cause is still there
    reader = LedgerReader.open(ledger_folder(brighter.data_folder))
    events = [r.content for r in reader.each(RecordFilter(kind=RecordKind.EVENT))]
    reader.close()
    told = [event for event in events if event["event"] == "drift"]
    assert len(told) == 2
    assert told[0]["channel"] == "engine"
    assert told[0]["statistic"] >= told[0]["limit"]


def test_a_new_calibration_takes_the_alarm_away(brighter: TinyPlant) -> None:
    config = load_line(brighter.line_file)
    catalogue = catalogue_of(brighter.line_file, brighter.data_folder)
    with open_station(config, catalogue) as station:
        station.console.call(Start())
        until(lambda: bool(alarms(station)))
        station.console.call(Stop())
        until(lambda: station.station.state is StationState.READY)
        bundle = current_bundle(brighter.data_folder, "tiny")
        assert bundle is not None
        path = calibration_path(bundle, "openvino")
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("wants_images: 1", "wants_images: 2"), encoding="utf-8")
        assert path.read_text(encoding="utf-8") != text
        station.console.call(SelectProduct("tiny"))
        until(lambda: not alarms(station))


def test_it_can_be_switched_off(brighter: TinyPlant) -> None:
    config = load_line(brighter.line_file)
    config = config.model_copy(update={"drift": DriftConfig(enabled=False)})
    catalogue = catalogue_of(brighter.line_file, brighter.data_folder)
    with open_station(config, catalogue) as station:
        assert station.station._execution.loaded is not None
        assert station.station._execution.loaded.drift is None


class Told:
    """Hears alarms and records."""

    def __init__(self) -> None:
        self.alarms: dict[str, str] = {}
        self.events: list[Mapping[str, Json]] = []

    def fault(self, reason: str) -> None:
        raise AssertionError(reason)

    def alarm(self, key: str, health: Health, text: str) -> None:
        del health
        self.alarms[key] = text

    def clear(self, key: str) -> None:
        self.alarms.pop(key, None)

    @property
    def of_cameras(self) -> set[str]:
        """Alarms of trends; of scores there may be others."""
        return {key for key in self.alarms if not key.endswith("engine")}

    def note(self, kind: RecordKind, payload: Mapping[str, Json]) -> None:
        assert kind is RecordKind.EVENT
        self.events.append(payload)


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Calibration]:
    plant = make_plant(tmp_path_factory.mktemp("plant"), parts=1)
    bundle = current_bundle(plant.data_folder, "tiny")
    assert bundle is not None
    return bundle, read_calibration(calibration_path(bundle, "openvino"))


ALIGNED = PreparationSpec(pixel_format=PixelFormat.MONO8, align="contour")


def made(
    taught: tuple[Path, Calibration],
    bundle: Path,
    told: Told,
    cameras: Sequence[str] = ("cam",),
) -> drift.DriftTap:
    return drift.make_drift_tap(
        DriftConfig(learn_parts=30, learn_min=0.0),
        taught[1],
        cameras,
        ALIGNED,
        bundle=bundle,
        recorder=told,
    )


def part(
    number: int,
    *,
    grey: float = 60.0,
    warm: float = 40.0,
    judged: bool = True,
    pose: Pose | None = None,
    views: int = 1,
) -> JudgedPart:
    random = np.random.default_rng(number)
    pixels = random.normal(grey, 2.0, (views, 64, 64, 1)).clip(0, 255).astype(np.uint8)
    check = CheckResult("engine", float(random.normal(62.0, 0.1)), 99.0)
    verdict = Verdict(
        part_id=number,
        trigger_count=number,
        encoder_count=0,
        outcome=Outcome.PASS if judged else Outcome.REJECT,
        cause=Cause.GOOD if judged else Cause.EXPIRED,
        triggered_ns=0,
        deadline_ns=1,
        decided_ns=1,
        judgement=Judgement((check,), (pose,) if pose else ()) if judged else None,
    )
    frame = FrameInfo("cam", number, number, 0, 0, 0, temperature_c=warm + 0.1 * random.normal())
    times = StageTimes(*(number * 10**9 for _ in range(8)))
    return JudgedPart(verdict, times, (frame,), prepared=pixels if judged else None)


def test_a_lamp_that_ages_and_a_camera_that_heats_are_told(
    taught: tuple[Path, Calibration], tmp_path: Path
) -> None:
    told = Told()
    tap = made(taught, tmp_path / "b", told)
    for number in range(30):
        tap.offer(part(number))
    for number in range(100):
        tap.offer(part(100 + number, grey=50.0, warm=55.0))
    tap.tell(told)
    assert told.alarms["drift cam brightness"].startswith("cam: pictures are darker")
    assert told.alarms["drift cam temperature"].startswith("cam: the camera is warmer")
    tap.tell(told)
    assert len(told.events) == len(told.alarms)
    tap.acknowledge("drift cam brightness", told)
    tap.tell(told)
    assert "drift cam brightness" not in told.alarms


def test_the_looks_are_learnt_once_for_a_calibration_and_survive_a_restart(
    taught: tuple[Path, Calibration], tmp_path: Path
) -> None:
    told = Told()
    tap = made(taught, tmp_path / "b", told)
    for number in range(30):
        tap.tell(told)
        assert list(tmp_path.iterdir()) == []
        tap.offer(part(number))
    tap.tell(told)
    (file,) = tmp_path.iterdir()
    kept = file.read_bytes()
    again = made(taught, tmp_path / "b", told)
    for number in range(100):
        again.offer(part(200 + number, grey=75.0))
    again.tell(told)
    assert told.alarms["drift cam brightness"].startswith("cam: pictures are brighter")
    assert file.read_bytes() == kept


def test_a_part_that_was_not_looked_at_says_nothing(
    taught: tuple[Path, Calibration], tmp_path: Path
) -> None:
    told = Told()
    tap = made(taught, tmp_path / "b", told)
    for number in range(200):
        tap.offer(part(number, judged=False))
    tap.tell(told)
    assert told.alarms == {}
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_maintenance_and_no_fault(
    taught: tuple[Path, Calibration], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise StorageError(f"{path}: no space for {len(data)} bytes")

    monkeypatch.setattr(looks, "write_atomically", full)
    told = Told()
    tap = made(taught, tmp_path / "b", told)
    for number in range(30):
        tap.offer(part(number))
    tap.tell(told)
    assert told.alarms["looks"].endswith("bytes")


def lying(number: int, *, x: float = 0.0, turn: float = 0.0, found: bool = True) -> Pose:
    dx, dy, angle = np.random.default_rng(9000 + number).normal(0.0, [1.0, 1.0, 0.2])
    return Pose(dx + x, dy, angle + turn, found=found)


def test_parts_that_lie_elsewhere_are_told_with_how_far(
    taught: tuple[Path, Calibration], tmp_path: Path
) -> None:
    told = Told()
    tap = made(taught, tmp_path / "b", told)
    for number in range(30):
        tap.offer(part(number, pose=lying(number)))
    for number in range(30, 130):
        tap.offer(part(number, pose=lying(number, x=8.0, turn=-3.0)))
    tap.tell(told)
    assert told.of_cameras == {"drift cam shift-x", "drift cam rotation"}
    words = re.fullmatch(
        r"cam: parts lie (\d\.\d) px to the right of where they lay at calibration\. "
        "Check camera mount and guide rails",
        told.alarms["drift cam shift-x"],
    )
    assert words is not None
    assert float(words[1]) == pytest.approx(8.0, abs=1.5)
    assert "counter-clockwise" in told.alarms["drift cam rotation"]


def test_a_part_that_was_not_recognised_lies_nowhere(
    taught: tuple[Path, Calibration], tmp_path: Path
) -> None:
    told = Told()
    tap = made(taught, tmp_path / "b", told)
    for number in range(30):
        tap.offer(part(number, pose=lying(number)))
    for number in range(30, 230):
        tap.offer(part(number, pose=lying(number, x=20.0, found=False)))
    tap.tell(told)
    assert not told.of_cameras


def keep(bundle: Path, calibration: Calibration, count: int) -> None:
    """Looks of the calibration images: brighter than any part here."""
    looks.keep_looks(
        looks.looks_path(bundle, calibration),
        {"brightness": [0.4 + 0.001 * (number % 7) for number in range(count)]},
    )


def test_trends_are_compared_with_the_calibration_images_where_they_are_known(
    taught: tuple[Path, Calibration], tmp_path: Path
) -> None:
    told, bundle = Told(), tmp_path / "b"
    keep(bundle, taught[1], 25)
    tap = made(taught, bundle, told)
    for number in range(25):  # none is learnt from before
        tap.offer(part(number))
    tap.tell(told)
    assert told.alarms["drift cam brightness"].startswith("cam: pictures are darker")
    for number in range(25, 60):  # what the images say nothing of is learnt, and kept beside
        tap.offer(part(number))
    tap.tell(told)
    kept = looks.read_looks(looks.looks_path(bundle, taught[1]))
    assert kept.keys() == {"brightness", "cam sharpness", "cam temperature"}


@pytest.mark.parametrize(("count", "cameras"), [(19, ("cam",)), (25, ("cam", "side"))])
def test_few_calibration_images_or_several_cameras_are_no_reference(
    taught: tuple[Path, Calibration], tmp_path: Path, count: int, cameras: tuple[str, ...]
) -> None:
    told, bundle = Told(), tmp_path / "b"
    keep(bundle, taught[1], count)
    tap = made(taught, bundle, told, cameras)
    for number in range(100):
        tap.offer(part(number, views=len(cameras)))
    tap.tell(told)
    assert not told.of_cameras


@pytest.mark.parametrize("change", Change)
@pytest.mark.parametrize(
    "quantity",
    ["engine", "brightness", "sharpness", "temperature", "shift-x", "shift-y", "rotation"],
)
def test_every_change_has_its_words(quantity: str, change: Change) -> None:
    channel = quantity if quantity == "engine" else f"cam {quantity}"
    words = drift.in_words(DriftState(channel, change, 1.0, 1.0, alarm=True, since=1))
    assert words.startswith(("engine:", "cam"))
    assert "Check" in words
