"""The station's end of the gateway: the port ``Plc`` over any fieldbus."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import structlog

from inspector.core.errors import PlcError, PlcLost
from inspector.core.plc_config import BusConfig
from inspector.core.ports import PlcInputs, PlcStatus
from inspector.core.verdict import Verdict
from inspector.plc import wire
from inspector.plc.gateway import run_gateway
from inspector.plc.handshake import Demand, Result
from inspector.plc.registers import CAUSES

_log = structlog.get_logger(__name__)

_FIRST_S = 10.0
"""How long the first connection may take, the start of the process included."""
_END_S = 3.0
Entry = Callable[[Connection, BusConfig], None]


class FieldbusPlc:
    """Implements ``Plc``: hands everything to the gateway process, and keeps what that heard.

    ``publish`` raises ``PlcLost`` while the PLC cannot be reached: the part is rejected, and the
    gate ejects it for want of a result. A gateway that ended is started again. ``on_demand`` is
    called on the listener's thread.
    """

    def __init__(
        self,
        config: BusConfig,
        on_demand: Callable[[Demand], None] = lambda _demand: None,
        *,
        entry: Entry = run_gateway,
        awaited: bool = True,
    ) -> None:
        self._awaited = awaited
        self._config = config
        self._entry = entry
        self._on_demand = on_demand
        self.name = config.name or config.driver
        self._inputs = PlcInputs(connected=False, detail="not connected yet")
        self._status: PlcStatus | None = None
        self._pipe: Connection | None = None
        self._process: BaseProcess | None = None
        self._sending = threading.Lock()
        self._heard = threading.Condition()
        self._closing = threading.Event()
        self._listener: threading.Thread | None = None

    def open(self) -> None:
        """Start the gateway and wait until the PLC is there. Raises ``PlcError``.

        One that is not awaited may come at any time.
        """
        self._closing.clear()
        self._launch()
        self._listener = threading.Thread(target=self._listen, name=f"plc-{self.name}", daemon=True)
        self._listener.start()
        if not self._awaited:
            return
        with self._heard:
            if self._heard.wait_for(lambda: self._inputs.connected, _FIRST_S):
                return
        reason = self._inputs.detail
        self.close()
        raise PlcError(f"plc {self.name}: {reason}", remedy="Check plc: in the line's file")

    def _launch(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        process = spawn.Process(
            target=self._entry, args=(theirs, self._config), name=f"plc-{self.name}", daemon=True
        )
        process.start()
        theirs.close()  # else its end would not be seen
        self._pipe, self._process = ours, process
        if self._status is not None:
            self._send(wire.Status(self._status))

    def _send(self, message: wire.ToGateway) -> None:
        pipe = self._pipe
        if pipe is None:
            raise PlcLost(f"plc {self.name}: not open")
        try:
            with self._sending:
                pipe.send_bytes(wire.encode(message))
        except (OSError, ValueError) as error:
            raise PlcLost(f"plc {self.name}: the gateway process has ended") from error

    def publish(self, verdict: Verdict) -> None:
        """Hand the result to the gateway. Raises ``PlcLost`` while nobody would see it."""
        if not self._inputs.connected:
            raise PlcLost(f"plc {self.name}: {self._inputs.detail}")
        result = Result(
            part_id=verdict.part_id,
            trigger_count=verdict.trigger_count,
            encoder=verdict.encoder_count,
            passed=verdict.passed,
            cause=CAUSES[verdict.cause],
            master=bool(verdict.master),
        )
        self._send(wire.Publish(result))

    def exposed(self, count: int) -> None:
        """A part's frames are there."""
        with contextlib.suppress(PlcLost):  # its result will not come either
            self._send(wire.Exposed(count))

    def set_status(self, status: PlcStatus) -> None:
        """State, readiness, counts; sent when they change."""
        if status == self._status:
            return
        self._status = status
        with contextlib.suppress(PlcLost):  # it is sent to the next gateway
            self._send(wire.Status(status))

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

    def close(self) -> None:
        """Withdraw everything and end the gateway."""
        self._closing.set()
        with contextlib.suppress(PlcLost):
            self._send(wire.End())
        process, self._process = self._process, None
        if process is not None:
            process.join(_END_S)
            if process.is_alive():
                process.kill()
                process.join(_END_S)
        if self._listener is not None and self._listener is not threading.current_thread():
            self._listener.join(_END_S)
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    # -- the listener's thread ------------------------------------------------------------------

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                assert self._pipe is not None
                self._take(wire.decode_news(self._pipe.recv_bytes()))
            except (EOFError, OSError):
                self._revive()
            except Exception as error:  # noqa: BLE001  # thread edge: the PLC counts as lost
                _log.exception("PLC listener failed")
                self._hear(PlcInputs(connected=False, detail=f"{type(error).__name__}: {error}"))

    def _take(self, news: wire.FromGateway) -> None:
        if isinstance(news, wire.Heard):
            self._hear(news.inputs)
        else:
            self._on_demand(news.demand)

    def _hear(self, inputs: PlcInputs) -> None:
        with self._heard:
            self._inputs = inputs
            self._heard.notify_all()

    def _revive(self) -> None:
        """The gateway ended without being told: start it again."""
        if self._closing.is_set():
            return
        _log.error("gateway process ended", plc=self.name)
        self._hear(replace(self._inputs, connected=False, detail="the gateway process has ended"))
        if self._process is not None:
            self._process.join(_END_S)
        if not self._closing.wait(0.2):
            self._launch()
