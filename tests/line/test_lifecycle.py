"""The state machine follows its table, and Error can be reached from everywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.errors import RefusedError
from inspector.core.state import TRANSITIONS, StationState
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
