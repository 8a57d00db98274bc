"""What each camera adapter delivers: frame rate, CPU, latency and lost frames, into a slot.

    .venv/bin/python -m scripts.bench.cameras --seconds 5 --json cameras.json
    .venv/bin/python -m scripts.bench.cameras --memory 10000 --adapters pylon

The SDKs' emulated cameras stand for devices. They make their pictures on this PC, in this process
but for the GigE camera, so that rate and CPU hold the making, too. Each case runs twice: as fast as
it goes (rate, CPU, losses), then at half that rate, where no frame waits for the one before
(latency from the end of the exposure to the slot). Sizes beyond what a camera has become its
largest.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path

import cv2
import numpy as np
import psutil

from inspector.camera.device import FeatureValue
from inspector.camera.drivers import aravis_link
from inspector.camera.making import make_camera
from inspector.camera.pictures import FilePictures
from inspector.camera.replay import Pictures, ReplayCamera
from inspector.core import camera_config as entries
from inspector.core.camera_config import DeviceCameraConfig
from inspector.core.errors import CameraLost, CameraTimeout, FrameCorrupt, InspectorError
from inspector.core.frame import PixelFormat, Trigger
from inspector.core.ports import Camera, SystemClock
from inspector.line.ring import page_aligned
from inspector.sim.pictures import RenderedPictures
from inspector.sim.scene import WasherScene
from scripts.bench.camera_memory import Growth, memory_growth, traced
from tests.camera import aravis_network

Settings = dict[str, FeatureValue]
SIZES = ((1280, 1024), (4096, 3072))
FIVE_MEGAPIXELS = (2448, 2048)
LARGEST = {"genicam": (800, 800), "aravis": (2048, 2048), "aravis-gige": (2048, 2048)}
_TIMEOUT_S = 5.0
_WARM = 10
_PICTURES = 8
_FAST_HZ = 1000.0
_STEADY_HZ = 200.0
"""While memory is watched: a rate that this thread keeps up with."""


@dataclass(frozen=True)
class Case:
    """One adapter at one size; ``rate_hz`` is None to go as fast as it can."""

    adapter: str
    width: int
    height: int
    pixel_format: str = "Mono8"
    rate_hz: float | None = None


@dataclass(frozen=True)
class Run:
    """What one run showed. CPU in cores, latency in ms; ``load`` is that of the PC before."""

    frames: int
    lost: int
    gone: int
    """How often the acquisition broke off and was begun again."""
    rate_hz: float
    process_cores: float
    thread_cores: float
    latency_p50_ms: float
    latency_p99_ms: float
    load: float


class PacedSensor:
    """Parts at a steady rate, or one whenever somebody asks for it."""

    def __init__(self, rate_hz: float | None) -> None:
        self._period_s = 1.0 / rate_hz if rate_hz else 0.0
        self._due_s = time.monotonic()
        self.count = 0

    def wait(self, after: int, timeout_s: float) -> Trigger | None:
        """The next part."""
        del timeout_s
        self._due_s = max(self._due_s + self._period_s, time.monotonic())
        time.sleep(max(self._due_s - time.monotonic(), 0.0))
        self.count = after + 1
        return Trigger(self.count, self.count, time.monotonic_ns())

    def start(self) -> None:
        """Nothing to do."""

    def stop(self) -> None:
        """Nothing to do."""


# -- the cameras ----------------------------------------------------------------------------------


def of_device(config: DeviceCameraConfig, settings: Settings) -> Camera:
    """A camera of an SDK, not open yet; its own rate triggers it."""
    return make_camera(config, settings, PacedSensor(None), SystemClock(), timeout_s=_TIMEOUT_S)


def pylon(case: Case, _folder: Path) -> Camera:
    """pylon's emulated camera; its rate is bounded by the exposure, so that is short."""
    os.environ["PYLON_CAMEMU"] = "1"
    config = entries.PylonCamera.model_validate(
        {"driver": "pylon", "name": "0815-0000", "transport": "BaslerCamEmu", **_TIMED}
    )
    rate = case.rate_hz or _FAST_HZ
    exposure: Settings = {"ExposureTimeAbs": 100.0, "AcquisitionFrameRate": rate}
    return of_device(config, _settings(case) | exposure)


