"""The state machine follows its table, and Error can be reached from everywhere."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from inspector.core.errors import RefusedError
from inspector.core.state import TRANSITIONS, Requirement, StationState
from inspector.line.lifecycle import LifeCycle


def life() -> tuple[LifeCycle, list[tuple[StationState, StationState]]]:
    changes: list[tuple[StationState, StationState]] = []
    return LifeCycle(lambda old, new, _reason: changes.append((old, new))), changes


@given(st.lists(st.sampled_from(list(StationState)), max_size=30))
def test_only_the_table_moves_it(wishes: list[StationState]) -> None:
    machine, changes = life()
    for wish in wishes:
        before = machine.state
        if wish in TRANSITIONS[before]:
            machine.to(wish, "test")
            assert changes[-1] == (before, wish)
        else:
            with pytest.raises(RefusedError, match="cannot go"):
                machine.to(wish, "test")
            assert machine.state is before


def test_error_can_be_reached_from_every_state_and_is_reported_once() -> None:
    for state, targets in TRANSITIONS.items():
        assert state is StationState.ERROR or StationState.ERROR in targets
    machine, changes = life()
    assert machine.fail("broken")
    assert not machine.fail("broken again")
    assert changes == [(StationState.PREOPERATIONAL, StationState.ERROR)]


def test_every_state_can_be_reached() -> None:
    reached = {StationState.PREOPERATIONAL}
    while True:
        more = reached | {target for state in reached for target in TRANSITIONS[state]}
        if more == reached:
            break
        reached = more
    assert reached == set(StationState)


class ProductionLife(RuleBasedStateMachine):
    """Whatever is asked for, in whatever order: nothing is ready for production without both."""

    def __init__(self) -> None:
        super().__init__()
        self.entered: list[tuple[StationState, bool]] = []
        self.met: frozenset[Requirement] = frozenset()
        self.machine = LifeCycle(self.note, wanted=True)

    def note(self, _old: StationState, new: StationState, _reason: str) -> None:
        self.entered.append((new, self.machine.production))
        if new is StationState.READY and self.machine.production:
            assert self.met == set(Requirement)
        if new is StationState.CONTINUOUS_EXECUTION:
            assert self.machine.production
            assert self.met == set(Requirement)
        if new is StationState.SINGLE_EXECUTION:
            assert not self.machine.production or self.met == set(Requirement)

    @rule(state=st.sampled_from(list(StationState)))
    def go(self, state: StationState) -> None:
        with contextlib.suppress(RefusedError):
            self.machine.to(state, "test")

    @rule(met=st.frozensets(st.sampled_from(list(Requirement))))
    def meet(self, met: frozenset[Requirement]) -> None:
        self.met = met
        self.machine.meet(met, "test")

    @rule()
    def rest(self) -> None:
        self.machine.rest("test")

    @rule()
    def show_masters(self) -> None:
        with contextlib.suppress(RefusedError):
            self.machine.show_masters("test")
            assert not self.machine.production

    @rule()
    def fail(self) -> None:
        self.machine.fail("test")

    @invariant()
    def ready_for_production_means_released_and_checked(self) -> None:
        if self.machine.state is StationState.READY and self.machine.production:
            assert self.met == set(Requirement)


ProductionLife.TestCase.settings = settings(max_examples=200, stateful_step_count=30)
TestProductionLife = ProductionLife.TestCase


def production_life() -> LifeCycle:
    machine = LifeCycle(lambda _old, _new, _reason: None, wanted=True)
    machine.to(StationState.HALTED, "test")
    machine.to(StationState.INITIALIZED, "test")
    return machine


@pytest.mark.parametrize("met", [[], [Requirement.RELEASE], [Requirement.LIMIT_SAMPLES]])
def test_with_less_than_both_it_rests_in_initialized(met: list[Requirement]) -> None:
    machine = production_life()
    machine.meet(met, "test")
    machine.rest("loaded")
    assert machine.state is StationState.INITIALIZED
    assert set(machine.lacking) == set(Requirement) - set(met)


def test_with_both_it_is_ready_and_what_lapses_at_rest_locks_at_once() -> None:
    machine = production_life()
    machine.meet(list(Requirement), "cleared")
    assert (machine.state, machine.production) == (StationState.READY, True)
    machine.meet([Requirement.RELEASE], "too old")
    assert (machine.state, machine.production) == (StationState.INITIALIZED, False)


def test_what_lapses_in_a_run_locks_at_its_end() -> None:
    machine = production_life()
    machine.meet(list(Requirement), "cleared")
    machine.to(StationState.CONTINUOUS_EXECUTION, "test")
    machine.meet([Requirement.RELEASE], "too old")
    assert (machine.state, machine.production) == (StationState.CONTINUOUS_EXECUTION, True)
    machine.rest("stopped")
    assert machine.state is StationState.INITIALIZED


def test_masters_run_locked_or_not_and_never_as_production() -> None:
    machine = production_life()
    machine.show_masters("test")
    assert (machine.state, machine.production) == (StationState.SINGLE_EXECUTION, False)
    machine.meet(list(Requirement), "passed")
    machine.rest("all shown")
    assert (machine.state, machine.production) == (StationState.READY, True)
    machine.show_masters("again")
    assert not machine.production
    with pytest.raises(RefusedError):
        machine.to(StationState.CONTINUOUS_EXECUTION, "test")
