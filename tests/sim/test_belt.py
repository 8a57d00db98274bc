"""The belt: parts are numbered once, located by encoder, and none appears out of nothing."""

from __future__ import annotations

from inspector.sim.belt import Belt
from tests.clocks import HandClock


def belt(clock: HandClock, limit: int | None = None, ended: list[int] | None = None) -> Belt:
    return Belt(
        clock,
        parts_per_s=10.0,
        counts_per_part=1000,
        limit=limit,
        on_limit=lambda: ended.append(1) if ended is not None else None,
    )


def test_parts_cross_at_equal_distances_of_time_and_counts() -> None:
    clock = HandClock()
    line = belt(clock)
    line.start()
    assert line.wait(0, 0.0) is None
    clock.move_ms(250)
    first, second = line.wait(0, 0.0), line.wait(1, 0.0)
    assert first is not None
    assert second is not None
    assert line.wait(2, 0.0) is None
    assert (first.count, second.count) == (1, 2)
    assert second.encoder_count - first.encoder_count == 1000
    assert second.at_ns - first.at_ns == 100_000_000
    assert line.encoder == 2500


def test_stop_ends_the_feed_but_not_the_belt() -> None:
    clock = HandClock()
    line = belt(clock)
    line.start()
    clock.move_ms(310)
    line.stop()
    clock.move_ms(1000)
    assert line.count == 3
    assert line.encoder == 13_100


def test_numbers_and_counts_go_on_after_a_restart() -> None:
    clock = HandClock()
    line = belt(clock)
    line.start()
    clock.move_ms(200)
    old = line.trigger(2)
    line.stop()
    clock.move_ms(555)
    line.start()
    clock.move_ms(100)
    new = line.wait(2, 0.0)
    assert new is not None
    assert new.count == 3
    assert new.encoder_count == 7550 + 1000
    assert line.trigger(2) == old


def test_the_limit_ends_the_feed_and_is_told_once() -> None:
    clock = HandClock()
    ended: list[int] = []
    line = belt(clock, limit=2, ended=ended)
    line.start()
    clock.move_ms(5000)
    assert line.count == 2
    assert [line.wait(after, 0.0) is not None for after in (0, 1, 2, 2)] == [
        True,
        True,
        False,
        False,
    ]
    assert ended == [1]


def test_a_second_camera_starts_the_belt_no_second_time() -> None:
    clock = HandClock()
    line = belt(clock)
    line.start()
    clock.move_ms(150)
    line.start()
    clock.move_ms(50)
    assert line.count == 2
    assert line.trigger(2).encoder_count == 2000
