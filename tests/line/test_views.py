"""Views of one part: what two cameras miss and lose never joins frames of different parts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.core.errors import CameraLost, CameraTimeout, FrameCorrupt
from inspector.core.frame import CameraHealth, FrameFormat, FrameInfo, PixelFormat, Pixels
from inspector.line.views import Taken, Views

MS = 1_000_000
TIMEOUT_S = 0.2
WINDOW_NS = 20 * MS
FORMAT = FrameFormat(2, 2, PixelFormat.MONO8)


class HandClock:
    """Time that passes when somebody waits."""

    def __init__(self) -> None:
        self.now_ns = 0


@dataclass
class Seen:
    """A trigger that a camera saw, of a part; its frame may be lost on the way."""

    part: int
    triggered_ns: int
    lost: bool = False


@dataclass
class TimedCamera:
    """Implements ``Camera``: counts the triggers that it sees, knows them by their frames."""

    name: str
    clock: HandClock
    triggers: list[Seen]
    transfer_ns: int = 0
    format: FrameFormat = FORMAT
    gone: bool = False
    _told: int = 0
    _known: int = field(default=0)

    def open(self) -> None: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...

    def grab(self, pixels: Pixels, timeout_s: float) -> FrameInfo:
        frame = self._next_frame()
        until_ns = self.clock.now_ns + int(timeout_s * 1e9)
        if frame is None or self._arrives_ns(frame) > until_ns:
            self.clock.now_ns = until_ns
            raise CameraLost("unplugged") if self.gone else CameraTimeout("no frame")
        self.clock.now_ns = max(self.clock.now_ns, self._arrives_ns(frame))
        self._known = frame + 1
        self._told += 1
        if self._told <= frame:
            raise FrameCorrupt("its frame id is missing", trigger_count=self._told)
        seen = self.triggers[frame]
        pixels[...] = seen.part
        stamp = seen.triggered_ns
        count = frame + 1
        return FrameInfo(self.name, count, count, -1, stamp, self._arrives_ns(frame))

    def _next_frame(self) -> int | None:
        """The next one that comes; those before it were lost, which it proves."""
        coming = range(self._told, len(self.triggers))
        return next((number for number in coming if not self.triggers[number].lost), None)

    def _arrives_ns(self, number: int) -> int:
        return self.triggers[number].triggered_ns + self.transfer_ns

    def health(self) -> CameraHealth:
        return CameraHealth(not self.gone, self._known, 0, 0)


def parts_of(views: Views, cameras: int, clock: HandClock, end_ns: int) -> list[Taken]:
    """Every part until nothing comes any more; each slot is checked to hold what is said of it."""
    pixels = np.zeros((cameras, *FORMAT.shape), np.uint8)
    found: list[Taken] = []
    while clock.now_ns <= end_ns:
        try:
            taken = views.take(len(found) + 1, pixels)
        except (CameraTimeout, CameraLost):
            continue
        found.append(taken)
        if len(taken.frames) == cameras:
            assert len(np.unique(pixels)) == 1, "frames of different parts were joined"
    return found


def line_of(
    seen: list[tuple[str, str]], gaps_ms: list[int], transfers_ms: tuple[int, int] = (0, 0)
) -> tuple[Views, HandClock, int]:
    """Two cameras and what each did at each part: see it, miss its trigger, or lose its frame."""
    clock, at_ns = HandClock(), 0
    triggers: tuple[list[Seen], list[Seen]] = ([], [])
    for part, (does, gap_ms) in enumerate(zip(seen, gaps_ms, strict=False), 1):
        at_ns += gap_ms * MS
        for camera, what in enumerate(does):
            if what != "miss":
                triggers[camera].append(Seen(part, at_ns + camera * MS, what == "lose"))
    cameras = [
        TimedCamera(name, clock, triggers[index], transfers_ms[index] * MS)
        for index, name in enumerate("ab")
    ]
    views = Views(cameras, TIMEOUT_S, WINDOW_NS)
    views.start()
    return views, clock, at_ns + 2_000 * MS


def taken_of(
    seen: list[tuple[str, str]], gaps_ms: list[int], transfers_ms: tuple[int, int] = (0, 0)
) -> list[Taken]:
    views, clock, end_ns = line_of(seen, gaps_ms, transfers_ms)
    return parts_of(views, 2, clock, end_ns)


@pytest.mark.parametrize("gap_ms", [50, 500])
@pytest.mark.parametrize("camera", [0, 1])
def test_a_missed_trigger_costs_its_part_and_no_other(camera: int, gap_ms: int) -> None:
    seen = [("see", "see")] * 6
    seen[2] = ("miss", "see") if camera == 0 else ("see", "miss")
    taken = taken_of(seen, [gap_ms] * 6)
    assert [len(part.frames) for part in taken] == [2, 2, 1, 2, 2, 2]
    assert taken[2].reasons == (f"{'ab'[camera]}: it was not triggered with the others",)


@pytest.mark.parametrize("transfers_ms", [(0, 60), (60, 0)])
def test_a_camera_that_is_slower_than_the_other_misses_nothing(
    transfers_ms: tuple[int, int],
) -> None:
    """Whenever the time-out of a quiet belt ends: between the two frames of a part as well."""
    for first_ms in range(150, 450, 7):
        taken = taken_of([("see", "see")] * 3, [first_ms, 300, 300], transfers_ms)
        assert [len(part.frames) for part in taken] == [2, 2, 2], first_ms


def test_frames_outside_of_the_window_are_of_different_parts() -> None:
    clock = HandClock()
    first = TimedCamera("a", clock, [Seen(1, 100 * MS), Seen(2, 200 * MS)])
    second = TimedCamera("b", clock, [Seen(1, 100 * MS + WINDOW_NS), Seen(2, 201 * MS + WINDOW_NS)])
    views = Views([first, second], TIMEOUT_S, WINDOW_NS)
    views.start()
    taken = parts_of(views, 2, clock, 2_000 * MS)
    assert [sorted(part.frames) for part in taken] == [["a", "b"], ["a"], ["b"]]


def test_a_camera_that_is_gone_names_itself_and_the_others_go_on() -> None:
    clock = HandClock()
    seen = [Seen(part, part * 100 * MS) for part in range(1, 4)]
    present = TimedCamera("a", clock, list(seen))
    gone = TimedCamera("b", clock, seen[:1], gone=True)
    views = Views([present, gone], TIMEOUT_S, WINDOW_NS)
    views.start()
    taken = parts_of(views, 2, clock, 2_000 * MS)
    assert [part.reasons for part in taken] == [(), ("b: unplugged",), ("b: unplugged",)]


@pytest.mark.parametrize("gap_ms", [50, 500])
def test_a_lost_frame_of_which_is_heard_late_costs_its_part_and_no_other(gap_ms: int) -> None:
    """On a slow belt the gap in the frame ids shows when the part is long decided."""
    seen = [("see", "see"), ("see", "lose"), ("see", "see"), ("see", "see")]
    taken = taken_of(seen, [gap_ms] * 4)
    assert [len(part.frames) for part in taken] == [2, 1, 2, 2]


def test_nobody_waits_for_a_camera_that_is_gone() -> None:
    clock = HandClock()
    seen = [Seen(part, part * 20 * MS) for part in range(1, 51)]
    views = Views(
        [TimedCamera("a", clock, seen[:1], gone=True), TimedCamera("b", clock, seen)],
        TIMEOUT_S,
        WINDOW_NS,
    )
    views.start()
    pixels = np.zeros((2, *FORMAT.shape), np.uint8)
    for number, part in enumerate(seen, 1):
        while number not in (taken := attempt(views, number, pixels)):
            assert clock.now_ns <= part.triggered_ns
        assert clock.now_ns == part.triggered_ns, taken


def attempt(views: Views, number: int, pixels: Pixels) -> dict[int, Taken]:
    try:
        return {number: views.take(number, pixels)}
    except (CameraTimeout, CameraLost):
        return {}


gaps = st.lists(st.integers(30, 700), min_size=25, max_size=25)
transfers = st.tuples(st.integers(0, 80), st.integers(0, 80))
triggered = st.tuples(st.sampled_from(["see", "miss"]), st.sampled_from(["see", "miss"]))
anything = st.tuples(*[st.sampled_from(["see", "see", "miss", "lose"])] * 2)


@settings(max_examples=150, deadline=None)
@given(st.lists(triggered, min_size=1, max_size=25), gaps, transfers)
def test_whatever_triggers_are_missed_each_part_is_taken_once_and_whole(
    seen: list[tuple[str, str]], gaps_ms: list[int], transfers_ms: tuple[int, int]
) -> None:
    wanted = [does.count("see") for does in seen if "see" in does]
    taken = taken_of(seen, gaps_ms, transfers_ms)
    assert [len(part.frames) for part in taken] == wanted


@settings(max_examples=150, deadline=None)
@given(st.lists(anything, min_size=1, max_size=25), gaps, transfers)
def test_whatever_is_missed_and_lost_frames_of_different_parts_are_never_joined(
    seen: list[tuple[str, str]], gaps_ms: list[int], transfers_ms: tuple[int, int]
) -> None:
    """A lost frame has no time, so the parts of two such ones can be counted as one, never more."""
    views, clock, end_ns = line_of(seen, gaps_ms, transfers_ms)
    taken = parts_of(views, 2, clock, end_ns)
    assert len(taken) <= sum(does != ("miss", "miss") for does in seen)
    whole = sum(len(part.frames) == 2 for part in taken)
    assert whole <= seen.count(("see", "see"))
    assert all(part.reasons for part in taken if len(part.frames) < 2)
