"""OPC UA for `scripts.bench.plc`: a PLC in a process of its own, by certificate, both roles."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import fields
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from argon2 import PasswordHasher
from asyncua import Client, Server, ua
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from asyncua.crypto.uacrypto import CertProperties

from inspector.core.plc_config import OpcUaClient, OpcUaSecurity, OpcUaServer
from inspector.plc.buses.opcua_nodes import NAMESPACE, kind_of
from inspector.plc.buses.opcua_security import OwnCertificate
from inspector.plc.registers import Inputs, Outputs

T = TypeVar("T")
Entry = Callable[[int, Path, Connection], None]
Arrivals = SimpleQueue[float]
"""When the PLC saw something, ``time.perf_counter``: one clock for all processes of a Linux PC."""

_LONGEST_S = 15.0
_RECONNECT_S = 3.0
_BOOL = ua.VariantType.Boolean


def _own(folder: Path) -> OwnCertificate:
    return OwnCertificate(OpcUaSecurity(folder=str(folder)))


def _security(folder: Path) -> OpcUaSecurity:
    """Ours; each side trusts the other."""
    plc, us = _own(folder / "plc"), folder / "us"
    (us / "trusted").mkdir(parents=True, exist_ok=True)
    (us / "trusted" / "plc.der").write_bytes(plc.certificate)
    return OpcUaSecurity(folder=str(us))


def client_config(port: int, folder: Path) -> OpcUaClient:
    """We are the client."""
    return OpcUaClient(
        driver="opcua-client",
        endpoint=f"opc.tcp://127.0.0.1:{port}",
        outputs_node="ns=2;s=Outputs",
        inputs_node="ns=2;s=Inputs",
        security=_security(folder),
    )


def server_config(port: int, folder: Path) -> OpcUaServer:
    """We are the server."""
    security = _security(folder)
    people = folder / "people"
    people.touch(mode=0o600)
    people.write_text(f"plc:engineer:{PasswordHasher().hash('plc')}\n", encoding="utf-8")
    return OpcUaServer(
        driver="opcua-server",
        endpoint=f"opc.tcp://127.0.0.1:{port}",
        alive_by="session",
        security=security.model_copy(update={"credentials": str(people)}),
    )


def serve(port: int, folder: Path, pipe: Connection) -> None:
    """A PLC that is a server and acks at once."""
    logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)
    asyncio.run(_serve(port, folder, pipe))


async def _server(port: int, folder: Path) -> Server:
    server, own = Server(), _own(folder)
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    await server.set_application_uri(own.application_uri)
    await server.load_certificate(own.certificate)
    await server.load_private_key(own.key, format="pem")
    server.set_security_policy([ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt])
    return server


async def _serve(port: int, folder: Path, pipe: Connection) -> None:
    server = await _server(port, folder / "plc")
    index = await server.register_namespace("urn:a-plc")
    nodes = {}
    for image in (Outputs(), Inputs()):
        name = type(image).__name__
        parent = await server.nodes.objects.add_folder(f"ns={index};s={name}", f"{index}:{name}")
        for entry in fields(image):
            path, value = f"ns={index};s={name}.{entry.name}", getattr(image, entry.name)
            node = await parent.add_variable(path, f"{index}:{entry.name}", value, kind_of(entry))
            await node.set_writable()
            nodes[name, entry.name] = node
    async with server:
        pipe.send(time.perf_counter())
        toggle, beats = False, 0
        while True:
            await asyncio.sleep(0)
            if await nodes["Outputs", "result_toggle"].read_value() == toggle:
                await asyncio.sleep(0.0002)
                beats += 1
                if beats % 100 == 0:
                    beat = beats // 100 & 0xFFFF
                    await nodes["Inputs", "heartbeat"].write_value(beat, ua.VariantType.UInt16)
                continue
            toggle = not toggle
            pipe.send(time.perf_counter())
            await nodes["Inputs", "result_ack"].write_value(toggle, _BOOL)


async def _client(port: int, folder: Path) -> Client:
    logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)
    own, client = _own(folder), Client(f"opc.tcp://127.0.0.1:{port}")
    client.application_uri = own.application_uri
    key = CertProperties(own.key, "pem")
    await client.set_security(SecurityPolicyBasic256Sha256, own.certificate, key)
    client.set_user("plc")
    client.set_password("plc")
    return client


def call(port: int, folder: Path, pipe: Connection) -> None:
    """A PLC that is a client and reads without a pause."""
    asyncio.run(_call(port, folder / "plc", pipe))


async def _call(port: int, folder: Path, pipe: Connection) -> None:
    while True:
        try:
            async with await _client(port, folder) as client:
                await _watch(client, pipe)
        except (OSError, TimeoutError, ua.UaError, asyncio.CancelledError):
            await asyncio.sleep(0.1)


async def _watch(client: Client, pipe: Connection) -> None:
    index = await client.get_namespace_index(NAMESPACE)
    names = ("Outputs.result_valid", "Outputs.result_toggle")
    nodes = [client.get_node(f"ns={index};s=Registers.{name}") for name in names]
    ack = client.get_node(f"ns={index};s=Registers.Inputs.result_ack")
    before = False
    while True:
        valid, toggle = await client.read_values(nodes)
        if valid and toggle != before:
            before = toggle
            pipe.send(time.perf_counter())
            await ack.write_value(ua.DataValue(ua.Variant(toggle, _BOOL)))


# -- the bench's side ---------------------------------------------------------------------------


@contextmanager
def _process(entry: Entry, port: int, folder: Path) -> Iterator[Arrivals]:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=entry, args=(port, folder, theirs), daemon=True)
    process.start()
    theirs.close()
    arrivals: Arrivals = SimpleQueue()

    def listen() -> None:
        with contextlib.suppress(EOFError):
            while True:
                arrivals.put(ours.recv())

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        yield arrivals
    finally:
        process.kill()
        process.join()
        listener.join()


@contextmanager
def _loop() -> Iterator[Callable[[Coroutine[object, object, T]], T]]:
    """A loop on a thread of its own, for the library alone."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(_LONGEST_S)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as anywhere:
        return int(anywhere.getsockname()[1])


