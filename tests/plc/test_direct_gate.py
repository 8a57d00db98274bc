"""The sorting PLC that is not there: images of counts in, the gate's bit and fates out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.core.errors import PlcError
from inspector.plc import wire
from inspector.plc.direct_gate import DirectGateBus, Drive
from inspector.plc.registers import Inputs, Outputs
from inspector.plc.tracking import Alarm, Fate, Reason, TrackingSettings

SETTINGS = TrackingSettings(
    distance_counts=1000,
    tolerance_counts=20,
    lead_counts=40,
    scan_counts=30,
    debounce_counts=10,
    double_counts=90,
    confirm_ms=200,
)
SCAN = 10
ONLINE = Outputs(online=True, ready=True, busy=True)


class CountingBus:
    """A PLC that counts; ``gate`` is what it was told in each scan."""

    def __init__(self) -> None:
        self.image = Inputs(counts_triggers=True, encoder_now=2**32 - 300)
        self.gate: list[bool] = []
        self.broken = False

    def open(self) -> None:
        """It is always there."""

    def exchange(self, outputs: Outputs) -> Inputs:
        if self.broken:
            raise PlcError("gone")
        self.gate.append(outputs.gate_pass)
        return self.image

    def close(self) -> None:
        self.gate.append(False)


class Belt:
    """A belt of such a PLC under the bus that is tested."""

    def __init__(self) -> None:
        self.plc = CountingBus()
        self.news: list[wire.GateNews] = []
        self.now_ns = 0
        drive = Drive(SETTINGS)
        now = lambda: self.now_ns  # noqa: E731  # a clock
        self.bus = DirectGateBus(self.plc, drive, self.news.append, stale_s=0.1, now_ns=now)
        self.bus.open()
        self.outputs = ONLINE
        self.seen = self.scan()
        self.move(200)

    def scan(self, *, alive: bool = True) -> Inputs:
        self.now_ns += 5_000_000
        if alive:
            beat = self.plc.image.heartbeat + 1 & 0xFFFF
            self.plc.image = replace(self.plc.image, heartbeat=beat)
        seen = self.bus.exchange(self.outputs)
        assert seen is not None
        self.seen = seen
        return seen

    def move(self, counts: int, step: int = SCAN) -> None:
        for _ in range(counts // step):
            now = (self.plc.image.encoder_now + step) % 2**32
            self.plc.image = replace(self.plc.image, encoder_now=now)
            self.scan()

    def move_until_open(self) -> None:
        while not self.gate:
            self.move(SCAN)

    def part(self) -> int:
        """A part at the trigger sensor; where it was latched."""
        image = self.plc.image
        at = (image.encoder_now + 2 * SCAN) % 2**32
        count = image.trigger_count + 1
        self.plc.image = replace(image, trigger_count=count, encoder=at, encoder_now=at)
        self.scan()
        return at

    def decide(self, encoder: int, *, ok: bool, part_id: int = 1) -> None:
        toggle = not self.outputs.result_toggle
        result = {"result_valid": True, "result_toggle": toggle, "ok": ok, "ng": not ok}
        self.outputs = replace(self.outputs, encoder=encoder, part_id=part_id, **result)
        assert self.scan().result_ack == toggle
        self.outputs = replace(self.outputs, result_valid=False, ok=False, ng=False)

    @property
    def gate(self) -> bool:
        return self.plc.gate[-1]

    @property
    def fates(self) -> list[tuple[int, Fate, Reason]]:
        return [(one.part_id, one.fate, one.reason) for news in self.news for one in news.gone]

    def noticed(self, alarm: Alarm) -> int:
        return sum(one.alarm is alarm for news in self.news for one in news.noticed)


def test_the_gate_opens_for_a_good_part_alone_across_the_wrap_of_the_count() -> None:
    belt = Belt()
    good = belt.part()
    belt.decide(good, ok=True, part_id=7)
    belt.move(300)
    bad = belt.part()
    belt.decide(bad, ok=False, part_id=8)
    belt.move(500)
    opened = []
    for _ in range(80):
        belt.move(SCAN)
        if belt.gate:
            opened.append((belt.plc.image.encoder_now - good) % 2**32)
    assert min(opened) <= 1000 - 20
    assert min(opened) >= 1000 - 20 - 40
    assert 1000 <= max(opened) <= 1000 + 20
    assert belt.fates == [(7, Fate.PASSED, Reason.GOOD), (8, Fate.EJECTED, Reason.DEFECT)]


def test_the_gate_moves_in_the_exchange_in_which_a_count_asks_for_it() -> None:
    belt = Belt()
    belt.decide(belt.part(), ok=True)
    while not belt.gate:
        before = len(belt.plc.gate)
        belt.move(SCAN)
    assert len(belt.plc.gate) == before + 2


def test_each_part_that_the_plc_counts_is_one_edge_of_trigger() -> None:
    belt = Belt()
    first = belt.part()
    assert (belt.seen.trigger, belt.seen.encoder) == (True, first)
    second = belt.part()
    assert not belt.seen.trigger
    belt.scan()
    assert (belt.seen.trigger, belt.seen.encoder) == (True, second)
    belt.scan()
    assert not belt.seen.trigger


def test_what_has_no_verdict_or_an_old_one_is_ejected() -> None:
    belt = Belt()
    silent = belt.part()
    belt.move(990)
    belt.decide(silent, ok=True)
    belt.move(200)
    assert belt.fates == [(1, Fate.TIMEOUT_EJECTED, Reason.NO_VERDICT)]
    assert not any(belt.plc.gate)


@pytest.mark.parametrize("outputs", [replace(ONLINE, online=False), replace(ONLINE, error=True)])
def test_a_station_that_is_not_to_be_believed_ejects(outputs: Outputs) -> None:
    belt = Belt()
    belt.decide(belt.part(), ok=True)
    belt.move(500)
    belt.outputs = outputs
    belt.scan()
    belt.outputs = ONLINE
    belt.move(700)
    assert belt.fates == [(1, Fate.TIMEOUT_EJECTED, Reason.WITHDRAWN)]
    assert belt.noticed(Alarm.WITHDRAWN) == 1
    assert not any(belt.plc.gate)


def test_a_lost_connection_forgets_the_belt_and_closes_the_gate() -> None:
    belt = Belt()
    belt.decide(belt.part(), ok=True)
    belt.move_until_open()
    belt.plc.broken = True
    with pytest.raises(PlcError):
        belt.scan()
    assert belt.fates == [(1, Fate.TIMEOUT_EJECTED, Reason.WITHDRAWN)]
    belt.plc.broken = False
    belt.bus.open()
    belt.scan()
    assert not belt.gate
    belt.move(500)
    belt.decide(belt.part(), ok=True, part_id=2)
    belt.move(1200)
    assert belt.fates[1:] == [(2, Fate.PASSED, Reason.GOOD)]


def test_counters_that_begin_anew_forget_the_belt() -> None:
    belt = Belt()
    belt.decide(belt.part(), ok=True)
    belt.move(500)
    belt.plc.image = replace(belt.plc.image, trigger_count=0, encoder=0, encoder_now=0)
    belt.move(1500)
    assert belt.fates == [(1, Fate.TIMEOUT_EJECTED, Reason.WITHDRAWN)]
    assert not any(belt.plc.gate)


def test_counts_that_may_be_old_close_the_gate() -> None:
    belt = Belt()
    belt.decide(belt.part(), ok=True)
    belt.move_until_open()
    for _ in range(30):
        belt.scan(alive=False)
    assert not belt.gate


def test_parts_whose_counts_nobody_latched_are_ejected_with_the_one_that_was() -> None:
    belt = Belt()
    belt.decide(belt.part(), ok=True, part_id=1)
    belt.move(300)
    image = belt.plc.image
    now = (image.encoder_now + 60) % 2**32
    belt.plc.image = replace(
        image, trigger_count=image.trigger_count + 2, encoder=now, encoder_now=now
    )
    belt.scan()
    belt.decide(now, ok=True, part_id=2)
    belt.move(1300)
    assert belt.fates[0] == (1, Fate.PASSED, Reason.GOOD)
    assert belt.fates[1] == (2, Fate.EJECTED, Reason.UNCERTAIN)
    assert belt.noticed(Alarm.UNCERTAIN) == 1


def test_a_scan_that_comes_late_makes_what_is_at_the_gate_uncertain() -> None:
    belt = Belt()
    belt.decide(belt.part(), ok=True, part_id=1)
    belt.move(960)
    assert belt.gate
    belt.move(60, step=60)
    belt.move(300)
    assert belt.fates == [(1, Fate.EJECTED, Reason.UNCERTAIN)]
    assert belt.noticed(Alarm.UNCERTAIN) == 1


def test_the_bin_is_watched() -> None:
    belt = Belt()
    belt.part()
    belt.move(1100)
    belt.plc.image = replace(belt.plc.image, binned=1)
    belt.move(200)
    assert belt.noticed(Alarm.NOT_CONFIRMED) == 0
    belt.part()
    belt.move(2000)
    assert belt.noticed(Alarm.NOT_CONFIRMED) == 1
    belt.plc.image = replace(belt.plc.image, bin_full=True)
    belt.scan()
    assert belt.noticed(Alarm.BIN_FULL) == 1


def test_under_bypass_the_gate_stands_open_until_the_station_is_gone() -> None:
    belt = Belt()
    belt.outputs = replace(ONLINE, bypass=True)
    belt.part()
    belt.move(1200)
    assert belt.gate
    assert belt.fates == [(0, Fate.BYPASSED, Reason.BYPASS)]
    belt.outputs = Outputs(error=True, bypass=True)
    belt.move(2 * SCAN)
    assert not belt.gate


def test_touching_parts_are_both_ejected() -> None:
    belt = Belt()
    at = belt.part()
    belt.plc.image = replace(belt.plc.image, at_trigger=True)
    belt.move(120)
    belt.plc.image = replace(belt.plc.image, at_trigger=False)
    belt.decide(at, ok=True)
    belt.move(1300)
    assert belt.fates == [(1, Fate.EJECTED, Reason.DOUBLE)]


def test_a_late_look_makes_no_long_part_of_a_short_one() -> None:
    belt = Belt()
    at = belt.part()
    belt.plc.image = replace(belt.plc.image, at_trigger=True)
    belt.move(50)
    belt.plc.image = replace(belt.plc.image, at_trigger=False)
    belt.move(100, step=100)
    belt.decide(at, ok=True)
    belt.move(1200)
    assert belt.fates == [(1, Fate.PASSED, Reason.GOOD)]