def genicam(case: Case, _folder: Path) -> Camera:
    """The simulated producer of the package ``genicam``."""
    package = import_module("genicam")
    producer = Path(str(package.__file__)).parent / "viky.cti"
    found = import_module("inspector.camera.drivers.genicam").discover(producer)
    config = entries.GenicamCamera.model_validate(
        {
            "driver": "genicam",
            "name": found[0].serial,
            "producer": str(producer),
            **_TIMED,
        }
    )
    rate = max(1.0, round(case.rate_hz or 200.0))
    return of_device(config, _settings(case) | {"AcquisitionFrameRate": rate})


def aravis(case: Case, _folder: Path) -> Camera:
    """Aravis' simulated camera, which lives in this process."""
    aravis_link.load().enable_interface("Fake")
    return _aravis(case, name="1", device="Fake_1")


def aravis_gige(case: Case, _folder: Path) -> Camera:
    """Aravis' GigE camera, another process; see ``in_a_network_of_its_own``."""
    return _aravis(case, name=aravis_network.SERIAL, device=aravis_network.HOST, packet_size=8000)


def _aravis(case: Case, **entry: object) -> Camera:
    config = entries.AravisCamera.model_validate({"driver": "aravis", **_TIMED, **entry})
    exposure: Settings = {"ExposureTimeAbs": 100.0}
    exposure["AcquisitionFrameRate"] = case.rate_hz or _FAST_HZ
    return of_device(config, _settings(case) | exposure)


def opencv(case: Case, folder: Path) -> Camera:
    """A video file (MJPEG)."""
    path = folder / f"{case.width}x{case.height}.avi"
    if not path.exists():
        code = cv2.VideoWriter.fourcc(*"MJPG")
        video = cv2.VideoWriter(str(path), code, 50.0, (case.width, case.height))
        for number in range(_PICTURES):
            video.write(cv2.cvtColor(picture(case, number), cv2.COLOR_GRAY2BGR))
        video.release()
    config = entries.OpenCvCamera.model_validate(
        {
            "driver": "opencv",
            "name": "video",
            "source": str(path),
            "frame_rate": case.rate_hz or _FAST_HZ,
            **_TIMED,
        }
    )
    return of_device(config, {})


def replay(case: Case, folder: Path) -> Camera:
    """A folder of PNG files."""
    source = folder / f"{case.width}x{case.height}"
    if not source.exists():
        source.mkdir()
        for number in range(_PICTURES):
            cv2.imwrite(str(source / f"{number}.png"), picture(case, number))
    return _replay(case, FilePictures.of_folder(source, PixelFormat.MONO8))


def sim(case: Case, _folder: Path) -> Camera:
    """Rendered parts; they are rendered before the line starts."""
    scene = WasherScene(case.width, case.height, 0.1, 0)
    return _replay(case, RenderedPictures(scene, stock=_PICTURES))


def _replay(case: Case, pictures: Pictures) -> Camera:
    return ReplayCamera(case.adapter, pictures, PacedSensor(case.rate_hz), SystemClock())


def _settings(case: Case) -> Settings:
    return {"PixelFormat": case.pixel_format, "Width": case.width, "Height": case.height}


def picture(case: Case, number: int) -> np.ndarray:
    """A smooth scene with a camera's noise, which files can pack as they do real ones."""
    random = np.random.default_rng(number)
    slope = np.linspace(60, 180, case.width) + np.linspace(0, 40, case.height)[:, None]
    return random.normal(slope, 2.0).clip(0, 255).astype(np.uint8)


