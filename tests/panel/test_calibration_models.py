"""Models of the calibration screen, without Qt."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.core.state import StationState
from inspector.link.messages import Halt, SelectAutomatic
from inspector.link.questions.cameras import CameraLook, KnownCamera, KnownCameras, WatchCamera
from inspector.link.questions.thresholds import Proof, ThresholdFound
from inspector.panel.models.desk import Desk
from inspector.panel.models.focus import FocusModel, Light, Turn
from inspector.panel.models.optics import LARGEST_MM, OpticsModel
from inspector.panel.models.threshold import Shift, ThresholdModel, histogram


def desk(sent: list[Any]) -> Desk:
    return Desk(sent.append, sent.append)


def proof(
    threshold: float, scores: tuple[float, ...] = (1.0, 2.0, 3.0), digest: str = "a"
) -> Proof:
    return Proof(threshold, 0.01, 0.01, 0.5, len(scores), 200, True, scores, digest)


def test_the_bar_shows_both_on_one_scale_that_doubles() -> None:
    model = FocusModel(desk([]))
    assert model.bar == (0.0, 0.0)
    bests = []
    for tenengrad in (100.0, 110.0, 120.0, 200.0):
        model.look = CameraLook(1, sharpness=0.5, tenengrad=tenengrad)
        now, best = model.bar
        assert now == pytest.approx(best / 2)
        assert best < 0.9
        bests.append(best)
    assert bests == pytest.approx([200 / 256, 220 / 256, 240 / 512, 400 / 512])


@pytest.mark.parametrize(
    ("advice", "turn", "light"),
    [
        ((), Turn.ON, Light.RIGHT),
        (("too-dark", "flat"), Turn.NOTHING, Light.DARK),
        (("too-bright", "too-dark"), Turn.ON, Light.BRIGHT),
    ],
)
def test_what_to_do(advice: tuple[str, ...], turn: Turn, light: Light) -> None:
    model = FocusModel(desk([]))
    assert (model.turn, model.light) == (Turn.WAIT, Light.WAIT)
    model.look = CameraLook(1, sharpness=1.0, tenengrad=1.0, advice=advice)  # type: ignore[arg-type]  # any words
    assert (model.turn, model.light) == (turn, light)


def test_nothing_is_watched_before_the_station_is_halted() -> None:
    sent: list[Any] = []
    model = FocusModel(desk(sent))
    model.enter("washer", StationState.READY)
    asked = sent[-1]
    model.desk.answered(asked, KnownCameras((KnownCamera("a"),)))
    model.halt()
    assert sent[-1] == Halt()
    model.take_state("washer", StationState.HALTED)
    assert sent[-1] == WatchCamera("a", "washer")
    model.desk.refused(sent[-1], "another job of this kind runs (ann)")
    assert model.trouble.startswith("another job")
    assert not model.watching
    model.give_back()
    assert sent[-1] == SelectAutomatic()


@pytest.mark.parametrize(
    ("before", "comparable", "shift"),
    [
        (None, False, Shift.FIRST),
        (2.0, True, Shift.HIGHER),
        (6.0, True, Shift.LOWER),
        (4.01, True, Shift.SAME),
        (4.0, False, Shift.UNLIKE),
    ],
)
def test_what_would_change(before: float | None, comparable: bool, shift: Shift) -> None:
    model = ThresholdModel(desk([]))
    old = None if before is None else proof(before)
    model.found = ThresholdFound("washer", proof(4.0, digest="b"), old, 0, 0, comparable)
    assert model.shift is shift
    assert model.change is not None
    assert model.change.before == before


def test_a_histogram_holds_every_image_and_both_thresholds() -> None:
    edges, counts = histogram(proof(4.0, (1.0, 1.0, 2.0, 3.0)), 6.0)
    assert len(edges) == len(counts) + 1
    assert sum(counts) == 4
    assert edges[0] < 1.0
    assert edges[-1] > 6.0
    alike, counted = histogram(proof(2.0, (2.0, 2.0)))
    assert sum(counted) == 2
    assert alike[0] < 2.0 < alike[-1]


def test_a_square_has_a_size() -> None:
    model = OpticsModel(desk([]))
    model.adjust(3)
    assert model.mm == 15.03
    model.adjust(100_000)
    assert model.mm == LARGEST_MM
    assert not model.enough
