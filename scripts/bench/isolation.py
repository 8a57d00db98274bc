"""Does the PLC see results as soon when the disk stalls and the panel hangs? Side by side.

A whole station judges parts of the rendered line and tells a PLC, a process of its own with a
Modbus TCP server, through the gateway process. The PLC stamps every result that it sees, on the
same clock. Cases, in turns: nothing else; every write to the disk stands still for two seconds;
a panel that watches and then hangs (stopped by a signal) for five seconds at a time.

    .venv/bin/python -m scripts.bench.isolation --parts 600 --rate 40 --rounds 2
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np

from inspector.cli.first_start import ensure_taught
from inspector.core.line_config import LineConfig
from inspector.core.plc_config import ModbusClient
from inspector.line.part import JudgedPart
from inspector.link.messages import Start
from inspector.plc.registers import INPUT_WORDS, Inputs, Outputs, pack, unpack
from inspector.station.opening import catalogue_of, data_folder_of, load_line, open_station
from inspector.station.places import find_config
from scripts.bench.line import summary

DISK_S, PANEL_S = 2.0, 5.0
_INPUTS_AT = 100


# -- the PLC, a process of its own ------------------------------------------------------------


def serve(port: int, out: Path) -> None:
    """A Modbus TCP server of one connection: functions 3 and 16, no library in the way.

    Each write of our outputs is answered at once; its result, if it is new, is stamped.
    """
    registers = [0] * (_INPUTS_AT + INPUT_WORDS)
    beat, toggle = 0, False
    with (
        out.open("w", buffering=1, encoding="utf-8") as seen,
        socket.create_server(("127.0.0.1", port)) as server,
    ):
        print("listening", flush=True)
        while True:
            connection, _ = server.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(OSError, EOFError):
                while True:
                    head = _exactly(connection, 7)
                    body = _exactly(connection, int.from_bytes(head[4:6], "big") - 1)
                    start, count = (int.from_bytes(body[i : i + 2], "big") for i in (1, 3))
                    if body[0] == 16:
                        for index in range(count):
                            word = int.from_bytes(body[6 + 2 * index : 8 + 2 * index], "big")
                            registers[start + index] = word
                        outputs = unpack(Outputs, registers)
                        if outputs.result_valid and outputs.result_toggle != toggle:
                            toggle = outputs.result_toggle
                            seen.write(f"{outputs.part_id} {time.monotonic_ns()}\n")
                        beat = beat + 1 & 0xFFFF
                        image = Inputs(trigger_enable=True, result_ack=toggle, heartbeat=beat)
                        registers[_INPUTS_AT:] = pack(image)
                        answer = body[:5]
                    else:
                        words = registers[start : start + count]
                        data = b"".join(word.to_bytes(2, "big") for word in words)
                        answer = bytes([3, len(data)]) + data
                    length = (len(answer) + 1).to_bytes(2, "big")
                    connection.sendall(head[:4] + length + head[6:7] + answer)


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


# -- the cases ------------------------------------------------------------


@contextlib.contextmanager
def nothing_else(_data_folder: Path) -> Iterator[None]:
    """The quiet case."""
    yield


@contextlib.contextmanager
def stalled_disk(_data_folder: Path) -> Iterator[None]:
    """Every synchronisation with the disk takes two seconds."""
    real = os.fsync

    def slow(descriptor: int) -> None:
        time.sleep(DISK_S)
        real(descriptor)

    with mock.patch.object(os, "fsync", slow):
        yield


@contextlib.contextmanager
def hanging_panel(data_folder: Path) -> Iterator[None]:
    """A panel that takes every event and picture, and hangs half of the time."""
    command = [sys.executable, "-m", "scripts.bench.line", "--watch", str(data_folder)]
    panel = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert panel.stdout is not None
    panel.stdout.readline()
    ended = threading.Event()

    def hang() -> None:
        while not ended.wait(1.0):
            panel.send_signal(signal.SIGSTOP)
            ended.wait(PANEL_S)
            panel.send_signal(signal.SIGCONT)

    hanging = threading.Thread(target=hang)
    hanging.start()
    try:
        yield
    finally:
        ended.set()
        hanging.join()
        panel.kill()
        panel.wait()


CASES: dict[str, Callable[[Path], contextlib.AbstractContextManager[None]]] = {
    "nothing else": nothing_else,
    "disk writes stall for 2 s": stalled_disk,
    "panel hangs for 5 s at a time": hanging_panel,
}


class Decided:
    """When each part was decided, by its number; and when it was triggered."""

    def __init__(self) -> None:
        self.times: dict[int, tuple[int, int]] = {}

    def offer(self, part: JudgedPart) -> None:
        """Inspection thread."""
        verdict = part.verdict
        if verdict.judgement is not None:
            number = verdict.part_id & 0xFFFFFFFF
            self.times[number] = (verdict.triggered_ns, verdict.decided_ns)


@dataclass(frozen=True)
class Run:
    """Milliseconds of every part: trigger to bit, verdict to bit; and what never arrived."""

    total: list[float]
    output: list[float]
    unseen: int


def run_once(config: LineConfig, line_file: Path, case: str, parts: int) -> Run:
    """One run against a PLC of its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "seen"
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "scripts.bench.isolation", "--plc", str(port), str(out)]
        plc = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert plc.stdout is not None
        plc.stdout.readline()
        entry = ModbusClient(
            driver="modbus-client", host="127.0.0.1", port=port, inputs_at=_INPUTS_AT
        )
        try:
            decided = _inspect(config.model_copy(update={"plc": entry}), line_file, case, parts)
        finally:
            plc.kill()
            plc.wait()
        rows = [line.split() for line in out.read_text().splitlines()]
    seen = {int(number): int(at_ns) for number, at_ns in rows}
    arrived = {number: times for number, times in decided.items() if number in seen}
    return Run(
        [(seen[number] - trigger) / 1e6 for number, (trigger, _) in arrived.items()],
        [(seen[number] - verdict) / 1e6 for number, (_, verdict) in arrived.items()],
        len(decided) - len(arrived),
    )