@contextmanager
def client(folder: Path) -> Iterator[tuple[OpcUaClient, Callable[[int], None], Arrivals]]:
    """We are the client; bare: the library's client writes the toggle."""
    port = _free_port()
    config = client_config(port, folder)
    with _process(serve, port, folder) as arrivals, _loop() as do:
        arrivals.get(timeout=_LONGEST_S)  # it listens
        connected: list[Client] = []

        async def write(number: int) -> None:
            if not connected:
                connected.append(await _client(port, folder / "us"))
                await connected[0].connect()
            toggle = connected[0].get_node("ns=2;s=Outputs.result_toggle")
            await toggle.write_value(ua.DataValue(ua.Variant(number % 2 == 1, _BOOL)))

        yield config, lambda number: do(write(number)), arrivals
        for one in connected:
            do(one.disconnect())


@contextmanager
def server(folder: Path) -> Iterator[tuple[OpcUaServer, Callable[[int], None], Arrivals]]:
    """We are the server; bare: the library's server with the three nodes that are read."""
    port = _free_port()
    config = server_config(port, folder)
    with _process(call, port, folder) as arrivals, _loop() as do:
        running: list[Server] = []

        async def write(number: int) -> None:
            if not running:
                running.append(await _bare_server(port, folder / "us"))
                await asyncio.sleep(_RECONNECT_S)
            index = await running[0].get_namespace_index(NAMESPACE)
            toggle = running[0].get_node(f"ns={index};s=Registers.Outputs.result_toggle")
            await toggle.write_value(number % 2 == 1, _BOOL)

        yield config, lambda number: do(write(number)), arrivals
        for one in running:
            do(one.stop())


async def _bare_server(port: int, folder: Path) -> Server:
    made = await _server(port, folder)
    index = await made.register_namespace(NAMESPACE)
    for name, value, kind in (
        ("Outputs.result_valid", True, _BOOL),
        ("Outputs.result_toggle", False, _BOOL),
        ("Inputs.result_ack", False, _BOOL),
    ):
        path = f"ns={index};s=Registers.{name}"
        node = await made.nodes.objects.add_variable(path, f"{index}:{name}", value, kind)
        await node.set_writable()
    await made.start()
    return made
