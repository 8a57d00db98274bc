"""Models of the calibration screen, without Qt."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.core.state import StationState
from inspector.link.messages import Halt, SelectAutomatic, Session
from inspector.link.questions.cameras import (
    CameraLook,
    Dial,
    KnownCameras,
    WatchCamera,
)
from inspector.link.questions.gauge import GaugeFound, GaugeKnown
from inspector.link.questions.thresholds import Proof, ThresholdFound
from inspector.panel.models.desk import Desk
from inspector.panel.models.focus import FocusModel, Light, Turn
from inspector.panel.models.gauge import GaugeModel, Grade, grade_of
from inspector.panel.models.optics import LARGEST_MM, OpticsModel
from inspector.panel.models.session import ATTENDED_S, SessionModel
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
    model.desk.answered(asked, KnownCameras(("a",)))
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


def lit(brightest: float, saturated: float = 0.0, gain: float = 0.0) -> FocusModel:
    """Looks at something; the exposure is 1000 µs of at most 4000."""
    model = FocusModel(desk([]))
    dials = Dial("ExposureTime", 1000.0, 20.0, 4000.0), Dial("Gain", gain, 0.0, 12.0)
    model.look = CameraLook(1, saturated=saturated, brightest=brightest, dials=dials)
    return model


@pytest.mark.parametrize(
    ("model", "exposure", "gain"),
    [
        (lit(0.4), 2000.0, 0.0),
        (lit(0.1), 4000.0, 6.02),  # eight times: four by the exposure, then the gain
        (lit(0.001), 4000.0, 6.02),  # never more at once
        (lit(0.9, 0.02), 500.0, 0.0),
        (lit(0.9, 0.02, gain=12.0), 1000.0, 5.98),  # gain goes first
        (lit(0.8), 1000.0, 0.0),
    ],
)
def test_what_is_suggested(model: FocusModel, exposure: float, gain: float) -> None:
    model.suggest()
    values = [one.value for one in model.dials]
    assert values == pytest.approx([exposure, gain], abs=0.01)


def test_three_keys_are_one_stop() -> None:
    model = lit(0.5)
    for _ in range(3):
        model.brighten("ExposureTime", 1)
        model.brighten("Gain", 1)
    assert [one.value for one in model.dials] == pytest.approx([2000.0, 6.02], rel=0.003)
    for _ in range(9):
        model.brighten("Gain", -1)
    assert model.dials[1].value == 0.0


def test_what_the_recipe_leaves_open_is_kept_only_once_it_was_turned() -> None:
    untouched, turned = lit(0.5).change, lit(0.5)
    assert untouched is None
    turned.brighten("Gain", 1)
    assert turned.change is not None
    assert [(name, old) for name, old, _ in turned.change.settings] == [("Gain", None)]


def study(over_distance: float | None) -> GaugeFound:
    return GaugeFound("p", 0, "", 4.0, 0.1, 0.1, 0.1, 0.2, over_distance, 0, 2, ())


@pytest.mark.parametrize(
    ("over_distance", "grade"),
    [
        (0.03, Grade.GOOD),
        (0.09, Grade.USABLE),
        (0.2, Grade.POOR),
        (None, Grade.UNKNOWN),
    ],
)
def test_a_study_in_one_word(over_distance: float | None, grade: Grade) -> None:
    assert grade_of(study(over_distance)) is grade


def test_all_parts_are_shown_before_the_first_one_again() -> None:
    model = GaugeModel(desk([]))
    model.product = "p"
    model.plan(parts=-7)
    order: list[tuple[int, int]] = []
    while (place := model.next) is not None:
        order.append(place)
        model.known = GaugeKnown("p", tuple(order), (), ())
    assert order[:4] == [(1, 1), (2, 1), (3, 1), (1, 2)]
    assert (len(order), model.done, model.last) == (9, 9, (3, 3))


@pytest.mark.parametrize(
    ("shown", "parts", "shows"),
    [
        (((1, 1), (2, 1)), 10, 3),  # the first round goes on
        (((1, 1), (2, 1), (1, 2)), 2, 3),
        (tuple((1, show) for show in range(1, 6)), 2, 5),
    ],
)
def test_a_study_that_was_begun_goes_on(
    shown: tuple[tuple[int, int], ...], parts: int, shows: int
) -> None:
    model = GaugeModel(desk([]))
    model.product = "p"
    model._take(GaugeKnown("p", shown, (), ()))
    assert (model.parts, model.shows) == (parts, shows)


def test_turning_a_lens_is_presence_for_a_while() -> None:
    now = [0.0]
    model = SessionModel(lambda: now[0])
    model.accept(Session("token", "eno", "engineer", idle_s=600.0))
    while now[0] < ATTENDED_S - 30.0:
        now[0] += 300.0
        assert model.attend() is not None or now[0] >= ATTENDED_S
        assert model.tick() is None
    now[0] = ATTENDED_S + 300.0
    assert model.attend() is None
    now[0] += 300.0
    assert model.tick() is not None
