"""Carries out faults, by script and by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial, singledispatchmethod
from random import Random

from inspector.plc.tracking import Bypass
from inspector.sim.plant import faults as f
from inspector.sim.plant.belt import Lane
from inspector.sim.plant.outside import Outside
from inspector.sim.plant.plant import Plant
from inspector.sim.plant.scenario import Scenario
from inspector.sim.plant.sensors import Eye
from inspector.sim.plant.station import StandInStation, Wire


class Script:
    """Plans the faults of a scenario on a plant.

    Against the true program faults of network and station are made by ``outside``. What it cannot
    do, and what only a stand-in can (late camera, lost frame), is not done, and not counted.
    """

    def __init__(
        self,
        plant: Plant,
        station: StandInStation | None = None,
        wire: Wire | None = None,
        outside: Outside | None = None,
    ) -> None:
        self._outside = outside
        self._plant = plant
        self._station = station
        self._wire = wire
        self._after = plant.events.after
        self._cuts = 0
        self.done: Counter[str] = Counter()
        scenario = plant.scenario
        for fault in (*scenario.faults, *random_faults(scenario)):
            plant.events.at(round(fault.at_s * 1e9), partial(self._do, fault))

    def _do(self, fault: f.Fault) -> None:
        if self._apply(fault) is not False:
            self.done[fault.kind] += 1

    @singledispatchmethod
    def _apply(self, fault: f.Fault) -> bool | None:
        """Do it; False when there was nothing to do it to."""
        raise NotImplementedError(fault.kind)

    @_apply.register
    def _(self, fault: f.SensorBounce) -> None:
        eye = self._plant.eyes[Eye(fault.sensor)]
        eye.bounces = fault.edges
        self._after(fault.for_s, lambda: setattr(eye, "bounces", 0))

    @_apply.register
    def _(self, fault: f.MissedTrigger) -> None:
        self._plant.eyes[Eye.TRIGGER].to_miss += fault.parts

    @_apply.register
    def _(self, _fault: f.Phantom) -> bool:
        edges = self._plant.eyes[Eye.TRIGGER].hand()
        self._plant.plc.latch(edges)
        return bool(edges)

    @_apply.register
    def _(self, fault: f.EncoderNoise) -> None:
        encoder = self._plant.encoder
        encoder.noise = fault.counts
        self._after(fault.for_s, lambda: setattr(encoder, "noise", 1))

    @_apply.register
    def _(self, fault: f.EncoderJump) -> None:
        self._plant.encoder.jump(fault.counts)

    @_apply.register
    def _(self, fault: f.Slip) -> None:
        allowed = self._plant.scenario.tracking.slip_counts
        belt = self._plant.belt
        belt.slip(belt.between_sensors(), fault.counts, 1e9 if fault.beyond else allowed)

    @_apply.register
    def _(self, fault: f.BeltStop) -> None:
        self._plant.hold()
        self._after(fault.for_s, self._plant.release)

    @_apply.register
    def _(self, fault: f.Jog) -> bool | None:
        plant = self._plant
        if plant.belt.speed <= 0:
            return False
        plant.hold()
        speed = plant.scenario.belt.speed / 2
        back_s = fault.counts / speed
        self._after(0.3, lambda: plant.set_speed(-speed))
        self._after(0.3 + back_s, lambda: plant.set_speed(0.0))
        self._after(0.5 + back_s, plant.release)
        return None

    @_apply.register
    def _(self, fault: f.PlcRestart) -> bool | None:
        plant = self._plant
        if not plant.plc.on:
            return False
        plant.plc.power_off()
        if self._outside is not None:  # nobody answers meanwhile
            self._cut(self._outside, fault.for_s)
        self._after(fault.for_s, lambda: plant.plc.power_on(plant.encoder.read()))
        return None

    @_apply.register
    def _(self, fault: f.NetworkCut) -> bool | None:
        if self._outside is not None:
            self._cut(self._outside, fault.for_s)
            return None
        if (wire := self._wire) is None:
            return False
        wire.cut = True
        self._after(fault.for_s, lambda: setattr(wire, "cut", False))
        return None

    def _cut(self, outside: Outside, for_s: float) -> None:
        self._cuts += 1
        outside.cut(off=True)
        self._after(for_s, lambda: self._mend(outside))

    def _mend(self, outside: Outside) -> None:
        self._cuts -= 1
        outside.cut(off=self._cuts > 0)

    @_apply.register
    def _(self, fault: f.LateCamera) -> bool | None:
        if (station := self._station) is None:
            return False
        station.extra_ms = fault.ms
        self._after(fault.for_s, lambda: setattr(station, "extra_ms", 0.0))
        return None

    @_apply.register
    def _(self, fault: f.LostFrame) -> bool | None:
        if (station := self._station) is None:
            return False
        station.frames_to_lose += fault.frames
        return None

    @_apply.register
    def _(self, fault: f.Stall) -> bool | None:
        if (outside := self._outside) is not None:
            done = outside.stall(on=True)
            self._after(fault.for_s, partial(_let_go, outside))
            return done
        if (station := self._station) is None:
            return False
        station.stall(fault.for_s)
        return None

    @_apply.register
    def _(self, fault: f.StationCrash) -> bool | None:
        if (outside := self._outside) is not None:
            done = outside.crash()
            if done:
                self._after(fault.for_s, outside.begin)
            return done
        if (station := self._station) is None or not station.alive:
            return False
        station.crash()
        self._after(fault.for_s, station.begin)
        return None

    @_apply.register
    def _(self, _fault: f.TakenAway) -> bool:
        parts = self._plant.belt.between_sensors()
        if parts:
            self._plant.random.choice(parts).lane = Lane.HAND
        return bool(parts)

    @_apply.register
    def _(self, _fault: f.PutOn) -> bool:
        return self._plant.put_on(self._plant.random.random() < 0.5)

    @_apply.register
    def _(self, fault: f.Touching) -> None:
        self._plant.next_gap(fault.gap_counts)

    @_apply.register
    def _(self, fault: f.StuckGate) -> None:
        self._plant.gate.to_fail += fault.parts

    @_apply.register
    def _(self, _fault: f.BinFull) -> None:
        self._plant.plc.set_bin_full(True)
        self._plant.plc.set_bin_full(False)

    @_apply.register
    def _(self, fault: f.BypassOrder) -> None:
        self._plant.set_bypass(Bypass(fault.who, fault.why))
        self._after(fault.for_s, lambda: self._plant.set_bypass(None))


def _let_go(outside: Outside) -> None:
    outside.stall(on=False)


def random_faults(scenario: Scenario) -> list[f.Fault]:
    """Faults by chance over the run: each kind as often as another, but for stuck gates.

    Their strengths keep to what the tracking allows for; the script may go beyond.
    """
    plan = scenario.random_faults
    if not plan.per_1000_parts:
        return []
    random = Random(plan.seed)
    pitch = scenario.belt.part_counts + scenario.belt.gap_mean
    seconds = scenario.parts * pitch / scenario.belt.speed
    rate = plan.per_1000_parts * scenario.parts / 1000 / seconds
    found: list[f.Fault] = []
    at_s = random.expovariate(rate)
    while at_s < seconds:
        found.append(random.choice(_BY_CHANCE)(random, at_s, scenario))
        at_s += random.expovariate(rate)
    return found


_BY_CHANCE: tuple[Callable[[Random, float, Scenario], f.Fault], ...] = (
    lambda r, t, s: f.SensorBounce(
        at_s=t, for_s=r.uniform(0.1, 2), sensor=r.choice(("trigger", "gate")), edges=r.randint(1, 4)
    ),
    lambda r, t, s: f.MissedTrigger(at_s=t, parts=r.choice((1, 1, 1, 2))),
    lambda r, t, s: f.Phantom(at_s=t),
    lambda r, t, s: f.EncoderNoise(
        at_s=t,
        for_s=r.uniform(0.1, 2),
        counts=max(1, min(s.tracking.tolerance_counts // 4, s.tracking.debounce_counts // 4)),
    ),
    lambda r, t, s: f.EncoderJump(at_s=t, counts=r.randint(1 << 20, 1 << 31)),
    lambda r, t, s: f.Slip(at_s=t, counts=r.uniform(-1, 1) * s.tracking.slip_counts),
    lambda r, t, s: f.BeltStop(at_s=t, for_s=r.uniform(0.1, 4)),
    lambda r, t, s: f.Jog(at_s=t, counts=r.uniform(0.05, 0.9) * max(s.tracking.jog_counts, 1)),
    lambda r, t, s: f.PlcRestart(at_s=t, for_s=r.uniform(0.1, 3)),
    lambda r, t, s: f.NetworkCut(at_s=t, for_s=r.uniform(0.05, 5)),
    lambda r, t, s: f.LateCamera(at_s=t, for_s=r.uniform(0.1, 2), ms=r.uniform(50, 800)),
    lambda r, t, s: f.LostFrame(at_s=t, frames=r.choice((1, 1, 3))),
    lambda r, t, s: f.Stall(at_s=t, for_s=r.uniform(0.05, 3)),
    lambda r, t, s: f.StationCrash(at_s=t, for_s=r.uniform(0.5, 5)),
    lambda r, t, s: f.TakenAway(at_s=t),
    lambda r, t, s: f.PutOn(at_s=t),
    lambda r, t, s: f.Touching(at_s=t, gap_counts=r.choice((0.0, r.uniform(0, 150)))),
    lambda r, t, s: f.BypassOrder(at_s=t, for_s=r.uniform(0.2, 1), who="shift lead", why="trial"),
)
