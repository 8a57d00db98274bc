"""OPC UA server (asyncua): clients see the machine vision system, or plain registers."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from concurrent.futures import Future
from dataclasses import replace

from asyncua import Server, ua

from inspector.core.errors import ConfigError, PlcAwaited, PlcError
from inspector.core.plc_config import OpcUaServer
from inspector.plc.buses.opcua_access import GuardedServer, Roles, Users
from inspector.plc.buses.opcua_nodes import NAMESPACE
from inspector.plc.buses.opcua_requests import Requests
from inspector.plc.buses.opcua_security import OwnCertificate, Trust, require_loopback, silence
from inspector.plc.buses.opcua_vision import VisionSystem
from inspector.plc.registers import Inputs, Outputs

_OPEN_S = 60.0
_CLOSE_S = 3.0
_STANDSTILL_S = 1.0
"""The server's loop shows an image within this, or it stands still."""
_MESSAGE_BYTES = 4 * 1024 * 1024


def make(config: OpcUaServer) -> OpcUaServerBus:
    """The fieldbus, not open yet."""
    return OpcUaServerBus(config)


class OpcUaServerBus:
    """Implements ``Fieldbus``. The server's event loop runs on a thread of its own.

    ``exchange`` hands the image over and takes what clients last wrote; it never waits for the
    loop, but notices when that stands still. Images are shown in order, none is left out.
    """

    def __init__(self, config: OpcUaServer) -> None:
        self._config = config
        self._thread: threading.Thread | None = None

    def _reset(self) -> None:
        self._requests = Requests()
        self._written = Inputs()
        self._has_written = False
        self._beats = 0
        self._handed = self._shown = 0
        self._failure = ""
        self._moved_s = time.monotonic()
        self._loop = asyncio.new_event_loop()
        self._images: asyncio.Queue[Outputs | None] = asyncio.Queue()

    def open(self) -> None:
        """Listen. Raises ``ConfigError`` for its security, ``PlcError`` for a port in use."""
        silence()
        self._reset()
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(opened,), name="opcua-server", daemon=True
        )
        self._thread.start()
        try:
            opened.result(_OPEN_S)
        except TimeoutError as error:
            raise PlcError(f"plc {self._config.endpoint}: its server does not start") from error

    def exchange(self, outputs: Outputs) -> Inputs:
        """Show ``outputs``; return what clients wrote and asked for by methods."""
        if self._handed == self._shown:
            self._moved_s = time.monotonic()
        elif time.monotonic() - self._moved_s > _STANDSTILL_S:
            self._failure = self._failure or "its server stands still"
        if self._failure:
            raise PlcError(f"plc {self._config.endpoint}: {self._failure}")
        self._handed += 1
        self._loop.call_soon_threadsafe(self._images.put_nowait, outputs)
        if not self._guarded.occupied:
            self._requests.forget_peer()
            self._has_written = False
            raise PlcAwaited(f"plc {self._config.endpoint}: no client is logged in")
        if self._config.alive_by == "heartbeat" and not self._has_written:
            # Its ack of before would be taken for that of the next result.
            raise PlcAwaited(f"plc {self._config.endpoint}: its client has written nothing yet")
        inputs = self._requests.image(outputs, self._written)
        if self._config.alive_by == "session":
            self._beats = self._beats + 1 & 0xFFFF
            return replace(inputs, heartbeat=self._beats)
        return inputs

    def close(self) -> None:
        """Withdraw everything, end all sessions and stop listening."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._images.put_nowait, Outputs())
            self._loop.call_soon_threadsafe(self._images.put_nowait, None)
        thread.join(_CLOSE_S)

    # -- the server's thread ---------------------------------------------------------------------

    def _run(self, opened: Future[None]) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                runner.run(self._serve(opened))
        except Exception as error:  # noqa: BLE001  # thread edge: the PLC counts as lost
            self._fail(error, opened)

    def _fail(self, error: Exception, opened: Future[None]) -> None:
        self._failure = f"{type(error).__name__}: {error}"
        if not opened.done():
            known = isinstance(error, (PlcError, ConfigError))
            opened.set_exception(error if known else PlcError(self._failure))

    async def _serve(self, opened: Future[None]) -> None:
        server, system = await self._make()
        try:
            await server.start()
        except OSError as error:
            raise PlcError(
                f"plc {self._config.endpoint}: {error.strerror or error}",
                remedy="Is another program listening there? Check plc: endpoint",
            ) from error
        opened.set_result(None)
        try:
            while (outputs := await self._images.get()) is not None:
                await system.show(outputs)
                self._shown += 1
        finally:
            await server.stop()

    async def _make(self) -> tuple[Server, VisionSystem]:
        config = self._config
        trust = Trust(config.security)
        self._guarded = GuardedServer(Users(config, trust), lambda: None)
        server = Server(iserver=self._guarded)
        server.name = server.manufacturer_name = "Inspector"
        server.product_uri = "urn:inspector"
        server.application_type = ua.ApplicationType.Server
        server.limits.max_message_size = _MESSAGE_BYTES
        server.limits.max_chunk_count = _MESSAGE_BYTES // server.limits.max_recv_buffer
        await server.init()
        server.set_endpoint(config.endpoint)
        tokens: list[type] = [ua.UserNameIdentityToken]
        if config.anonymous or config.security.policy == "none":
            tokens.append(ua.AnonymousIdentityToken)
        server.set_identity_tokens(tokens)
        await self._secure(server)
        index = await server.register_namespace(NAMESPACE)
        answer_s = config.heartbeat_ms / 1e3
        system = VisionSystem(server, index, self._requests, config.configuration_id, answer_s)
        await system.build()
        self._guarded.on_written = lambda: self._take(system)
        return server, system

    async def _secure(self, server: Server) -> None:
        security = self._config.security
        if security.policy == "none":
            require_loopback(self._config.endpoint)
            policy = ua.SecurityPolicyType.NoSecurity
            await server.set_application_uri("urn:inspector:station")
        else:
            own = OwnCertificate(security)
            policy = ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt
            await server.set_application_uri(own.application_uri)
            await server.load_certificate(own.certificate)
            await server.load_private_key(own.key, format="pem")
        server.set_security_policy([policy], Roles())

    def _take(self, system: VisionSystem) -> None:
        self._written = system.registers.written()
        self._has_written = True
