"""Modbus TCP in both roles against real peers on loopback, in processes of their own."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError
from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException
from structlog.testing import capture_logs

from inspector.core.errors import PlcAwaited, PlcError
from inspector.core.plc_config import ModbusClient, ModbusServer
from inspector.plc.buses.modbus_client import ModbusClientBus
from inspector.plc.buses.modbus_server import ModbusServerBus
from inspector.plc.registers import INPUT_WORDS, OUTPUT_WORDS, Inputs, Outputs, pack, unpack
from tests.plc.peers import (
    INPUTS_AT,
    PATIENT_MS,
    Peer,
    call_modbus,
    free_port,
    same_numbers,
    serve_modbus,
)
from tests.plc.rig import check_restart, check_results
from tests.waiting import until


def client_config(port: int) -> ModbusClient:
    given = {"port": port, "inputs_at": INPUTS_AT, "timeout_ms": 1000.0, "scan_ms": 3.0}
    return ModbusClient.model_validate(
        {"driver": "modbus-client", "host": "127.0.0.1", **given, **PATIENT_MS}
    )


def server_config(port: int, **more: object) -> ModbusServer:
    given = {"scan_ms": 3.0, **PATIENT_MS, **more}
    return ModbusServer.model_validate(
        {"driver": "modbus-server", "port": port, "peers": ("127.0.0.1",), **given}
    )


# -- we are the client ---------------------------------------------------------------------------


def test_a_plc_that_is_a_server_takes_every_result(tmp_path: Path) -> None:
    port = free_port()
    check_results(Peer(serve_modbus, port, tmp_path, "sample"), client_config(port))


def test_a_plc_that_is_killed_finds_nothing_old_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    check_restart(Peer(serve_modbus, port, tmp_path, "sample"), client_config(port))


def test_nobody_there_is_told_by_name() -> None:
    port = free_port()
    with pytest.raises(PlcError, match=f"127.0.0.1:{port} refuses the connection"):
        ModbusClientBus(client_config(port)).open()


def test_a_plc_that_does_not_answer_is_given_up_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        bus = ModbusClientBus(client_config(silent.getsockname()[1]))
        with pytest.raises(PlcError, match="did not answer within 1000 ms"):
            bus.open()
        with pytest.raises(PlcError, match="not connected"):
            bus.exchange(Outputs())
        bus.close()


def test_registers_that_are_not_there_are_told_and_no_frame_is_dumped(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    peer = Peer(serve_modbus, port, tmp_path, "sample")
    try:
        config = client_config(port).model_copy(update={"inputs_at": 130})
        bus = ModbusClientBus(config)
        bus.open()
        with pytest.raises(PlcError, match=r"has no such registers .48 holding .* from 130"):
            bus.exchange(Outputs())
        bus.close()
    finally:
        peer.off()
    assert not caplog.records
    assert not logging.getLogger("pymodbus.logging").isEnabledFor(logging.ERROR)


def test_the_plc_never_scans_half_an_image(tmp_path: Path) -> None:
    port = free_port()
    peer = Peer(serve_modbus, port, tmp_path, "torn")
    try:
        bus = ModbusClientBus(client_config(port))
        bus.open()
        for number in range(1, 600):
            bus.exchange(same_numbers(number))
        bus.close()
    finally:
        peer.off()
    assert peer.taken == []


def test_what_was_not_delivered_is_forgotten_with_the_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bus = ModbusClientBus(client_config(listener.getsockname()[1]))
        with pytest.raises(PlcError):
            bus.open()
        taken, _ = listener.accept()
        sent = taken.recv(4096)
        assert len(sent) == 13 + 2 * OUTPUT_WORDS
        with taken, pytest.raises(ConnectionResetError):  # a polite end would be b""
            taken.recv(4096)


# -- we are the server ---------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[ModbusServerBus]:
    bus = ModbusServerBus(server_config(free_port()))
    bus.open()
    try:
        yield bus
    finally:
        bus.close()
        bus.close()


def caller(bus: ModbusServerBus, source: str = "127.0.0.1") -> ModbusTcpClient:
    client = ModbusTcpClient("127.0.0.1", port=bus.port, timeout=10.0, retries=0)
    client.socket = socket.create_connection(
        ("127.0.0.1", bus.port), timeout=10.0, source_address=(source, 0)
    )
    return client


def hang_up(client: ModbusTcpClient) -> None:
    if client.socket is not None:
        client.socket.close()
        client.socket = None


def test_a_plc_that_is_a_client_takes_every_result(tmp_path: Path) -> None:
    port = free_port()
    check_results(Peer(call_modbus, port, tmp_path, "sample"), server_config(port))


def test_a_client_that_is_killed_finds_nothing_old_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    check_restart(Peer(call_modbus, port, tmp_path, "sample"), server_config(port))


def test_a_server_without_a_client_is_not_connected_and_goes_on_listening(
    server: ModbusServerBus,
) -> None:
    for _ in range(2):
        with pytest.raises(PlcAwaited, match="no PLC has connected"):
            server.exchange(Outputs())
    client = caller(server)
    with pytest.raises(PlcAwaited):
        server.exchange(Outputs(online=True))
    client.write_registers(0, list(pack(Inputs(heartbeat=7, lot="L-17"))))
    assert server.exchange(Outputs(online=True)) == Inputs(heartbeat=7, lot="L-17")
    assert unpack(Outputs, client.read_input_registers(0, count=20).registers).online
    hang_up(client)
    until(lambda: awaited(server))
    again = caller(server)
    again.write_registers(2, [9])
    assert server.exchange(Outputs()) == Inputs(heartbeat=9), "nothing of the first connection"
    hang_up(again)


def awaited(bus: ModbusServerBus) -> bool:
    try:
        bus.exchange(Outputs())
    except PlcAwaited:
        return True
    return False


def test_a_stranger_is_refused_and_told_once(server: ModbusServerBus) -> None:
    with capture_logs() as logs:
        for _ in range(3):
            stranger = caller(server, "127.0.0.2")
            with pytest.raises(Exception, match=r"(?i)connection|reset"):
                stranger.write_registers(0, list(pack(Inputs(heartbeat=1))))
            hang_up(stranger)
        assert awaited(server)
    assert [entry["address"] for entry in logs if "address" in entry] == ["127.0.0.2"]


def test_outputs_cannot_be_written_and_nothing_beside_them_read(server: ModbusServerBus) -> None:
    client = caller(server)
    client.write_registers(0, [0xFFFF] * INPUT_WORDS)
    server.exchange(Outputs(part_id=5))
    assert unpack(Outputs, client.read_input_registers(0, count=20).registers) == Outputs(part_id=5)
    assert client.read_input_registers(1, count=OUTPUT_WORDS).isError()
    assert client.write_registers(1, [0] * INPUT_WORDS).isError()
    hang_up(client)


def test_a_client_that_is_silent_is_dropped() -> None:
    bus = ModbusServerBus(server_config(free_port(), heartbeat_ms=200.0))
    bus.open()
    client = caller(bus)
    client.write_registers(0, [0, 0, 1])
    until(lambda: awaited(bus))
    with pytest.raises(ModbusException):
        client.write_registers(0, [0, 0, 2])
    hang_up(client)
    bus.close()


def test_no_client_ever_reads_or_writes_half_an_image(server: ModbusServerBus) -> None:
    ended = threading.Event()
    torn: list[Outputs] = []
    reads = 0

    def hammer() -> None:
        nonlocal reads
        client = caller(server)
        while not ended.is_set():
            number = reads + 1
            client.write_registers(
                0, list(pack(Inputs(trigger_count=number, encoder=number, timeout_rejects=number)))
            )
            seen = unpack(Outputs, client.read_input_registers(0, count=OUTPUT_WORDS).registers)
            reads += 1
            if len({seen.part_id, seen.trigger_count, seen.encoder, seen.verdicts}) > 1:
                torn.append(seen)
        hang_up(client)

    hammering = threading.Thread(target=hammer)
    hammering.start()
    try:
        until(lambda: reads > 0)
        for number in range(1, 1000):
            heard = server.exchange(same_numbers(number))
            assert heard.trigger_count == heard.encoder == heard.timeout_rejects
    finally:
        ended.set()
        hammering.join()
    assert torn == []
    assert reads > 20


def test_a_port_that_is_taken_and_a_foreign_address_are_told() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(PlcError, match=r"cannot listen on 127\.0\.0\.1"),
    ):
        ModbusServerBus(server_config(taken.getsockname()[1])).open()
    with pytest.raises(PlcError, match=r"cannot listen on 192\.0\.2\.7"):
        ModbusServerBus(server_config(free_port(), interface="192.0.2.7")).open()


@pytest.mark.parametrize(
    "wrong", [{"interface": "0.0.0.0"}, {"interface": "::"}, {"peers": ["*"]}, {"peers": []}]
)
def test_all_interfaces_and_anybody_cannot_be_configured(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        server_config(5020, **wrong)
