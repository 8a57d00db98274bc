"""``inspector gauge``: parts shown several times, judged by the engine that was calibrated."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from calibration.gauge import gauge_study
from inspector.cli.app import app
from inspector.cli.gauge import report
from inspector.core.errors import DatasetError
from inspector.durable.images import encode_png
from inspector.teaching.gauge import shown_parts
from tests.tiny_plant import TinyPlant, make_plant


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> TinyPlant:
    return make_plant(tmp_path_factory.mktemp("plant"), parts=1)


def show(folder: Path, grey: float, *, shows: int = 3, seed: int = 0) -> None:
    """Photographs of one part, whose brightest place says how bad it is."""
    folder.mkdir(parents=True)
    for number in range(shows):
        random = np.random.default_rng([seed, number])
        image = random.normal(50.0, 1.0, (64, 64))
        image[20:32, 20:32] = random.normal(grey, 1.0, (12, 12))
        (folder / f"{number}.png").write_bytes(encode_png(image.astype(np.uint8)))


def run(plant: TinyPlant, folder: Path, *more: str) -> str:
    arguments = ["gauge", "tiny", str(folder), "--line", str(plant.line_file), *more]
    done = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_parts_with_a_reference(plant: TinyPlant, tmp_path: Path) -> None:
    for index, grey in enumerate((40, 45, 50)):
        show(tmp_path / "shows" / "good" / f"part-{index}", grey, seed=index)
    for index, grey in enumerate((90, 120)):
        show(tmp_path / "shows" / "bad" / f"part-{index}", grey, seed=10 + index)
    out = tmp_path / "gauge.json"
    printed = run(plant, tmp_path / "shows", "--json", str(out))
    assert "alike        5 of 5" in printed
    assert "rejected     0 of 3" in printed
    assert "escaped      0 of 2" in printed
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert [part["name"] for part in figures["parts"]][:3] == [
        "bad/part-0",
        "bad/part-1",
        "good/part-0",
    ]
    assert [part["rejects"] for part in figures["parts"]] == [3, 3, 0, 0, 0]
    assert figures["kappa"]["value"] == 1.0
    assert 0.0 < figures["repeatability"]["sigma_repeat"] < 1.0


def test_parts_of_which_nothing_is_known(plant: TinyPlant, tmp_path: Path) -> None:
    for index, grey in enumerate((50, 90)):
        show(tmp_path / "shows" / f"part-{index}", grey, seed=index)
    printed = run(plant, tmp_path / "shows")
    assert "2, 6 shows in all" in printed
    assert "reference" not in printed


def test_too_little_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be read"):
        shown_parts(tmp_path / "nowhere")
    show(tmp_path / "a", 50.0)
    with pytest.raises(DatasetError, match="1 parts are too few"):
        shown_parts(tmp_path)
    show(tmp_path / "b", 50.0, shows=1)
    with pytest.raises(DatasetError, match="shown once only"):
        shown_parts(tmp_path)


def test_one_photograph_is_not_two_shows(tmp_path: Path) -> None:
    show(tmp_path / "a", 50.0)
    (tmp_path / "a" / "copy.png").write_bytes((tmp_path / "a" / "0.png").read_bytes())
    with pytest.raises(DatasetError, match="there twice"):
        shown_parts(tmp_path)


def test_the_report_names_parts_that_were_judged_two_ways() -> None:
    study = gauge_study([[1.0, 1.1], [2.9, 3.1], [0.8, 0.9]], 3.0, names=["a", "b", "c"])
    assert report(study)[-1] == "             b: rejected in 1 of 2 shows"
    study = gauge_study([[4.0, 4.1], [4.2, 4.1]], 3.0)
    assert any("not known: all verdicts are the same" in line for line in report(study))
    assert any("the parts that pass are not below it" in line for line in report(study))
