"""S7 data blocks against snap7's server on loopback, in a process of its own."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from snap7 import Server, SrvArea

from inspector.core.errors import PlcError
from inspector.core.plc_config import S7Client
from inspector.plc.buses.s7 import S7Bus
from inspector.plc.registers import INPUT_WORDS, OUTPUT_WORDS, Inputs, Outputs, pack
from tests.plc.peers import (
    INPUTS_DB,
    OUTPUTS_DB,
    PATIENT_MS,
    Peer,
    free_port,
    same_numbers,
    serve_s7,
)
from tests.plc.rig import check_restart, check_results

_OUT, _IN = 2 * OUTPUT_WORDS, 2 * INPUT_WORDS


def config(port: int, **more: object) -> S7Client:
    given = {"outputs_db": OUTPUTS_DB, "inputs_db": INPUTS_DB, "scan_ms": 3.0, **more}
    given |= {"timeout_ms": 1000.0, **PATIENT_MS}
    return S7Client.model_validate({"driver": "s7", "host": "127.0.0.1", "port": port, **given})


@contextmanager
def blocks(port: int, **sizes: int) -> Iterator[dict[int, bytearray]]:
    """A PLC that has these blocks, in this process."""
    areas = {int(name[2:]): bytearray(size) for name, size in sizes.items()}
    server = Server(log=False)
    for number, area in areas.items():
        server.register_area(SrvArea.DB, number, area)
    server.start_to("127.0.0.1", port)
    try:
        yield areas
    finally:
        server.stop()


def test_a_plc_takes_every_result(tmp_path: Path) -> None:
    port = free_port()
    check_results(Peer(serve_s7, port, tmp_path, "sample"), config(port))


def test_a_plc_that_is_killed_finds_nothing_old_when_it_is_back(tmp_path: Path) -> None:
    port = free_port()
    check_restart(Peer(serve_s7, port, tmp_path, "sample"), config(port))


def test_the_plc_never_scans_half_an_image(tmp_path: Path) -> None:
    port = free_port()
    peer = Peer(serve_s7, port, tmp_path, "torn")
    try:
        bus = S7Bus(config(port))
        bus.open()
        for number in range(1, 600):
            bus.exchange(same_numbers(number))
        bus.close()
    finally:
        peer.off()
    assert peer.taken == []


def test_bits_and_numbers_lie_where_the_manual_says() -> None:
    port = free_port()
    with blocks(port, DB11=4 + _OUT, DB12=_IN) as areas:
        bus = S7Bus(config(port, outputs_at=4))
        bus.open()
        words = pack(Inputs(result_ack=True, encoder=0x01020304, lot="L-1"))
        areas[12][:] = b"".join(word.to_bytes(2, "big") for word in words)
        heard = bus.exchange(Outputs(online=True, error=True, part_id=0x0A0B0C0D))
        assert heard == Inputs(result_ack=True, encoder=0x01020304, lot="L-1")
        shown = areas[11][4:]
        assert (shown[1] & 1, shown[0] & 1) == (1, 1), "online is DBX1.0, error is DBX0.0"
        assert shown[16:20] == b"\x0a\x0b\x0c\x0d"
        assert areas[11][:4] == bytes(4)
        bus.close()
        assert areas[11] == bytearray(4 + _OUT), "withdrawn"


@pytest.mark.parametrize(
    ("sizes", "complaint"),
    [
        ({"DB12": _IN}, "DB11 is missing, or has optimised access"),
        ({"DB11": _OUT}, "DB12 is missing"),
        ({"DB11": _OUT - 1, "DB12": _IN}, r"DB11 is too short \(bytes 0-39\)"),
        ({"DB11": _OUT, "DB12": _IN - 2}, r"DB12 is too short \(bytes 0-95\)"),
    ],
)
def test_a_block_that_is_wrong_is_told_by_its_number(sizes: dict[str, int], complaint: str) -> None:
    port = free_port()
    with blocks(port, **sizes), pytest.raises(PlcError, match=complaint):
        S7Bus(config(port)).open()


@pytest.mark.parametrize(
    ("said", "code", "remedy"),
    [
        ("Read operation failed: Accessing the object not allowed (0x03)", None, "PUT/GET"),
        ("S7 protocol error", 0x8104, "PUT/GET"),
    ],
)
def test_access_that_is_not_permitted_names_the_remedy(
    said: str, code: int | None, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from snap7.error import S7ProtocolError

    def refuse(*_: object) -> bytearray:
        raise S7ProtocolError(said, error_code=code)

    port = free_port()
    with blocks(port, DB11=_OUT, DB12=_IN):
        monkeypatch.setattr("snap7.Client.db_read", refuse)
        with pytest.raises(PlcError, match=remedy):
            S7Bus(config(port)).open()


def test_nobody_there_is_told() -> None:
    with pytest.raises(PlcError, match="refuses the connection"):
        S7Bus(config(free_port())).open()


def test_a_plc_that_stands_still_is_given_up_after_the_timeout() -> None:
    port = free_port()
    with blocks(port, DB11=_OUT, DB12=_IN):
        bus = S7Bus(config(port))
        bus.open()
        bus.exchange(Outputs())
    with pytest.raises(PlcError):
        bus.exchange(Outputs())
    with pytest.raises(PlcError, match="not connected"):
        bus.exchange(Outputs())
    bus.close()


def test_something_else_at_the_port_is_told() -> None:
    def answer(listener: socket.socket) -> None:
        for _ in range(2):
            taken, _ = listener.accept()
            with taken, contextlib.suppress(OSError):  # the first call only looks who is there
                taken.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        answering = threading.Thread(target=answer, args=(listener,))
        answering.start()
        with pytest.raises(PlcError, match=r"does not (speak S7|answer)"):
            S7Bus(config(listener.getsockname()[1])).open()
        answering.join()
