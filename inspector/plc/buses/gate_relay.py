"""A gate that hangs on one relay of a board on a serial line."""

from __future__ import annotations

import contextlib

import serial

from inspector.core.errors import PlcError
from inspector.core.gate_config import GateRelay
from inspector.plc.buses.serial_relay import command

_WRITE_S = 0.05


class SerialGate:
    """Implements ``GateOutput``: opens its port when it is first set, again after an error.

    A board keeps its relay as it was when the PC dies: let a timer relay that ``gate_pass`` or
    another relay retriggers break the gate's wire.
    """

    def __init__(self, config: GateRelay) -> None:
        self._config = config
        self._commands = {
            True: command(config.on, config.number),
            False: command(config.off, config.number),
        }
        self._port: serial.Serial | None = None

    def set(self, *, let_pass: bool) -> None:
        """Switch the relay. Raises ``PlcError``."""
        try:
            if self._port is None:
                config = self._config
                self._port = serial.Serial(
                    config.port, config.baud, timeout=0.0, write_timeout=_WRITE_S, exclusive=True
                )
            self._port.read(4096)  # what boards answer is nothing to us; a lost port is
            self._port.write(self._commands[let_pass])
        except (OSError, ValueError) as error:  # SerialException is an OSError
            self.close()
            raise PlcError(
                f"gate.relay: serial port {self._config.port}: {error}",
                remedy="Check gate.relay in the line's file",
            ) from error

    def close(self) -> None:
        """Off, as far as the board is there."""
        port, self._port = self._port, None
        if port is not None:
            with contextlib.suppress(OSError):
                port.write(self._commands[False])
                port.flush()
            with contextlib.suppress(OSError):
                port.close()
