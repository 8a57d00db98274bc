"""A PLC on a desk: its program by the sample, in one thread, over a file that both sides see.

``DeskBus`` is the fieldbus to it. Images travel through a small memory-mapped file, so that it
works from the gateway process as from the test's own.
"""

from __future__ import annotations

import mmap
import struct
import threading
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from inspector.core.errors import PlcError
from inspector.core.plc_config import BusConfig
from inspector.plc.gateway import Gateway
from inspector.plc.registers import (
    INPUT_WORDS,
    OUTPUT_WORDS,
    Inputs,
    Outputs,
    pack,
    unpack,
)
from tests.plc.test_handshake import PlcProgram

_OUT = struct.Struct(f">{OUTPUT_WORDS}H")
_IN = struct.Struct(f">{INPUT_WORDS}H")
_SIZE = 1 + _OUT.size + _IN.size


class Desk:
    """The memory that both sides see. Its first byte tells how the PLC can be reached."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(b"\1" + bytes(_SIZE - 1))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _SIZE)

    @property
    def reachable(self) -> bool:
        return self._memory[0] == 1

    @reachable.setter
    def reachable(self, reachable: bool) -> None:
        self._memory[0] = int(reachable)

    @property
    def holds(self) -> bool:
        """Whether a library that asks is held for ever."""
        return self._memory[0] == 2

    @holds.setter
    def holds(self, holds: bool) -> None:
        self._memory[0] = 2 if holds else 1

    @property
    def outputs(self) -> Outputs:
        return unpack(Outputs, _OUT.unpack_from(self._memory, 1))

    @outputs.setter
    def outputs(self, outputs: Outputs) -> None:
        self._memory[1 : 1 + _OUT.size] = _OUT.pack(*pack(outputs))

    @property
    def inputs(self) -> Inputs:
        return unpack(Inputs, _IN.unpack_from(self._memory, 1 + _OUT.size))

    @inputs.setter
    def inputs(self, inputs: Inputs) -> None:
        self._memory[1 + _OUT.size :] = _IN.pack(*pack(inputs))


class DeskBus:
    """Implements ``Fieldbus``."""

    def __init__(self, path: Path) -> None:
        self._desk = Desk(path)
        self._is_open = False

    def open(self) -> None:
        self._reach()
        self._is_open = True

    def exchange(self, outputs: Outputs) -> Inputs:
        self._reach()
        self._desk.outputs = outputs
        return self._desk.inputs

    def close(self) -> None:
        if self._is_open and self._desk.reachable:
            self._desk.outputs = Outputs()
        self._is_open = False

    def _reach(self) -> None:
        while self._desk.holds:
            time.sleep(0.01)
        if not self._desk.reachable:
            raise PlcError("nobody answers")


def run_on_desk(path: Path, pipe: Connection, config: BusConfig) -> None:
    """The gateway process, with the desk's bus."""
    Gateway(pipe, config, DeskBus(path)).run()


class DeskPlc:
    """The PLC on the desk, scanning on a thread of its own; ``ask`` changes its inputs to us."""

    def __init__(self, path: Path) -> None:
        self.desk, self.program = Desk(path), PlcProgram()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopped.wait(0.002):
            with self._lock:
                self.program.scan(self.desk.outputs)
                self.desk.inputs = self.program.inputs

    def ask(self, **inputs: object) -> None:
        with self._lock:
            self.program.inputs = replace(self.program.inputs, **inputs)  # type: ignore[arg-type]  # of a test

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()
