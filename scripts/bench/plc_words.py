"""Modbus and S7 for `scripts.bench.plc`: a PLC that takes a result as soon as it is written."""

from __future__ import annotations

import asyncio
import logging
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue

from pymodbus.client import ModbusTcpClient
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice
from snap7 import Client, Server, SrvArea

from inspector.core.plc_config import ModbusClient, S7Client
from inspector.plc.registers import INPUT_WORDS, OUTPUT_WORDS, Inputs, Outputs, pack, unpack

logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)  # it dumps frames

_INPUTS_AT = 100
_PORT = 15_502
Parts = tuple[ModbusClient | S7Client, Callable[[int], None], SimpleQueue[float]]
"""The config, one bare write, and the arrivals."""


class Taking:
    """Notes when a result arrives, and acknowledges it."""

    def __init__(self) -> None:
        self.arrivals: SimpleQueue[float] = SimpleQueue()
        self._inputs = Inputs()

    def written(self, words: Sequence[int]) -> tuple[int, ...]:
        """The inputs that answer these outputs."""
        outputs, inputs = unpack(Outputs, words), self._inputs
        if outputs.result_valid and outputs.result_toggle != inputs.result_ack:
            self.arrivals.put(time.perf_counter())
        beat = inputs.heartbeat + 1 & 0xFFFF
        self._inputs = replace(inputs, heartbeat=beat, result_ack=outputs.result_toggle)
        return pack(self._inputs)


def _image(number: int) -> tuple[int, ...]:
    return pack(Outputs(result_valid=True, result_toggle=bool(number & 1), part_id=number))


@contextmanager
def modbus_client() -> Iterator[Parts]:
    """pymodbus' server, on a thread with its own event loop."""
    taking, loop = Taking(), asyncio.new_event_loop()

    async def access(
        function: int,
        _start: int,
        _address: int,
        _count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> None:
        if function == 16 and values is not None:
            answer = taking.written([int(value) for value in values])
            registers[_INPUTS_AT : _INPUTS_AT + INPUT_WORDS] = answer

    async def serve() -> ModbusTcpServer:
        words = [SimData(0, count=_INPUTS_AT + INPUT_WORDS, datatype=DataType.UINT16)]
        device = SimDevice(id=1, simdata=words, action=access)
        server = ModbusTcpServer(device, address=("127.0.0.1", _PORT))
        await server.serve_forever(background=True)
        return server

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(serve(), loop).result()
    bare = ModbusTcpClient("127.0.0.1", port=_PORT)
    config = ModbusClient(
        driver="modbus-client", host="127.0.0.1", port=_PORT, inputs_at=_INPUTS_AT
    )
    try:
        yield (
            config,
            lambda number: _sent(bare.write_registers(0, list(_image(number)))),
            (taking.arrivals),
        )
    finally:
        if bare.socket is not None:
            bare.socket.close()
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def s7() -> Iterator[Parts]:
    """snap7's server, which tells of each write."""
    taking, server, bare = Taking(), Server(log=False), Client()
    outputs, inputs = bytearray(2 * OUTPUT_WORDS), bytearray(2 * INPUT_WORDS)

    def event(_event: object) -> None:
        words = struct.unpack(f">{OUTPUT_WORDS}H", outputs)
        inputs[:] = struct.pack(f">{INPUT_WORDS}H", *taking.written(words))

    server.register_area(SrvArea.DB, 1, outputs)
    server.register_area(SrvArea.DB, 2, inputs)
    server.set_events_callback(event)
    server.start_to("127.0.0.1", _PORT)

    def write(number: int) -> None:
        if not bare.connected:
            bare.connect("127.0.0.1", 0, 1, _PORT)
        bare.db_write(1, 0, bytearray(struct.pack(f">{OUTPUT_WORDS}H", *_image(number))))

    config = S7Client(driver="s7", host="127.0.0.1", port=_PORT, outputs_db=1, inputs_db=2)
    try:
        yield config, write, taking.arrivals
    finally:
        bare.disconnect()
        server.stop()


def _sent(_answer: object) -> None:
    """For a call whose answer nobody needs, in a lambda."""
