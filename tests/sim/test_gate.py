"""The gate ejects everything that no valid result lets pass, at its place and not by time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inspector.core.frame import Trigger
from inspector.plc.tracking import Fate
from inspector.sim.gate import Gate


def gate() -> tuple[Gate, dict[int, Fate]]:
    fates: dict[int, Fate] = {}
    return Gate(1000, fates.__setitem__), fates


def test_a_part_meets_its_fate_when_the_encoder_reaches_the_gate() -> None:
    one, fates = gate()
    one.arrive(Trigger(1, 500, 0))
    one.result(1, passed=True)
    one.advance(1499)
    assert fates == {}
    one.advance(1500)
    assert fates == {1: Fate.PASSED}


def test_no_result_or_one_that_comes_too_late_is_an_ejection() -> None:
    one, fates = gate()
    one.arrive(Trigger(1, 0, 0))
    one.advance(1000)
    assert one.result(1, passed=True) is False
    assert fates == {1: Fate.TIMEOUT_EJECTED}


def test_withdrawing_ejects_what_was_let_pass_already() -> None:
    one, fates = gate()
    one.arrive(Trigger(1, 0, 0))
    one.result(1, passed=True)
    one.withdraw()
    one.advance(1000)
    assert fates == {1: Fate.TIMEOUT_EJECTED}


@given(st.lists(st.sampled_from([True, False, None]), max_size=40))
def test_each_part_has_one_fate_and_only_a_pass_passes(results: list[bool | None]) -> None:
    one, fates = gate()
    for count, passed in enumerate(results, start=1):
        one.arrive(Trigger(count, count * 100, 0))
        if passed is not None:
            one.result(count, passed=passed)
    one.advance(10**6)
    expected = {True: Fate.PASSED, False: Fate.EJECTED, None: Fate.TIMEOUT_EJECTED}
    assert fates == {count: expected[p] for count, p in enumerate(results, start=1)}
    assert sum(one.fates.values()) == len(results)
