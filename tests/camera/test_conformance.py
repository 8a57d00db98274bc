"""What every camera of the line keeps, whatever is behind it: the same tests for all of them.

The SDKs' own emulations stand for devices. The GigE Vision camera of Aravis needs a network of its
own: ``test_aravis.py`` runs these tests there.
"""

from __future__ import annotations

import os
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.camera.device import FeatureValue
from inspector.camera.making import make_camera
from inspector.camera.pictures import FilePictures
from inspector.camera.recorded import recorded_camera
from inspector.camera.recorder import Recorder
from inspector.camera.recording import about
from inspector.camera.replay import ReplayCamera
from inspector.core import camera_config as entries
from inspector.core.camera_config import DeviceCameraConfig
from inspector.core.errors import CameraError, CameraTimeout, ConfigError, FrameCorrupt
from inspector.core.frame import FrameInfo, PixelFormat, Pixels
from inspector.core.ports import Camera, SystemClock
from inspector.sim.pictures import RenderedPictures
from inspector.sim.scene import WasherScene
from tests.camera.rig import HandSensor, slot_of
from tests.camera.scripted_device import ScriptedDevice

TIMEOUT_S = 5.0
GIGE = "INSPECTOR_FAKE_GIGE"
"""Address of a fake GigE camera; set where one runs."""


@dataclass
class Rig:
    """A camera that is not open yet, and how parts come to it."""

    camera: Camera
    sensor: HandSensor
    timed: bool
    """Its frames come by themselves."""

    def pass_part(self) -> None:
        """The next part, not so soon that a camera could not be ready for it."""
        if not self.timed:
            time.sleep(0.03)
            self.sensor.pass_part()

    lost: int = 0
    """Parts that the camera told to be lost: an emulator swallows a trigger now and then."""

    def part(self, slot: Pixels | None = None) -> FrameInfo:
        slot = slot_of(self.camera) if slot is None else slot
        for _ in range(5):
            self.pass_part()
            try:
                return self.camera.grab(slot, TIMEOUT_S)
            except FrameCorrupt:
                self.lost += 1
        raise AssertionError("five parts in a row were lost")


Settings = dict[str, FeatureValue]


def of_device(config: DeviceCameraConfig, settings: Settings) -> Rig:
    sensor = HandSensor()
    camera = make_camera(config, settings, sensor, SystemClock(), timeout_s=TIMEOUT_S)
    return Rig(camera, sensor, config.trigger.mode != "software")


def pylon(mode: str) -> Rig:
    os.environ["PYLON_CAMEMU"] = "2"
    config = entries.PylonCamera.model_validate(
        {
            "driver": "pylon",
            "name": "0815-0000",
            "transport": "BaslerCamEmu",
            "trigger": {"mode": mode},
        }
    )
    settings: Settings = {"PixelFormat": "Mono8", "Width": 128, "Height": 96}
    settings |= {"ExposureTimeAbs": 100.0}
    return of_device(config, settings)


def genicam() -> Rig:
    package = pytest.importorskip("genicam")
    producer = Path(package.__file__).parent / "viky.cti"
    module = pytest.importorskip("inspector.camera.drivers.genicam")
    name = module.discover(producer)[0].serial
    config = entries.GenicamCamera.model_validate(
        {
            "driver": "genicam",
            "name": name,
            "producer": str(producer),
            "trigger": {"mode": "timer"},
        }
    )
    return of_device(config, {})


def aravis(device: str, name: str) -> Rig:
    config = entries.AravisCamera.model_validate(
        {"driver": "aravis", "name": name, "device": device, "trigger": {"mode": "software"}}
    )
    settings: Settings = {"PixelFormat": "Mono8", "Width": 128, "Height": 96}
    return of_device(config, settings | {"ExposureTimeAbs": 1000.0})


def aravis_in_process() -> Rig:
    gi = pytest.importorskip("gi")
    try:
        gi.require_version("Aravis", "0.8")
        from gi.repository import Aravis
    except (ImportError, ValueError) as missing:
        pytest.skip(f"Aravis: {missing}")
    Aravis.enable_interface("Fake")
    return aravis("Fake_1", "1")


def opencv(folder: Path) -> Rig:
    path = folder / "parts.avi"
    code = cv2.VideoWriter.fourcc(*"MJPG")
    video = cv2.VideoWriter(str(path), code, 50.0, (64, 48))
    for number in range(60):
        video.write(np.full((48, 64, 3), 4 * number, np.uint8))
    video.release()
    config = entries.OpenCvCamera.model_validate(
        {"driver": "opencv", "name": "usb", "source": str(path), "trigger": {"mode": "timer"}}
    )
    return of_device(config, {})


def replay(folder: Path) -> Rig:
    for number in range(7):
        cv2.imwrite(str(folder / f"{number}.png"), np.full((48, 64), number, np.uint8))
    pictures = FilePictures.of_folder(folder, PixelFormat.MONO8)
    sensor = HandSensor()
    return Rig(ReplayCamera("replay-0", pictures, sensor, SystemClock()), sensor, timed=False)


def recorded(folder: Path) -> Rig:
    """Frames every 20 ms, as they were recorded; it plays again from the start."""
    device = ScriptedDevice(serial="4711")
    device.open()
    device.start(4)
    recorder = Recorder(folder / "run", about(device, 0), buffers=64)
    for number in range(60):
        device.expose(level=number)
        delivered = device.fetch(1.0)
        assert delivered is not None
        delivered.arrived_ns = number * 20_000_000
        assert recorder.offer(delivered)
        device.give_back(delivered)
    recorder.close()
    camera = recorded_camera("recorded-0", folder / "run", SystemClock(), loop=True)
    return Rig(camera, HandSensor(), timed=True)


