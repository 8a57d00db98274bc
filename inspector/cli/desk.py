"""Giving commands to the station of a line: to the one that runs, or to one opened for them."""

from __future__ import annotations

import contextlib
import getpass
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inspector.cli.logs import log_to
from inspector.core.errors import LinkError
from inspector.core.line_config import LineConfig, LinkConfig
from inspector.core.plc_config import SimPlc
from inspector.link.client import StationClient
from inspector.link.client_zmq import ZmqClient
from inspector.link.messages import GetStatus, Hello, Login, Snapshot
from inspector.station.opening import catalogue_of, data_folder_of, load_line, open_station
from inspector.station.places import find_config

_LOGIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Desk:
    """A connection to the station, and where its line's files are."""

    client: StationClient
    config: LineConfig
    line_file: Path
    data_folder: Path

    def log_in(self, user: str) -> None:
        """Ask for the password; without a terminal it is the first line of standard input."""
        if sys.stdin.isatty():
            password = getpass.getpass(f"Password of {user}: ")
        else:
            password = sys.stdin.readline().rstrip("\r\n")
        self.client.call(Login(user, password), _LOGIN_S)

    @property
    def running(self) -> bool:
        """True while parts are being inspected."""
        answer = self.client.call(GetStatus())
        return isinstance(answer, Snapshot) and answer.status.state.running


@contextlib.contextmanager
def desk(line: Path | None, product: str) -> Iterator[Desk]:
    """Connect to the station of this line.

    Where none runs one is opened for as long as it takes, on ``product``, with a simulated PLC and
    without a link. Raises what cannot be used.
    """
    line_file = line or find_config("line.yaml")
    config = load_line(line_file)
    data_folder = data_folder_of(config)
    with contextlib.closing(ZmqClient(data_folder)) as remote:
        if _answers(remote):
            yield Desk(remote, config, line_file, data_folder)
            return
    alone = config.model_copy(
        update={"product": product, "plc": SimPlc(), "link": LinkConfig(enabled=False)}
    )
    with (
        log_to(data_folder / "logs", config.station),
        open_station(alone, catalogue_of(line_file, data_folder)) as opened,
    ):
        yield Desk(opened.console, config, line_file, data_folder)


def _answers(client: StationClient) -> bool:
    try:
        client.call(Hello(client="desk"), 1.0)
    except LinkError:
        return False
    return True
