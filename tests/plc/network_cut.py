"""The sample program's belt while its network is cut: a program for a namespace of its own.

``unshare -rn python -m tests.plc.network_cut PROTOCOL SECONDS FOLDER`` prints as JSON what became
of the parts before, in and after the cut.
"""

from __future__ import annotations

import fcntl
import json
import socket
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

from inspector.core.plc_config import BusConfig, ModbusClient, ModbusServer, S7Client
from tests.plc.peers import (
    INPUTS_AT,
    INPUTS_DB,
    LONGEST_S,
    OUTPUTS_DB,
    Peer,
    SortingStation,
    call_modbus,
    serve_modbus,
    serve_s7,
    station,
)
from tests.waiting import until

PORT = 5020
_TIMES = {"scan_ms": 3.0, "heartbeat_ms": 500.0, "watchdog_ms": 2000.0, "port": PORT}
_PROTOCOLS: dict[str, tuple[Callable[[int, str, Path], None], type[BusConfig], dict[str, object]]]
_PROTOCOLS = {
    "modbus-client": (serve_modbus, ModbusClient, {"host": "127.0.0.1", "inputs_at": INPUTS_AT}),
    "modbus-server": (call_modbus, ModbusServer, {"peers": ["127.0.0.1"]}),
    "s7": (
        serve_s7,
        S7Client,
        {"host": "127.0.0.1", "outputs_db": OUTPUTS_DB, "inputs_db": INPUTS_DB},
    ),
}


def loopback(*, up: bool) -> None:
    """Switch the only network of the namespace."""
    set_flags, running = 0x8914, 0x41
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        flags = struct.pack("16sh14x", b"lo", running if up else 0)
        fcntl.ioctl(any_socket, set_flags, flags)


def cut(protocol: str, seconds: float, folder: Path) -> dict[str, object]:
    """Some seconds of production, the cut, and production again."""
    entry, kind, more = _PROTOCOLS[protocol]
    config = kind.model_validate({"driver": protocol, **_TIMES, **more})
    looking = SortingStation()
    loopback(up=True)
    peer = Peer(entry, PORT, folder, "belt")
    try:
        with station(config, looking.on_demand) as plc:
            looking.plc = plc
            until(lambda: passes(peer) >= 4, LONGEST_S)
            cut_s = time.monotonic()
            loopback(up=False)
            time.sleep(seconds)
            before_mend = passes(peer)
            loopback(up=True)
            mended_s = time.monotonic()
            until(lambda: passes(peer) >= before_mend + 4, LONGEST_S)
            looking.plc = None
    finally:
        peer.off()
    return {
        "cut_s": cut_s,
        "mended_s": mended_s,
        "fates": [(one["at_s"], one["part"], one["passed"]) for one in peer.seen if "part" in one],
    }


def passes(peer: Peer) -> int:
    """Parts that passed the gate."""
    return sum(passed for _, passed in peer.taken)


if __name__ == "__main__":
    print(json.dumps(cut(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))))
