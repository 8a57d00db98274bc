"""Limit samples on the line: named in order, let through, and nothing comes through beside them."""

from __future__ import annotations

import pytest

from inspector.core.verdict import Cause, Outcome, Verdict
from inspector.line.masters import AnnouncedMasters


def verdict(cause: Cause) -> Verdict:
    outcome = Outcome.PASS if cause is Cause.GOOD else Outcome.REJECT
    return Verdict(7, 1, 100, outcome, cause, 0, 10, 5)


def test_parts_are_named_in_the_order_of_the_announcement() -> None:
    masters = AnnouncedMasters(("a", "b"))
    assert masters.expected == "a"
    assert masters.mark(verdict(Cause.GOOD)).master == "a"
    assert masters.expected == "b"
    assert masters.mark(verdict(Cause.DEFECT)).master == "b"
    assert masters.expected == ""


@pytest.mark.parametrize("cause", [Cause.GOOD, Cause.DEFECT, Cause.LATE])
def test_a_part_that_was_not_announced_is_rejected(cause: Cause) -> None:
    marked = AnnouncedMasters(()).mark(verdict(cause))
    assert (marked.outcome, marked.cause, marked.master) == (
        Outcome.REJECT,
        Cause.UNANNOUNCED,
        "",
    )
    assert not marked.at_gate.passed


@pytest.mark.parametrize("cause", [one for one in Cause if one is not Cause.FAULT], ids=str)
def test_the_gate_lets_a_master_through_and_its_record_says_what_it_is(cause: Cause) -> None:
    marked = AnnouncedMasters(("a",)).mark(verdict(cause))
    assert marked.at_gate.passed
    assert marked.passed is (cause is Cause.GOOD)
    assert marked.cause is cause


def test_after_a_fault_nothing_goes_through() -> None:
    assert not AnnouncedMasters(("a",)).mark(verdict(Cause.FAULT)).at_gate.passed
    assert AnnouncedMasters(()).mark(verdict(Cause.FAULT)).cause is Cause.FAULT


@pytest.mark.parametrize("cause", list(Cause), ids=str)
def test_a_part_of_production_is_told_as_it_is(cause: Cause) -> None:
    said = verdict(cause)
    assert said.at_gate is said
