"""Exposure and gain turned while somebody looks: within the camera's limits, and put back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from inspector.camera.device import Delivered, Feature, FeatureKind
from inspector.core.errors import RefusedError
from inspector.link.questions.cameras import CameraLook, SetLight, WatchCamera
from inspector.link.questions.jobs import JobState
from inspector.office import watching
from inspector.office.answers.cameras import set_light
from inspector.office.dials import dials_of, turn
from inspector.office.jobs import Job
from inspector.office.room import Asker, Room
from tests.camera.scripted_device import ScriptedDevice, ScriptedFeatures
from tests.station.production_line import wait_until
from tests.tiny_plant import make_plant

CAMERA = "4711"


class FreeDevice(ScriptedDevice):
    """Runs by itself; the brighter the longer it is exposed."""

    def fetch(self, timeout_s: float) -> Delivered | None:
        time.sleep(0.002)
        self.expose(level=min(255, round(float(self.features.get("ExposureTime")) / 10)))
        return super().fetch(timeout_s)


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> FreeDevice:
    made = FreeDevice()
    monkeypatch.setattr(watching, "make_device", lambda _config: made)
    monkeypatch.setattr(watching, "_TURN_S", 0.01)
    monkeypatch.setattr(watching, "_SETTLE_S", 0.02)
    return made


@pytest.fixture
def room(tmp_path: Path, device: FreeDevice) -> Iterator[Room]:
    """While its camera is watched."""
    plant = make_plant(tmp_path, parts=1)
    line = yaml.safe_load(plant.line_file.read_text())
    line["cameras"] = [{"driver": "pylon", "name": CAMERA}]
    plant.line_file.write_text(yaml.safe_dump(line))
    recipe = plant.line_file.parent / "products/tiny.yaml"
    settings = {"settings": {"ExposureTime": 500.0}}
    content = yaml.safe_load(recipe.read_text()) | {"camera": settings}
    recipe.write_text(yaml.safe_dump(content))
    made = Room.of_line(plant.line_file)
    job = Job(JobState(1, "WatchCamera", "eno"), Asker("eno", "engineer", ""))
    asked = WatchCamera(CAMERA, "tiny"), made, job
    thread = threading.Thread(target=_watched, args=asked, daemon=True)
    thread.start()
    wait_until(lambda: made.viewfinder.seen(CAMERA, 0) is not None, "no picture")
    yield made
    job.cancel()
    thread.join(30.0)


def _watched(question: WatchCamera, room: Room, job: Job) -> None:
    with pytest.raises(Exception, match="cancelled"):
        watching.watch_camera(question, room, job)


def look(room: Room) -> CameraLook:
    return room.viewfinder.newest()


def test_the_next_looks_are_of_the_new_exposure(room: Room, device: FreeDevice) -> None:
    first = look(room)
    assert [(one.name, one.value) for one in first.dials] == [("ExposureTime", 500.0), ("Gain", 0)]
    assert first.recipe == (("ExposureTime", 500.0), ("Gain", None))
    assert first.brightest == pytest.approx(50 / 255)
    set_light(SetLight(CAMERA, "ExposureTime", 2000.0), room)
    wait_until(lambda: look(room).brightest == pytest.approx(200 / 255), "it is not brighter")
    assert look(room).dials[0].value == 2000.0
    set_light(SetLight(CAMERA, "Gain", 99.0), room)
    wait_until(lambda: look(room).gain_db == 24.0, "its limit")
    with pytest.raises(RefusedError, match="cannot be turned"):
        set_light(SetLight(CAMERA, "Width", 8.0), room)
    with pytest.raises(RefusedError, match="cannot be turned"):
        set_light(SetLight("other", "Gain", 8.0), room)


def test_what_a_camera_refuses_is_told_and_it_is_watched_on(room: Room, device: FreeDevice) -> None:
    device.features.rounds = lambda name, value: 1.0 if name == "Gain" else value
    set_light(SetLight(CAMERA, "Gain", 6.0), room)
    wait_until(lambda: "the camera made 1.0 of it" in look(room).refused, "not told")
    number = look(room).number
    wait_until(lambda: look(room).number > number, "it ended")


def test_whole_steps_and_the_automatic() -> None:
    features = ScriptedFeatures()
    features.tree["ExposureTime"] = Feature(
        "ExposureTime", FeatureKind.INTEGER, 1000, 20, 10_000, 15, writable=True
    )
    turn(features, "ExposureTime", 1003.0, CAMERA)
    assert features.get("ExposureTime") == 1010
    assert features.get("ExposureAuto") == "Off"
    assert [one.name for one in dials_of(features)] == ["ExposureTime", "Gain"]
