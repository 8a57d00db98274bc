"""A series has names, finite values, and a scale that single strange parts do not move."""

from __future__ import annotations

import numpy as np
import pytest

from engines.temporal import Series
from engines.temporal.baselines import autoregression, last_value, smoothing
from engines.temporal.predicting import Linear, Running, errors_of, windows_of
from engines.temporal.series import Scaling, Values
from inspector.core.errors import ConfigError
from tests.engines.temporal.rendered import series, swinging


@pytest.mark.parametrize(
    ("channels", "values", "said"),
    [
        (("a",), np.zeros((3, 2)), "1 channels named"),
        (("a", "a"), np.zeros((3, 2)), "names of their own"),
        ((), np.zeros((3, 0)), "names of their own"),
        (("a",), np.array([[1.0], [np.nan]]), "not finite"),
    ],
)
def test_what_is_no_series(channels: tuple[str, ...], values: Values, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Series(channels, values)


def test_channels_are_taken_by_name_and_hash_with_their_values() -> None:
    whole = series(50)
    turned = whole.of(("cam brightness", "belt speed"))
    assert (turned.values == whole.values[:, ::-1]).all()
    assert len({whole.digest, turned.digest, series(50, seed=1).digest}) == 3
    assert whole.of(whole.channels).digest == whole.digest
    with pytest.raises(ConfigError, match=r"no channel lamp\. Known: belt speed"):
        whole.of(("lamp",))


def test_strange_parts_do_not_move_the_scale_and_are_held_within_what_was_taught() -> None:
    values = swinging(500)
    values[::50] += 1000.0
    clean, odd = (Scaling.of(Series(("a", "b"), of)) for of in (swinging(500), values))
    assert odd.spread == pytest.approx(clean.spread, rel=0.1)
    held = odd.held(odd.scaled(np.array([[0.0, 1e9], [300.0, 80.0]])))
    assert held[0].tolist() == [odd.low[0], odd.high[1]]
    assert odd.held(held[1]) == pytest.approx(odd.scaled([300.0, 80.0]))


def test_a_channel_that_stands_still_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="b hardly ever moves"):
        Scaling.of(Series(("a", "b"), np.stack([np.arange(50.0), np.ones(50)], axis=1)))


def test_windows_end_where_the_next_vector_begins() -> None:
    windows = windows_of(np.arange(12.0).reshape(6, 2), 3)
    assert windows.shape == (3, 3, 2)
    assert windows[1].tolist() == [[2, 3], [4, 5], [6, 7]]


def test_last_value_and_smoothing_are_what_their_names_say() -> None:
    random = np.random.default_rng(0)
    window = random.normal(size=(1, 5, 2)).astype(np.float32)
    assert (last_value(5, 2).predict(window) == window[:, -1]).all()
    noise, walk = random.normal(size=400), np.cumsum(random.normal(size=400))
    smooth = smoothing(np.stack([noise, walk], axis=1), 16)
    weights = smooth.weights.reshape(16, 2, 2)
    assert weights.sum(axis=0) == pytest.approx(np.eye(2), abs=1e-5)
    assert weights[-1, 0, 0] < 0.25  # noise about a level: the mean of many
    assert weights[-1, 1, 1] > 0.7  # a walk: the last one


def test_autoregression_finds_the_recursion_that_made_a_series() -> None:
    random = np.random.default_rng(0)
    values = np.zeros((2000, 1))
    for part in range(2, 2000):
        values[part] = 0.5 * values[part - 1] - 0.3 * values[part - 2] + random.normal()
    found = autoregression(values, values, 1500, 4)
    assert found.weights[:, 0] == pytest.approx([0.0, 0.0, -0.3, 0.5], abs=0.06)


def test_a_running_forecast_says_part_by_part_what_the_whole_series_says() -> None:
    whole = series(60)
    scaling = Scaling.of(whole)
    scaled = scaling.scaled(whole.values)
    linear = autoregression(scaling.held(scaled), scaled, 40, 6)
    wanted = errors_of(linear.predict, scaled, scaling.held(scaled), 6)
    running = Running(linear, scaling, 6)
    found = [running.add(vector) for vector in whole.values]
    assert found[:6] == [None] * 6
    assert np.array(found[6:]) == pytest.approx(wanted, abs=1e-5)


def test_a_part_without_a_value_is_no_part_of_the_window() -> None:
    scaling = Scaling.of(series(60))
    ones = Linear(np.ones((4, 2), np.float32), np.zeros(2, np.float32))
    with_gap, without = (Running(ones, scaling, 2) for _ in range(2))
    vectors = swinging(5)
    told = []
    for vector in vectors:
        assert with_gap.add([vector[0], np.nan]) is None
        told.append((with_gap.add(vector), without.add(vector)))
    assert told[1] == (None, None)
    for one, other in told[2:]:
        assert one == pytest.approx(other)
