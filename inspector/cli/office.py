"""``inspector office``: what the station starts beside itself to answer panels."""

from __future__ import annotations

import signal
import threading

import psutil

from inspector.cli.logs import log_to
from inspector.cli.options import LineOption
from inspector.cli.panel import give_way
from inspector.office.room import Room
from inspector.office.serving import serve
from inspector.station.places import find_config


def office_command(line: LineOption = None) -> None:
    """Answer what panels ask of records, products and jobs. The station starts it by itself.

    [bold]Examples[/bold]

        inspector office --line configs/line.yaml
    """
    give_way()
    _read_last()
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    room = Room.of_line(line or find_config("line.yaml"))
    with log_to(room.data_folder / "logs", "office"):
        serve(room, over)


def _read_last() -> None:
    """Disk time only when nobody else wants it, where the system has such a class."""
    if psutil.LINUX:
        psutil.Process().ionice(psutil.IOPRIO_CLASS_IDLE)
    elif psutil.WINDOWS:
        psutil.Process().ionice(psutil.IOPRIO_VERYLOW)