_TIMED = {"trigger": {"mode": "timer"}}
ADAPTERS: dict[str, tuple[Callable[[Case, Path], Camera], tuple[str, ...]]] = {
    "pylon": (pylon, ("Mono8", "BayerRG8")),
    "genicam": (genicam, ("Mono8", "RGBa8")),
    "aravis": (aravis, ("Mono8",)),
    "aravis-gige": (aravis_gige, ("Mono8",)),
    "opencv": (opencv, ("BGR8",)),
    "replay": (replay, ("Mono8",)),
    "sim": (sim, ("Mono8",)),
}


def cases(adapter: str, sizes: Sequence[tuple[int, int]] = SIZES) -> Iterator[Case]:
    """Sizes and pixel formats of an adapter, none twice."""
    limit = LARGEST.get(adapter, sizes[-1])
    fitting = dict.fromkeys((min(w, limit[0]), min(h, limit[1])) for w, h in sizes)
    for size in fitting:
        for pixel_format in ADAPTERS[adapter][1]:
            yield Case(adapter, *size, pixel_format)


# -- measuring ------------------------------------------------------------------------------------


@contextmanager
def armed(case: Case, folder: Path) -> Iterator[Camera]:
    """The camera of a case, its frames coming."""
    camera = ADAPTERS[case.adapter][0](case, folder)
    camera.open()
    try:
        camera.start()
        yield camera
    finally:
        camera.close()


def measure(case: Case, folder: Path, seconds: float) -> Run:
    """Take frames into one slot for so long, on this thread as the capture thread does."""
    load, process = os.getloadavg()[0], psutil.Process()
    with armed(case, folder) as camera:
        slot = page_aligned(camera.format.shape)
        for _ in range(_WARM):
            grabbed(camera, slot)
        before = camera.health()
        cpu, thread_s, begin_s = process.cpu_times(), time.thread_time(), time.monotonic()
        latencies = []
        while time.monotonic() - begin_s < seconds:
            latencies.append(grabbed(camera, slot))
        took_s = time.monotonic() - begin_s
        thread_s, after = time.thread_time() - thread_s, process.cpu_times()
        health = camera.health()
    used_s = after.user + after.system - cpu.user - cpu.system
    good = [latency for latency in latencies if latency is not None]
    return Run(
        frames=len(good),
        lost=health.lost - before.lost,
        gone=health.link.reconnects if health.link else 0,
        rate_hz=len(good) / took_s,
        process_cores=used_s / took_s,
        thread_cores=thread_s / took_s,
        latency_p50_ms=statistics.median(good),
        latency_p99_ms=float(np.percentile(good, 99)),
        load=load,
    )


def grabbed(camera: Camera, slot: np.ndarray) -> float | None:
    """From the end of the exposure to the slot, ms; None for a frame that was lost."""
    try:
        info = camera.grab(slot, _TIMEOUT_S)
    except (FrameCorrupt, CameraTimeout, CameraLost):
        return None
    exposed_ns = info.triggered_ns + int((info.exposure_us or 0.0) * 1e3)
    return (time.monotonic_ns() - exposed_ns) / 1e6


def measured(case: Case, folder: Path, seconds: float) -> dict[str, object]:
    """Both runs of a case, for the table; or why there are none."""
    try:
        flat_out = measure(case, folder, seconds)
        half = measure(replace(case, rate_hz=flat_out.rate_hz / 2), folder, seconds)
    except (InspectorError, ImportError) as error:
        return {"case": asdict(case), "absent": str(error).splitlines()[0]}
    return {"case": asdict(case), "flat_out": asdict(flat_out), "half": asdict(half)}


