"""``inspector simulate``: a plant by script, and what became of each part."""

from __future__ import annotations

import contextlib
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.core.errors import ConfigError, FaultError, InputError
from inspector.core.ports import SystemClock
from inspector.durable.yaml_files import load_yaml
from inspector.sim.plant.outside import StationProgram, Surroundings, TcpRelay
from inspector.sim.plant.real_time import RealTimePlant
from inspector.sim.plant.scenario import Scenario
from inspector.sim.plant.score import Score, table
from inspector.sim.plant.simulation import Simulation

if TYPE_CHECKING:
    from inspector.sim.plant.modbus_io import ModbusIo

_PATIENCE_S = 30.0


def simulate_command(
    scenario: Annotated[Path, typer.Argument(help="scenario, see configs/plants/faults.yaml")],
    parts: Annotated[int | None, typer.Option(min=1, help="other number of parts")] = None,
    seed: Annotated[int | None, typer.Option(help="other seed")] = None,
    serve: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="in real time, as a Modbus TCP server on this port of this PC, for a station with "
            "driver modbus-client; 0 = any free port",
        ),
    ] = None,
    station: Annotated[
        str,
        typer.Option(help="command that starts the station, so that the scenario can kill it too"),
    ] = "",
) -> None:
    """Run a simulated plant with its faults, and score each part's fate against its verdict.

    Ends with exit code 3 when a rejected part went into the good lane, or anything is unaccounted.

    [bold]Examples[/bold]

        inspector simulate configs/plants/faults.yaml
        inspector simulate configs/plants/faults.yaml --parts 100000 --seed 7
        inspector simulate configs/plants/loopback.yaml --serve 5020
        inspector simulate configs/plants/cuts.yaml --serve 5020 --station "inspector run"
    """
    given = {"parts": parts, "seed": seed}
    changes = {name: value for name, value in given.items() if value is not None}
    plan = load_yaml(scenario, Scenario).model_copy(update=changes)
    if station and serve is None:
        raise InputError("--station is for --serve", remedy="Give --serve PORT as well")
    result = Simulation(plan).run() if serve is None else _served(plan, serve, station)
    print(table(result))
    if not result.kept:
        raise FaultError("the gate did not keep its promise", remedy="See the table above")


def _served(plan: Scenario, port: int, command: str) -> Score:
    """The belt starts when the first station runs, and then waits for nobody."""
    clock = SystemClock()
    try:
        from inspector.sim.plant.modbus_io import ModbusIo  # noqa: PLC0415  # of the extra plc
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"--serve needs the Python package {error.name}",
            remedy="Install Inspector with its extra plc: pip install inspector-line[plc]",
        ) from error
    program = StationProgram(shlex.split(command)) if command else None
    with contextlib.ExitStack() as stack:
        io = stack.enter_context(contextlib.closing(ModbusIo(0, clock, wired=plan.plc.wired)))
        io.open()
        relay = stack.enter_context(contextlib.closing(_listening(port, io.port)))
        told = f"127.0.0.1:{relay.port}: the belt starts when a station runs; Ctrl-C ends it"
        print(f"inspector: the plant's PLC listens on {told}", file=sys.stderr, flush=True)
        if program is not None:
            stack.callback(program.end, _PATIENCE_S)
            program.begin()
        _wait_for_station(io, program)
        plant = RealTimePlant(plan, clock, io, outside=Surroundings(relay, program))
        plant.start()
        if not plant.wait_empty(plan.longest_s):
            raise FaultError(f"the belt is not empty after {plan.longest_s:.0f} seconds")
        return plant.stop()


def _listening(port: int, to_port: int) -> TcpRelay:
    try:
        return TcpRelay(port, to_port)
    except OSError as error:
        raise ConfigError(
            f"--serve {port}: cannot listen on 127.0.0.1:{port} ({error.strerror or error})",
            remedy="Name another port; those below 1024 need the right to use them",
        ) from error


def _wait_for_station(io: ModbusIo, program: StationProgram | None) -> None:
    while not io.running:
        time.sleep(0.05)
        if program is not None and not program.running:
            raise FaultError("the station ended before it ran", remedy="See what it said above")