def rendered() -> Rig:
    sensor = HandSensor()
    pictures = RenderedPictures(WasherScene(64, 64, 0.1, 0))
    return Rig(ReplayCamera("sim-0", pictures, sensor, SystemClock()), sensor, timed=False)


RIGS: dict[str, Callable[[Path], Rig]] = {
    "pylon-software": lambda _folder: pylon("software"),
    "pylon-timer": lambda _folder: pylon("timer"),
    "genicam-timer": lambda _folder: genicam(),
    "aravis-software": lambda _folder: aravis_in_process(),
    "opencv-video": opencv,
    "recording": recorded,
    "replay": replay,
    "sim": lambda _folder: rendered(),
}
if GIGE in os.environ:
    RIGS = {"aravis-gige": lambda _folder: aravis(os.environ[GIGE], "GV02")}


@pytest.fixture(params=RIGS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Open and armed."""
    try:
        made = RIGS[request.param](tmp_path)
        made.camera.open()
    except ConfigError as missing:
        if "install" in str(missing):
            pytest.skip(str(missing))
        raise
    made.camera.start()
    yield made
    made.camera.close()


def test_frames_come_in_order_each_with_its_trigger(rig: Rig) -> None:
    base = rig.camera.health().triggers if not rig.timed else 0
    infos = [rig.part() for _ in range(20)]
    counts = [info.trigger_count for info in infos]
    assert counts == sorted(set(counts))
    assert (counts[0] > base, counts[-1]) == (True, base + 20 + rig.lost)
    assert all(info.triggered_ns <= info.arrived_ns <= time.monotonic_ns() for info in infos)
    times = [info.arrived_ns for info in infos]
    assert times == sorted(times)
    assert {info.camera for info in infos} == {rig.camera.name}
    if not rig.timed:
        assert [info.encoder_count for info in infos] == [100 * count for count in counts]


def test_the_whole_slot_is_written_and_nothing_beside_it(rig: Rig) -> None:
    shape = rig.camera.format.shape
    room = np.full((3, *shape), 113, np.uint8)
    rig.part(room[1])
    assert (room[0] == 113).all()
    assert (room[2] == 113).all()
    again = np.full(shape, 7, np.uint8)
    again[...] = room[1]
    assert (again != 113).mean() > 0.5


def test_a_timeout_costs_no_frame(rig: Rig) -> None:
    if rig.timed:
        pytest.skip("its frames come by themselves")
    first = rig.part().trigger_count
    rig.lost = 0
    for _ in range(2):
        with pytest.raises(CameraTimeout):
            rig.camera.grab(slot_of(rig.camera), 0.01)
    assert rig.part().trigger_count == first + 1 + rig.lost


def test_counts_add_up_after_a_stop_and_go_on_after_a_start(rig: Rig) -> None:
    before = [rig.part().trigger_count for _ in range(3)]
    rig.camera.stop()
    drained = before[-1]
    for _ in range(1000):
        try:
            drained = rig.camera.grab(slot_of(rig.camera), 0.2).trigger_count
        except FrameCorrupt:
            continue
        except CameraTimeout:
            break
    health = rig.camera.health()
    assert health.connected
    assert health.triggers == drained == health.frames + health.lost
    rig.camera.start()
    rig.lost = 0
    assert rig.part().trigger_count == drained + 1 + rig.lost


def test_a_late_consumer_loses_nothing_unsaid(rig: Rig) -> None:
    """What is not delivered is a gap in the trigger counts, and counted as lost."""
    first = rig.part().trigger_count
    before = rig.camera.health().lost
    for _ in range(3):
        rig.pass_part()
    time.sleep(0.5)
    seen, lost = [first], 0
    while len(seen) + lost < 4:
        try:
            seen.append(rig.camera.grab(slot_of(rig.camera), TIMEOUT_S).trigger_count)
        except FrameCorrupt:
            lost += 1
    assert seen == sorted(set(seen))
    assert rig.camera.health().lost - before == lost or rig.timed


def test_it_can_be_closed_twice_and_opened_again(rig: Rig) -> None:
    rig.part()
    rig.camera.close()
    rig.camera.close()
    assert not rig.camera.health().connected
    rig.camera.open()
    rig.camera.start()
    rig.part()
    assert rig.camera.health().connected


def test_health_never_blocks_and_never_raises(rig: Rig) -> None:
    for _ in range(50):
        assert rig.camera.health().connected
    rig.part()
    assert rig.camera.health().frames >= 1


def test_memory_does_not_grow_with_the_frames(rig: Rig) -> None:
    slot = slot_of(rig.camera)

    def grab() -> None:
        rig.pass_part()
        try:
            rig.camera.grab(slot, TIMEOUT_S)
        except FrameCorrupt:
            return

    for _ in range(10):
        grab()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(30):
            grab()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        rig.camera.close()  # no thread of an SDK may call Python while tracing ends (gh-128679)
        tracemalloc.stop()
    assert after - before < max(slot.nbytes, 60_000)


def test_an_error_names_the_camera(rig: Rig) -> None:
    rig.camera.stop()
    time.sleep(0.1)
    slot = slot_of(rig.camera)
    with pytest.raises(CameraError, match=rig.camera.name):
        [rig.camera.grab(slot, 0.05) for _ in range(1000)]
