"""Forced failures of real SDKs' emulated cameras, through the whole line: no part is silent."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import cv2
import pytest
import yaml

from engines.runtimes.openvino import OpenVinoEngine
from inspector.camera import making
from inspector.camera.device_camera import DeviceCamera
from inspector.core.camera_config import DeviceCameraConfig
from inspector.core.detection import Detection
from inspector.core.frame import Pixels
from inspector.core.record import RecordKind
from inspector.core.state import StationState, StationStatus
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.link.messages import Start
from inspector.station.opening import OpenStation, catalogue_of, load_line, open_station
from inspector.station.station import Station
from tests.camera.scripted_device import ScriptedDevice
from tests.tiny_plant import GOOD, SIDE, TinyPlant, make_plant, picture

Entry = dict[str, Any]
SETTINGS = {"Width": SIDE, "Height": SIDE, "PixelFormat": "Mono8"}
STALL_S = 0.5
SLOW = {"parts_per_s": 10.0, "counts_per_part": 1000}
"""The emulated camera exposes on this PC, and when that is busy a frame is late for its shot."""


@dataclass(frozen=True)
class Part:
    """What the ledger keeps of a part."""

    outcome: str
    cause: str
    detail: str


@contextmanager
def running(
    plant: TinyPlant, cameras: list[Entry], settings: Entry, **line: Any
) -> Iterator[Station]:
    """A station in production with these cameras."""
    config = yaml.safe_load(plant.line_file.read_text())
    config |= {"cameras": cameras, "belt": {"parts_per_s": 40.0, "counts_per_part": 1000}, **line}
    plant.line_file.write_text(yaml.safe_dump(config))
    recipe_file = plant.line_file.parent / "products/tiny.yaml"
    recipe = yaml.safe_load(recipe_file.read_text()) | {"camera": {"settings": settings}}
    recipe_file.write_text(yaml.safe_dump(recipe))
    catalogue = catalogue_of(plant.line_file, plant.data_folder)
    with open_station(load_line(plant.line_file), catalogue) as opened:
        start(opened)
        yield opened.station


def start(opened: OpenStation) -> None:
    opened.console.call(Start())
    until(lambda: opened.station.state is StationState.CONTINUOUS_EXECUTION)


def until(what: Callable[[], bool], timeout_s: float = 30.0) -> None:
    end = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.005)


def camera_of(station: Station, number: int = 0) -> DeviceCamera:
    loaded = station._execution.loaded
    assert loaded is not None
    return cast("DeviceCamera", loaded.eyes.cameras[number])


def verdicts(station: Station) -> int:
    return station.status().parts.verdicts


def stopped(station: Station) -> StationStatus:
    """Stopped, and everything accounted for: a discrepancy would have ended in Error."""
    assert station.request_stop_and_wait(30.0)
    status = station.status()
    assert status.state is StationState.READY, [alarm.text for alarm in status.alarms]
    assert status.parts.parts == status.parts.verdicts
    assert all(camera.reconciled for camera in status.cameras.values())
    return status


def parts_of(plant: TinyPlant) -> list[Part]:
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    records = list(reader.each(RecordFilter(kind=RecordKind.INSPECTION)))
    reader.close()
    return [
        Part(str(record.outcome), str(record.content["cause"]), str(record.content["detail"]))
        for record in records
    ]


def causes(plant: TinyPlant) -> Counter[str]:
    return Counter(part.cause for part in parts_of(plant))


# -- pylon's emulated camera ----------------------------------------------------------------------


@pytest.fixture
def pylon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Entry, Entry]:
    """Camera and settings of an emulated camera that shows a good part at each trigger."""
    pytest.importorskip("pypylon")
    monkeypatch.setenv("PYLON_CAMEMU", "2")
    shown = tmp_path / "good.png"
    cv2.imwrite(str(shown), picture(1, defective=False))
    entry = {
        "driver": "pylon",
        "name": "0815-0001",
        "transport": "BaslerCamEmu",
        "trigger": {"mode": "software"},
        "retry_s": 0.5,
    }
    pictures = {
        "TestImageSelector": "Off",
        "ImageFilename": str(shown),
        "ImageFileMode": "On",
        "ExposureTimeAbs": 100.0,
    }
    return entry, SETTINGS | pictures


def test_five_failed_buffers_are_five_rejects_with_their_cause(
    tmp_path: Path, pylon: tuple[Entry, Entry]
) -> None:
    plant = make_plant(tmp_path / "plant")
    entry, settings = pylon
    with running(plant, [entry], settings, belt=SLOW) as station:
        until(lambda: verdicts(station) >= 10)
        features = camera_of(station).device.features
        features.set("ForceFailedBufferCount", 5)
        features.execute("ForceFailedBuffer")
        until(lambda: station.status().cameras["0815-0001"].lost >= 5)
        judged = verdicts(station)
        until(lambda: verdicts(station) >= judged + 10)
        status = stopped(station)
    parts = parts_of(plant)
    assert len(parts) == status.parts.parts
    failed = [part for part in parts if "incompletely grabbed" in part.detail]
    assert [(part.outcome, part.cause) for part in failed] == [("reject", "frame-lost")] * 5
    others = [part for part in parts if part not in failed and "armed anew" not in part.detail]
    assert {part.cause for part in others} == {"good"}


def test_a_camera_that_is_away_for_three_seconds_comes_back_by_itself(
    tmp_path: Path, pylon: tuple[Entry, Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant = make_plant(tmp_path / "plant")
    entry, settings = pylon
    with running(plant, [entry], settings, belt=SLOW) as station:
        until(lambda: verdicts(station) >= 10)
        monkeypatch.setenv("PYLON_CAMEMU", "1")  # a search finds the first camera alone
        camera_of(station).device.features.execute("FirePnPCallback")
        until(lambda: station.state is StationState.ERROR)
        rejected = station.status().parts.rejected
        time.sleep(3.0)
        assert station.status().parts.rejected > rejected
        monkeypatch.setenv("PYLON_CAMEMU", "2")
        until(lambda: station.state is StationState.CONTINUOUS_EXECUTION)
        passed = station.status().parts.passed
        until(lambda: station.status().parts.passed >= passed + 10)
        status = stopped(station)
        link = camera_of(station).health().link
        assert link is not None
        assert link.reconnects == 1
    parts = parts_of(plant)
    assert len(parts) == status.parts.parts
    outcomes = [part.outcome for part in parts if "armed anew" not in part.detail]
    gone = [index for index, outcome in enumerate(outcomes) if outcome == "reject"]
    assert gone == list(range(gone[0], gone[-1] + 1)), "one stretch of rejects, and no pass in it"


# -- a consumer that stalls -----------------------------------------------------------------------


def of_pylon(folder: Path) -> tuple[Entry, Entry]:
    pytest.importorskip("pypylon")
    del folder
    entry = {
        "driver": "pylon",
        "name": "0815-0000",
        "transport": "BaslerCamEmu",
        "trigger": {"mode": "software"},
    }
    return entry, SETTINGS | {"ExposureTimeAbs": 100.0}


def of_genicam(folder: Path) -> tuple[Entry, Entry]:
    del folder
    package = pytest.importorskip("genicam")
    module = pytest.importorskip("inspector.camera.drivers.genicam")
    producer = Path(package.__file__).parent / "viky.cti"
    entry = {
        "driver": "genicam",
        "name": module.discover(producer)[0].serial,
        "producer": str(producer),
        "trigger": {"mode": "timer"},
        "buffers": 4,
    }
    return entry, {
        "PixelFormat": "Mono8", "Width": 100, "Height": 100, "AcquisitionFrameRate": 100.0,
    }  # fmt: skip


def of_opencv(folder: Path) -> tuple[Entry, Entry]:
    path = folder / "parts.avi"
    video = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 100.0, (SIDE, SIDE))
    for number in range(40):
        video.write(cv2.cvtColor(picture(number, defective=False), cv2.COLOR_GRAY2BGR))
    video.release()
    trigger = {"mode": "timer"}
    entry = {"driver": "opencv", "name": "usb", "source": str(path), "trigger": trigger}
    return entry | {"buffers": 4}, {}


def of_replay(folder: Path) -> tuple[Entry, Entry]:
    source = folder / "good"
    source.mkdir()
    for number in range(5):
        cv2.imwrite(str(source / f"{number}.png"), picture(number, defective=False))
    return {"driver": "replay", "name": "replay-0", "source": str(source)}, {}


ADAPTERS: dict[str, Callable[[Path], tuple[Entry, Entry]]] = {
    "pylon": of_pylon,
    "genicam": of_genicam,
    "opencv": of_opencv,
    "replay": of_replay,
}


@pytest.mark.parametrize("stalls", ["engine", "capture"])
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_consumer_that_stalls_for_half_a_second_loses_no_part_unsaid(
    adapter: str, stalls: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYLON_CAMEMU", "2")
    plant = make_plant(tmp_path / "plant")
    entry, settings = ADAPTERS[adapter](tmp_path)
    stall = Stall()
    if stalls == "engine":
        stall.of_engine(monkeypatch)
    line = {
        "capture": {"slots": 4, "timeout_ms": 400.0},
        "gate": {"deadline_ms": 150.0, "distance_counts": 20_000},
    }
    with running(plant, [entry], settings, **line) as station:
        until(lambda: verdicts(station) >= 10)
        if stalls == "capture":
            stall.of_capture(station, monkeypatch)
        stall.wanted = True
        until(lambda: stall.done)
        judged = verdicts(station)
        until(lambda: verdicts(station) >= judged + 30)
        status = stopped(station)
        health = camera_of(station).health()
    found = causes(plant)
    camera = status.cameras[entry["name"]]
    assert sum(found.values()) == status.parts.parts == camera.triggers
    assert health.triggers == health.frames + health.lost
    assert camera.triggers == health.triggers, "what the camera counted, the line did"
    unseen = found["overrun"] + found["expired"] + found["late"] + found["frame-lost"]
    assert unseen > 0, found
    assert found["fault"] == 0, found
    assert camera.lost == found["frame-lost"] + found["overrun"]


class Stall:
    """Sleeps once, when it is wanted, in the engine or in the capture thread."""

    def __init__(self) -> None:
        self.wanted = self.done = False

    def rest(self) -> None:
        if self.wanted and not self.done:
            time.sleep(STALL_S)
            self.done = True

    def of_engine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        infer = OpenVinoEngine.infer

        def slow(engine: OpenVinoEngine, batch: Pixels) -> Detection:
            self.rest()
            return infer(engine, batch)

        monkeypatch.setattr(OpenVinoEngine, "infer", slow)

    def of_capture(self, station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
        camera = camera_of(station)
        grab = camera.grab

        def slow(pixels: Pixels, timeout_s: float) -> Any:
            self.rest()
            return grab(pixels, timeout_s)

        monkeypatch.setattr(camera, "grab", slow)


# -- several cameras ------------------------------------------------------------------------------


class ShyDevice(ScriptedDevice):
    """Shows good parts; at some shots its trigger line is not connected, and it does not know."""

    def __init__(self, serial: str) -> None:
        super().__init__(serial=serial)
        self.misses = 0

    def pass_part(self) -> None:
        if self.misses:
            self.misses -= 1
            return
        self.expose(level=GOOD, device_ns=time.monotonic_ns())


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> dict[str, ShyDevice]:
    """Two cameras in hardware mode."""
    devices = {serial: ShyDevice(serial) for serial in ("left", "right")}

    def made(config: DeviceCameraConfig) -> ShyDevice:
        return devices[config.name]

    monkeypatch.setattr(making, "make_device", made)
    return devices


def pair() -> list[Entry]:
    return [{"driver": "pylon", "name": name, "retry_s": 0.2} for name in ("left", "right")]


def armed(devices: dict[str, ShyDevice]) -> None:
    until(lambda: all(device.started for device in devices.values()))


def pass_parts(devices: dict[str, ShyDevice], parts: int, gap_s: float) -> None:
    for _ in range(parts):
        for device in devices.values():
            device.pass_part()
        time.sleep(gap_s)


@pytest.mark.parametrize("shy", ["left", "right"])
@pytest.mark.parametrize("gap_s", [0.05, 0.3])
def test_one_camera_that_misses_a_trigger_costs_one_part(
    tmp_path: Path, two: dict[str, ShyDevice], shy: str, gap_s: float
) -> None:
    plant = make_plant(tmp_path)
    with running(plant, pair(), SETTINGS, capture={"slots": 16, "timeout_ms": 100.0}) as station:
        armed(two)
        pass_parts(two, 5, gap_s)
        two[shy].misses = 1
        pass_parts(two, 1, gap_s)
        pass_parts(two, 5, gap_s)
        until(lambda: verdicts(station) == 11)
        stopped(station)
    parts = parts_of(plant)
    assert [part.cause for part in parts] == ["good"] * 5 + ["frame-lost"] + ["good"] * 5
    assert parts[5].detail == f"{shy}: it was not triggered with the others"


def test_one_of_two_cameras_that_is_gone_costs_the_parts_meanwhile(
    tmp_path: Path, two: dict[str, ShyDevice]
) -> None:
    """The other one sees every part, so each is counted; both are in step when it is back."""
    plant = make_plant(tmp_path)
    with running(plant, pair(), SETTINGS, capture={"slots": 16, "timeout_ms": 100.0}) as station:
        armed(two)
        pass_parts(two, 5, 0.05)
        two["left"].vanish()
        until(lambda: station.state is StationState.ERROR)
        pass_parts({"right": two["right"]}, 40, 0.02)
        until(lambda: verdicts(station) == 45)
        two["left"].present = True
        until(lambda: station.state is StationState.CONTINUOUS_EXECUTION)
        pass_parts(two, 5, 0.05)
        until(lambda: verdicts(station) == 50)
        stopped(station)
    parts = parts_of(plant)
    assert [part.outcome for part in parts] == ["pass"] * 5 + ["reject"] * 40 + ["pass"] * 5
    assert all("left" in part.detail for part in parts[5:45])


# -- from run to run ------------------------------------------------------------------------------


def test_a_product_that_is_loaded_again_begins_with_its_own_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sensor has counted on before the camera was made anew."""
    device = ScriptedDevice()
    device.on_fire = lambda: device.expose(level=GOOD)
    monkeypatch.setattr(making, "make_device", lambda _config: device)
    plant = make_plant(tmp_path)
    entry = {"driver": "pylon", "name": "4711", "trigger": {"mode": "software"}}
    with running(plant, [entry], SETTINGS) as station:
        until(lambda: verdicts(station) >= 10)
        before = stopped(station).parts.parts
        station._execution.reset()
        station.request_start()
        until(lambda: station.state is StationState.CONTINUOUS_EXECUTION)
        until(lambda: verdicts(station) >= 10)
        after = stopped(station).parts.parts
    assert causes(plant) == {"good": before + after}
