"""The station's end of the gateway: the port ``Plc`` over any fieldbus."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace

import structlog

from inspector.core.errors import PlcError, PlcLost
from inspector.core.plc_config import BusConfig
from inspector.core.ports import PlcInputs, PlcStatus
from inspector.core.verdict import Verdict
from inspector.plc import wire
from inspector.plc.gateway import run_gateway
from inspector.plc.gateway_process import Entry, GatewayProcess
from inspector.plc.handshake import Demand, Result
from inspector.plc.images import Force, Images
from inspector.plc.registers import CAUSES

_log = structlog.get_logger(__name__)

_FIRST_S = 10.0
"""How long the first connection may take, the start of the process included."""
_END_S = 3.0
_PATIENCE_S = 20.0
"""Silence after which a gateway is killed; no library takes as long to start or to give up."""
_PAUSE_S = 0.2
_LONGEST_S = 60.0
_LOOK_S = 0.1


class FieldbusPlc:
    """Implements ``Plc``: hands everything to the gateway process, and keeps what that heard.

    No method but ``open`` and ``close`` ever waits. ``publish`` raises ``PlcLost`` while the PLC
    cannot be reached, or the gateway does not take what it is given: the part is rejected, and the
    gate ejects it for want of a result. A gateway that says nothing for three of ``heartbeat_ms``
    counts as a PLC that is lost; one that ended, or stays silent, is replaced, with growing pauses
    and growing patience until one is connected. ``on_demand`` and ``on_gate`` are called on the
    listener's thread.
    """

    def __init__(
        self,
        config: BusConfig,
        on_demand: Callable[[Demand], None] = lambda _demand: None,
        *,
        entry: Entry = run_gateway,
        awaited: bool = True,
        on_gate: Callable[[wire.GateNews], None] = lambda _news: None,
    ) -> None:
        self.name = config.name or config.driver
        self.lost = 0
        """Results that could not be handed over."""
        self._awaited = awaited
        self._config = config
        self._entry = entry
        self._on_demand = on_demand
        self._on_gate = on_gate
        self._silence_s = 3 * config.heartbeat_ms / 1e3
        self._told = self._inputs = PlcInputs(connected=False, detail="not connected yet")
        self._status: PlcStatus | None = None
        self._sent_status: PlcStatus | None = None
        self._gateway: GatewayProcess | None = None
        self._images: Images | None = None
        self._failures = 0
        self._heard = threading.Condition()
        self._closing = threading.Event()
        self._listener: threading.Thread | None = None

    def open(self) -> None:
        """Start the gateway and wait until the PLC is there. Raises ``PlcError``.

        One that is not awaited may come at any time.
        """
        self._closing.clear()
        gateway = self._launch()
        self._listener = threading.Thread(
            target=self._listen, args=(gateway,), name=f"plc-{self.name}", daemon=True
        )
        self._listener.start()
        if not self._awaited:
            return
        with self._heard:
            if self._heard.wait_for(lambda: self._inputs.connected, _FIRST_S):
                return
        reason = self._inputs.detail
        self.close()
        raise PlcError(f"plc {self.name}: {reason}", remedy="Check plc: in the line's file")

    def _launch(self) -> GatewayProcess:
        gateway = GatewayProcess(self._entry, self._config, self.name)
        self._gateway, self._sent_status = gateway, None
        self._tell_status()
        return gateway

    def _send(self, message: wire.ToGateway) -> None:
        gateway = self._gateway
        if gateway is None:
            raise PlcLost(f"plc {self.name}: not open")
        gateway.send(message)

    def publish(self, verdict: Verdict) -> None:
        """Hand the result to the gateway. Raises ``PlcLost`` while nobody would see it."""
        result = Result(
            part_id=verdict.part_id,
            trigger_count=verdict.trigger_count,
            encoder=verdict.encoder_count,
            passed=verdict.passed,
            cause=CAUSES[verdict.cause],
            master=bool(verdict.master),
        )
        try:
            if not self._inputs.connected:
                raise PlcLost(f"plc {self.name}: {self._inputs.detail}")
            self._send(wire.Publish(result))
        except PlcLost:
            self.lost += 1
            raise

    def exposed(self, count: int) -> None:
        """A part's frames are there."""
        with contextlib.suppress(PlcLost):  # its result will not come either
            self._send(wire.Exposed(count))

    def set_status(self, status: PlcStatus) -> None:
        """State, readiness, counts; sent when they change."""
        self._status = status
        self._tell_status()

    def _tell_status(self) -> None:
        status = self._status
        if status is None or status == self._sent_status:
            return
        with contextlib.suppress(PlcLost):  # it is sent at the next call, or to the next gateway
            self._send(wire.Status.of(status))
            self._sent_status = status

    def beat(self) -> None:
        """The inspection moves."""
        with contextlib.suppress(PlcLost):  # a gateway that is gone withdraws by its absence
            self._send(wire.Alive())

    def answer_recipe(self, recipe: int, *, confirmed: bool) -> None:
        """Answer a recipe request."""
        with contextlib.suppress(PlcLost):  # it asks again
            self._send(wire.RecipeAnswer(recipe, confirmed))

    def read_inputs(self) -> PlcInputs:
        """What was heard last. Any thread."""
        return self._inputs

    def images(self) -> Images | None:
        """What was exchanged last; asked for again and again, they go on coming."""
        with contextlib.suppress(PlcLost):
            self._send(wire.Look())
        return self._images

    def force(self, force: Force) -> None:
        """Force an output; the gateway does so in Halted alone. Raises ``PlcLost``."""
        self._send(wire.Forced(force))

    def close(self) -> None:
        """Withdraw everything and end the gateway."""
        self._closing.set()
        with contextlib.suppress(PlcLost):
            self._send(wire.End())
        if self._listener is not None and self._listener is not threading.current_thread():
            self._listener.join(3 * _END_S)  # after which nobody starts another gateway
        gateway, self._gateway = self._gateway, None
        if gateway is not None:
            gateway.close(_END_S)
        self._on_gate(wire.GateNews(let_pass=False))

    # -- the listener's thread ------------------------------------------------------------------

    def _listen(self, gateway: GatewayProcess) -> None:
        while not self._closing.is_set():
            try:
                gateway = self._look(gateway)
            except Exception as error:  # noqa: BLE001  # thread edge: the PLC counts as lost
                _log.exception("PLC listener failed")
                self._hear(PlcInputs(connected=False, detail=f"{type(error).__name__}: {error}"))
                self._closing.wait(_PAUSE_S)

    def _look(self, gateway: GatewayProcess) -> GatewayProcess:
        """One turn; returns the gateway of the next."""
        try:
            news = gateway.receive(_LOOK_S)
        except (EOFError, OSError):
            return self._replace(gateway, "has ended", patience_s=_END_S)
        if news is not None:
            self._take(news)
        elif gateway.silent_s > self._longer(_PATIENCE_S):
            return self._replace(gateway, "hangs", patience_s=0.0)
        elif gateway.silent_s > self._silence_s:
            self._miss("says nothing")
        return gateway

    def _take(self, news: wire.FromGateway) -> None:
        match news:
            case wire.Heard(inputs):
                self._told = inputs
            case wire.Asked(demand):
                self._on_demand(demand)
            case wire.GateNews():
                self._on_gate(news)
            case wire.Picture():
                self._images = news.images
        self._hear(self._told)
        if self._inputs.connected:
            self._failures = 0

    def _hear(self, inputs: PlcInputs) -> None:
        if inputs == self._inputs:
            return
        with self._heard:
            self._inputs = inputs
            self._heard.notify_all()

    def _miss(self, what: str) -> None:
        """Nobody is told while the gateway does this; why a PLC was lost before says more."""
        if self._told.connected:
            detail = f"the gateway process {what}"
            self._on_gate(wire.GateNews(let_pass=False))
            self._hear(replace(self._told, connected=False, detail=detail))

    def _replace(self, gateway: GatewayProcess, what: str, *, patience_s: float) -> GatewayProcess:
        """Start another one, unless this one ended as it was told."""
        if self._closing.is_set():
            return gateway
        _log.error(f"gateway process {what}", plc=self.name, lost=self.lost)
        self._miss(what)
        self._told = self._inputs
        gateway.close(patience_s)
        pause_s, self._failures = self._longer(_PAUSE_S), self._failures + 1
        return gateway if self._closing.wait(pause_s) else self._launch()

    def _longer(self, first_s: float) -> float:
        return min(first_s * 2.0**self._failures, _LONGEST_S)
