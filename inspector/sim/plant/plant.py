"""The plant put together: belt, sensors, PLC, gate and camera in one order of events."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Protocol, cast

from inspector.plc.tracking import Bypass
from inspector.sim.plant.belt import Landmark, Lane, PhysicalBelt, PhysicalPart
from inspector.sim.plant.events import EventQueue
from inspector.sim.plant.gate import PhysicalGate
from inspector.sim.plant.plc import PlantIo, PlantPlc
from inspector.sim.plant.scenario import Scenario
from inspector.sim.plant.sensors import Edge, Encoder, Eye, PhotoEye
from inspector.sim.plant.wired import CountedIo, CountingPlc

_NEVER = 1e15
"""No belt is so long."""


class Camera(Protocol):
    """What a trigger fires: count, latched encoder count, and what there is to be seen."""

    def __call__(self, trigger_count: int, encoder: int, *, good: bool) -> None:
        """Take a picture."""


def no_camera(trigger_count: int, encoder: int, *, good: bool) -> None:
    """Nobody here looks at the part."""


class Plant:
    """Physical truth and PLC, driven by ``events``; the station is beyond ``io``.

    ``camera`` is fired at each trigger with count, latched encoder and whether the part is good.
    """

    def __init__(self, scenario: Scenario, events: EventQueue, io: PlantIo) -> None:
        tracking = scenario.tracking
        self.scenario = scenario
        self.events = events
        self.random = Random(scenario.seed)
        self._feeding = Random(scenario.seed + 1)
        self._gaps: list[float] = []
        sensor_at = tracking.gate_sensor_counts or tracking.distance_counts // 2
        self.belt = PhysicalBelt(self._feed, sensor_at, tracking.distance_counts)
        self.encoder = Encoder(self.belt, scenario.belt.encoder_start, self.random)
        self.eyes = {eye: PhotoEye(eye, self.encoder, self.belt) for eye in Eye}
        self.gate = PhysicalGate(scenario.plc, events, self.random)
        self.plc = self._make_plc(io)
        self.parts_by_count: dict[int, PhysicalPart | None] = {}
        self.placed: list[PhysicalPart] = []
        self.camera: Camera = no_camera
        self._moved_ns = events.now_ns
        self._held = 0
        self.speed = scenario.belt.speed
        events.after(0.0, self._scan)
        events.after(scenario.belt.change_s, self._change_speed)
        self.release()

    def _make_plc(self, io: PlantIo) -> PlantPlc | CountingPlc:
        plan, tracking = self.scenario.plc, self.scenario.tracking
        if plan.wired:
            return CountingPlc(
                tracking,
                cast("CountedIo", io),
                watchdog_ms=plan.watchdog_ms,
                on_trigger=self._triggered,
                on_gate=self.gate.command,
            )
        return PlantPlc(
            tracking,
            io,
            silence_ms=plan.silence_ms,
            encoder=self.encoder.read(),
            on_trigger=self._triggered,
            on_gate=self.gate.command,
        )

    # Motion

    def set_speed(self, speed: float) -> None:
        """The belt runs at so many counts/s from now on; back, if negative."""
        self._follow()
        self.belt.speed = speed

    def hold(self) -> None:
        """Stop the belt; it runs again when all who held it let it go."""
        self._held += 1
        self.set_speed(0.0)

    def release(self) -> None:
        """Let the belt run."""
        self._held = max(0, self._held - 1)
        if not self._held:
            self.set_speed(self.speed)

    def _change_speed(self) -> None:
        plan = self.scenario.belt
        self.speed = plan.speed * self.random.uniform(1 - plan.speed_spread, 1 + plan.speed_spread)
        if self.belt.speed > 0 and not self._held:
            self.set_speed(self.speed)
        self.events.after(self.random.expovariate(1 / plan.change_s), self._change_speed)

    def _follow(self) -> None:
        """Move the belt up to now; nothing crosses on the way."""
        self.belt.move((self.events.now_ns - self._moved_ns) / 1e9)
        self._moved_ns = self.events.now_ns

    # Events

    @property
    def due_ns(self) -> int:
        """When ``step`` has something to do."""
        crossing = self._next_crossing()
        planned = self.events.next_ns
        return planned if crossing is None else min(crossing[0], planned)

    def step(self) -> None:
        """Do what comes next: a part at a landmark, or something planned."""
        crossing = self._next_crossing()
        if crossing is not None and crossing[0] <= self.events.next_ns:
            due_ns, landmark, part = crossing
            self.events.now_ns = self._moved_ns = max(due_ns, self.events.now_ns)
            self.belt.cross(landmark, part)
            self._crossed(landmark, part)
            return
        self.events.now_ns = self.events.next_ns
        self._follow()
        self.events.run_next()

    def _next_crossing(self) -> tuple[int, Landmark, PhysicalPart] | None:
        crossing = self.belt.next_crossing()
        if crossing is None:
            return None
        way, landmark, part = crossing
        return self._moved_ns + int(way / abs(self.belt.speed) * 1e9), landmark, part

    def _crossed(self, landmark: Landmark, part: PhysicalPart) -> None:
        if landmark is Landmark.GATE:
            self._at_gate(part)
            return
        trigger = landmark in (Landmark.TRIGGER_FRONT, Landmark.TRIGGER_REAR)
        eye = self.eyes[Eye.TRIGGER if trigger else Eye.GATE]
        front = landmark in (Landmark.TRIGGER_FRONT, Landmark.SENSOR_FRONT)
        if not self.plc.on:
            part.marks.add("plc-off")
        self.plc.latch(eye.front(part) if front else eye.rear(part))
        if landmark is Landmark.TRIGGER_REAR and self.belt.speed > 0:
            slip = self.random.uniform(-1, 1) * self.scenario.belt.slip_counts
            self.belt.slip([part], slip, self.scenario.tracking.slip_counts)

    def _at_gate(self, part: PhysicalPart) -> None:
        if self.belt.speed < 0:
            part.lane = Lane.BELT
            part.marks.add("brought-back")
            return
        part.gate_count = self.encoder.read()
        if self.gate.sort(part):
            self.events.after(self.scenario.plc.fall_ms / 1e3, self.plc.binned)

    def _triggered(self, count: int, edge: Edge) -> None:
        part = edge.part
        self.parts_by_count[count] = part
        if part is not None:
            part.trigger_count = count
        self.camera(count, edge.encoder, good=part is not None and part.good)

    def _scan(self) -> None:
        self.plc.scan(self.encoder.read(), self.events.now_ns)
        plan = self.scenario.plc
        self.events.after((plan.scan_ms + self.random.random() * plan.jitter_ms) / 1e3, self._scan)

    # Parts

    def next_gap(self, counts: float) -> None:
        """The gap before the next part that is fed."""
        self._gaps.append(counts)

    @property
    def empty(self) -> bool:
        """True when all parts have come to the gate, or were taken away."""
        return self.belt.at_gate >= self.scenario.parts + len(self.placed)

    def _feed(self, number: int, rear: float) -> PhysicalPart:
        plan, random = self.scenario.belt, self._feeding
        gap = plan.gap_min + random.expovariate(1 / max(plan.gap_mean - plan.gap_min, 1e-9))
        marks = {"touching"} if self._gaps else set()
        if self._gaps:
            gap = self._gaps.pop(0)
        if number > self.scenario.parts:
            gap = _NEVER
        if number == 1:
            gap += self.scenario.tracking.free_pitch + 100
        good = random.random() < self.scenario.station.good_share
        return PhysicalPart(number, rear + gap, plan.part_counts, good, marks=marks)

    def put_on(self, good: bool) -> bool:
        """Somebody lays a part where there is most room between the sensors, if there is any."""
        parts = self.belt.between_sensors()
        length = self.scenario.belt.part_counts
        gaps = [
            (behind.front - ahead.front - ahead.length, ahead) for ahead, behind in pairwise(parts)
        ]
        room, ahead = max(gaps, key=lambda gap: gap[0], default=(0.0, None))
        if ahead is None or room < length + 2:
            return False
        front = ahead.front + ahead.length + (room - length) / 2
        part = PhysicalPart(-1 - len(self.placed), front, length, good, marks={"put-on"})
        self.placed.append(part)
        self.belt.place(part, ahead)
        return True

    def set_bypass(self, bypass: Bypass | None) -> None:
        """The key switch at the gate."""
        self.plc.set_bypass(bypass)
        self.gate.set_bypass(bypass is not None)
