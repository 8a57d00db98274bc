"""Tracking by the station: what a sorting PLC would do, done in the gateway process.

The PLC only counts, latches and switches. It stands where the inspection thread can't delay it,
and a station that is killed leaves the gate ejecting.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Protocol

from inspector.core.errors import InspectorError, PlcError
from inspector.core.gate_config import GateRelay
from inspector.core.plc_config import BusConfig
from inspector.plc import wire
from inspector.plc.fieldbus import Fieldbus
from inspector.plc.gateway import Gateway, run_gateway
from inspector.plc.images import Images
from inspector.plc.making import make_fieldbus
from inspector.plc.priority import run_at_once
from inspector.plc.registers import Inputs, Outputs
from inspector.plc.tracking.direct import DirectGate
from inspector.plc.tracking.settings import TrackingSettings

_STALE_SCANS = 10
"""A PLC whose heartbeat stands still for so long may show counts of before: the gate is closed."""


@dataclass(frozen=True, slots=True)
class Drive:
    """How a gate is driven that is wired to us, beside the bit ``gate_pass``."""

    settings: TrackingSettings
    relay: GateRelay | None = None
    by_station: bool = False
    """The station sets a camera's output."""


class GateOutput(Protocol):
    """A further wire to the gate."""

    def set(self, *, let_pass: bool) -> None:
        """Energise, or not. Raises ``PlcError``."""

    def close(self) -> None:
        """Off. Safe twice."""


def run_direct_gateway(pipe: Connection, config: BusConfig, drive: Drive) -> None:
    """As ``run_gateway``, with the tracker between station and PLC. The entry of the process."""
    try:
        bus = make_fieldbus(config)
        output = _relay(drive.relay) if drive.relay is not None else None
    except InspectorError:
        run_gateway(pipe, config)  # it says what is missing
        return

    def tell(news: wire.GateNews) -> None:
        pipe.send_bytes(wire.encode(news))

    run_at_once()
    told = DirectGateBus(
        bus, drive, tell, output=output, stale_s=_STALE_SCANS * config.scan_ms / 1e3
    )
    Gateway(pipe, config, told).run()


def _relay(config: GateRelay) -> GateOutput:
    from inspector.plc.buses.gate_relay import SerialGate  # noqa: PLC0415  # of the extra plc

    return SerialGate(config)


class DirectGateBus:
    """Implements ``Fieldbus`` around another one, as the sorting PLC that is not there.

    It takes results and acknowledges them, makes ``trigger`` of each part that the PLC counted,
    and sets the gate in the same exchange in which a count asks for it. ``tell`` is called on the
    same thread, and raises ``OSError`` when nobody listens any more.
    """

    def __init__(
        self,
        bus: Fieldbus,
        drive: Drive,
        tell: Callable[[wire.GateNews], None],
        *,
        output: GateOutput | None = None,
        stale_s: float,
        now_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._bus = bus
        self._gate = DirectGate(drive.settings)
        self._by_station = drive.by_station
        self._tell = tell
        self._output = output
        self._stale_ns = int(stale_s * 1e9)
        self._now_ns = now_ns
        self._beat, self._beat_ns = -1, 0
        self._let_pass = False
        self._toggle: bool | None = None
        self._came: deque[tuple[int, str]] = deque()
        self._pulse = False
        self._shown = (0, "")
        self._timeout_rejects = 0
        self._images: Images | None = None

    def open(self) -> None:
        """Connect, and close the gate; nothing is known of the belt yet."""
        self._set_output()
        self._bus.open()
        self._toggle, self._beat_ns = None, self._now_ns()

    def exchange(self, outputs: Outputs) -> Inputs | None:
        """One scan of the PLC that we are, or two where the gate is to move."""
        try:
            seen = self._scan(outputs)
            # A forced bit moves every wire to the gate, as a verdict would.
            wanted = seen is not None and (self._wanted(seen) or outputs.gate_pass)
            if seen is not None and wanted != self._let_pass:
                self._let_pass = wanted
                self._set_output()
                seen = self._scan(outputs)
        except PlcError:
            self._lose("the connection to the PLC was lost")
            raise
        self._tell_news()
        return seen if seen is None else self._as_sorter(seen, outputs)

    def images(self) -> Images | None:
        """What the PLC was told and said itself, ``gate_pass`` included."""
        return self._images

    def close(self) -> None:
        """The gate ejects."""
        self._lose("the connection to the PLC was closed")
        if self._output is not None:
            self._output.close()
        self._bus.close()

    # -- one scan -------------------------------------------------------------------------------

    def _scan(self, outputs: Outputs) -> Inputs | None:
        told = replace(outputs, gate_pass=self._let_pass and outputs.online and not outputs.error)
        seen = self._bus.exchange(told)
        self._images = Images(told, seen)
        if seen is None:
            return None
        now_ns = self._now_ns()
        if seen.heartbeat != self._beat:
            self._beat, self._beat_ns = seen.heartbeat, now_ns
        self._take_result(outputs)
        why = "" if outputs.online and not outputs.error else "the station is in error"
        if self._gate.scan(seen, now_ns, distrusted=why, bypassed=outputs.bypass):
            self._came.append((seen.encoder, seen.serial))
        return seen

    def _take_result(self, outputs: Outputs) -> None:
        if not outputs.result_valid or outputs.result_toggle == self._toggle:
            return
        self._toggle = outputs.result_toggle
        passed = outputs.ok and not outputs.ng
        self._gate.verdict(outputs.encoder, outputs.part_id, passed=passed)

    def _wanted(self, seen: Inputs) -> bool:
        """A belt that stands and a PLC that stands look the same, but for the heartbeat."""
        fresh = self._now_ns() - self._beat_ns <= self._stale_ns
        return self._gate.let_pass and fresh

    def _set_output(self) -> None:
        if self._by_station:
            self._say(wire.GateNews(let_pass=self._let_pass))
        if self._output is not None:
            self._output.set(let_pass=self._let_pass)

    def _lose(self, why: str) -> None:
        self._gate.lose(why)
        self._came.clear()
        if self._let_pass:
            self._let_pass = False
            with contextlib.suppress(PlcError):  # it is closed by its own watchdog
                self._set_output()
        self._tell_news()

    # -- the image of a PLC that sorts ----------------------------------------------------------

    def _as_sorter(self, seen: Inputs, outputs: Outputs) -> Inputs:
        self._pulse = not self._pulse and bool(self._came)
        if self._pulse:
            self._shown = self._came.popleft()
        encoder, serial = self._shown
        return replace(
            seen,
            result_ack=outputs.result_toggle,
            trigger=self._pulse,
            encoder=encoder,
            serial=serial,
            timeout_rejects=self._timeout_rejects,
        )

    def _tell_news(self) -> None:
        gone, noticed = self._gate.take_news()
        self._timeout_rejects += sum(one.part_id == 0 for one in gone)
        if gone or noticed:
            self._say(wire.GateNews(tuple(gone), tuple(noticed)))

    def _say(self, news: wire.GateNews) -> None:
        with contextlib.suppress(OSError):  # the gateway sees it at the next look into the pipe
            self._tell(news)
