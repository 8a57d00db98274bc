"""The gateway: a process of its own between station and PLC, and the watchdog of the station.

It alone talks to the PLC. So a station whose interpreter stands still, or that was killed, cannot
leave a result standing: the gateway notices the silence and withdraws everything at once. And no
work of the station delays an exchange.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection

from inspector.core.errors import InspectorError, PlcAwaited, PlcError, RefusedError
from inspector.core.plc_config import BusConfig
from inspector.core.ports import PlcInputs
from inspector.plc import wire
from inspector.plc.fieldbus import Fieldbus
from inspector.plc.handshake import Handshake, meaning
from inspector.plc.images import Driven, Forcing, Images
from inspector.plc.making import make_fieldbus
from inspector.plc.registers import Inputs, Outputs

STOPPED_ANSWERING = 4
"""``error_code``: the station is silent."""
_FIRST_RETRY_S = 0.1
_LONGEST_RETRY_S = 2.0
_LOOKED_AT_S = 2.0
"""Images are shown for so long after somebody looked, so that they never fill the pipe."""
_SHOW_S = 0.2


def run_gateway(pipe: Connection, config: BusConfig) -> None:
    """Until the station says so, or is gone. The entry of the process."""
    try:
        bus = make_fieldbus(config)
    except InspectorError as error:  # such as a library that is not installed
        bus = _Missing(error)
    Gateway(pipe, config, bus).run()


class _Missing:
    """Implements ``Fieldbus`` for one that cannot be made: it never opens, and says why."""

    def __init__(self, reason: InspectorError) -> None:
        self._reason = reason

    def open(self) -> None:
        raise self._reason

    def exchange(self, outputs: Outputs) -> Inputs | None:
        raise self._reason

    def close(self) -> None:
        pass


class Gateway:
    """Exchanges the images at each scan, and at once when a result or a status came.

    One thread. The silence of the station and of the PLC is measured here; ours is measured by the
    station, to which we say something each half of ``heartbeat_ms``, unless a library holds us.
    """

    def __init__(
        self,
        pipe: Connection,
        config: BusConfig,
        bus: Fieldbus,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pipe = pipe
        self._bus = bus
        self._now_s = now_s
        self._scan_s = config.scan_ms / 1e3
        self._watchdog_s = config.watchdog_ms / 1e3
        self._silence_s = 3 * config.heartbeat_ms / 1e3
        self._sign_s = config.heartbeat_ms / 2e3
        self._taken = self._told_taken = 0
        self._sign_at_s = self._turned_s = now_s()
        self._handshake = Handshake(acknowledged=config.acknowledged, hold_scans=config.hold_scans)
        self._heard_at_s = now_s()
        self._open = False
        self._retry_at_s = 0.0
        self._retry_s = _FIRST_RETRY_S
        self._beat: int | None = None
        self._beat_at_s = now_s()
        self._told = PlcInputs(connected=False, detail="not connected yet")
        self._ending = False
        self._forcing = Forcing()
        self._inputs: Inputs | None = None
        self._look_ends_s = self._show_at_s = 0.0

    def run(self) -> None:
        """Until ``End`` or the end of the pipe."""
        due_s = self._now_s()
        self._sign(due_s)  # a library may take long to connect
        try:
            while not self._ending:
                next_s = min(due_s, self._sign_at_s)
                hurry = self._listen(max(next_s - self._now_s(), 0.0))
                now_s = self._now_s()
                self._notice_a_gap(now_s)
                if hurry or now_s >= due_s:
                    self._look_after_station(now_s)
                    self._exchange(now_s)
                    due_s = max(due_s, now_s - self._scan_s) + (0.0 if hurry else self._scan_s)
                self._sign(now_s)
                self._show(now_s)
        finally:
            self._bus.close()

    # -- the station ----------------------------------------------------------------------------

    def _listen(self, timeout_s: float) -> bool:
        """Take what the station says; True when the PLC must know at once."""
        hurry = False
        try:
            while self._pipe.poll(0.0 if hurry else timeout_s):
                data = self._pipe.recv_bytes()
                self._taken += wire.size(data)
                hurry |= self._obey(wire.decode_command(data))
                timeout_s = 0.0
        except (EOFError, OSError):  # the station is gone
            self._handshake.withdraw(STOPPED_ANSWERING)
            self._ending = True
            self._exchange(self._now_s())
        return hurry

    def _obey(self, command: wire.ToGateway) -> bool:
        match command:
            case wire.Alive():
                self._heard_at_s = self._now_s()
                self._handshake.beat()
                return False
            case wire.Publish(result):
                self._handshake.publish(result)
            case wire.Status():
                self._handshake.set_status(command.status)
            case wire.RecipeAnswer(recipe, confirmed):
                self._handshake.answer_recipe(recipe, confirmed=confirmed)
            case wire.Exposed(count):
                self._handshake.exposed(count)
            case wire.Look():
                self._look_ends_s = self._now_s() + _LOOKED_AT_S
                return False
            case wire.Forced(force):
                with contextlib.suppress(RefusedError):  # the station refused it before us
                    self._forcing.set(force, self._now_s())
            case wire.End():
                self._ending = True
        return True

    def _notice_a_gap(self, now_s: float) -> None:
        if now_s - self._turned_s > self._watchdog_s:
            self._handshake.forget_results()  # we stood still: their parts are past the gate
        self._turned_s = now_s

    def _sign(self, now_s: float) -> None:
        """Say that we live and what we took: in time, but for no single result."""
        if self._taken - self._told_taken > wire.WINDOW // 8 or now_s >= self._sign_at_s:
            self._told_taken, self._sign_at_s = self._taken, now_s + self._sign_s
            self._send(wire.Taken(self._taken))

    def _look_after_station(self, now_s: float) -> None:
        if now_s - self._heard_at_s > self._watchdog_s:
            self._handshake.withdraw(STOPPED_ANSWERING)
        else:
            self._handshake.restore()

    # -- the PLC --------------------------------------------------------------------------------

    def _exchange(self, now_s: float) -> None:
        if not self._open and not self._connect(now_s):
            return
        try:
            inputs = self._bus.exchange(self._outputs(now_s))
        except PlcAwaited as error:  # a server goes on listening
            self._beat = None
            self._miss(error)
            return
        except PlcError as error:
            self._lose(error, now_s)
            return
        self._inputs = inputs
        demands = self._handshake.exchanged(inputs)
        for demand in demands:
            self._send(wire.Asked(demand))
        self._tell(self._heard(inputs, now_s))

    def _connect(self, now_s: float) -> bool:
        if now_s < self._retry_at_s:
            return False
        try:
            self._bus.open()
        except InspectorError as error:
            self._lose(error, now_s)
            return False
        self._open, self._retry_s = True, _FIRST_RETRY_S
        self._handshake.lost_peer()  # what came while nobody was there is old
        self._beat, self._beat_at_s = None, now_s
        return True

    def _outputs(self, now_s: float) -> Outputs:
        return self._forcing.applied(self._handshake.outputs(), now_s)

    def _show(self, now_s: float) -> None:
        """Tell the images a few times a second, while somebody looks."""
        if not self._show_at_s <= now_s < self._look_ends_s:
            return
        self._show_at_s = now_s + _SHOW_S
        told = self._bus.images() if self._open and isinstance(self._bus, Driven) else None
        inputs = self._inputs if self._open else None
        images = told or Images(self._outputs(now_s), inputs)
        age_s = now_s - self._beat_at_s if images.inputs is not None else None
        self._send(wire.Picture.of(replace(images, beat_age_s=age_s)))

    def _lose(self, error: InspectorError, now_s: float) -> None:
        self._miss(error)  # first: closing may take its time
        self._bus.close()
        self._open = False
        self._retry_at_s = now_s + self._retry_s
        self._retry_s = min(2 * self._retry_s, _LONGEST_RETRY_S)

    def _miss(self, error: InspectorError) -> None:
        self._handshake.lost_peer()
        self._tell(PlcInputs(connected=False, detail=str(error)))

    def _heard(self, inputs: Inputs | None, now_s: float) -> PlcInputs:
        if inputs is None:
            return PlcInputs()
        if inputs.heartbeat != self._beat:
            self._beat, self._beat_at_s = inputs.heartbeat, now_s
        heard = meaning(inputs, overrun=self._handshake.outputs().overrun)
        if now_s - self._beat_at_s > self._silence_s:
            self._handshake.lost_peer()  # it must not find an old result when it goes on
            detail = f"its heartbeat has stood still for more than {self._silence_s:g} s"
            return replace(heard, connected=False, detail=detail)
        return heard

    def _tell(self, inputs: PlcInputs) -> None:
        if inputs != self._told:
            self._told = inputs
            self._send(wire.Heard(inputs))

    def _send(self, news: wire.FromGateway) -> None:
        try:
            self._pipe.send_bytes(wire.encode(news))
        except OSError:  # seen at the next look into the pipe
            self._ending = True
