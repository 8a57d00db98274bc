"""PLCs in processes of their own: a program, and the protocol by which it is reached.

What a PLC took and saw goes line by line into a file, which outlives the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import multiprocessing
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol, cast
from unittest.mock import patch

from inspector.core.errors import PlcLost
from inspector.core.plc_config import BusConfig
from inspector.core.ports import Plc, PlcStatus
from inspector.core.verdict import Cause, Outcome, Verdict
from inspector.plc import fieldbus_plc
from inspector.plc.fieldbus_plc import FieldbusPlc
from inspector.plc.handshake import Demand, Handshake
from inspector.plc.registers import INPUT_WORDS, OUTPUT_WORDS, Inputs, Outputs, pack, unpack
from tests.plc.plant import Belt, is_good, part_at
from tests.plc.test_handshake import PlcProgram
from tests.waiting import until

SCAN_S = 0.003
PATIENT_MS: Mapping[str, float] = {"heartbeat_ms": 3000.0, "watchdog_ms": 30_000.0}
"""Times that no busy PC reaches: a test that is about their end has its own."""
LONGEST_S = 60.0
"""For what starts processes on a PC that is busy."""
INPUTS_AT = 100
OUTPUTS_DB, INPUTS_DB = 11, 12


class Program(Protocol):
    """What a PLC does in one scan."""

    inputs: Inputs
    taken: list[tuple[int, bool]]

    def scan(self, outputs: Outputs) -> None: ...


class TornWatch(PlcProgram):
    """Sees images of which each number is to be the same; a torn one is told as part -1."""

    def scan(self, outputs: Outputs) -> None:
        super().scan(outputs)
        numbers = {outputs.part_id, outputs.trigger_count, outputs.encoder, outputs.verdicts}
        if len(numbers) > 1:
            self.taken.append((-1, True))


PROGRAMS: dict[str, Callable[[], Program]] = {
    "sample": PlcProgram,
    "belt": lambda: cast("Program", Belt()),
    "torn": TornWatch,
}


class Scanner:
    """One PLC program between two lists of words; tells what it saw."""

    def __init__(self, program: str, log: Path) -> None:
        self._program = PROGRAMS[program]()
        self._log = log.open("a", encoding="utf-8", buffering=1)
        self._told = 0
        self._seen: dict[str, Any] = {}

    def scan(self, words: Sequence[int]) -> tuple[int, ...]:
        outputs = unpack(Outputs, words)
        self._program.scan(outputs)
        for part, passed in self._program.taken[self._told :]:
            self._tell({"part": part, "passed": passed})
        self._told = len(self._program.taken)
        seen = {"online": outputs.online, "error_code": outputs.error_code}
        if seen != self._seen:
            self._seen = seen
            self._tell(seen)
        return pack(self._program.inputs)

    def _tell(self, what: dict[str, Any]) -> None:
        self._log.write(json.dumps({**what, "at_s": time.monotonic()}) + "\n")


def serve_modbus(port: int, program: str, log: Path) -> None:
    """A PLC that is a Modbus TCP server."""
    asyncio.run(_serve_modbus(port, Scanner(program, log)))


async def _serve_modbus(port: int, scanner: Scanner) -> None:
    from pymodbus.server import ModbusTcpServer
    from pymodbus.simulator import DataType, SimData, SimDevice

    words = [SimData(0, count=INPUTS_AT + INPUT_WORDS, datatype=DataType.UINT16)]
    server = ModbusTcpServer(SimDevice(id=1, simdata=words), address=("127.0.0.1", port))
    await server.serve_forever(background=True)
    while True:
        seen = await server.async_getValues(1, 3, 0, OUTPUT_WORDS)
        await server.async_setValues(1, 3, INPUTS_AT, list(scanner.scan(cast("list[int]", seen))))
        await asyncio.sleep(SCAN_S)


def serve_s7(port: int, program: str, log: Path) -> None:
    """An S7 PLC with its two data blocks."""
    from snap7 import Server, SrvArea

    outputs, inputs = bytearray(2 * OUTPUT_WORDS), bytearray(2 * INPUT_WORDS)
    server = Server(log=False)
    server.register_area(SrvArea.DB, OUTPUTS_DB, outputs)
    server.register_area(SrvArea.DB, INPUTS_DB, inputs)
    server.start_to("127.0.0.1", port)
    scanner = Scanner(program, log)
    while True:
        words = scanner.scan(struct.unpack(f">{OUTPUT_WORDS}H", outputs))
        inputs[:] = struct.pack(f">{INPUT_WORDS}H", *words)
        time.sleep(SCAN_S)


def call_modbus(port: int, program: str, log: Path) -> None:
    """A PLC that is a Modbus TCP client; its program goes on scanning while nobody answers."""
    logging.disable()  # it logs each connection that fails
    images = Images()
    threading.Thread(target=_keep_calling, args=(port, images), daemon=True).start()
    scanner = Scanner(program, log)
    while True:
        images.inputs = scanner.scan(images.outputs)
        time.sleep(SCAN_S)


@dataclass
class Images:
    """What program and communication of a PLC hand each other, each image whole."""

    outputs: Sequence[int] = (0,) * OUTPUT_WORDS
    inputs: Sequence[int] = (0,) * INPUT_WORDS


def _keep_calling(port: int, images: Images) -> None:
    from pymodbus.client import ModbusTcpClient
    from pymodbus.exceptions import ModbusException

    while True:
        client = ModbusTcpClient("127.0.0.1", port=port, timeout=0.3, retries=0)
        try:
            while True:
                images.outputs = client.read_input_registers(0, count=OUTPUT_WORDS).registers
                client.write_registers(0, list(images.inputs))
                time.sleep(SCAN_S)
        except (ModbusException, OSError):
            client.socket = None
            time.sleep(0.05)


class Peer:
    """A PLC that can be switched off and on."""

    def __init__(
        self,
        entry: Callable[[int, str, Path], None],
        port: int,
        folder: Path,
        program: str,
        *,
        awaited: bool = True,
    ) -> None:
        """One that is not awaited scans only once it has reached the station."""
        self._entry, self.port, self._program = entry, port, program
        self._log = folder / "seen"
        self._process: BaseProcess | None = None
        self.on()
        if awaited:
            until(lambda: bool(self.seen), LONGEST_S)

    def on(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._process = spawn.Process(
            target=self._entry, args=(self.port, self._program, self._log), daemon=True
        )
        self._process.start()

    def off(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.join()

    @property
    def seen(self) -> list[dict[str, Any]]:
        if not self._log.exists():
            return []
        lines = self._log.read_text(encoding="utf-8").split("\n")[:-1]
        return [json.loads(line) for line in lines]

    @property
    def taken(self) -> list[tuple[int, bool]]:
        return [(one["part"], one["passed"]) for one in self.seen if "part" in one]

    @property
    def online(self) -> bool:
        states = [one["online"] for one in self.seen if "online" in one]
        return bool(states) and states[-1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as any_server:
        return int(any_server.getsockname()[1])


def verdict(part_id: int, *, passed: bool = True, encoder: int = 0) -> Verdict:
    return Verdict(
        part_id=part_id,
        trigger_count=part_id,
        encoder_count=encoder,
        outcome=Outcome.PASS if passed else Outcome.REJECT,
        cause=Cause.GOOD if passed else Cause.DEFECT,
        triggered_ns=0,
        deadline_ns=0,
        decided_ns=0,
    )


def pid_of(plc: FieldbusPlc) -> int:
    """Its gateway process."""
    assert plc._gateway is not None
    assert plc._gateway.pid is not None
    return plc._gateway.pid


@contextmanager
def beating(plc: Plc) -> Iterator[None]:
    """The inspection moves."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(0.02):
            plc.beat()

    beats = threading.Thread(target=beat)
    beats.start()
    try:
        yield
    finally:
        ended.set()
        beats.join()


