"""PLCs that speak OPC UA, in processes of their own (`tests.plc.peers.Peer`), and their keys."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import fields
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from asyncua import Client, Node, Server, ua
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256
from asyncua.crypto.uacrypto import CertProperties

from inspector.core.plc_config import OpcUaSecurity
from inspector.plc.buses.opcua_nodes import NAMESPACE, kind_of
from inspector.plc.buses.opcua_security import OwnCertificate
from inspector.plc.registers import Inputs, Outputs, pack, unpack
from tests.plc.peers import SCAN_S, Scanner

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "right for the test"
PEOPLE = {"plc": "engineer", "anna": "operator", "otto": "auditor"}


def security_of(folder: Path, **keys: str) -> OpcUaSecurity:
    return OpcUaSecurity(folder=str(folder), **keys)


def own(folder: Path) -> OwnCertificate:
    return OwnCertificate(security_of(folder))


def trusting(us: Path, them: Path) -> None:
    """``us`` trusts ``them``."""
    (us / "trusted").mkdir(parents=True, exist_ok=True)
    (us / "trusted" / f"{them.name}.der").write_bytes(own(them).certificate)


def private(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    return str(path)


def people_file(path: Path) -> str:
    lines = (f"{name}:{role}:{CHEAP.hash(PASSWORD)}\n" for name, role in PEOPLE.items())
    return private(path, "".join(lines))


async def client_of(endpoint: str, folder: Path, user: str | None, password: str) -> Client:
    """The library's own client with a secure channel, not connected yet."""
    logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)
    ours, client = own(folder), Client(endpoint)
    client.application_uri = ours.application_uri
    await client.set_security(
        SecurityPolicyBasic256Sha256, ours.certificate, CertProperties(ours.key, "pem")
    )
    if user is not None:
        client.set_user(user)
        client.set_password(password)
    return client


# -- a PLC that is a server ---------------------------------------------------------------------


def serve_opcua(port: int, program: str, log: Path) -> None:
    """A PLC with two folders of variables; secured where ``log``'s folder has a ``plc`` in it."""
    logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)
    asyncio.run(_serve(port, Scanner(program, log), log.parent / "plc"))


async def _serve(port: int, scanner: Scanner, folder: Path) -> None:
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    if folder.exists():
        ours = own(folder)
        await server.set_application_uri(ours.application_uri)
        await server.load_certificate(ours.certificate)
        await server.load_private_key(ours.key, format="pem")
        server.set_security_policy([ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt])
    else:
        server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    index = await server.register_namespace("urn:a-plc")
    outputs = await _variables(server, index, "FromCamera", Outputs())
    inputs = await _variables(server, index, "ToCamera", Inputs())
    async with server:
        while True:
            seen = {name: await node.read_value() for name, node in outputs.items()}
            answer = unpack(Inputs, scanner.scan(pack(Outputs(**seen))))
            for entry in fields(Inputs):
                await inputs[entry.name].write_value(getattr(answer, entry.name), kind_of(entry))
            await asyncio.sleep(SCAN_S)


async def _variables(
    server: Server, index: int, name: str, image: Outputs | Inputs
) -> dict[str, Node]:
    folder = await server.nodes.objects.add_folder(f"ns={index};s={name}", f"{index}:{name}")
    made = {}
    for entry in fields(image):
        node_id, value = f"ns={index};s={name}.{entry.name}", getattr(image, entry.name)
        node = await folder.add_variable(node_id, f"{index}:{entry.name}", value, kind_of(entry))
        await node.set_writable()
        made[entry.name] = node
    return made


# -- a PLC that is a client -----------------------------------------------------------------------


def call_opcua(port: int, program: str, log: Path) -> None:
    """A PLC that reads and writes our registers, and connects again and again."""
    asyncio.run(_call(f"opc.tcp://127.0.0.1:{port}", Scanner(program, log), log.parent / "plc"))


async def _call(endpoint: str, scanner: Scanner, folder: Path) -> None:
    while True:
        try:
            client = await client_of(endpoint, folder, "plc", PASSWORD)
            async with client:
                await _scan(client, scanner)
        except (OSError, TimeoutError, ua.UaError, asyncio.CancelledError):
            await asyncio.sleep(0.1)


async def _scan(client: Client, scanner: Scanner) -> None:
    index = await client.get_namespace_index(NAMESPACE)

    def node_ids(image: str, entries: Any) -> list[ua.NodeId]:
        path = f"ns={index};s=Registers.{image}."
        return [client.get_node(path + entry.name).nodeid for entry in entries]

    outs, ins = fields(Outputs), fields(Inputs)
    out_ids, in_ids = node_ids("Outputs", outs), node_ids("Inputs", ins)
    while True:
        read = await client.uaclient.read_attributes(out_ids, ua.AttributeIds.Value)
        values_of = [None if shown.Value is None else shown.Value.Value for shown in read]
        seen: dict[str, Any] = dict(zip([one.name for one in outs], values_of, strict=True))
        answer = unpack(Inputs, scanner.scan(pack(Outputs(**seen))))
        values = [
            ua.DataValue(ua.Variant(getattr(answer, entry.name), kind_of(entry))) for entry in ins
        ]
        await client.uaclient.write_attributes(in_ids, values)
        await asyncio.sleep(SCAN_S)
