"""A tiny plant that wants production: its masters are the first four pictures of its camera."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.core.line_config import LineConfig
from inspector.core.ports import Clock
from inspector.core.record import RecordKind
from inspector.core.state import StationState
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.link.messages import (
    AddMaster,
    AnnounceMasters,
    AnyCommand,
    Login,
    Logout,
    Release,
    Start,
)
from inspector.station.opening import OpenStation, catalogue_of, load_line, open_station
from tests.tiny_plant import TinyPlant, make_plant

PASSWORD = "only-for-tests-8"
MASTERS = ("good-1", "good-2", "good-3", "bad-1")


def make_production_plant(folder: Path, **line: Any) -> TinyPlant:
    """A plant whose line asks for production, with an engineer and an operator."""
    belt = {"parts_per_s": 50.0, "counts_per_part": 100}
    plant = make_plant(folder, **{"production": True, "belt": belt, **line})
    users = Users(plant.data_folder)
    users.add("ann", Role.ENGINEER, PASSWORD)
    users.add("oki", Role.OPERATOR, PASSWORD)
    return plant


@contextmanager
def opened(
    plant: TinyPlant,
    config: LineConfig | None = None,
    limit: int | None = None,
    clock: Clock | None = None,
) -> Iterator[OpenStation]:
    """The plant's station."""
    config = config or load_line(plant.line_file)
    catalogue = catalogue_of(plant.line_file, plant.data_folder)
    over = threading.Event()
    with open_station(config, catalogue, limit=limit, on_limit=over.set, clock=clock) as station:
        yield station


def wait_until(what: Callable[[], bool], words: str, seconds: float = 30.0) -> None:
    """Wait for something to become true."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, words
        time.sleep(0.01)


def wait_for_state(station: OpenStation, state: StationState) -> None:
    """Wait for the station to be in a state, with nothing left to do."""
    wait_until(lambda: station.station.state is state, f"not {state}")


def as_user(station: OpenStation, name: str, *commands: AnyCommand) -> None:
    """Give commands as somebody who logs in."""
    station.console.call(Login(name, PASSWORD))
    try:
        for command in commands:
            station.console.call(command)
    finally:
        station.console.call(Logout())


def add_masters(station: OpenStation, names: tuple[str, ...] = MASTERS) -> None:
    """Put the masters on the list of the product."""
    as_user(
        station, "ann", *(AddMaster("tiny", name, good=name.startswith("good")) for name in names)
    )


def show_masters(station: OpenStation, names: tuple[str, ...] = ()) -> None:
    """Announce, and wait until the check is over or, of a part of the masters, at rest."""
    station.console.call(AnnounceMasters(names))
    rest_after(station)


def rest_after(station: OpenStation) -> None:
    """Wait until all that was asked for was done and the line rests."""
    all_done(station)
    wait_until(lambda: station.station._execution.line is None, "the line runs")
    all_done(station)


def all_done(station: OpenStation) -> None:
    """Wait until what was asked for before was done."""
    done = threading.Event()
    station.station._jobs.put(done.set)
    assert done.wait(30.0)


def qualified(station: OpenStation) -> None:
    """Masters, their check, and a release."""
    add_masters(station)
    show_masters(station)
    as_user(station, "ann", Release("tiny", "first release of the tiny part"))


def run_some(station: OpenStation, parts: int = 10) -> None:
    """A run of production."""
    station.console.call(Start())
    run = station.station
    wait_until(lambda: run.status().parts.verdicts >= parts and run.state.running, "no parts")
    assert run.request_stop_and_wait(30.0)


def records(plant: TinyPlant, kind: RecordKind) -> list[dict[str, Any]]:
    """Contents of the ledger's records of a kind."""
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    try:
        return [record.content for record in reader.each(RecordFilter(kind=kind))]
    finally:
        reader.close()
