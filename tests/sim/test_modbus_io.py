"""The plant's PLC as a Modbus server, with the station's own end of the protocol."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from inspector.core.errors import PlcError
from inspector.core.plc_config import ModbusClient
from inspector.core.state import StationState
from inspector.plc.buses.modbus_client import ModbusClientBus
from inspector.plc.registers import STATES, Inputs, Outputs
from inspector.sim.plant.modbus_io import ModbusIo
from tests.clocks import HandClock


@contextlib.contextmanager
def connected(clock: HandClock) -> Iterator[tuple[ModbusIo, ModbusClientBus]]:
    with contextlib.closing(ModbusIo(0, clock)) as io:
        io.open()
        config = ModbusClient(driver="modbus-client", host="127.0.0.1", port=io.port, unit=9)
        bus = ModbusClientBus(config.model_copy(update={"timeout_ms": 20_000.0}))
        bus.open()
        yield io, bus
        bus.close()


def seen(inputs: Inputs) -> tuple[bool, int, int]:
    return inputs.trigger, inputs.trigger_count, inputs.encoder


def test_each_trigger_is_an_edge_of_its_own_however_late_it_is_read() -> None:
    with connected(HandClock()) as (io, bus):
        assert seen(bus.exchange(Outputs())) == (False, 0, 0)
        for count in (1, 2, 3):
            io.write(Inputs(trigger_count=count, encoder=1000 * count, heartbeat=7))
            io.write(Inputs(trigger_count=count, encoder=1000 * count, heartbeat=8))
        read = [bus.exchange(Outputs()) for _ in range(7)]
        edges = [(True, 1, 1000), (True, 2, 2000), (True, 3, 3000)]
        pauses = [(False, count, encoder) for _, count, encoder in edges]
        between = [one for pair in zip(edges, pauses, strict=True) for one in pair]
        assert [seen(one) for one in read] == [*between, pauses[-1]]
        assert {one.heartbeat for one in read} == {8}


def test_triggers_that_nobody_read_in_time_are_those_of_parts_that_are_gone() -> None:
    clock = HandClock()
    with connected(clock) as (io, bus):
        bus.exchange(Outputs())
        io.write(Inputs(trigger_count=1, encoder=1000))
        clock.move_ms(5000.0)
        assert seen(bus.exchange(Outputs())) == (False, 0, 0)
        io.write(Inputs(trigger_count=2, encoder=2000))
        assert seen(bus.exchange(Outputs())) == (True, 2, 2000)


def test_a_result_names_its_part_by_the_encoder() -> None:
    with connected(HandClock()) as (io, bus):
        io.write(Inputs(trigger_count=41, encoder=1000))
        io.write(Inputs(trigger_count=42, encoder=2000))
        told = Outputs(online=True, state=STATES[StationState.READY], trigger_count=1)
        bus.exchange(replace(told, encoder=1000))
        assert io.read().trigger_count == 41
        assert not io.running
        running = STATES[StationState.CONTINUOUS_EXECUTION]
        bus.exchange(replace(told, encoder=77, state=running))
        assert io.read().trigger_count == 0, "no part of ours"
        assert io.running


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with (
            contextlib.closing(ModbusIo(port, HandClock())) as io,
            pytest.raises(PlcError, match=f"cannot listen on 127.0.0.1:{port}"),
        ):
            io.open()
