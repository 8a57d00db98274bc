"""OPC UA end to end: station, gateway process, and a PLC in a process of its own."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

pytest.importorskip("asyncua")

from inspector.core.errors import InspectorError, PlcError, PlcLost
from inspector.core.plc_config import OpcUaClient, OpcUaServer
from inspector.plc.buses.opcua_client import OpcUaClientBus, make
from inspector.plc.buses.opcua_server import make as make_server
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.plc.registers import Outputs
from tests.plc.opcua_peers import (
    PASSWORD,
    call_opcua,
    own,
    people_file,
    private,
    security_of,
    serve_opcua,
    trusting,
)
from tests.plc.peers import (
    LONGEST_S,
    PATIENT_MS,
    Peer,
    expected,
    free_port,
    publish_all,
    station,
    verdict,
)
from tests.waiting import until


def client_config(port: int, folder: Path, **keys: str) -> OpcUaClient:
    return OpcUaClient(
        driver="opcua-client",
        endpoint=f"opc.tcp://127.0.0.1:{port}",
        outputs_node="ns=2;s=FromCamera",
        inputs_node="ns=2;s=ToCamera",
        scan_ms=5.0,
        timeout_ms=2000.0,
        security=security_of(folder, **keys),
    ).model_copy(update=PATIENT_MS)


def server_config(port: int, folder: Path) -> OpcUaServer:
    return OpcUaServer(
        driver="opcua-server",
        endpoint=f"opc.tcp://127.0.0.1:{port}",
        scan_ms=5.0,
        security=security_of(folder, credentials=people_file(folder / "people")),
    ).model_copy(update=PATIENT_MS)


def survive_a_restart(plc: FieldbusPlc, peer: Peer) -> None:
    """Results before and after the PLC was killed; never an old one, each as itself."""
    until(lambda: plc.read_inputs().connected and peer.online, LONGEST_S)
    publish_all(plc, lambda: peer.taken, range(1, 11))
    until(lambda: peer.taken == expected(range(1, 11)))
    peer.off()
    seen = len(peer.seen)
    until(lambda: not plc.read_inputs().connected)
    with pytest.raises(PlcLost):
        plc.publish(verdict(11))
    peer.on()
    until(lambda: plc.read_inputs().connected and len(peer.seen) > seen and peer.online, LONGEST_S)
    publish_all(plc, lambda: peer.taken, range(12, 20))
    until(lambda: peer.taken == expected(range(1, 11), range(12, 20)))


def test_our_client_and_a_plc_that_is_killed_and_restarted(tmp_path: Path) -> None:
    own(tmp_path / "plc")
    trusting(tmp_path / "us", tmp_path / "plc")
    credentials = private(tmp_path / "us" / "login", f"plc:{PASSWORD}\n")
    peer = Peer(serve_opcua, free_port(), tmp_path, "sample")
    try:
        config = client_config(peer.port, tmp_path / "us", credentials=credentials)
        with station(config) as plc:
            survive_a_restart(plc, peer)
        until(lambda: not peer.online)
    finally:
        peer.off()


def test_our_server_and_a_plc_that_is_killed_and_restarted(tmp_path: Path) -> None:
    own(tmp_path / "plc")
    trusting(tmp_path / "us", tmp_path / "plc")
    peer = Peer(call_opcua, free_port(), tmp_path, "sample", awaited=False)
    try:
        with station(server_config(peer.port, tmp_path / "us")) as plc:
            survive_a_restart(plc, peer)
    finally:
        peer.off()


def test_a_plc_that_is_not_as_it_was_configured_is_told_so(tmp_path: Path) -> None:
    own(tmp_path / "plc")
    peer = Peer(serve_opcua, free_port(), tmp_path, "sample")
    try:
        config = client_config(peer.port, tmp_path / "us")
        bus = make(config)
        until(lambda: refusal(bus).startswith(f"plc {config.endpoint}: its certificate is not"))
        trusting(tmp_path / "us", tmp_path / "plc")
        elsewhere = make(config.model_copy(update={"inputs_node": "ns=2;s=Elsewhere"}))
        assert "inputs_node: ns=2;s=Elsewhere" in refusal(elsewhere)
        swapped = make(config.model_copy(update={"inputs_node": "ns=2;s=FromCamera.lot"}))
        assert "inputs_node" in refusal(swapped)
        bus.open()
        assert bus.exchange(Outputs(online=True)).trigger_enable
    finally:
        peer.off()
    with pytest.raises(PlcError):
        bus.exchange(Outputs())
    bus.close()
    bus.close()


def refusal(bus: OpcUaClientBus) -> str:
    """Why it cannot be opened."""
    with pytest.raises(InspectorError) as refused:
        bus.open()
    bus.close()
    return str(refused.value)


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        bus = make_server(server_config(port, tmp_path))
        with pytest.raises(PlcError, match="another program"):
            bus.open()
        bus.close()
