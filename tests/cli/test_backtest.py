"""A candidate tried on the archive, by the real command."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.durable.yaml_files import dump_yaml
from tests.cli.commands import inspector
from tests.station.archive import run_plant
from tests.tiny_plant import TinyPlant, make_bundle, tiny_recipe


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> TinyPlant:
    return run_plant(tmp_path_factory.mktemp("plant"), 40, evidence={"pass_share": 1.0}, parts=40)


def test_what_runs_changes_nothing(plant: TinyPlant) -> None:
    found = inspector("backtest", "tiny", "--line", str(plant.line_file))
    assert found.returncode == 0, found.stderr
    assert "40 of 40 parts judged again" in found.stdout
    assert "0 passes are rejected now, 0 rejects pass" in found.stdout


def test_a_candidate_by_its_files_and_its_page(plant: TinyPlant, tmp_path: Path) -> None:
    recipe = tiny_recipe(false_reject_rate=0.4)
    bundle = make_bundle(tmp_path / "candidate", recipe)
    file = tmp_path / "tiny.yaml"
    file.write_bytes(dump_yaml(recipe))
    line = ("--line", str(plant.line_file), "--bundle", str(bundle))
    found = inspector("backtest", str(file), "--since", "2020-01-01", *line)
    assert found.returncode == 0, found.stderr
    assert "of the good parts (95 %:" in found.stdout
    page = Path(found.stdout.strip().splitlines()[-1].split(maxsplit=1)[1])
    text = page.read_text(encoding="utf-8")
    rejected = int(found.stdout.split(": ", 1)[1].split()[0])
    assert rejected > 0
    assert text.count("<figure>") == rejected
    assert text.count("data:image/jpeg;base64,") == 2 * rejected
    assert "http://" not in text
    assert "https://" not in text


def test_an_empty_time_is_an_input_error(plant: TinyPlant) -> None:
    line = ("--line", str(plant.line_file))
    never = inspector("backtest", "tiny", "--until", "2020-01-01", *line)
    assert never.returncode == 2
    assert "no pictures of parts" in never.stderr
    wrong = inspector("backtest", "tiny", "--since", "yesterday", *line)
    assert wrong.returncode == 2
    assert "--since yesterday: no time" in wrong.stderr
