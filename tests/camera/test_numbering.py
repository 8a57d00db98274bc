from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inspector.camera.device import GIGE_16_BIT, FrameIds
from inspector.camera.numbering import DeviceClock, FrameNumbers


@given(st.lists(st.integers(1, 30_000), min_size=1, max_size=30))
def test_numbers_follow_the_frames_whatever_is_lost_and_however_often_ids_wrap(
    steps: list[int],
) -> None:
    numbers, number = FrameNumbers(GIGE_16_BIT), 0
    for step in steps:
        number += step
        assert numbers.number_of((number - 1) % 65_535 + 1) == number


@given(st.integers(0, 40), st.integers(1, 7))
def test_ids_that_begin_at_zero(lost: int, back: int) -> None:
    numbers = FrameNumbers(FrameIds(0))
    assert numbers.number_of(lost + back) == lost + back + 1
    assert numbers.number_of(lost) == lost + 1, "an old frame keeps its old number"
    assert numbers.number_of(lost + back + 1) == lost + back + 2


@given(
    offset=st.integers(-(10**15), 10**15),
    transfers=st.lists(st.integers(5_000_000, 80_000_000), min_size=2, max_size=700),
)
def test_a_device_clock_is_late_by_no_more_than_the_fastest_transfer_so_far(
    offset: int, transfers: list[int]
) -> None:
    clock = DeviceClock()
    for index, transfer in enumerate(transfers):
        exposed = 20_000_000 * index
        dated = clock.host_ns(exposed + offset, exposed + transfer)
        assert exposed + 5_000_000 <= dated <= exposed + transfer


def test_a_clock_that_drifts_is_followed() -> None:
    clock = DeviceClock()
    dated = exposed = 0
    for index in range(2_000):
        exposed = 10_000_000 * index
        slow = int(exposed * (1 - 1e-4))  # 100 ppm: 2 ms after 20 s
        dated = clock.host_ns(slow, exposed + 1_000_000)
    assert abs(dated - (exposed + 1_000_000)) < 600_000


def test_a_device_without_a_clock_is_dated_by_arrival() -> None:
    assert DeviceClock().host_ns(None, 77) == 77
