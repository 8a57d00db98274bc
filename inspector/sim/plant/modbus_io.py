"""The plant's PLC as a Modbus TCP server on this PC: the true station connects to it."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections import deque
from dataclasses import replace
from functools import partial
from typing import Any

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from inspector.core.errors import PlcError
from inspector.core.ports import Clock
from inspector.core.state import StationState
from inspector.plc.registers import (
    INPUT_WORDS,
    OUTPUT_WORDS,
    STATES,
    Inputs,
    Outputs,
    pack,
    unpack,
)

logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)  # it dumps frames at each error

OUTPUTS_AT, INPUTS_AT = 0, 100
"""First holding registers, as ``modbus-client`` has them if nothing else is said."""
_START_S = 10.0
_STALE_NS = 1_000_000_000
"""After so long without a reader the pulses that wait are those of parts that are gone."""
_KEPT = 1024


class ModbusIo:
    """Implements ``PlantIo``; ``read`` and ``write`` on the plant's thread, and they never block.

    Each trigger is one pulse of ``trigger`` beside its count and encoder, and stands until it was
    read, as does the pause after it: no edge is lost while somebody reads. Results are matched by
    their encoder count, so that a station that was started anew, and counts from one again, is
    understood. Where the gate is ``wired`` to the station (it is ``CountedIo`` then) each image is
    as it was written. One connection at a time; the server has a thread of its own.
    """

    def __init__(self, port: int, clock: Clock, *, wired: bool = False) -> None:
        self._wired = wired
        self._clock = clock
        self.port = port
        """Where it listens; once open another than given only where that was 0."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: ModbusTcpServer | None = None
        self._outputs, self._inputs = Outputs(), Inputs()
        self._triggers: deque[tuple[int, int]] = deque(maxlen=_KEPT)
        self._shown, self._pulse = (0, 0), False
        self._read_ns = 0
        self._written_ns = 0
        self._heard: deque[tuple[int, bool]] = deque()
        self._counted = 0
        self._counts: dict[int, int] = {}
        """Trigger counts by encoder count, the newest ones."""

    def open(self) -> None:
        """Serve. Raises ``PlcError`` where the port cannot be had."""
        listener = _listener(self.port)
        self.port = listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=_run, args=(self._loop,), name="plant-modbus", daemon=True
        )
        self._thread.start()
        serving = self._serve(self._loop, listener)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(_START_S)

    def close(self) -> None:
        """Disconnect and stop listening."""
        if self._loop is None:
            return
        if self._server is not None:
            ending = self._server.shutdown()  # type: ignore[no-untyped-call]  # pymodbus does not type it
            asyncio.run_coroutine_threadsafe(ending, self._loop).result(_START_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop = self._server = None

    @property
    def running(self) -> bool:
        """Whether a station is connected that inspects parts. Any thread."""
        told = self._outputs
        return told.online and told.state == STATES[StationState.CONTINUOUS_EXECUTION]

    def read(self) -> Outputs:
        """What the station wrote last, with our own trigger count of the part it speaks of."""
        told = self._outputs
        return replace(told, trigger_count=self._counts.get(told.encoder, 0))

    def write(self, inputs: Inputs) -> None:
        """Show it at the next read; a new trigger count is a trigger."""
        self._inputs = inputs
        count, encoder = inputs.trigger_count, inputs.encoder
        if count > self._counted:
            self._counted = count
            self._counts.pop(encoder, None)  # so that it is the newest one again
            self._counts[encoder] = count
            if len(self._counts) > _KEPT:
                del self._counts[next(iter(self._counts))]
            self._triggers.append((count, encoder))

    def reset(self) -> None:
        """Empty memory: all registers are zero, of pulses that wait nothing is known."""
        self._outputs, self._inputs = Outputs(), Inputs()
        self._triggers.clear()
        self._shown, self._pulse = (0, 0), False

    def heard(self) -> list[tuple[int, bool]]:
        """Results that the station showed since the last call: encoder count, passed."""
        return [self._heard.popleft() for _ in range(len(self._heard))]

    def age_ns(self) -> int:
        """Since the station wrote last."""
        return self._clock.monotonic_ns() - self._written_ns

    def _take(self, told: Outputs) -> None:
        before, self._outputs = self._outputs, told
        self._written_ns = self._clock.monotonic_ns()
        new = told.result_toggle != before.result_toggle or not before.result_valid
        if self._wired and told.result_valid and new:
            self._heard.append((told.encoder, told.ok and not told.ng))

    def _next_image(self) -> Inputs:
        """The image of one read: a pulse and a pause take turns."""
        if self._wired:
            return self._inputs
        now_ns = self._clock.monotonic_ns()
        if now_ns - self._read_ns > _STALE_NS:
            self._triggers.clear()
        self._read_ns = now_ns
        self._pulse = not self._pulse and bool(self._triggers)
        if self._pulse:
            self._shown = self._triggers.popleft()
        count, encoder = self._shown
        return replace(self._inputs, trigger=self._pulse, trigger_count=count, encoder=encoder)

    async def _access(
        self,
        _function: int,
        first: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> None:
        """One request is carried out in one turn: it sees, or changes, a whole image."""
        if values is not None and (address, count) == (OUTPUTS_AT, OUTPUT_WORDS):
            self._take(unpack(Outputs, values))
        elif values is None and (address, count) == (INPUTS_AT, INPUT_WORDS):
            at = INPUTS_AT - first
            registers[at : at + INPUT_WORDS] = pack(self._next_image())

    async def _serve(
        self, loop: asyncio.AbstractEventLoop, listener: socket.socket
    ) -> ModbusTcpServer:
        words = [SimData(0, count=INPUTS_AT + INPUT_WORDS, datatype=DataType.UINT16)]
        device = SimDevice(id=0, simdata=words, action=self._access)  # 0: any unit
        server = ModbusTcpServer(device, address=("127.0.0.1", self.port))
        create: Any = partial(loop.create_server, server.handle_new_connection, sock=listener)
        server.call_create = create  # a listener of our own: its errors are told by name
        await server.serve_forever(background=True)
        return server


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as error:
        raise PlcError(
            f"cannot listen on 127.0.0.1:{port} ({error.strerror or error})",
            remedy="Name another port; those below 1024 need the right to use them",
        ) from error
