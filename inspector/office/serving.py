"""The office as a process, and in one process with a station, for tests."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from inspector.link.client_zmq import ZmqClient
from inspector.link.endpoint import OFFICE
from inspector.link.in_process import InProcessClient
from inspector.link.office_client import InProcessOffice, InProcessOfficeClient
from inspector.link.server import DeskServer
from inspector.office.office import Office
from inspector.office.room import Room
from inspector.office.whose import AskStation


def serve(room: Room, over: threading.Event) -> None:
    """Answer panels through the link until ``over``. Raises ``LinkError``."""
    office = Office(room, AskStation(lambda: ZmqClient(room.data_folder)))
    server = DeskServer(room.data_folder, office, name=OFFICE, remote=room.config.link.remote)
    try:
        server.start()
        office.tell(server.publish)
        over.wait()
    finally:
        office.close()
        server.close()


@contextlib.contextmanager
def in_process(room: Room, station: InProcessClient) -> Iterator[InProcessOfficeClient]:
    """An office without a process or sockets, which asks ``station`` who asks."""
    office = Office(room, AskStation(lambda: station))
    end = InProcessOffice(office)
    client = end.client()
    office.tell(end.publish)
    try:
        yield client
    finally:
        office.close()
