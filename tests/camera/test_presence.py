"""Parts that are found in the stream of a free-running camera."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inspector.camera.device import Delivered, FrameIds
from inspector.camera.presence import PartFinder, PresenceTriggers, cells_of
from inspector.camera.triggering import CountedTriggers
from inspector.core.camera_config import PresenceConfig
from inspector.core.errors import ConfigError
from inspector.core.ports import SystemClock

FIELD, LENGTH = 96, 24


def picture(parts: list[float], seed: int, light: float = 60.0) -> NDArray[np.uint8]:
    """A belt with some noise; parts with their middles at these columns."""
    random = np.random.default_rng(seed)
    image = random.normal(light, 2.0, (48, FIELD))
    for middle in parts:
        left, right = round(middle - LENGTH / 2), round(middle + LENGTH / 2)
        image[8:40, max(left, 0) : max(right, 0)] += 80
    return image.clip(0, 255).astype(np.uint8)


def passing(
    *, pitch: float, speed: float, parts: int, start: float = 0.0, backwards: bool = False
) -> list[NDArray[np.uint8]]:
    """A stream in which so many parts cross the field, after an empty belt."""
    frames = [picture([], seed) for seed in range(20)]
    way = FIELD + LENGTH + (parts - 1) * pitch
    for step in range(int(way / speed) + 3):
        offset = step * speed - LENGTH / 2 + start
        places = [offset - number * pitch for number in range(parts)]
        places = [FIELD - place for place in places] if backwards else places
        frames.append(picture(places, 1000 + step))
    return frames


@settings(max_examples=40, deadline=None)
@given(
    pitch=st.floats(50, 200),
    speed=st.floats(1.0, 22.0),
    parts=st.integers(1, 5),
    start=st.floats(-20, 0),
    backwards=st.booleans(),
)
def test_each_part_is_found_once(
    *, pitch: float, speed: float, parts: int, start: float, backwards: bool
) -> None:
    finder = PartFinder(PresenceConfig())
    frames = passing(pitch=pitch, speed=speed, parts=parts, start=start, backwards=backwards)
    assert sum(finder.found(frame) for frame in frames) == parts


def test_a_part_is_found_with_its_middle_in_the_strip() -> None:
    finder = PartFinder(PresenceConfig())
    for step, frame in enumerate(passing(pitch=96, speed=4, parts=1)):
        if finder.found(frame):
            middle = (step - 20) * 4 - LENGTH / 2
            assert 0.35 * FIELD <= middle <= 0.35 * FIELD + 6
            return
    pytest.fail("it was not found")


def test_an_empty_belt_whose_light_drifts_shows_no_part() -> None:
    finder = PartFinder(PresenceConfig())
    assert not any(finder.found(picture([], step, 60 + step / 20)) for step in range(1200))


def delivered(image: NDArray[np.uint8], frame_id: int, problem: str = "") -> Delivered:
    height, width = image.shape
    return Delivered(
        image.ravel(), "Mono8", width, height, width, frame_id, frame_id * 10**7, problem=problem
    )


def test_frames_that_are_missing_while_a_part_may_have_passed_are_a_lost_part() -> None:
    triggers = PresenceTriggers(PresenceConfig(), CountedTriggers(clock=SystemClock()))
    triggers.restart(FrameIds(0))
    triggers.start()
    frames = passing(pitch=150, speed=6, parts=3)
    found: list[int] = []
    lost: list[int] = []
    for frame_id, frame in enumerate(frames):
        if 46 <= frame_id < 60:  # the second part crosses the strip
            continue
        matched = triggers.match(delivered(frame, frame_id), 0.0)
        lost += matched.lost
        if matched.trigger is not None:
            found.append(matched.trigger.count)
    assert (found, lost) == ([1, 3], [2])
    assert triggers.count == 3


def test_formats_without_whole_bytes_are_refused() -> None:
    packed = Delivered(np.zeros(96, np.uint8), "Mono12p", 8, 8, 12, 0, 0)
    with pytest.raises(ConfigError, match=r"Mono12p with trigger\.mode: presence"):
        cells_of(packed)


@pytest.mark.parametrize(("name", "step"), [("Mono8", 1), ("RGB8", 3), ("Mono16", 2)])
def test_the_sample_is_a_view_of_the_buffer(name: str, step: int) -> None:
    data = np.arange(400 * 200 * step, dtype=np.uint32).astype(np.uint8)
    cells = cells_of(Delivered(data, name, 400, 200, 400 * step, 0, 0))
    assert np.shares_memory(cells, data)
    assert 40 <= cells.shape[1] <= 100