def in_a_network_of_its_own(arguments: Sequence[str]) -> list[dict[str, object]]:
    """The GigE cases, run by this script beside the fake camera where nobody else is reached."""
    unshare = shutil.which("unshare")
    if unshare is None or shutil.which("arv-fake-gv-camera-0.8") is None:
        absent = "unshare or arv-fake-gv-camera-0.8 is not installed"
        return [{"case": asdict(case), "absent": absent} for case in cases("aravis-gige")]
    command = [unshare, "--map-root-user", "--net", sys.executable, "-m", "scripts.bench.cameras"]
    done = subprocess.run(
        [*command, "--gige-child", *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    found: list[dict[str, object]] = json.loads(done.stdout.splitlines()[-1])
    return found


def beside_the_gige_camera(seconds: float) -> None:
    """The child's part."""
    aravis_network.loopback_up()
    rows = []
    for case in cases("aravis-gige"):
        with aravis_network.camera():
            rows.append(measured(case, Path(), seconds))
    print(json.dumps(rows))


# -- printing -------------------------------------------------------------------------------------

HEAD = (
    "| adapter | frames | fps | lost, broken off | process, cores | capture thread, cores | "
    "to slot p50 / p99 at half the rate, ms | load |"
)


def table(rows: Sequence[dict[str, object]]) -> str:
    """Markdown."""
    lines = [HEAD, "|---" * 8 + "|"]
    for row in rows:
        case = Case(**row["case"])  # type: ignore[arg-type]  # it was made by asdict
        what = f"| {case.adapter} | {case.width}x{case.height} {case.pixel_format} "
        if "absent" in row:
            lines.append(f"{what}| {row['absent']} | | | | | |")
            continue
        fast = Run(**row["flat_out"])  # type: ignore[arg-type]  # as above
        half = Run(**row["half"])  # type: ignore[arg-type]  # as above
        lines.append(
            f"{what}| {fast.rate_hz:.0f} | {fast.lost}, {fast.gone} | {fast.process_cores:.2f} | "
            f"{fast.thread_cores:.2f} | {half.latency_p50_ms:.1f} / {half.latency_p99_ms:.1f} | "
            f"{fast.load:.1f} |"
        )
    return "\n".join(lines)


def memory(adapters: Sequence[str], frames: int, folder: Path) -> dict[str, Growth]:
    """Frames of 5 MP of each adapter, and what grew."""
    found = {}
    for adapter in adapters:
        for case in cases(adapter, [FIVE_MEGAPIXELS]):
            with traced(), armed(replace(case, rate_hz=_STEADY_HZ), folder) as camera:
                grown = found[f"{adapter} {case.pixel_format}"] = memory_growth(camera, frames)
            print(
                f"{adapter} {case.width}x{case.height} {case.pixel_format}: {grown.frames} frames, "
                f"{grown.lost} lost; Python +{grown.traced / 1024:.1f} KiB (at most "
                f"+{grown.traced_peak / 1024:.1f}), process +{grown.resident / 2**20:.2f} MiB"
            )
    return found


def main() -> None:
    """Run all cases and print the table, or show that memory does not grow."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--adapters", nargs="+", choices=list(ADAPTERS), default=list(ADAPTERS))
    parser.add_argument("--seconds", type=float, default=5.0, help="of each run, two for a case")
    parser.add_argument("--memory", type=int, default=0, help="frames of 5 MP, instead")
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--gige-child", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.gige_child:
        beside_the_gige_camera(arguments.seconds)
        return
    found: object
    with tempfile.TemporaryDirectory() as folder:
        if arguments.memory:
            grown = memory(arguments.adapters, arguments.memory, Path(folder))
            found = {name: asdict(growth) for name, growth in grown.items()}
        else:
            found = rows = list(rows_of(arguments.adapters, arguments.seconds, Path(folder)))
            print(table(rows))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def rows_of(adapters: Sequence[str], seconds: float, folder: Path) -> Iterator[dict[str, object]]:
    """Every case of these adapters."""
    for adapter in adapters:
        if adapter == "aravis-gige":
            yield from in_a_network_of_its_own(["--seconds", str(seconds)])
            continue
        for case in cases(adapter):
            yield measured(case, folder, seconds)


if __name__ == "__main__":
    main()
