"""Siemens S7: we write one data block of the PLC and read another, over its PUT/GET access."""

from __future__ import annotations

import contextlib
import logging
import re
import struct
from types import MappingProxyType

from snap7 import Client
from snap7.error import S7Error

from inspector.core.errors import PlcError
from inspector.core.plc_config import S7Client
from inspector.plc.buses.sockets import connect, forget_on_close
from inspector.plc.registers import INPUT_WORDS, OUTPUT_WORDS, Inputs, Outputs, pack, unpack

logging.getLogger("snap7").setLevel(logging.CRITICAL)

_OUT = struct.Struct(f">{OUTPUT_WORDS}H")
_IN = struct.Struct(f">{INPUT_WORDS}H")
_OVERHEAD = 35
"""Bytes of a write request beside its data."""
_ACCESS = "Permit access with PUT/GET in the CPU's protection settings"
_REFUSALS = MappingProxyType(
    {
        0x03: ("does not permit the access", f"{_ACCESS}, and take optimised access off the block"),
        0x05: ("is too short", "Make it longer, or check outputs_at and inputs_at"),
        0x0A: ("is missing, or has optimised access", "Load it into the PLC without that option"),
        0x8104: ("is not to be reached", _ACCESS),
        0x8404: ("is not to be reached", _ACCESS),
    }
)
"""Return codes of an item (8 bits) and error words of an answer (16 bits)."""


def make(config: S7Client) -> S7Bus:
    """Not connected yet."""
    return S7Bus(config)


class S7Bus:
    """Implements ``Fieldbus``. Each block travels in one frame; words have their high byte first.

    Both blocks are read when it connects, so that a missing or short one is told by its name.
    """

    def __init__(self, config: S7Client) -> None:
        self._config = config
        self._client: Client | None = None

    def open(self) -> None:
        """Connect and look at both blocks. Raises ``PlcError``."""
        config = self._config
        timeout_s = config.timeout_ms / 1e3
        connect(config.host, config.port, timeout_s).close()  # snap7 would wait for 5 s
        client = Client()
        try:
            client.connect(config.host, config.rack, config.slot, config.port)
            if client.connection is None or client.connection.socket is None:
                raise PlcError(f"{self._peer} closed the connection at once")
            client.connection.socket.settimeout(timeout_s)
            forget_on_close(client.connection.socket)
            if client.pdu_length < _OUT.size + _OVERHEAD:
                raise PlcError(
                    f"{self._peer} takes only {client.pdu_length} bytes a frame, which would tear "
                    f"an image of {_OUT.size} bytes"
                )
        except S7Error as error:
            raise PlcError(
                f"{self._peer} does not speak S7 ({error})", remedy="Check host, rack and slot"
            ) from error
        self._client = client
        self._look()

    def _look(self) -> None:
        try:
            self._read(self._config.outputs_db, self._config.outputs_at, _OUT.size)
            self._read(self._config.inputs_db, self._config.inputs_at, _IN.size)
            self._write(Outputs())
        except PlcError:
            self._disconnect()
            raise

    def exchange(self, outputs: Outputs) -> Inputs:
        """One write, then one read. Raises ``PlcError``; only ``open`` helps then."""
        config = self._config
        try:
            self._write(outputs)
            data = self._read(config.inputs_db, config.inputs_at, _IN.size)
        except PlcError:
            self._disconnect()
            raise
        return unpack(Inputs, _IN.unpack(data))

    def close(self) -> None:
        """Withdraw, unless the connection broke, and disconnect."""
        if self._client is not None:
            with contextlib.suppress(PlcError):  # it times our heartbeat out
                self._write(Outputs())
        self._disconnect()

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()

    def _write(self, outputs: Outputs) -> None:
        block, first = self._config.outputs_db, self._config.outputs_at
        try:
            self._reached().db_write(block, first, bytearray(_OUT.pack(*pack(outputs))))
        except (S7Error, OSError) as error:
            raise self._refusal(block, first, _OUT.size, error) from error

    def _read(self, block: int, first: int, size: int) -> bytearray:
        try:
            return self._reached().db_read(block, first, size)
        except (S7Error, OSError) as error:
            raise self._refusal(block, first, size, error) from error

    def _reached(self) -> Client:
        if self._client is None:
            raise PlcError(f"{self._peer} is not connected")
        return self._client

    def _refusal(self, block: int, first: int, size: int, error: Exception) -> PlcError:
        item = re.search(r"\(0x([0-9a-f]{2})\)", str(error))
        code = int(item[1], 16) if item else getattr(error, "error_code", None)
        if code is not None and code in _REFUSALS:
            refusal, remedy = _REFUSALS[code]
            return PlcError(
                f"{self._peer}: DB{block} {refusal} (bytes {first}-{first + size - 1})",
                remedy=remedy,
            )
        return PlcError(f"{self._peer}: {error} (DB{block})", remedy="Check the cable and the PLC")

    @property
    def _peer(self) -> str:
        config = self._config
        return f"{config.host}:{config.port} rack {config.rack} slot {config.slot}"