def _inspect(
    config: LineConfig, line_file: Path, case: str, parts: int
) -> dict[int, tuple[int, int]]:
    data_folder, over, tap = data_folder_of(config), threading.Event(), Decided()
    with open_station(
        config, catalogue_of(line_file, data_folder), limit=parts, on_limit=over.set
    ) as opened:
        opened.station.add_tap(tap)
        with CASES[case](data_folder):
            opened.console.call(Start())
            over.wait()
            time.sleep(0.5)
            opened.station.request_stop_and_wait(60.0)
            if not opened.station.status().parts.reconciled:
                raise SystemExit("the counts do not add up")
    return tap.times


def main() -> None:
    """Run all cases in turns and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--line", type=Path, default=None)
    parser.add_argument("--parts", type=int, default=600, help="per case and round")
    parser.add_argument("--rate", type=float, default=40.0, help="parts per second")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("--plc", nargs=2, default=None, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.plc is not None:
        serve(int(arguments.plc[0]), Path(arguments.plc[1]))
        return
    line_file = arguments.line or find_config("sim.yaml")
    config = load_line(line_file)
    belt = config.belt.model_copy(update={"parts_per_s": arguments.rate})
    config = config.model_copy(update={"belt": belt})
    ensure_taught(config, line_file, data_folder_of(config))
    runs: dict[str, list[Run]] = {case: [] for case in CASES}
    for _ in range(arguments.rounds):
        for case in CASES:
            runs[case].append(run_once(config, line_file, case, arguments.parts))
    figures = _figures(runs)
    print(f"{arguments.rate:g} parts/s, {arguments.rounds} x {arguments.parts} parts a case; ms\n")
    print("| case | verdict to PLC: p50 | p99 | p99.9 | max | trigger to PLC: p50 | p99 | unseen |")
    print("|---|---|---|---|---|---|---|---|")
    for case, row in figures.items():
        out, total = row["output"], row["total"]
        cells = [*out.values(), total["p50"], total["p99"]]
        print(
            f"| {case} | "
            + " | ".join(f"{cell:.2f}" for cell in cells)
            + f" | {row['unseen']['parts']:g} |"
        )
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _figures(runs: dict[str, list[Run]]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        case: {
            "output": summary(np.array([value for run in made for value in run.output])),
            "total": summary(np.array([value for run in made for value in run.total])),
            "unseen": {"parts": sum(run.unseen for run in made)},
        }
        for case, made in runs.items()
    }


if __name__ == "__main__":
    main()
