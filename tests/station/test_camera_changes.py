"""Exposure and gain, signed for: where they are written, what is refused, what is recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.camera_config import CameraSpec
from inspector.core.errors import InputError, InspectorError
from inspector.core.recipe import Recipe
from inspector.core.record import RecordKind
from inspector.core.state import StationState
from inspector.ledger.ledger import ledger_folder
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.link.messages import ChangeLight, Halt, SelectAutomatic, Start
from inspector.station.camera_changes import with_light
from inspector.station.opening import catalogue_of
from tests.station.production_line import (
    as_user,
    make_production_plant,
    opened,
    qualified,
    wait_for_state,
    wait_until,
)

LIGHT = (("ExposureTime", None, 800.0), ("Gain", 0.0, 3.0))


def test_settings_go_where_the_recipe_has_them() -> None:
    spec = CameraSpec(settings={"Gain": 0.0}, views={"left": {"ExposureTime": 500.0}})
    recipe = Recipe(product="tiny", camera=spec)
    alone = with_light(recipe, "left", {"ExposureTime": 800.0, "Gain": 3.0}, alone=True)
    assert alone.camera.settings == {"Gain": 3.0}
    assert alone.camera.views == {"left": {"ExposureTime": 800.0}}
    beside = with_light(recipe, "right", {"Gain": 3.0}, alone=False)
    assert beside.camera.settings == {"Gain": 0.0}  # the other camera's stays
    assert beside.camera.of("right") == {"Gain": 3.0}
    assert beside.camera.of("left") == {"Gain": 0.0, "ExposureTime": 500.0}


def test_another_exposure_is_recorded_and_no_release_covers_it(tmp_path: Path) -> None:
    plant = make_production_plant(tmp_path)
    with opened(plant) as station:
        qualified(station)
        assert not station.station.status().locked
        station.console.call(Halt())
        wait_for_state(station, StationState.HALTED)
        as_user(station, "ann", ChangeLight("tiny", "new lamp", "replay-0", LIGHT))
        station.console.call(SelectAutomatic())
        wait_until(lambda: bool(station.station.status().locked), "the release still covers it")
        refused = {
            "no exposure or gain": ChangeLight("tiny", "why", "replay-0", (("Width", 1.0, 8.0),)),
            "no camera of this line": ChangeLight("tiny", "why", "other", LIGHT),
            "needs a reason": ChangeLight("tiny", "", "replay-0", LIGHT),
        }
        for words, command in refused.items():
            with pytest.raises((InputError, InspectorError), match=words):
                as_user(station, "ann", command)
        with pytest.raises(InspectorError, match="not allowed"):
            as_user(station, "oki", ChangeLight("tiny", "why", "replay-0", LIGHT))
    recipe = catalogue_of(plant.line_file, plant.data_folder).recipe("tiny")
    assert recipe.camera.settings == {"ExposureTime": 800.0, "Gain": 3.0}
    told = [one for one in actions(plant.data_folder) if one["action"] == "ChangeLight"]
    assert [bool(one["refused"]) for one in told] == [False, True, True, True, True]
    assert (told[0]["user"], told[0]["camera"]) == ("ann", "replay-0")
    assert told[0]["old"] == "ExposureTime -, Gain 0"
    assert told[0]["new"] == "ExposureTime 800, Gain 3"
    assert told[0]["recipe"] == recipe.hash


def test_not_while_the_line_runs(tmp_path: Path) -> None:
    with opened(make_production_plant(tmp_path, production=False)) as station:
        wait_for_state(station, StationState.READY)
        station.console.call(Start())
        wait_for_state(station, StationState.CONTINUOUS_EXECUTION)
        with pytest.raises(InspectorError, match="the line runs"):
            as_user(station, "ann", ChangeLight("tiny", "why", "replay-0", LIGHT))


def actions(folder: Path) -> list[dict[str, object]]:
    reader = LedgerReader.open(ledger_folder(folder))
    found = [dict(one.content) for one in reader.each(RecordFilter(kind=RecordKind.ACTION))]
    reader.close()
    return found
