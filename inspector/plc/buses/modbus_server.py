"""Modbus TCP, the PLC as the client: it reads our input registers and writes our holding ones."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from functools import partial
from typing import Any

import structlog
from pymodbus.server import ModbusTcpServer
from pymodbus.server.requesthandler import ServerRequestHandler
from pymodbus.simulator import DataType, SimData, SimDevice

from inspector.core.errors import PlcAwaited, PlcError
from inspector.core.plc_config import ModbusServer
from inspector.plc.buses.sockets import forget_on_close
from inspector.plc.registers import INPUT_WORDS, OUTPUT_WORDS, Inputs, Outputs, pack, unpack

logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)  # it dumps frames at each error
_log = structlog.get_logger(__name__)

_HOLDING, _INPUT = 3, 4
"""Function codes that read holding and input registers."""
_WRITES = frozenset({6, 16, 22, 23})
_FAREWELL_S = 0.2
_TURN_S = 2.0
"""How long the server's thread may take for one exchange before it counts as failed."""


def make(config: ModbusServer) -> ModbusServerBus:
    """Not listening yet."""
    return ModbusServerBus(config)


class _Connection(ServerRequestHandler):
    """One client; strangers are dropped before a byte of theirs is read."""

    server: _Server

    def callback_connected(self) -> None:
        self.heard_s = time.monotonic()
        address = self.transport.get_extra_info("peername")[0]
        if address in self.server.peers:
            forget_on_close(self.transport.get_extra_info("socket"))
            super().callback_connected()
            return
        if address not in self.server.strangers:
            self.server.strangers.add(address)
            _log.warning("a peer that is not on the list was refused", address=address)
        self.close()

    def callback_data(self, data: bytes, addr: tuple[Any, ...] | None = None) -> int:
        self.heard_s = time.monotonic()
        used: int = super().callback_data(data, addr)
        return used


class _Server(ModbusTcpServer):
    """The registers and their clients. All of it on the server's own thread.

    Each request is carried out in one turn of the event loop, and so is each exchange: neither
    ever sees half of the other.
    """

    def __init__(self, config: ModbusServer, listener: socket.socket) -> None:
        self._config = config
        self.peers = frozenset(config.peers)
        self.strangers: set[str] = set()
        self._written = self._seen = False
        self._silence_s = 3 * config.heartbeat_ms / 1e3
        nothing = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
        device = SimDevice(
            id=0,  # whatever unit is asked for
            simdata=(
                nothing,
                list(nothing),
                [SimData(config.inputs_at, count=INPUT_WORDS, datatype=DataType.UINT16)],
                [SimData(config.outputs_at, count=OUTPUT_WORDS, datatype=DataType.UINT16)],
            ),
            action=self._access,
        )
        super().__init__(device, address=listener.getsockname()[:2])
        # a listener of our own: its errors are told by name
        self.call_create = partial(
            self.loop.create_server, self.handle_new_connection, sock=listener
        )

    def callback_new_connection(self) -> _Connection:
        return _Connection(self, self.trace_packet, self.trace_pdu, self.trace_connect)  # type: ignore[no-untyped-call]  # pymodbus does not type it

    async def _access(
        self,
        function: int,
        _start: int,
        _address: int,
        _count: int,
        _registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> None:
        self._written |= function in _WRITES and values is not None
        self._seen |= function == _INPUT and values is None

    async def swap(self, words: tuple[int, ...]) -> list[int] | None:
        """Show these words; what the PLC wrote, None while no PLC is connected and has written."""
        await self.async_setValues(0, _INPUT, self._config.outputs_at, list(words))
        self._drop_the_silent()
        first = self._config.inputs_at
        if not self.active_connections:
            await self.async_setValues(0, _HOLDING, first, [0] * INPUT_WORDS)
            self._written = False
        if not self._written:
            return None
        return [int(word) for word in await self.async_getValues(0, _HOLDING, first, INPUT_WORDS)]

    async def farewell(self) -> None:
        """Withdraw, leave the client a moment to read it, and disconnect everybody."""
        await self.swap(pack(Outputs()))
        self._seen = False
        until_s = time.monotonic() + _FAREWELL_S
        while self.active_connections and not self._seen and time.monotonic() < until_s:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.005)  # the answer itself
        await self.shutdown()  # type: ignore[no-untyped-call]  # pymodbus does not type it

    def _drop_the_silent(self) -> None:
        """A PLC that lost its power or cable closes nothing; its connection would stay for ever."""
        now_s = time.monotonic()
        for connection in list(self.active_connections.values()):
            if isinstance(connection, _Connection) and now_s - connection.heard_s > self._silence_s:
                connection.close()


class ModbusServerBus:
    """Implements ``Fieldbus``. The server runs on a thread of its own; any unit id is answered.

    Our outputs are input registers, which no client can write; its holding registers start at zero
    with each first connection, so that nothing of an earlier one counts.
    """

    def __init__(self, config: ModbusServer) -> None:
        self._config = config
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Where it listens; another than configured only where that is 0."""
        if self._server is None:
            return self._config.port
        return int(self._server.comm_params.source_address[1])  # type: ignore[index]  # set by us

    def open(self) -> None:
        """Listen on the named interface. Raises ``PlcError``."""
        listener = self._listener()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, args=(self._loop,), daemon=True)
        self._thread.start()
        self._server = self._turn(self._serve(listener))

    def exchange(self, outputs: Outputs) -> Inputs:
        """Show the outputs and take what was written. ``PlcAwaited`` while no PLC is connected."""
        if self._server is None:
            raise PlcError("the Modbus server is not open")
        words = self._turn(self._server.swap(pack(outputs)))
        if words is None:
            raise PlcAwaited("no PLC has connected and written yet", remedy="Is it on peers: ?")
        return unpack(Inputs, words)

    def close(self) -> None:
        """Withdraw, disconnect everybody and stop listening."""
        if self._loop is None or self._thread is None:
            return
        try:
            if self._server is not None:
                self._turn(self._server.farewell())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_TURN_S)
            self._loop = self._server = self._thread = None

    def _listener(self) -> socket.socket:
        config = self._config
        address = (config.interface, config.port)
        family = socket.AF_INET6 if ":" in config.interface else socket.AF_INET
        try:
            return socket.create_server(address, family=family)
        except OSError as error:
            raise PlcError(
                f"cannot listen on {config.interface}:{config.port} ({error.strerror or error})",
                remedy="interface has to be an address of this PC; ports below 1024 need the right "
                "to use them",
            ) from error

    @staticmethod
    def _run(loop: asyncio.AbstractEventLoop) -> None:
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    async def _serve(self, listener: socket.socket) -> _Server:
        server = _Server(self._config, listener)
        await server.serve_forever(background=True)
        return server

    def _turn(self, work: Any) -> Any:
        """One turn on the server's thread."""
        assert self._loop is not None
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result(_TURN_S)
        except TimeoutError as error:
            raise PlcError("the Modbus server stands still") from error
