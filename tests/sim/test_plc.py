"""The simulated PLC keeps the register semantics and fails to reject."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from inspector.core.errors import PlcError
from inspector.core.ports import PlcStatus, SystemClock
from inspector.core.verdict import Cause, Outcome, Verdict
from inspector.plc.tracking import Fate
from inspector.sim.belt import Belt
from inspector.sim.plc import SimulatedPlc


@contextmanager
def plant(limit: int, heartbeat_s: float = 60.0) -> Iterator[tuple[Belt, SimulatedPlc]]:
    clock = SystemClock()
    belt = Belt(clock, parts_per_s=200.0, counts_per_part=100, limit=limit)
    plc = SimulatedPlc(belt, clock, distance_counts=4000, scan_s=0.002, heartbeat_s=heartbeat_s)
    plc.open()
    plc.set_status(PlcStatus(online=True, ready=True, busy=True))
    plc.beat()
    belt.start()
    yield belt, plc
    plc.close()


def verdict(count: int, *, passed: bool) -> Verdict:
    outcome, cause = (Outcome.PASS, Cause.GOOD) if passed else (Outcome.REJECT, Cause.DEFECT)
    return Verdict(count, count, 0, outcome, cause, 0, 10**18, 0)


def wait_for(belt: Belt, count: int) -> None:
    while belt.count < count:
        time.sleep(0.001)


def test_ok_and_ng_are_separate_bits_and_result_valid_toggles() -> None:
    with plant(2) as (belt, plc):
        wait_for(belt, 2)
        before = plc.registers
        assert not before.ok
        assert not before.ng
        plc.publish(verdict(1, passed=True))
        first = plc.registers
        plc.publish(verdict(2, passed=False))
        second = plc.registers
    assert (first.ok, first.ng, first.part_id) == (True, False, 1)
    assert (second.ok, second.ng, second.part_id) == (False, True, 2)
    assert before.result_valid != first.result_valid != second.result_valid


def test_fates_follow_verdicts_and_a_missing_one_is_ejected() -> None:
    with plant(3) as (belt, plc):
        wait_for(belt, 3)
        plc.publish(verdict(1, passed=True))
        plc.publish(verdict(2, passed=False))
        assert plc.drain(10.0)
        assert plc.fates == {Fate.PASSED: 1, Fate.EJECTED: 1, Fate.TIMEOUT_EJECTED: 1}
        time.sleep(0.01)
        assert plc.registers.timeout_rejects == 1


def test_a_silent_heartbeat_withdraws_what_was_let_pass() -> None:
    with plant(1, heartbeat_s=0.005) as (belt, plc):
        wait_for(belt, 1)
        plc.publish(verdict(1, passed=True))
        assert plc.drain(10.0)
        assert plc.fates == {Fate.TIMEOUT_EJECTED: 1}


def test_error_withdraws_what_was_let_pass() -> None:
    with plant(1) as (belt, plc):
        wait_for(belt, 1)
        plc.publish(verdict(1, passed=True))
        plc.set_status(PlcStatus(online=True, error=True, error_code=1))
        assert plc.drain(10.0)
        assert plc.fates == {Fate.TIMEOUT_EJECTED: 1}


def test_publishing_without_a_connection_is_an_error() -> None:
    belt = Belt(SystemClock(), parts_per_s=1.0, counts_per_part=1)
    plc = SimulatedPlc(belt, SystemClock(), distance_counts=1, scan_s=0.01, heartbeat_s=1.0)
    with pytest.raises(PlcError, match="not connected"):
        plc.publish(verdict(1, passed=True))
