"""Modbus TCP, the PLC as the server: one write and one read of holding registers an exchange."""

from __future__ import annotations

import contextlib
import logging
import socket
from collections.abc import Sequence
from types import MappingProxyType

from pymodbus.client import ModbusTcpClient
from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ModbusPDU

from inspector.core.errors import PlcError
from inspector.core.plc_config import ModbusClient
from inspector.plc.buses.sockets import connect
from inspector.plc.registers import INPUT_WORDS, OUTPUT_WORDS, Inputs, Outputs, pack, unpack

logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)  # it dumps frames at each error

_REFUSALS = MappingProxyType(
    {
        1: ("does not know this function", "It needs functions 3 and 16"),
        2: ("has no such registers", "Check outputs_at and inputs_at"),
        3: ("refuses so many registers in one request", "It needs 48 to read and 20 to write"),
        4: ("failed", "Look at its diagnosis"),
        6: ("is busy", "Choose a longer scan_ms"),
        10: ("has no way to this unit", "Check unit"),
        11: ("has a unit that does not answer", "Check unit"),
    }
)
"""Exception codes of the Modbus application protocol V1.1b3, section 7."""


def make(config: ModbusClient) -> ModbusClientBus:
    """Not connected yet."""
    return ModbusClientBus(config)


class ModbusClientBus:
    """Implements ``Fieldbus``.

    All outputs travel in one request, so that no scan of the PLC falls between a result and its
    flags. Nothing is sent twice: a request that failed ends the connection, and with it whatever
    of it was still under way.
    """

    def __init__(self, config: ModbusClient) -> None:
        self._config = config
        self._connection: socket.socket | None = None
        self._client: ModbusTcpClient | None = None

    def open(self) -> None:
        """Connect. Raises ``PlcError``."""
        config = self._config
        timeout_s = config.timeout_ms / 1e3
        self._connection = connect(config.host, config.port, timeout_s)
        self._client = ModbusTcpClient(config.host, port=config.port, timeout=timeout_s, retries=0)
        self._client.socket = self._connection
        try:
            self._write(Outputs())
        except PlcError:
            self._disconnect()
            raise

    def exchange(self, outputs: Outputs) -> Inputs:
        """One write, then one read. Raises ``PlcError``; only ``open`` helps then."""
        try:
            self._write(outputs)
            return unpack(Inputs, self._read())
        except PlcError:
            self._disconnect()
            raise

    def close(self) -> None:
        """Withdraw, unless the connection broke, and disconnect."""
        if self._client is not None:
            with contextlib.suppress(PlcError):  # it times our heartbeat out
                self._write(Outputs())
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._client = None

    def _write(self, outputs: Outputs) -> None:
        first = self._config.outputs_at
        client = self._reached()
        try:
            answer = client.write_registers(first, list(pack(outputs)), device_id=self._config.unit)
        except (ModbusException, OSError) as error:
            raise self._silence(f"writing registers {first}-{first + OUTPUT_WORDS - 1}") from error
        self._check(answer, f"{OUTPUT_WORDS} holding registers from {first}")

    def _read(self) -> Sequence[int]:
        first = self._config.inputs_at
        client = self._reached()
        try:
            answer = client.read_holding_registers(
                first, count=INPUT_WORDS, device_id=self._config.unit
            )
        except (ModbusException, OSError) as error:
            raise self._silence(f"reading registers {first}-{first + INPUT_WORDS - 1}") from error
        self._check(answer, f"{INPUT_WORDS} holding registers from {first}")
        if len(answer.registers) != INPUT_WORDS:
            raise PlcError(f"{self._peer} answered {len(answer.registers)} registers, not 48")
        return answer.registers

    def _reached(self) -> ModbusTcpClient:
        if self._client is None:
            raise PlcError(f"{self._peer} is not connected")
        return self._client

    def _check(self, answer: ModbusPDU, what: str) -> None:
        if answer.isError():
            code = answer.exception_code
            refusal, remedy = _REFUSALS.get(code, (f"refuses with exception {code}", ""))
            raise PlcError(f"{self._peer} {refusal} ({what})", remedy=remedy)

    def _silence(self, doing: str) -> PlcError:
        return PlcError(
            f"{self._peer} did not answer within {self._config.timeout_ms:g} ms ({doing})",
            remedy="Check the cable, the PLC and timeout_ms",
        )

    @property
    def _peer(self) -> str:
        return f"{self._config.host}:{self._config.port} unit {self._config.unit}"
