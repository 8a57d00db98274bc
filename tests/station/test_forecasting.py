"""A forecast tells health, never decides, and ends quietly where it cannot go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.drift import Change, DriftState
from engines.bundle import open_bundle
from engines.temporal import Running, Series
from engines.temporal.spec import ForecastSpec
from engines.temporal.teaching import teach_series
from inspector.core.canonical import Json
from inspector.core.errors import ConfigError, EngineError
from inspector.core.frame import FrameInfo
from inspector.core.judgement import CheckResult, Judgement
from inspector.core.line_config import ForecastConfig
from inspector.core.record import RecordKind
from inspector.core.state import Health, StationState
from inspector.core.verdict import Cause, Outcome, StageTimes, Verdict
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.line.part import JudgedPart
from inspector.link.messages import Acknowledge, Start, Stop
from inspector.station import forecasting
from inspector.station.forecasts import keep_forecast, latest_file, latest_parts
from inspector.station.line_series import LiveSignals, recorded_series, series_of, without_still
from inspector.station.opening import OpenStation, catalogue_of, load_line, open_station
from inspector.teaching.bundles import current_bundle
from tests.tiny_plant import make_plant
from tests.waiting import until

SPEC = ForecastSpec(method="autoregression", window=8)
CONFIG = ForecastConfig(enabled=True, keep_parts=500, false_alarm_parts=2000)
BUNDLE, OTHER = "a" * 64, "b" * 64


class Told:
    """Hears alarms and records."""

    def __init__(self) -> None:
        self.alarms: dict[str, tuple[Health, str]] = {}
        self.events: list[Mapping[str, Json]] = []

    def fault(self, reason: str) -> None:
        raise AssertionError(reason)

    def alarm(self, key: str, health: Health, text: str) -> None:
        self.alarms[key] = (health, text)

    def clear(self, key: str) -> None:
        self.alarms.pop(key, None)

    def note(self, kind: RecordKind, payload: Mapping[str, Json]) -> None:
        assert kind is RecordKind.EVENT
        self.events.append(payload)


def part(
    number: int, *, score: float = 0.0, warm: float = 0.0, judged: bool = True, master: str = ""
) -> JudgedPart:
    """Parts that come 0.1 s and 1,000 counts apart, seen by one camera."""
    random = np.random.default_rng(number)
    pixels = random.normal(60.0, 2.0, (1, 64, 64, 1)).clip(0, 255).astype(np.uint8)
    check = CheckResult("engine", float(random.normal(62.0 + score, 0.1)), 99.0)
    at_ns = number * 10**8
    verdict = Verdict(
        part_id=number,
        trigger_count=number,
        encoder_count=1000 * number,
        outcome=Outcome.PASS if judged else Outcome.REJECT,
        cause=Cause.GOOD if judged else Cause.EXPIRED,
        triggered_ns=at_ns,
        deadline_ns=at_ns + 1,
        decided_ns=at_ns + 1,
        judgement=Judgement((check,)) if judged else None,
        master=master,
    )
    temperature = 40.0 + warm + 0.1 * random.normal()
    frame = FrameInfo("cam", number, number, 0, 0, 0, temperature_c=temperature)
    times = StageTimes(*(at_ns for _ in range(8)))
    return JudgedPart(verdict, times, (frame,), prepared=pixels if judged else None)


def signals() -> LiveSignals:
    return LiveSignals(["cam"], 255)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """A forecast of the score and the temperature of good parts."""
    random = np.random.default_rng(0)
    values = random.normal([62.0, 40.0], 0.1, (800, 2))
    return teach_series(Series(("engine", "cam temperature"), values), SPEC, bundle=BUNDLE)


def made(data_folder: Path, told: Told, bundle: str = BUNDLE) -> forecasting.ForecastTap:
    return forecasting.make_forecast_tap(
        CONFIG,
        "tiny",
        data_folder,
        bundle=bundle,
        scores=["engine"],
        signals=signals(),
        recorder=told,
    )


def shown(tap: forecasting.ForecastTap, told: Told, parts: Sequence[JudgedPart]) -> None:
    for one in parts:
        tap.offer(one)
    for _ in range(len(parts) // 200 + 1):
        tap.tell(told)


def test_a_score_is_out_of_specification_and_what_wears_wants_maintenance(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    keep_forecast(tmp_path, "tiny", files)
    told = Told()
    tap = made(tmp_path, told)
    shown(tap, told, [part(n) for n in range(300)])
    assert told.alarms == {}
    shown(tap, told, [part(n, score=0.5, warm=-0.5) for n in range(300, 400)])
    health, words = told.alarms["forecast engine"]
    assert health is Health.OUT_OF_SPECIFICATION
    assert words.startswith("engine: higher than forecast")
    health, words = told.alarms["forecast cam temperature"]
    assert health is Health.MAINTENANCE_REQUIRED
    assert words.startswith("cam temperature: lower than forecast")
    assert [event["event"] for event in told.events] == ["forecast", "forecast"]
    tap.acknowledge("forecast engine", told)
    tap.tell(told)
    assert told.alarms.keys() == {"forecast cam temperature"}
    shown(tap, told, [part(n, score=0.5) for n in range(400, 500)])
    assert "forecast engine" in told.alarms  # the cause is still there


def test_the_inspection_thread_only_hands_over(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_forecast(tmp_path, "tiny", files)
    told = Told()
    tap = made(tmp_path, told)

    def fails(running: Running, values: object) -> None:
        raise EngineError(f"cannot predict {running} {values}")

    monkeypatch.setattr(Running, "add", fails)
    tap.offer(part(0))
    tap.tell(told)
    assert told.alarms["forecast itself"][0] is Health.MAINTENANCE_REQUIRED
    tap.offer(part(1))
    tap.tell(told)  # the line goes on


def test_a_forecast_of_another_bundle_is_not_used(files: dict[str, bytes], tmp_path: Path) -> None:
    keep_forecast(tmp_path, "tiny", files)
    told = Told()
    shown(made(tmp_path, told, OTHER), told, [part(n, score=9.0) for n in range(100)])
    (health, words) = told.alarms.pop("forecast itself")
    assert health is Health.MAINTENANCE_REQUIRED
    assert "scores of another bundle" in words
    assert told.alarms == {}


def test_a_forecast_of_what_the_line_does_not_have_is_told(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    keep_forecast(tmp_path, "tiny", files)
    told = Told()
    cold = [replace(part(n), frames=()) for n in range(500)]
    tap = made(tmp_path, told)
    shown(tap, told, cold[:499])
    assert told.alarms == {}
    shown(tap, told, cold[499:])
    assert "parts have no cam temperature" in told.alarms["forecast itself"][1]


def test_a_damaged_forecast_is_maintenance_and_no_fault(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    forecast = keep_forecast(tmp_path, "tiny", files)
    (forecast.path / "weights.safetensors").write_bytes(b"x")
    told = Told()
    shown(made(tmp_path, told), told, [part(0)])
    assert "weights.safetensors: contents differ" in told.alarms["forecast itself"][1]


def test_without_a_forecast_the_last_parts_are_kept_to_teach_one_from(tmp_path: Path) -> None:
    told = Told()
    tap = made(tmp_path, told)
    shown(tap, told, [part(n, judged=n % 2 == 0) for n in range(1200)])
    assert told.alarms == {}
    kept = latest_parts(latest_file(tmp_path, "tiny", BUNDLE))
    assert 450 <= len(kept) <= 500
    assert set(kept.channels) == {
        "engine",
        "cam brightness",
        "cam sharpness",
        "cam temperature",
        "belt speed",
    }
    again = made(tmp_path, told)
    shown(again, told, [part(n) for n in range(2000, 2060)])  # what was kept is gone on with
    later = latest_parts(latest_file(tmp_path, "tiny", BUNDLE))
    assert len(later) >= 490
    assert (later.values[:400] == kept.values[-440:][:400]).all()
    moving, still = without_still(kept)
    assert still == ("belt speed",)
    teach_series(moving, SPEC)


def test_parts_that_are_not_judged_and_limit_samples_say_nothing() -> None:
    live = signals()
    assert live.of(part(0, judged=False)) is None
    assert live.of(part(1, master="scratch")) is None
    assert live.of(part(2)) is not None


def test_the_belt_speed_is_that_between_two_parts_unless_the_line_stood() -> None:
    live = signals()
    assert "belt speed" not in (live.of(part(1)) or {})
    assert (live.of(part(3)) or {})["belt speed"] == pytest.approx(10_000.0)
    assert "belt speed" not in (live.of(part(300)) or {})


def test_rare_channels_are_left_out_and_nothing_is_no_series() -> None:
    rows: list[dict[str, float]] = [{"a": float(n)} for n in range(19)]
    assert series_of([*rows, {"a": 0.0, "b": 1.0}], "rows").channels == ("a",)
    assert len(series_of([*rows, {"b": 1.0}], "rows")) == 19
    with pytest.raises(ConfigError, match="rows: no judged parts"):
        series_of([], "rows")


@pytest.mark.parametrize("change", Change)
def test_every_change_has_its_words(change: Change) -> None:
    state = DriftState("belt speed", change, 1.0, 1.0, alarm=True, since=1)
    assert forecasting.in_words(state).startswith("belt speed: ")


def forecast_alarms(station: OpenStation) -> list[str]:
    standing = station.station.status().alarms
    return [alarm.key for alarm in standing if alarm.key.startswith(forecasting.KEY)]


def test_on_a_whole_line_it_is_told_acknowledged_and_decides_nothing(tmp_path: Path) -> None:
    """Its forecast was taught from scores lower than those that come."""
    plant = make_plant(tmp_path, parts=20, defective_every=100)
    random = np.random.default_rng(0)
    low = Series(("engine",), random.normal(10.0, 0.1, (600, 1)))
    keep_forecast(plant.data_folder, "tiny", teach_series(low, SPEC))
    config = load_line(plant.line_file).model_copy(update={"forecast": CONFIG})
    with open_station(config, catalogue_of(plant.line_file, plant.data_folder)) as station:
        station.console.call(Start())
        until(lambda: forecast_alarms(station) == ["forecast engine"])
        status = station.station.status()
        assert status.state is StationState.CONTINUOUS_EXECUTION
        assert status.health is Health.OUT_OF_SPECIFICATION
        station.console.call(Acknowledge("forecast engine"))
        until(lambda: forecast_alarms(station) == ["forecast engine"])  # it is told again
        station.console.call(Stop())
        until(lambda: station.station.state is StationState.READY)
    bundle = current_bundle(plant.data_folder, "tiny")
    assert bundle is not None
    reader = LedgerReader.open(ledger_folder(plant.data_folder))
    causes = {record.cause for record in reader.each() if record.outcome}
    contents = [record.content for record in reader.each(RecordFilter(kind=RecordKind.EVENT))]
    series = recorded_series(reader, "tiny", open_bundle(bundle).hash)
    with pytest.raises(ConfigError, match="no judged parts"):
        recorded_series(reader, "tiny", OTHER)
    reader.close()
    assert Cause.GOOD.value in causes
    assert sum(content["event"] == "forecast" for content in contents) >= 2
    assert series.channels[0] == "engine"
    assert series.values[:, 0].min() > 50.0
