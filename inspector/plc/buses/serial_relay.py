"""Relay and I/O boards on a serial line: pulses of OK and NG, a sign of life, a signal tower."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Iterator

import serial

from inspector.core.errors import ConfigError, PlcError
from inspector.core.plc_config import SerialRelay
from inspector.core.state import Health
from inspector.plc.registers import HEALTHS, Inputs, Outputs

_WRITE_S = 0.05
_SUM = "{sum}"
_FAILURE, _GOOD = HEALTHS[Health.FAILURE], HEALTHS[Health.GOOD]


def make(config: SerialRelay) -> SerialRelayBus:
    """Not connected yet."""
    return SerialRelayBus(config)


def command(template: str, relay: int) -> bytes:
    """The bytes that a template stands for. Raises ``ConfigError``."""
    try:
        if not template.startswith("hex:"):
            return template.format(n=relay).encode("ascii")
        text, has_sum, after = template.removeprefix("hex:").partition(_SUM)
        data = bytes.fromhex(text.format(n=relay))
        return data + (bytes([sum(data) & 0xFF]) if has_sum else b"") + bytes.fromhex(after)
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        raise ConfigError(
            f"plc: on/off: {template!r} makes no command for relay {relay}: {error}",
            remedy="Write text with {n}, or hex:A0 {n:02X} 01 {sum}",
        ) from error


class SerialRelayBus:
    """Implements ``Fieldbus``, without a way back: ``exchange`` returns None.

    A result is a pulse on its relay that ends at the first exchange after ``pulse_ms``, or at once
    when the next result comes: no pulse is ever late. Without ``online``, or in Error, nothing but
    lamps is on. One relay is told its state again each ``heartbeat_ms``, so that what was lost on
    the line does not stay so.
    """

    def __init__(self, config: SerialRelay) -> None:
        self._config = config
        self._port: serial.Serial | None = None
        lamps = config.lamps
        wired = {config.ok_relay, config.ng_relay, config.alive_relay}
        wired |= {lamps.red, lamps.yellow, lamps.green}
        self._relays = sorted(relay for relay in wired if relay is not None)
        self._commands: dict[tuple[int, bool], bytes] = {}
        self._on: frozenset[int] = frozenset()
        self._result: tuple[int, bool] | None = None
        self._pulse: tuple[int | None, float] = (None, 0.0)
        self._alive = False
        self._beat = (0, 0.0)
        self._again: Iterator[int] = itertools.cycle(self._relays)
        self._again_at_s = 0.0
        self._heartbeat_s = config.heartbeat_ms / 1e3

    def open(self) -> None:
        """Open the port, switch everything off."""
        config = self._config
        for relay, on in itertools.product(self._relays, (True, False)):
            self._commands[relay, on] = command(config.on if on else config.off, relay)
        try:
            self._port = serial.Serial(
                config.port, config.baud, timeout=0.0, write_timeout=_WRITE_S, exclusive=True
            )
        except (OSError, ValueError) as error:  # SerialException is an OSError
            raise self._gone(error) from error
        self._pulse, self._result, self._alive = (None, 0.0), None, False
        self._on = frozenset(self._relays)
        self._switch(frozenset())

    def exchange(self, outputs: Outputs) -> Inputs | None:
        """Switch what is to be switched now."""
        now_s = time.monotonic()
        believed = outputs.online and not outputs.error
        self._begin_pulse(outputs, now_s)
        self._toggle(outputs.heartbeat, now_s)
        on = self._lamps(outputs)
        if believed:
            on |= {self._pulse[0], self._config.alive_relay if self._alive else None}
        else:
            self._pulse = (None, 0.0)  # it does not come back either
        self._switch(frozenset(relay for relay in on if relay is not None))
        self._repeat(now_s)
        return None

    def close(self) -> None:
        """Everything off, as far as the board is still there."""
        port, self._port = self._port, None
        if port is None:
            return
        with contextlib.suppress(OSError):
            port.write(b"".join(self._commands[relay, False] for relay in self._relays))
            port.flush()
        with contextlib.suppress(OSError):
            port.close()

    def _begin_pulse(self, outputs: Outputs, now_s: float) -> None:
        shown = (outputs.part_id, outputs.result_toggle) if outputs.result_valid else None
        if shown is not None and shown != self._result:
            self._switch(self._on - {self._pulse[0]})  # so that each result has its edge
            passed = outputs.ok and not outputs.ng
            relay = self._config.ok_relay if passed else self._config.ng_relay
            self._pulse = (relay, now_s + self._config.pulse_ms / 1e3)
        elif now_s >= self._pulse[1]:
            self._pulse = (None, 0.0)
        self._result = shown

    def _toggle(self, heartbeat: int, now_s: float) -> None:
        beat, at_s = self._beat
        if heartbeat != beat and now_s >= at_s + self._heartbeat_s:
            self._alive = not self._alive
            self._beat = (heartbeat, now_s)

    def _lamps(self, outputs: Outputs) -> set[int | None]:
        lamps, health = self._config.lamps, outputs.health
        if outputs.error or (outputs.online and health == _FAILURE):
            return {lamps.red}
        if not outputs.online:
            return set()
        if health != _GOOD or outputs.bypass or outputs.stop_request:
            return {lamps.yellow}
        return {lamps.green if outputs.ready else None}

    def _switch(self, on: frozenset[int]) -> None:
        """Off before on: two results are never on together."""
        for relay in sorted(self._on - on):
            self._write(self._commands[relay, False])
        for relay in sorted(on - self._on):
            self._write(self._commands[relay, True])
        self._on = on

    def _repeat(self, now_s: float) -> None:
        if self._relays and now_s >= self._again_at_s + self._heartbeat_s:
            self._again_at_s = now_s
            relay = next(self._again)
            self._write(self._commands[relay, relay in self._on])

    def _write(self, data: bytes) -> None:
        if self._port is None:
            raise self._gone("not open")
        try:
            self._port.read(4096)  # what boards answer is nothing to us; a lost port is
            self._port.write(data)
        except OSError as error:
            raise self._gone(error) from error

    def _gone(self, reason: object) -> PlcError:
        return PlcError(f"serial port {self._config.port}: {reason}")
