"""``inspector forecast``: taught from a file, shown, and checked against other parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from inspector.cli.app import app
from inspector.core.errors import ConfigError, InputError
from tests.engines.temporal.rendered import swinging
from tests.tiny_plant import TinyPlant, make_plant


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> TinyPlant:
    return make_plant(tmp_path_factory.mktemp("plant"), parts=1)


def run(plant: TinyPlant, *arguments: str) -> str:
    given = ["forecast", *arguments, "--line", str(plant.line_file)]
    done = CliRunner().invoke(app, given, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def logged(path: Path, parts: int, seed: int, slip: float = 0.0) -> str:
    """A file of a belt's speed, and of a switch that never moves."""
    values = swinging(parts, seed, slip)[:, :1]
    rows = np.hstack([values, np.ones_like(values)])
    np.savetxt(path, rows, delimiter=",", header="belt speed,switch", comments="")
    return str(path)


def test_taught_shown_and_checked(plant: TinyPlant, tmp_path: Path) -> None:
    good = logged(tmp_path / "good.csv", 1200, seed=0)
    printed = run(plant, "teach", "tiny", "--series", good, "--method", "autoregression")
    assert "left out     switch: hardly ever moves" in printed
    assert "720 taught, 180 validated, 300 held out" in printed
    assert "forecast.enabled is false" in printed
    assert "autoregression" in run(plant, "show", "tiny")
    other = logged(tmp_path / "other.csv", 600, seed=1)
    assert run(plant, "check", "tiny", "--series", other) == "600 parts, 0 alarms\n"
    slipping = logged(tmp_path / "slipping.csv", 600, seed=1, slip=0.4)
    assert "belt speed: " in run(plant, "check", "tiny", "--series", slipping)


def test_a_product_without_forecast_or_parts_says_how_to_get_them(plant: TinyPlant) -> None:
    with pytest.raises(InputError, match=r"other: no forecast was taught.*inspector forecast"):
        run(plant, "show", "other")
    with pytest.raises(ConfigError, match="the station has kept no parts"):
        run(plant, "teach", "tiny")
