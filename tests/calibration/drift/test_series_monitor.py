"""Charts on errors of prediction: silent where values go on as taught, loud where they do not."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.drift import DriftMonitor, Promise
from calibration.drift.series import SeriesMonitor
from engines.temporal import Forecast, writing_forecast
from engines.temporal.series import Values
from engines.temporal.teaching import teach_series
from tests.engines.temporal.rendered import BLINK, series, swinging

PROMISE = Promise(2000.0)


@pytest.fixture(scope="module")
def forecast(tmp_path_factory: pytest.TempPathFactory) -> Forecast:
    path = tmp_path_factory.mktemp("forecast") / "f"
    with writing_forecast(path, teach_series(series(1600), BLINK)) as found:
        return found


def told(monitor: SeriesMonitor, values: Values) -> list[tuple[int, str]]:
    found = []
    for part, vector in enumerate(values):
        monitor.add(vector)
        for state in monitor.state():
            if state.alarm:
                found.append((part, state.channel))
                monitor.acknowledge(state.channel)
    return found


def test_it_is_silent_while_all_goes_on_as_taught(forecast: Forecast) -> None:
    assert told(SeriesMonitor(forecast, PROMISE), swinging(6000, seed=1)) == []


def test_it_tells_of_a_belt_that_slips_long_before_drift_can(forecast: Forecast) -> None:
    slipping = swinging(300, seed=1, slip=0.4)
    first = told(SeriesMonitor(forecast, PROMISE), slipping)[0]
    assert first[0] < 60
    assert first[1] == "belt speed"
    drift = DriftMonitor({"speed": swinging(400)[:, 0]}, promise=PROMISE)
    for value in slipping[: first[0] + 1, 0].tolist():
        drift.add("speed", value)
    assert not any(state.alarm for state in drift.state())


def test_it_tells_which_channel_is_off_and_since_when(forecast: Forecast) -> None:
    monitor = SeriesMonitor(forecast, PROMISE)
    values = swinging(400, seed=2)
    values[250:, 1] -= 3.0
    for vector in values:
        monitor.add(vector)
    alarms = [state for state in monitor.state() if state.alarm]
    assert {state.channel for state in alarms} == {"cam brightness"}
    fall = next(state for state in alarms if state.change == "fall")
    assert fall.since is not None
    assert fall.since + BLINK.window == pytest.approx(251, abs=5)
    monitor.acknowledge("cam brightness")
    assert not any(state.alarm for state in monitor.state())


def test_a_single_strange_part_is_no_alarm(forecast: Forecast) -> None:
    values = swinging(600, seed=3)
    values[::60] += 100.0
    assert told(SeriesMonitor(forecast, PROMISE), values) == []


def test_it_waits_until_it_knows_a_window(forecast: Forecast) -> None:
    monitor = SeriesMonitor(forecast, PROMISE)
    found = [monitor.add(vector) for vector in swinging(BLINK.window + 1)]
    assert found[:-1] == [None] * BLINK.window
    assert np.isfinite(found[-1]).all()  # type: ignore[arg-type]  # the last one is known
