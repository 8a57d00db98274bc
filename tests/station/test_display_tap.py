"""What a panel is shown of a part of several cameras, whole and as a notice."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest

from inspector.core.frame import PixelFormat, Pixels
from inspector.core.judgement import CheckResult, Judgement, Region
from inspector.core.pose import Pose
from inspector.core.recipe import Box
from inspector.core.verdict import Cause, Outcome, StageTimes, Verdict
from inspector.line.part import JudgedPart
from inspector.link.messages import Event, RejectNotice
from inspector.link.picture import LivePicture
from inspector.station.display_tap import DisplayTap
from inspector.station.shifts import shift_at
from tests.waiting import until

REGION = Region(0.25, 0.5, 0.25, 0.25, 900.0, 1.2, 3.0, 40.0, 2.5)


@dataclass
class Wall:
    """Keeps what it is shown."""

    pictures: list[LivePicture] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def publish(self, event: Event) -> None:
        self.events.append(event)

    def offer(self, picture: LivePicture) -> None:
        self.pictures.append(picture)


class Whole:
    """A field that is the camera image."""

    seen_in = Box(x=0, y=0, width=2000, height=1500)

    def picture_of(self, pixels: Pixels, pose: Pose | None = None) -> Pixels:
        del pose
        return pixels


class Noon:
    """A clock that goes on by itself."""

    def monotonic_ns(self) -> int:
        return 10**12

    def utc_us(self) -> int:
        return 1_000_000

    def sleep(self, seconds: float) -> None:
        del seconds


def part_of(*levels: int) -> JudgedPart:
    """The second camera found a defect."""
    maps = [np.full((6, 8), level / 100, np.float32) for level in levels]
    checks = tuple(
        CheckResult("engine", 3.0 if view else 1.0, 2.0, 0.01, (REGION,) * view, view, maps[view])
        for view in range(len(levels))
    )
    pixels = np.stack([np.full((1500, 2000, 1), level, np.uint8) for level in levels])
    verdict = Verdict(
        part_id=7,
        trigger_count=1,
        encoder_count=1,
        outcome=Outcome.REJECT,
        cause=Cause.DEFECT,
        triggered_ns=0,
        deadline_ns=2,
        decided_ns=1,
        judgement=Judgement(checks),
    )
    return JudgedPart(verdict, StageTimes(0, 0, 0, 0, 0, 0, 0, 0), (), pixels)


def test_every_camera_is_shown_and_the_strangest_view_first() -> None:
    wall = Wall()
    tap = DisplayTap(wall, Noon(), Whole(), PixelFormat.MONO8)
    tap.offer(part_of(50, 150))
    until(lambda: bool(wall.pictures) and bool(wall.events))
    tap.close()
    picture, notice = wall.pictures[0], wall.events[0]
    assert [view.view for view in picture.views] == [1, 0]
    assert [int(view.pixels[0, 0, 0]) for view in picture.views] == [150, 50]
    assert [view.regions for view in picture.views] == [(REGION,), ()]
    assert [float(v.map[0, 0]) for v in picture.views if v.map is not None] == [1.5, 0.5]
    assert picture.pixels.shape == (1500, 2000, 1)
    assert max(picture.others[0].pixels.shape) < 2000, "the others are thinned out"
    assert isinstance(notice, RejectNotice)
    assert notice.regions == (REGION,)
    assert [(note.view, note.passed, note.p_value) for note in notice.checks] == [
        (0, True, 0.01),
        (1, False, 0.01),
    ]
    thumbnail = cv2.imdecode(np.frombuffer(notice.thumbnail_jpeg, np.uint8), cv2.IMREAD_UNCHANGED)
    assert thumbnail is not None
    assert thumbnail.ndim == 2, "nothing is drawn on it: the panel draws"
    assert abs(int(np.median(thumbnail)) - 150) <= 2


@pytest.mark.parametrize(
    ("hour", "shift"), [(5, "night"), (6, "early"), (13, "early"), (14, "late"), (23, "night")]
)
def test_a_shift_goes_on_over_midnight(hour: int, shift: str) -> None:
    from datetime import datetime

    shifts = {"early": "06:00", "late": "14:00", "night": "22:00"}
    at = datetime(2026, 5, 4, hour, 0).astimezone()
    assert shift_at(shifts, round(at.timestamp() * 1e6)) == shift
    assert shift_at({}, 0) == ""
