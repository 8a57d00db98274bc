"""A simulated PLC: scan cycle, registers, result buffer, heartbeat time-out and the gate."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from inspector.core.errors import PlcError
from inspector.core.ports import Clock, PlcInputs, PlcStatus
from inspector.core.verdict import Verdict
from inspector.plc.images import Force, Forcing, Images
from inspector.plc.registers import Inputs, Outputs
from inspector.plc.tracking import Fate
from inspector.sim.belt import Belt
from inspector.sim.gate import Gate


@dataclass(frozen=True, slots=True)
class Registers:
    """What stands in the PLC's input image: our outputs, as it sees them.

    ``ok`` and ``ng`` are separate: neither means no result, both mean invalid. ``result_valid``
    toggles with every result.
    """

    status: PlcStatus = field(default_factory=PlcStatus)
    heartbeat: int = 0
    result_valid: bool = False
    ok: bool = False
    ng: bool = False
    part_id: int = 0
    trigger_count: int = 0
    overrun: bool = False
    timeout_rejects: int = 0

    @property
    def outputs(self) -> Outputs:
        """As the image of a PLC that is none."""
        status = self.status
        return Outputs(
            online=status.online,
            ready=status.ready,
            busy=status.busy,
            result_valid=self.ok or self.ng,
            result_toggle=self.result_valid,
            ok=self.ok,
            ng=self.ng,
            error=status.error,
            overrun=self.overrun,
            missed_trigger=status.missed_trigger,
            plc_may_write=status.plc_may_write,
            stop_request=status.stop_request,
            bypass=status.bypass,
            production=status.production,
            heartbeat=self.heartbeat,
            state=status.state,
            health=status.health,
            error_code=status.error_code,
            recipe=status.recipe_id,
            part_id=self.part_id & 0xFFFFFFFF,
            trigger_count=self.trigger_count & 0xFFFFFFFF,
            rejects=status.rejects,
            verdicts=status.verdicts,
        )


class SimulatedPlc:
    """Implements the port ``Plc`` and plays the plant behind it.

    Results wait in a bounded buffer for the next scan (``overrun`` is set and the result is lost
    when it is full: the gate then ejects by time-out). When our heartbeat stands still for
    three of its periods, or ``error`` is set, all passes are withdrawn. The scan runs on a thread
    of its own between ``open`` and ``close``.
    """

    _BUFFER = 64

    def __init__(
        self,
        belt: Belt,
        clock: Clock,
        *,
        distance_counts: int,
        scan_s: float,
        heartbeat_s: float,
        on_fate: Callable[[int, Fate], None] = lambda _count, _fate: None,
    ) -> None:
        self._belt = belt
        self._clock = clock
        self._scan_s = scan_s
        self._silence_ns = int(3 * heartbeat_s * 1e9)
        self._gate = Gate(distance_counts, on_fate)
        self._results: deque[Verdict] = deque()
        self._lock = threading.Lock()
        self._registers = Registers()
        self._forcing = Forcing()
        self._beat_seen = -1
        self._beat_at_ns = 0
        self._arrived = 0
        self._scans = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated-plc", daemon=True)
        self._open = False

    @property
    def registers(self) -> Registers:
        """The input image at this moment."""
        return self._registers

    @property
    def fates(self) -> dict[Fate, int]:
        """How many parts met which fate so far."""
        return dict(self._gate.fates)

    def open(self) -> None:
        """Begin to scan."""
        self._open = True
        self._thread.start()

    def publish(self, verdict: Verdict) -> None:
        """Hand a result over for the next scan."""
        if not self._open:
            raise PlcError("simulated PLC: not connected", remedy="Start the line first")
        with self._lock:
            full = len(self._results) >= self._BUFFER
            if not full:
                self._results.append(verdict)
            old = self._registers
            self._registers = replace(
                old,
                result_valid=not old.result_valid,
                ok=verdict.passed,
                ng=not verdict.passed,
                part_id=verdict.part_id,
                trigger_count=verdict.trigger_count,
                overrun=old.overrun or full,
            )

    def exposed(self, count: int) -> None:
        """The belt does not wait."""

    def answer_recipe(self, recipe: int, *, confirmed: bool) -> None:
        """Nobody asks."""

    def set_status(self, status: PlcStatus) -> None:
        """Online, ready, busy, error."""
        with self._lock:
            self._registers = replace(self._registers, status=status)

    def beat(self) -> None:
        """Advance the heartbeat (16 bit)."""
        with self._lock:
            beat = (self._registers.heartbeat + 1) & 0xFFFF
            self._registers = replace(self._registers, heartbeat=beat)

    def read_inputs(self) -> PlcInputs:
        """The PLC's heartbeat is its scan count."""
        return PlcInputs(
            heartbeat=self._scans & 0xFFFF,
            overrun=self._registers.overrun,
            triggers=self._belt.count if self._belt.moving else None,
        )

    def images(self) -> Images:
        """What would stand in registers. A forced output moves nothing here."""
        now_s = self._clock.monotonic_ns() / 1e9
        with self._lock:
            outputs = self._forcing.applied(self._registers.outputs, now_s)
        inputs = Inputs(
            trigger_enable=self._belt.moving,
            result_ack=outputs.result_toggle,
            counts_triggers=self._belt.moving,
            heartbeat=self._scans & 0xFFFF,
            trigger_count=self._belt.count & 0xFFFFFFFF,
            encoder_now=self._belt.encoder & 0xFFFFFFFF,
            timeout_rejects=self._registers.timeout_rejects,
        )
        return Images(outputs, inputs, 0.0 if self._open else None)

    def force(self, force: Force) -> None:
        """Show an output as it is wanted, in Halted alone."""
        with self._lock:
            self._forcing.set(force, self._clock.monotonic_ns() / 1e9)

    def close(self) -> None:
        """Stop scanning; what is still on the belt is ejected."""
        self._open = False
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def drain(self, timeout_s: float) -> bool:
        """Wait until the belt has carried every part to the gate. Any thread."""
        waited = threading.Event()
        for _ in range(max(1, int(timeout_s / self._scan_s))):
            if self._arrived == self._belt.count and self._gate.waiting == 0:
                return True
            waited.wait(self._scan_s)
        return False

    def _run(self) -> None:
        while not self._closing.wait(self._scan_s):
            self._scan()

    def _scan(self) -> None:
        self._scans += 1
        for count in range(self._arrived + 1, self._belt.count + 1):
            self._gate.arrive(self._belt.trigger(count))
            self._arrived = count
        with self._lock:
            results, self._results = self._results, deque()
            registers = self._registers
        for verdict in results:
            self._gate.result(verdict.trigger_count, passed=verdict.passed)
        if self._silent(registers) or registers.status.error:
            self._gate.withdraw()
        self._gate.advance(self._belt.encoder)
        with self._lock:
            rejects = self._gate.fates[Fate.TIMEOUT_EJECTED]
            self._registers = replace(self._registers, timeout_rejects=rejects)

    def _silent(self, registers: Registers) -> bool:
        now = self._clock.monotonic_ns()
        if registers.heartbeat != self._beat_seen:
            self._beat_seen, self._beat_at_ns = registers.heartbeat, now
        return now - self._beat_at_ns > self._silence_ns
