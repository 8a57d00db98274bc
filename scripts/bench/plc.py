"""Round trips by protocol: ``publish`` of a verdict until the peer sees it, and the library's own.

    .venv/bin/python -m scripts.bench.plc --rounds 1000 --json plc.json
    .venv/bin/python -m scripts.bench.plc --protocols mqtt serial

Peers are the real servers, brokers and pseudo-terminals of the tests, on loopback. *bare* is the
same library without Inspector, in the same run: one write until the peer sees it. *Inspector* adds
the station's pipe, the gateway process and the handshake. Each round waits for the one before, and
pauses for a random time, so that it meets the gateway's scan anywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import threading
import time
import tty
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

import serial

from inspector.core.plc_config import BusConfig, Mqtt, SerialRelay
from inspector.core.ports import PlcStatus
from inspector.core.verdict import Cause, Outcome, Verdict
from inspector.plc.fieldbus_plc import FieldbusPlc
from scripts.bench import plc_words

_LONGEST_S = 5.0
_PAUSE_S = 0.012
_WARM = 20
_SETTLE_S = 0.2
_BEAT_S = 0.05

Arrivals = SimpleQueue[float]
"""When the peer saw something, ``time.perf_counter`` seconds."""


@dataclass(frozen=True)
class Peer:
    """A peer that runs: how the station reaches it, one bare write, and what it sees of either."""

    config: BusConfig
    write: Callable[[int], None]
    arrivals: Arrivals


@dataclass(frozen=True)
class Row:
    """Times of one protocol, ms."""

    protocol: str
    way: str
    rounds: int
    p50_ms: float
    p99_ms: float
    max_ms: float


@contextmanager
def _mqtt(folder: Path, *, secure: bool = True) -> Iterator[Peer]:
    """Mosquitto with TLS and users; the peer is a subscriber of ``TOPIC/result``, QoS 1."""
    from tests.plc.broker import PASSWORD, USER, Broker  # noqa: PLC0415  # brings what tests need
    from tests.plc.mqtt_plc import Listener  # noqa: PLC0415

    broker = Broker(folder, secure=secure)
    broker.start()
    listener = Listener(broker, secure=secure)
    arrivals: Arrivals = SimpleQueue()
    listener.client.on_message = lambda _client, _data, message: (
        arrivals.put(time.perf_counter()) if message.topic.endswith("/result") else None
    )
    credentials = folder / "credentials"
    credentials.write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
    credentials.chmod(0o600)
    names = {"ca": "ca.pem", "certificate": "client.pem", "key": "client.key"}
    files = {key: str(folder / name) for key, name in names.items()}
    access = files | {"credentials": str(credentials)} if secure else {"tls": False}
    entry = {"driver": "mqtt", "host": "127.0.0.1", "port": broker.port}
    config = Mqtt.model_validate(entry | {"topic": "line-3/inspector"} | access)
    writer = Listener(broker, secure=secure)
    writer.client.on_message = None
    writer.client.unsubscribe("line-3/inspector/#")
    payload = b"x" * 250  # as long as a result
    try:
        yield Peer(
            config,
            lambda _round: _unused(writer.client.publish("line-3/inspector/result", payload, 1)),
            arrivals,
        )
    finally:
        for client in (listener, writer):
            client.stop()
        broker.kill()


@contextmanager
def _mqtt_plain(folder: Path) -> Iterator[Peer]:
    with _mqtt(folder, secure=False) as peer:
        yield peer


@contextmanager
def _serial(_folder: Path) -> Iterator[Peer]:
    """A pseudo-terminal, which has no baud rate: a line adds 10 bits a byte."""
    master, slave = os.openpty()
    tty.setraw(slave)
    arrivals: Arrivals = SimpleQueue()

    def read() -> None:
        while b"end" not in (data := os.read(master, 256)):
            if b"+" in data:
                arrivals.put(time.perf_counter())

    reader = threading.Thread(target=read)
    reader.start()
    with ExitStack() as bare:
        port: list[serial.Serial] = []

        def write(_round: int) -> None:
            if not port:  # not before, and not beside the gateway's
                port.append(bare.enter_context(serial.Serial(os.ttyname(slave))))
            port[0].write(b"+1;")

        config = SerialRelay(
            driver="serial", port=os.ttyname(slave), on="+{n};", off="-{n};", ok_relay=1, pulse_ms=1
        )
        try:
            yield Peer(config, write, arrivals)
        finally:
            os.write(slave, b"end")
            reader.join()
    os.close(slave)
    os.close(master)


@contextmanager
def _modbus_client(_folder: Path) -> Iterator[Peer]:
    with plc_words.modbus_client() as parts:
        yield Peer(*parts)


@contextmanager
def _s7(_folder: Path) -> Iterator[Peer]:
    with plc_words.s7() as parts:
        yield Peer(*parts)


@contextmanager
def _opcua_client(folder: Path) -> Iterator[Peer]:
    """A PLC that is an OPC UA server, secured; it looks at the toggle every 0.2 ms."""
    from scripts.bench import plc_opcua  # noqa: PLC0415  # asyncua takes a second to import

    with plc_opcua.client(folder) as peer:
        yield Peer(*peer)


@contextmanager
def _opcua_server(folder: Path) -> Iterator[Peer]:
    """A PLC that is an OPC UA client, secured; it reads the toggle without a pause."""
    from scripts.bench import plc_opcua  # noqa: PLC0415

    with plc_opcua.server(folder) as peer:
        yield Peer(*peer)


PEERS: Mapping[str, Callable[[Path], AbstractContextManager[Peer]]] = {
    "modbus-client": _modbus_client,
    "s7": _s7,
    "mqtt": _mqtt,
    "mqtt-plain": _mqtt_plain,
    "serial": _serial,
    "opcua-client": _opcua_client,
    "opcua-server": _opcua_server,
}
"""Every protocol's peer, by name; add yours here."""


