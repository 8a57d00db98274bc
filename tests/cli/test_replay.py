"""Replaying, looking at and holding archived parts, by the real command."""

from __future__ import annotations

import subprocess
from pathlib import Path

import cv2
import pytest

from inspector.access.permissions import Role
from inspector.access.users import Users
from tests.cli.commands import inspector
from tests.station.archive import archive_of, run_plant
from tests.tiny_plant import TinyPlant


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> TinyPlant:
    made = run_plant(tmp_path_factory.mktemp("plant"), 12, evidence={"pass_share": 0.0}, parts=12)
    Users(made.data_folder).add("ann", Role.ADMINISTRATOR, "only-for-tests-8")
    return made


def test_one_part_and_all(plant: TinyPlant) -> None:
    line = ("--line", str(plant.line_file))
    one = inspector("replay", "4", *line)
    assert one.returncode == 0, one.stderr
    assert "1 scores on an equal runtime: the same, bit for bit" in one.stdout
    every = inspector("replay", "--all", *line)
    with archive_of(plant) as (records, _, _):
        rejects = sum(record.outcome == "reject" for record in records)
    assert f"{rejects} parts replayed, {rejects} bit for bit, 0 flips" in every.stdout
    assert f"{12 - rejects} without pictures" in every.stdout
    never = inspector("replay", "1", *line)
    assert never.returncode == 3
    assert "its pictures were not kept" in never.stderr
    nobody = inspector("replay", "999", *line)
    assert nobody.returncode == 2
    assert "no record" in nobody.stderr


def test_a_part_of_which_the_calibration_is_gone(plant: TinyPlant, tmp_path: Path) -> None:
    with archive_of(plant) as (records, _, _):
        digest = records[0].content["hashes"]["calibration"]
    kept = plant.data_folder / "deciders" / f"calibration-{digest}.yaml"
    current = next((plant.data_folder / "bundles/tiny").glob("*.calibration-*.yaml"))
    moved = [kept.rename(tmp_path / "kept"), current.rename(tmp_path / "current")]
    try:
        found = inspector("replay", "4", "--line", str(plant.line_file))
    finally:
        moved[0].rename(kept)
        moved[1].rename(current)
    assert found.returncode == 2
    assert f"no calibration {digest[:12]}" in found.stderr


@pytest.mark.parametrize("overlay", [False, True])
def test_a_part_is_shown(plant: TinyPlant, tmp_path: Path, overlay: bool) -> None:
    options = ("--overlay",) if overlay else ()
    line = ("--line", str(plant.line_file))
    found = inspector("ledger", "picture", "4", str(tmp_path), *line, *options)
    assert found.returncode == 0, found.stderr
    picture = cv2.imread(found.stdout.strip())
    assert picture is not None
    assert picture.shape == (64, 64, 3)
    coloured = bool((picture[..., 0] != picture[..., 2]).any())
    assert coloured is overlay, "heat and boxes are the only colour of a grey part"


def as_ann(*arguments: str, line: Path) -> subprocess.CompletedProcess[str]:
    import sys

    return subprocess.run(
        [sys.executable, "-m", "inspector", "ledger", *arguments, "--line", str(line)],
        input="only-for-tests-8\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_hold_is_listed_until_it_is_released(plant: TinyPlant) -> None:
    options = ("--reason", "complaint 88", "--user", "ann")
    held = as_ann("hold", "--part", "4", "--since", "2020-01-01", *options, line=plant.line_file)
    assert held.returncode == 0, held.stderr
    listed = inspector("ledger", "holds", "--line", str(plant.line_file)).stdout
    assert "part 4, since 20" in listed
    assert "ann: complaint 88" in listed
    everything = as_ann("hold", *options, line=plant.line_file)
    assert everything.returncode == 2
    assert "a hold of everything" in everything.stderr
    done = as_ann("release-hold", listed.split()[0], *options, line=plant.line_file)
    assert done.returncode == 0, done.stderr
    assert "nothing is held" in inspector("ledger", "holds", "--line", str(plant.line_file)).stdout
