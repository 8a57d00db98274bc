"""Does the PLC see results as soon, whatever disk and panel do? Side by side.

A whole station judges parts of the rendered line and tells a PLC, a process of its own with a
Modbus TCP server, through the gateway process. The PLC stamps every result that it sees, on the
same clock. Cases, in turns: nothing else; every write to the disk stands still for two seconds;
the true panel, drawn into memory, that is left alone, stopped by a signal for five seconds at a
time, or killed and started again; and a client that asks for all it can get without a pause.
Ratios are against *nothing else*.

    .venv/bin/python -m scripts.bench.isolation --parts 400 --rate 40 --rounds 2 --json out.json

The file keeps every run at once: started again with it, only what is missing is run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from inspector.cli.first_start import ensure_taught
from inspector.core.line_config import LineConfig
from inspector.core.plc_config import ModbusClient
from inspector.core.verdict import Cause
from inspector.line.part import JudgedPart
from inspector.link.messages import Start
from inspector.plc.registers import INPUT_WORDS, Inputs, Outputs, pack, unpack
from inspector.station.opening import catalogue_of, data_folder_of, load_line, open_station
from inspector.station.places import find_config
from scripts.bench.disturbances import CASES, QUIET
from scripts.bench.line import summary

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


class Decided:
    """When each part was triggered and decided, by its number; and how many came late."""

    def __init__(self) -> None:
        self.times: dict[int, tuple[int, int]] = {}
        self.late = 0

    def offer(self, part: JudgedPart) -> None:
        """Inspection thread."""
        verdict = part.verdict
        self.times[verdict.part_id & 0xFFFFFFFF] = (verdict.triggered_ns, verdict.decided_ns)
        self.late += verdict.cause not in (Cause.GOOD, Cause.DEFECT)


@dataclass(frozen=True)
class Run:
    """Milliseconds of every part: trigger to bit, verdict to bit.

    And how many verdicts came too late, or were never seen by the PLC.
    """

    case: str
    total: list[float]
    output: list[float]
    late: int
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
    arrived = {number: times for number, times in decided.times.items() if number in seen}
    return Run(
        case,
        [(seen[number] - trigger) / 1e6 for number, (trigger, _) in arrived.items()],
        [(seen[number] - verdict) / 1e6 for number, (_, verdict) in arrived.items()],
        decided.late,
        len(decided.times) - len(arrived),
    )


def _inspect(config: LineConfig, line_file: Path, case: str, parts: int) -> Decided:
    data_folder, over, tap = data_folder_of(config), threading.Event(), Decided()
    with open_station(
        config, catalogue_of(line_file, data_folder), limit=parts, on_limit=over.set
    ) as opened:
        opened.station.add_tap(tap)
        with CASES[case](line_file):
            opened.console.call(Start())
            over.wait()
            time.sleep(0.5)
            opened.station.request_stop_and_wait(60.0)
            if not opened.station.status().parts.reconciled:
                raise SystemExit("the counts do not add up")
    return tap


def main() -> None:
    """Run all cases in turns and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--line", type=Path, default=None)
    parser.add_argument("--parts", type=int, default=400, help="per case and round")
    parser.add_argument("--rate", type=float, default=40.0, help="parts per second")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", type=Path, default=None, help="keeps the runs")
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
    runs = kept(arguments.json)
    for number in range(arguments.rounds):
        for case in CASES:
            if sum(run.case == case for run in runs) > number:
                continue
            runs.append(run_once(config, line_file, case, arguments.parts))
            if arguments.json is not None:
                content = json.dumps([asdict(run) for run in runs])
                arguments.json.write_text(content + "\n", encoding="utf-8")
    print(f"{arguments.rate:g} parts/s, {arguments.rounds} x {arguments.parts} parts a case; ms\n")
    print(table(runs))


def kept(path: Path | None) -> list[Run]:
    """The runs of a file, if it is there."""
    if path is None or not path.exists():
        return []
    return [Run(**content) for content in json.loads(path.read_text(encoding="utf-8"))]


def table(runs: list[Run]) -> str:
    """Markdown: verdict to PLC, its ratios to the quiet case, trigger to PLC."""
    figures = {case: _figures([run for run in runs if run.case == case]) for case in CASES}
    quiet, _ = figures[QUIET]
    names = "case, to PLC p50, p99, p99.9, max, ratio p50, p99, p99.9"
    head = f"{names}, from trigger p50, p99, parts, late, unseen".replace(", ", " | ")
    lines = [f"| {head} |", "|---" * 13 + "|"]
    for case, (output, total) in figures.items():
        made = [run for run in runs if run.case == case]
        ratios = (output[name] / quiet[name] for name in ("p50", "p99", "p999"))
        cells = [*output.values(), *ratios, total["p50"], total["p99"]]
        parts = sum(len(run.output) + run.unseen for run in made)
        counts = (parts, sum(run.late for run in made), sum(run.unseen for run in made))
        shown = [f"{cell:.2f}" for cell in cells] + [str(count) for count in counts]
        lines.append(f"| {case} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


def _figures(made: list[Run]) -> tuple[dict[str, float], dict[str, float]]:
    output = np.array([value for run in made for value in run.output])
    return summary(output), summary(np.array([value for run in made for value in run.total]))


if __name__ == "__main__":
    main()
