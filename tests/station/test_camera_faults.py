"""Forced failures of real SDKs' emulated cameras, through the whole line: no part is silent."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest

from engines.runtimes.openvino import OpenVinoEngine
from inspector.camera import making
from inspector.core.detection import Detection
from inspector.core.frame import Pixels
from inspector.core.state import StationState
from inspector.station.station import Station
from tests.camera.scripted_device import ScriptedDevice
from tests.station.camera_line import (
    SETTINGS,
    Entry,
    camera_of,
    causes,
    parts_of,
    running,
    stopped,
    verdicts,
)
from tests.tiny_plant import GOOD, SIDE, make_plant, picture
from tests.waiting import until

STALL_S = 0.5
SLOW = {"parts_per_s": 10.0, "counts_per_part": 1000}
"""The emulated camera exposes on this PC, and when that is busy a frame is late for its shot."""


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
    assert {(part.outcome, part.cause) for part in failed} == {("reject", "frame-lost")}
    armed_anew = [part for part in parts if "armed anew" in part.detail]
    assert len(failed) == 5 or armed_anew, "a busy PC may be out of step, and says so"
    others = [part for part in parts if part not in failed and part not in armed_anew]
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
    with running(plant, [entry], SETTINGS, belt=SLOW) as station:
        until(lambda: verdicts(station) >= 10)
        before = stopped(station).parts.parts
        station._execution.reset()
        station.request_start()
        until(lambda: station.state is StationState.CONTINUOUS_EXECUTION)
        until(lambda: verdicts(station) >= 10)
        after = stopped(station).parts.parts
    assert causes(plant) == {"good": before + after}


# -- a network that loses packets -----------------------------------------------------------------


def test_one_packet_in_a_thousand_is_lost_and_no_part(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or shutil.which("arv-fake-gv-camera-0.8") is None:
        pytest.skip("Aravis' fake camera is not installed (Debian: aravis-tools)")
    command = [unshare, "--map-root-user", "--net"]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespace may be made here")
    ended = subprocess.run(
        [*command, sys.executable, "-m", "tests.station.gige_line", str(tmp_path), "1"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert told["parts"] == told["verdicts"] == told["triggers"] == sum(told["causes"].values())
    assert told["frames"] + told["lost"] == told["triggers"]
    assert told["lost"] == told["causes"]["frame-lost"] > 0
    assert told["frames"] > 0
    assert told["lost_passed"] == 0
    assert any("incomplete" in reason for reason in told["lost_for"]), told["lost_for"]
