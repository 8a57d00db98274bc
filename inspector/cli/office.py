"""``inspector office``: what the station starts beside itself to answer panels."""

from __future__ import annotations

import signal
import threading

import psutil

from inspector.cli.logs import log_to
from inspector.cli.options import LineOption
from inspector.office.room import Room
from inspector.office.serving import serve
from inspector.station.places import find_config


def office_command(line: LineOption = None) -> None:
    """Answer what panels ask of records, products and jobs. The station starts it by itself.

    [bold]Examples[/bold]

        inspector office --line configs/line.yaml
    """
    _come_last()
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    room = Room.of_line(line or find_config("line.yaml"))
    with log_to(room.data_folder / "logs", "office"):
        serve(room, over)


def _come_last() -> None:
    """Disk time only when nobody else wants it, where there is such a class."""
    own = psutil.Process()
    if psutil.WINDOWS:
        own.nice(psutil.IDLE_PRIORITY_CLASS)
        own.ionice(psutil.IOPRIO_VERYLOW)
    elif psutil.LINUX:
        own.ionice(psutil.IOPRIO_CLASS_IDLE)
