"""Whatever happens on the belt, in any order: nothing escapes, and every part is accounted for."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from inspector.plc.tracking import Bypass, Fate, Reason, TrackingSettings
from tests.plc.tracked_belt import BLIND, LENGTH, SETTINGS, Part, TrackedBelt

DECLARED = {
    Reason.UNCERTAIN,
    Reason.DOUBLE,
    Reason.NOT_SEEN,
    Reason.WITHDRAWN,
    Reason.BYPASS,
}
QUIET = settings(
    max_examples=100,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class BeltMachine(RuleBasedStateMachine):
    """Everything that may happen where a gate sensor sees each part."""

    SETTINGS: TrackingSettings = SETTINGS
    GAPS = st.integers(4, 60)

    def __init__(self) -> None:
        super().__init__()
        self.belt = TrackedBelt(self.SETTINGS)

    def on_the_way(self) -> list[Part]:
        at, end = self.belt.at, self.SETTINGS.gate_sensor_counts or 300
        return [
            part
            for part in self.belt.parts
            if part.lane == "belt" and LENGTH + 6 < at - part.front < end - 6
        ]

    @rule(gap=GAPS)
    def feed(self, gap: int) -> None:
        self.belt.feed(gap)

    @rule(counts=st.integers(1, 150))
    def move(self, counts: int) -> None:
        self.belt.move(counts)

    @rule(counts=st.integers(1, 50))
    def jog(self, counts: int) -> None:
        self.belt.move(-counts)
        self.belt.move(counts)

    @rule(choice=st.integers(0), passed=st.booleans())
    @precondition(lambda self: self.belt.parts)
    def decide(self, choice: int, passed: bool) -> None:
        known = [part for part in self.belt.parts if part.number]
        if known:
            self.belt.decide(known[choice % len(known)], passed=passed)

    @rule()
    def approve_all(self) -> None:
        for part in self.belt.parts:
            if part.number and part.number not in self.belt.accepted:
                self.belt.decide(part, passed=True)

    @rule()
    def silence(self) -> None:
        self.belt.tracker.withdraw("no heartbeat")
        self.belt.scan()

    @rule(counts=st.integers(1, 8))
    def doubt(self, counts: int) -> None:
        self.belt.tracker.doubt(counts)

    @rule(counts=st.integers(1, 60))
    def bypass(self, counts: int) -> None:
        self.belt.bypass = True
        self.belt.tracker.set_bypass(Bypass("shift lead", "trial"))
        self.belt.move(counts)
        self.belt.tracker.set_bypass(None)
        self.belt.move(2 * SETTINGS.lead_counts)  # until the gate is shut
        self.belt.bypass = False

    @invariant()
    def all_are_accounted_for(self) -> None:
        counters = self.belt.tracker.counters
        assert counters.triggers == max([part.number for part in self.belt.parts], default=0)
        assert counters.under_way == counters.triggers - len(self.belt.fates) >= 0

    def teardown(self) -> None:
        belt = self.belt
        belt.clear()
        assert belt.tracker.counters.under_way == 0
        for part in belt.parts:
            told = belt.fates.get(part.number)
            if part.lane == "bin" and belt.accepted.get(part.number) and told is not None:
                assert told.reason in DECLARED, (part, told)
            if told is not None and told.fate is Fate.PASSED:
                assert part.lane in ("good", "hand"), (part, told)


class SeenBeltMachine(BeltMachine):
    """Also what only a gate sensor can find out."""

    @rule(gap=BeltMachine.GAPS)
    def feed_unseen(self, gap: int) -> None:
        self.belt.feed(max(gap, 12), hidden=True)

    @rule(choice=st.integers(0))
    def take_away(self, choice: int) -> None:
        parts = self.on_the_way()
        if parts:
            parts[choice % len(parts)].lane = "hand"

    @rule(choice=st.integers(0), counts=st.integers(-6, 6))
    def slip(self, choice: int, counts: int) -> None:
        parts = self.on_the_way()
        if not parts:
            return
        part = parts[choice % len(parts)]
        fronts = [one.front for one in self.belt.parts if one is not part]
        room = all(abs(part.front + counts - front) >= LENGTH + 4 for front in fronts)
        if room and abs(part.slipped + counts) <= self.SETTINGS.slip_counts:
            part.front += counts
            part.slipped += counts


class BlindBeltMachine(BeltMachine):
    """Without a gate sensor."""

    SETTINGS = BLIND


TestSeenBelt = SeenBeltMachine.TestCase
TestSeenBelt.settings = QUIET
TestBlindBelt = BlindBeltMachine.TestCase
TestBlindBelt.settings = QUIET
