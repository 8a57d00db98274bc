"""What may disturb a line: a disk that stalls, panels in every state. For `isolation`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from unittest import mock

import psutil

from inspector.cli.priority import give_way
from inspector.link.client_zmq import ZmqClient
from inspector.link.messages import GetStatus, Hello, ListProducts
from inspector.station.opening import data_folder_of, load_line

DISK_S, FROZEN_S, BETWEEN_S = 2.0, 5.0, 1.0
_STARTED_S = 20.0
_PANEL = "from inspector.cli import main; main()"


@contextmanager
def nothing(_line_file: Path) -> Iterator[None]:
    """The quiet case."""
    yield


@contextmanager
def stalled_disk(_line_file: Path) -> Iterator[None]:
    """Every synchronisation with the disk takes two seconds."""
    real = os.fsync

    def slow(descriptor: int) -> None:
        time.sleep(DISK_S)
        real(descriptor)

    with mock.patch.object(os, "fsync", slow):
        yield


def _panel(line_file: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", _PANEL, "panel", "--line", str(line_file)]
    return subprocess.Popen(command, env=environment)


def _started(panel: subprocess.Popen[bytes]) -> None:
    """Return when it is busy no more: its start is not what is measured."""
    process, end_s = psutil.Process(panel.pid), time.monotonic() + _STARTED_S
    time.sleep(1.0)
    while process.cpu_percent(1.0) > 60.0 and time.monotonic() < end_s:
        if panel.poll() is not None:
            break
    if panel.poll() is not None:
        raise SystemExit("the panel does not start")


@contextmanager
def _again_and_again(act: Callable[[threading.Event], None]) -> Iterator[None]:
    ended = threading.Event()

    def repeat() -> None:
        while not ended.wait(BETWEEN_S):
            act(ended)

    repeating = threading.Thread(target=repeat)
    repeating.start()
    try:
        yield
    finally:
        ended.set()
        repeating.join()


@contextmanager
def panel_alone(line_file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The true panel on its live screen, which nobody touches."""
    panel = _panel(line_file)
    try:
        _started(panel)
        yield panel
    finally:
        panel.kill()
        panel.wait()


@contextmanager
def panel_frozen(line_file: Path) -> Iterator[None]:
    """The true panel, stopped for most of the time."""
    with panel_alone(line_file) as panel:

        def freeze(ended: threading.Event) -> None:
            panel.send_signal(signal.SIGSTOP)
            ended.wait(FROZEN_S)
            panel.send_signal(signal.SIGCONT)

        with _again_and_again(freeze):
            yield


@contextmanager
def panel_killed(line_file: Path) -> Iterator[None]:
    """The true panel, killed as soon as it runs, and started again at once."""
    panels = [_panel(line_file)]

    def kill(_ended: threading.Event) -> None:
        panels[-1].kill()
        panels[-1].wait()
        panels.append(_panel(line_file))

    try:
        _started(panels[-1])
        with _again_and_again(kill):
            yield
    finally:
        panels[-1].kill()
        panels[-1].wait()


@contextmanager
def client_busy(line_file: Path) -> Iterator[None]:
    """A client that takes all events and pictures, and asks without a pause."""
    folder = data_folder_of(load_line(line_file))
    command = [sys.executable, "-m", "scripts.bench.disturbances", str(folder)]
    client = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert client.stdout is not None
        client.stdout.readline()
        yield
    finally:
        client.kill()
        client.wait()


def ask_without_a_pause(data_folder: Path) -> None:
    """For as long as the parent lives."""
    give_way()
    client, parent = ZmqClient(data_folder), os.getppid()
    client.call(Hello(client="bench"))
    print("asking", flush=True)
    while os.getppid() == parent:
        client.next_event(0.0)
        client.picture()
        client.call(GetStatus())
        client.call(ListProducts())


QUIET = "nothing else"
CASES: dict[str, Callable[[Path], AbstractContextManager[object]]] = {
    QUIET: nothing,
    "disk writes stall for 2 s": stalled_disk,
    "panel idle": panel_alone,
    "panel busy, asks without a pause": client_busy,
    "panel frozen for 5 s at a time": panel_frozen,
    "panel killed again and again": panel_killed,
}
"""By name, each for a line's file."""

if __name__ == "__main__":
    ask_without_a_pause(Path(sys.argv[1]))
