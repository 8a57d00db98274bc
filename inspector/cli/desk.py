"""Giving commands to the station of a line: to the one that runs, or to one opened for them."""

from __future__ import annotations

import contextlib
import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from inspector.cli.logs import log_to
from inspector.core.errors import InputError, LinkError
from inspector.core.line_config import LineConfig, LinkConfig
from inspector.core.plc_config import SimPlc
from inspector.link.client import StationClient
from inspector.link.client_zmq import ZmqClient
from inspector.link.messages import (
    Answer,
    AnyCommand,
    GetStatus,
    Hello,
    Login,
    Session,
    Signature,
    Snapshot,
)
from inspector.station.opening import (
    catalogue_of,
    data_folder_of,
    load_line,
    open_office,
    open_station,
)
from inspector.station.places import find_config

_LOGIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Desk:
    """A connection to the station, and where its line's files are."""

    client: StationClient
    config: LineConfig
    line_file: Path
    data_folder: Path

    def log_in(self, user: str) -> str:
        """Ask for the password, and log in for the one command that follows.

        Returns the password, which may sign that command: it was typed for it alone.
        """
        password = ask_secret(f"Password of {user}: ")
        answer = self.call(Login(user, password))
        if isinstance(answer, Session) and answer.change_password:
            raise InputError(
                f"{user}: somebody else has seen this password, and it is used up now",
                remedy="Have another one made, then: inspector users password",
            )
        return password

    def log_in_to_sign(self, user: str, second: str) -> tuple[Signature, ...]:
        """Log in, and return what signs; ``second`` is a second person, or nobody."""
        signed = (Signature(user, self.log_in(user)),)
        if not second:
            return signed
        return (*signed, Signature(second, ask_secret(f"Password of {second}: "), "review"))

    def call(self, command: AnyCommand) -> Answer:
        """Have a command carried out, also one that takes some time."""
        return self.client.call(command, _LOGIN_S)

    @property
    def running(self) -> bool:
        """True while parts are being inspected."""
        answer = self.client.call(GetStatus())
        return isinstance(answer, Snapshot) and answer.status.state.running


def ask_secret(words: str) -> str:
    """A password or PIN; without a terminal the next line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(words)
    return sys.stdin.readline().rstrip("\r\n")


def office(line: Path | None) -> AbstractContextManager[Desk]:
    """Connect to the station of this line; where none runs, open its people and records alone."""
    return _connected(line, lambda config, _file, _folder: open_office(config))


def desk(line: Path | None, product: str) -> AbstractContextManager[Desk]:
    """Connect to the station of this line.

    Where none runs one is opened for as long as it takes, on ``product``, with a simulated PLC and
    without a link. Raises what cannot be used.
    """

    @contextlib.contextmanager
    def alone(config: LineConfig, line_file: Path, data_folder: Path) -> Iterator[StationClient]:
        update = {"product": product, "plc": SimPlc(), "link": LinkConfig(enabled=False)}
        catalogue = catalogue_of(line_file, data_folder)
        with open_station(config.model_copy(update=update), catalogue) as opened:
            yield opened.console

    return _connected(line, alone)


@contextlib.contextmanager
def _connected(
    line: Path | None,
    alone: Callable[[LineConfig, Path, Path], AbstractContextManager[StationClient]],
) -> Iterator[Desk]:
    line_file = line or find_config("line.yaml")
    config = load_line(line_file)
    data_folder = data_folder_of(config)
    with contextlib.closing(ZmqClient(data_folder)) as remote:
        if _answers(remote):
            yield Desk(remote, config, line_file, data_folder)
            return
    with (
        log_to(data_folder / "logs", config.station),
        alone(config, line_file, data_folder) as client,
    ):
        yield Desk(client, config, line_file, data_folder)


def _answers(client: StationClient) -> bool:
    try:
        client.call(Hello(client="desk"), 1.0)
    except LinkError:
        return False
    return True
