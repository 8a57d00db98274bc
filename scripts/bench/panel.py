"""What a panel costs the line, and how late it shows what the line decided. Side by side.

A station judges 1280 x 1024 px parts with a small engine; the panel is the real one, a process of
its own on a (virtual) display. Cases, in turns: no panel; a panel that shows every picture that it
is given; one that hangs (stopped by a signal) half of the time; one that is killed again and again.

    xvfb-run -a -s "-screen 0 1920x1080x24" .venv/bin/python -m scripts.bench.panel --rate 60

"Painted" is when the painter has ended; the display's own time comes on top.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import psutil

from inspector.cli.priority import give_way
from inspector.core.errors import LinkError
from inspector.link.messages import Start
from inspector.station.opening import catalogue_of, load_line, open_station
from scripts.bench.line import StageTap, milliseconds, summary
from tests.tiny_plant import DEFECT, GOOD, TinyPlant, make_plant

WIDTH, HEIGHT, PICTURES = 1280, 1024, 24
HANGS_S, LIVES_S = 2.0, 3.0
NONE, SHOWS, HANGS, KILLED = "no panel", "panel", "panel hangs half of the time", "panel is killed"


# -- the panel, a process of its own ----------------------------------------------------------


def show(data_folder: Path, out: Path, size: tuple[int, int]) -> None:
    """Show a station until the process is ended; then write what was painted when.

    Every part's delay from its verdict, seconds of CPU of the whole process and of the GUI thread,
    and seconds of wall time, from the first picture on.
    """
    give_way()
    from PyQt6.QtCore import QTimer  # noqa: PLC0415  # no Qt in the station's process
    from PyQt6.QtGui import QPaintEvent  # noqa: PLC0415

    from inspector.link.client_zmq import ZmqClient  # noqa: PLC0415
    from inspector.panel import app as panel  # noqa: PLC0415
    from inspector.panel import theme  # noqa: PLC0415
    from inspector.panel.curtain import application  # noqa: PLC0415
    from inspector.panel.widgets.picture import PictureCanvas, PictureView  # noqa: PLC0415

    theme.REFERENCE.setWidth(size[0])
    theme.REFERENCE.setHeight(size[1])
    delays: list[float] = []
    began: list[float] = []
    seen = [0]
    paint = PictureCanvas.paintEvent

    def timed(self: PictureCanvas, a0: QPaintEvent | None) -> None:
        paint(self, a0)
        part = self.part
        if isinstance(self, PictureView) and part is not None and part.verdict.part_id != seen[0]:
            seen[0] = part.verdict.part_id
            delays.append(time.time_ns() / 1e6 - part.verdict.utc_us / 1e3)
            if not began:
                began.extend((time.monotonic(), time.process_time(), time.thread_time()))

    def write() -> None:
        if not began:
            out.write_text('{"delays": []}', encoding="utf-8")
        else:
            now = (time.monotonic(), time.process_time(), time.thread_time())
            spent = [later - earlier for later, earlier in zip(now, began, strict=True)]
            out.write_text(json.dumps({"delays": delays, "spent": spent}), encoding="utf-8")

    def refused() -> ZmqClient:
        raise LinkError("no office here")

    PictureCanvas.paintEvent = timed  # type: ignore[method-assign]  # measures, as nothing else can
    running = application()  # kept: a timer needs it
    timer = QTimer(running)
    timer.timeout.connect(write)
    timer.start(500)
    panel.main(lambda: ZmqClient(data_folder), refused)  # type: ignore[arg-type]  # never there


@contextlib.contextmanager
def shown(folder: Path, out: Path, size: str) -> Iterator[subprocess.Popen[bytes]]:
    """The panel while something runs."""
    command = [sys.executable, "-m", "scripts.bench.panel", "--show", str(folder), str(out)]
    out.unlink(missing_ok=True)
    panel = subprocess.Popen([*command, "--size", size])
    try:
        while not out.exists() and panel.poll() is None:
            time.sleep(0.1)  # its start-up is not what is measured
        yield panel
    finally:
        panel.send_signal(signal.SIGCONT)
        panel.kill()
        panel.wait()


@contextlib.contextmanager
def no_panel(_folder: Path, _out: Path, _size: str) -> Iterator[None]:
    """Nobody looks."""
    yield


@contextlib.contextmanager
def panel_shows(folder: Path, out: Path, size: str) -> Iterator[None]:
    """Somebody looks."""
    with shown(folder, out, size):
        yield


@contextlib.contextmanager
def panel_hangs(folder: Path, out: Path, size: str) -> Iterator[None]:
    """Stopped and continued."""
    with shown(folder, out, size) as panel, _again_and_again(lambda over: _hang(panel, over)):
        yield


@contextlib.contextmanager
def panel_dies(folder: Path, out: Path, size: str) -> Iterator[None]:
    """Killed and started anew."""

    def live(over: threading.Event) -> None:
        with shown(folder, out, size):
            over.wait(LIVES_S)

    with _again_and_again(live):
        yield


def _hang(panel: subprocess.Popen[bytes], over: threading.Event) -> None:
    over.wait(HANGS_S)
    panel.send_signal(signal.SIGSTOP)
    over.wait(HANGS_S)
    panel.send_signal(signal.SIGCONT)


@contextlib.contextmanager
def _again_and_again(step: Callable[[threading.Event], None]) -> Iterator[None]:
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            step(over)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


Beside = Callable[[Path, Path, str], contextlib.AbstractContextManager[None]]
CASES: dict[str, Beside] = {
    NONE: no_panel,
    SHOWS: panel_shows,
    HANGS: panel_hangs,
    KILLED: panel_dies,
}


# -- the station ------------------------------------------------------------------------------


@dataclass
class Result:
    """All rounds of a case: trigger to verdict and verdict to painted in ms, CPU shares."""

    verdicts: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    process: list[float] = field(default_factory=list)
    gui: list[float] = field(default_factory=list)
    painted_hz: list[float] = field(default_factory=list)
    late: int = 0


def plant_in(folder: Path, rate: float, defective_every: int) -> TinyPlant:
    """A line whose cameras see 1280 x 1024 px.

    A reject is held for a second: only where parts are good every picture is painted.
    """
    plant = make_plant(
        folder,
        parts=PICTURES,
        defective_every=defective_every,
        cameras=[{"driver": "replay", "source": str(folder / "pictures"), "buffers": PICTURES}],
        belt={"parts_per_s": rate, "counts_per_part": 1000},
        gate={"deadline_ms": 1000.0, "distance_counts": 100_000, "late_in_row": 100_000},
        capture={"slots": 32},
    )
    random = np.random.default_rng(0)
    for path in plant.pictures.iterdir():
        pixels = random.normal(GOOD, 2.0, (HEIGHT, WIDTH)).clip(0, 255).astype(np.uint8)
        if "bad" in path.name:
            pixels[300:500, 600:840] = DEFECT
        cv2.imwrite(str(path), pixels)
    return plant


def run_once(plant: TinyPlant, case: str, parts: int, size: str, result: Result) -> None:
    """One run of one case."""
    config, over, tap = load_line(plant.line_file), threading.Event(), StageTap()
    out = plant.data_folder / "painted.json"
    catalogue = catalogue_of(plant.line_file, plant.data_folder)
    with open_station(config, catalogue, limit=parts, on_limit=over.set) as opened:
        opened.station.add_tap(tap)
        with CASES[case](plant.data_folder, out, size):
            opened.console.call(Start())
            over.wait()
            time.sleep(0.6)
            opened.station.request_stop_and_wait(60.0)
            status = opened.station.status()
    if not status.parts.reconciled:
        raise SystemExit("the counts do not add up")
    result.late += status.parts.late
    result.verdicts += milliseconds(tap.times, "triggered_ns", "published_ns").tolist()
    if case == SHOWS and out.exists():
        told = json.loads(out.read_text(encoding="utf-8"))
        if not told["delays"]:
            raise SystemExit("the panel painted nothing")
        wall, process, gui = told["spent"]
        result.delays += told["delays"]
        result.process.append(process / wall)
        result.gui.append(gui / wall)
        result.painted_hz.append(len(told["delays"]) / wall)


def table(results: dict[str, Result]) -> str:
    """Markdown: trigger to verdict, and its ratios to no panel."""
    quiet = summary(np.array(results[NONE].verdicts))
    names = "case | p50 | p99 | p99.9 | ratio p50 | ratio p99 | ratio p99.9 | parts | late"
    lines = [f"| {names} |", "|---" * 9 + "|"]
    for case, result in results.items():
        found = summary(np.array(result.verdicts))
        keys = ("p50", "p99", "p999")
        cells = [found[key] for key in keys] + [found[key] / quiet[key] for key in keys]
        shown_cells = " | ".join(f"{cell:.2f}" for cell in cells)
        lines.append(f"| {case} | {shown_cells} | {len(result.verdicts)} | {result.late} |")
    return "\n".join(lines)


def main() -> None:
    """Run all cases in turns and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--parts", type=int, default=1200, help="per case and round")
    parser.add_argument("--rate", type=float, default=60.0, help="parts per second")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--defective-every", type=int, default=PICTURES + 1, help="of 24 pictures")
    parser.add_argument("--size", default="1280x800", help="of the panel's window, px")
    parser.add_argument("--cases", nargs="*", default=list(CASES), choices=list(CASES))
    parser.add_argument("--show", nargs=2, type=Path, default=None, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.show is not None:
        wide, tall = map(int, arguments.size.split("x"))
        show(arguments.show[0], arguments.show[1], (wide, tall))
        return
    os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
    results = {case: Result() for case in arguments.cases}
    with tempfile.TemporaryDirectory() as folder:
        plant = plant_in(Path(folder) / "plant", arguments.rate, arguments.defective_every)
        for _ in range(arguments.rounds):
            for case, result in results.items():
                run_once(plant, case, arguments.parts, arguments.size, result)
    rate, rounds, parts = arguments.rate, arguments.rounds, arguments.parts
    print(f"{rate:g} parts/s of {WIDTH} x {HEIGHT} px, {rounds} x {parts} parts a case; ms\n")
    print(f"{psutil.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; panel {arguments.size}\n")
    print("Trigger to verdict\n")
    print(table(results))
    seen = results.get(SHOWS, Result())
    if seen.delays:
        figures = summary(np.array(seen.delays))
        told = ", ".join(f"{name} {value:.1f}" for name, value in figures.items())
        print(f"\nVerdict to painted: {told}; {np.mean(seen.painted_hz):.1f} pictures/s")
        share, gui = np.mean(seen.process), np.mean(seen.gui)
        print(f"CPU of the panel {share:.0%} of a core, of that its GUI thread {gui:.0%}")


if __name__ == "__main__":
    main()
