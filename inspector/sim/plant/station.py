"""The stand-in of camera and station: frames, deadlines, verdicts, and the true handshake."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from inspector.core.deadlines import DeadlineQueue
from inspector.core.ports import PlcStatus
from inspector.core.verdict import Cause
from inspector.plc.handshake import Handshake, Result
from inspector.plc.registers import CAUSES, Inputs, Outputs
from inspector.sim.plant.events import EventQueue
from inspector.sim.plant.scenario import StationPlan


class Wire:
    """The registers in the PLC's memory, and a line that can be cut."""

    def __init__(self) -> None:
        self._outputs = Outputs()
        self._inputs = Inputs()
        self.cut = False

    def read(self) -> Outputs:
        """As the PLC sees it."""
        return self._outputs

    def write(self, inputs: Inputs) -> None:
        """From the PLC."""
        self._inputs = inputs

    def reset(self) -> None:
        """The PLC was restarted: its memory is empty."""
        self._outputs, self._inputs = Outputs(), Inputs()

    def killed(self) -> None:
        """The station's program was killed; its outputs stay as they are."""

    def exchange(self, outputs: Outputs) -> Inputs | None:
        """From the station; None when the line is cut."""
        if self.cut:
            return None
        self._outputs = outputs
        return self._inputs


@dataclass(frozen=True, slots=True)
class _Frame:
    trigger_count: int
    encoder: int
    triggered_ns: int
    good: bool


class StandInStation:
    """Sees what the camera saw, decides late at times, stalls and dies on demand."""

    WATCHDOG_S = 0.5

    def __init__(self, plan: StationPlan, events: EventQueue, wire: Wire, random: Random) -> None:
        self._plan = plan
        self._events = events
        self._wire = wire
        self._random = random
        self._queue: DeadlineQueue[_Frame] = DeadlineQueue()
        self._life = 0
        self._alive = False
        self._busy = False
        self._stalled_from_ns = self._stalled_until_ns = 0
        self.extra_ms = 0.0
        """A late camera."""
        self.frames_to_lose = 0
        self.causes: Counter[Cause] = Counter()
        self._handshake = Handshake()
        self.begin()

    @property
    def alive(self) -> bool:
        """False after a crash."""
        return self._alive

    def begin(self) -> None:
        """The program is started."""
        self._life += 1
        self._alive, self._busy = True, False
        self._handshake = Handshake()
        self._handshake.set_status(PlcStatus(online=True, ready=True, busy=True))
        self._repeat(self._plan.exchange_ms, self._exchange)
        self._repeat(self._plan.beat_ms, self._beat)

    def crash(self) -> None:
        """The program is killed; what it knew is lost."""
        self._alive = False
        self._life += 1
        self._queue.clear()
        self._wire.killed()

    def stall(self, seconds: float) -> None:
        """The inspection thread stands still."""
        self._stalled_from_ns = self._events.now_ns
        self._stalled_until_ns = self._events.now_ns + round(seconds * 1e9)

    def trigger(self, trigger_count: int, encoder: int, *, good: bool) -> None:
        """The camera is triggered."""
        frame = _Frame(trigger_count, encoder, self._events.now_ns, good)
        plan = self._plan
        if self.frames_to_lose:
            self.frames_to_lose -= 1
            self._after(plan.frame_timeout_ms, lambda: self._publish(frame, Cause.FRAME_LOST))
        else:
            taken_ms = plan.exposure_ms + plan.transfer_ms + self.extra_ms
            self._after(taken_ms, lambda: self._arrive(frame))

    def _after(self, ms: float, action: Callable[[], None]) -> None:
        """Do it later, unless the program was killed meanwhile."""
        life = self._life

        def act() -> None:
            if life == self._life and self._alive:
                action()

        self._events.after(ms / 1e3, act)

    def _repeat(self, ms: float, action: Callable[[], None]) -> None:
        def again() -> None:
            action()
            self._after(ms, again)

        self._after(ms, again)

    def _beat(self) -> None:
        now_ns = self._events.now_ns
        stalled = now_ns < self._stalled_until_ns
        if stalled and now_ns - self._stalled_from_ns > self.WATCHDOG_S * 1e9:
            self._handshake.withdraw(4)
        elif not stalled:
            self._handshake.restore()
            self._handshake.beat()

    def _exchange(self) -> None:
        inputs = self._wire.exchange(self._handshake.outputs())
        if inputs is None:
            self._handshake.lost_peer()
        else:
            self._handshake.exchanged(inputs)

    def _arrive(self, frame: _Frame) -> None:
        self._queue.push(frame, frame.triggered_ns + round(self._plan.deadline_ms * 1e6))
        if not self._busy:
            self._serve()

    def _serve(self) -> None:
        needs_ns = round(self._plan.service_ms * 1e6)
        frame, hopeless = self._queue.pop(self._events.now_ns, needs_ns)
        for one in hopeless:
            self._publish(one, Cause.EXPIRED)
        self._busy = frame is not None
        if frame is None:
            return
        chosen = frame
        took_ms = self._plan.service_ms * self._random.uniform(0.6, 1.4)
        if self._random.random() < self._plan.late_share:
            took_ms += self._plan.deadline_ms * self._random.uniform(0.5, 2.0)
        stalled_ms = max(0, self._stalled_until_ns - self._events.now_ns) / 1e6
        self._after(took_ms + stalled_ms, lambda: self._decide(chosen))

    def _decide(self, frame: _Frame) -> None:
        taken_ms = (self._events.now_ns - frame.triggered_ns) / 1e6
        late = taken_ms > self._plan.deadline_ms
        seen = Cause.GOOD if frame.good else Cause.DEFECT
        self._publish(frame, Cause.LATE if late else seen)
        self._serve()

    def _publish(self, frame: _Frame, cause: Cause) -> None:
        self.causes[cause] += 1
        self._handshake.publish(
            Result(
                part_id=frame.trigger_count,
                trigger_count=frame.trigger_count,
                encoder=frame.encoder,
                passed=cause is Cause.GOOD,
                cause=CAUSES[cause],
            )
        )
        self._exchange()
