"""The oldest deadline is served first, and what is hopeless not at all."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.core.deadlines import DeadlineQueue


def test_the_oldest_deadline_of_all_cameras_goes_first() -> None:
    queue: DeadlineQueue[str] = DeadlineQueue()
    for job, deadline in (("left 1", 300), ("right 1", 100), ("left 2", 300)):
        queue.push(job, deadline)
    served = [queue.pop(0, 10)[0] for _ in range(4)]
    assert served == ["right 1", "left 1", "left 2", None]


def test_what_cannot_be_met_any_more_is_handed_back_at_once() -> None:
    queue: DeadlineQueue[str] = DeadlineQueue()
    for job, deadline in (("a", 50), ("b", 60), ("c", 200)):
        queue.push(job, deadline)
    assert queue.pop(45, 20) == ("c", ["a", "b"])
    assert len(queue) == 0


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 100)), max_size=30),
    st.integers(1, 20),
)
def test_each_job_is_served_in_time_or_handed_back(
    arrivals: list[tuple[int, int]], needs: int
) -> None:
    queue: DeadlineQueue[int] = DeadlineQueue()
    deadlines = [at + within for at, within in arrivals]
    waiting = sorted(range(len(arrivals)), key=lambda job: arrivals[job][0])
    now, met, dropped = 0, set[int](), set[int]()
    while waiting or len(queue):
        while waiting and arrivals[waiting[0]][0] <= now:
            job = waiting.pop(0)
            queue.push(job, deadlines[job])
        chosen, hopeless = queue.pop(now, needs)
        dropped.update(hopeless)
        if chosen is None:
            now += 1
            continue
        now += needs
        assert now <= deadlines[chosen]
        met.add(chosen)
    assert met | dropped == set(range(len(arrivals)))
    assert not met & dropped