@contextmanager
def opened(plc: FieldbusPlc, state: int = 0) -> Iterator[FieldbusPlc]:
    """The station's end, beating, over the true gateway process."""
    try:
        with patch.object(fieldbus_plc, "_FIRST_S", LONGEST_S):
            plc.open()
        plc.set_status(PlcStatus(online=True, ready=True, state=state))
        with beating(plc):
            yield plc
    finally:
        plc.close()


def station(
    config: BusConfig, on_demand: Callable[[Demand], None] = lambda _demand: None
) -> AbstractContextManager[FieldbusPlc]:
    """The station's end over this protocol."""
    return opened(FieldbusPlc(config, on_demand))


def publish_all(plc: FieldbusPlc, taken: Callable[[], Sequence[object]], numbers: range) -> None:
    """Every fourth is bad. As fast as a line, but never more behind than results are kept for."""
    before = len(taken())

    def publish(count: int, number: int) -> None:
        until(lambda: len(taken()) - before > count - Handshake.BUFFER, LONGEST_S)
        plc.publish(verdict(number, passed=number % 4 != 0))
        time.sleep(0.01)

    for count, number in enumerate(numbers):
        publish(count, number)


def expected(*ranges: range) -> list[tuple[int, bool]]:
    """What is taken of them."""
    return [(number, number % 4 != 0) for numbers in ranges for number in numbers]


class SortingStation:
    """Looks at each part that the belt's PLC triggers for, and knows the truth about it."""

    def __init__(self) -> None:
        self.plc: FieldbusPlc | None = None
        self.looked_at = 0

    def on_demand(self, demand: Demand) -> None:
        if self.plc is None or demand.name != "trigger":
            return
        self.looked_at += 1
        self.plc.exposed(self.looked_at)
        good = is_good(part_at(demand.value))
        with contextlib.suppress(PlcLost):
            self.plc.publish(verdict(self.looked_at, passed=good, encoder=demand.value))


def same_numbers(number: int) -> Outputs:
    """An image that shows at once when it is torn."""
    return replace(Outputs(), part_id=number, trigger_count=number, encoder=number, verdicts=number)