def _unused(_value: object) -> None:
    """For a call whose result nobody needs, in a lambda."""


def through(peer: Peer, rounds: int) -> list[float]:
    """Seconds from ``publish`` to the peer, round by round."""
    plc = FieldbusPlc(peer.config)
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(_BEAT_S):
            plc.beat()

    beats = threading.Thread(target=beat)
    plc.open()
    beats.start()
    try:
        plc.set_status(PlcStatus(online=True, ready=True))
        time.sleep(_SETTLE_S)
        return timed(lambda part_id: plc.publish(_verdict(part_id)), peer.arrivals, rounds)
    finally:
        ended.set()
        beats.join()
        plc.close()


def timed(write: Callable[[int], None], arrivals: Arrivals, rounds: int) -> list[float]:
    """Seconds from the start of each write to its arrival."""
    pauses = random.Random(1)
    times = []
    for number in range(1, rounds + _WARM + 1):
        time.sleep(pauses.uniform(0.2, 1.0) * _PAUSE_S)
        while not arrivals.empty():
            arrivals.get()
        began = time.perf_counter()
        write(number)
        times.append(arrivals.get(timeout=_LONGEST_S) - began)
    return times[_WARM:]


def _verdict(part_id: int) -> Verdict:
    return Verdict(part_id, part_id, 0, Outcome.PASS, Cause.GOOD, 0, 0, 0)


def row(protocol: str, way: str, times: Sequence[float]) -> Row:
    """Percentiles, nearest rank."""
    ordered = sorted(1e3 * value for value in times)
    p99 = ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    return Row(protocol, way, len(times), statistics.median(ordered), p99, ordered[-1])


def measure(protocol: str, rounds: int) -> list[Row]:
    """Both ways against the same peer: first Inspector, then bare."""
    with tempfile.TemporaryDirectory() as folder, PEERS[protocol](Path(folder)) as peer:
        ours = through(peer, rounds)
        bare = timed(peer.write, peer.arrivals, rounds)
    return [row(protocol, "bare", bare), row(protocol, "Inspector", ours)]


def main() -> None:
    """Measure what was asked for, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--protocols", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    rows = [one for protocol in given.protocols for one in measure(protocol, given.rounds)]
    print("| protocol | way | rounds | p50 ms | p99 ms | max ms |\n|---|---|---|---|---|---|")
    for one in rows:
        print(
            f"| {one.protocol} | {one.way} | {one.rounds} | {one.p50_ms:.2f} | {one.p99_ms:.2f} | "
            f"{one.max_ms:.2f} |"
        )
    if given.json:
        text = json.dumps([asdict(one) for one in rows], indent=2)
        given.json.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
