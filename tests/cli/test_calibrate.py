"""``inspector calibrate``: what is printed and written, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from calibration.threshold import read_calibration
from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.core.record import RecordKind
from inspector.teaching.bundles import calibration_path, current_bundle
from tests.cli.commands import inspector
from tests.station.production_line import PASSWORD, records
from tests.teaching.tiny_calibration import write_set
from tests.tiny_plant import TinyPlant, make_plant

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> TinyPlant:
    return make_plant(tmp_path_factory.mktemp("plant"), parts=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_set(tmp_path_factory.mktemp("set"))


def calibrate(plant: TinyPlant, *arguments: object) -> subprocess.CompletedProcess[str]:
    given = [str(argument) for argument in arguments]
    return inspector("calibrate", "tiny", *given, "--line", str(plant.line_file))


def artefact(plant: TinyPlant) -> Path:
    bundle = current_bundle(plant.data_folder, "tiny")
    assert bundle is not None
    return calibration_path(bundle, "openvino")


def test_threshold_figures_and_report(plant: TinyPlant, folder: Path, tmp_path: Path) -> None:
    out, report = tmp_path / "out.json", tmp_path / "sub/report.html"
    done = calibrate(plant, folder, "--json", out, "--report", report)
    assert done.returncode == 0, done.stderr
    plain = json.loads(out.read_text(encoding="utf-8"))
    made = read_calibration(artefact(plant))
    assert plain["threshold"] == made.threshold
    assert plain["identity"]["calibration"] == made.hash
    assert made.hash in report.read_text(encoding="utf-8")
    for line in (
        f"calibration  {artefact(plant)}",
        "images       40 good ones, on openvino",
        "promised     5 % of good parts rejected",
        "expected     4.88 %",
        "wants        19 more good images",
        "escapes      3 of 9",
        "  100 : 1 ",
        "note         This PC does not know which images",
    ):
        assert line in done.stdout, line


def test_other_promise_changes_nothing(plant: TinyPlant, folder: Path, tmp_path: Path) -> None:
    before = artefact(plant).read_bytes()
    out = tmp_path / "out.json"
    done = calibrate(plant, folder, "--false-reject", "0.01", "--json", out)
    assert done.returncode == 0, done.stderr
    assert artefact(plant).read_bytes() == before
    assert "calibration  not written" in done.stdout
    assert "set decision.false_reject_rate: 0.01 in the recipe" in done.stdout
    plain = json.loads(out.read_text(encoding="utf-8"))
    assert (plain["promised"], plain["applied"], plain["extrapolated"]) == (0.01, False, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no/such/folder"], "no/such/folder: cannot be read"),
        (["stored"], "0 different good images to calibrate with"),
        (["stored", "--false-reject", "1.5"], "--false-reject 1.5: not a share"),
    ],
)
def test_bad_input_is_one_line(plant: TinyPlant, arguments: list[str], words: str) -> None:
    before = artefact(plant).read_bytes()
    done = calibrate(plant, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert artefact(plant).read_bytes() == before


def test_report_that_cannot_be_written_leaves_the_calibration(
    plant: TinyPlant, folder: Path, tmp_path: Path
) -> None:
    before = artefact(plant).read_bytes()
    done = calibrate(plant, folder / "test/good", "--report", tmp_path)
    assert done.returncode == 3
    assert artefact(plant).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == []


def test_product_without_an_engine_is_calibrated_from_the_first(
    tmp_path: Path, folder: Path
) -> None:
    plant = make_plant(tmp_path / "plant", parts=1)
    file = plant.line_file.parent / "products/bare.yaml"
    recipe = yaml.safe_load((file.parent / "tiny.yaml").read_text(encoding="utf-8"))
    changes = {"engine": {"method": "none"}, "checks": [{"check": "local"}]}
    file.write_text(yaml.safe_dump(recipe | {"product": "bare", "plc_id": 8} | changes))
    done = inspector("calibrate", "bare", str(folder), "--line", str(plant.line_file))
    assert done.returncode == 0, done.stderr
    bundle = current_bundle(plant.data_folder, "bare")
    assert bundle is not None
    made = read_calibration(calibration_path(bundle, "openvino"))
    assert [check.name for check in made.checks] == ["local"]
    assert "does not know" not in done.stdout


def test_where_the_line_wants_it_another_threshold_is_signed_and_recorded(
    plant: TinyPlant, folder: Path, tmp_path: Path
) -> None:
    Users(plant.data_folder).add("ann", Role.ENGINEER, PASSWORD)
    content = yaml.safe_load(plant.line_file.read_text(encoding="utf-8"))
    content["access"] = {"signatures": {"threshold": 1}}
    signed = plant.line_file.with_name("signed.yaml")
    signed.write_text(yaml.safe_dump(content), encoding="utf-8")
    artefact(plant).unlink(missing_ok=True)
    given = ("calibrate", "tiny", str(folder), "--line", str(signed))
    refused = inspector(*given)
    assert refused.returncode == 2
    assert "wants a signature" in refused.stderr
    assert not artefact(plant).exists()
    done = subprocess.run(
        [sys.executable, "-m", "inspector", *given, "--user", "ann", "--reason", "new lamp"],
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        timeout=120.0,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    change = records(plant, RecordKind.ACTION)[-1]
    assert (change["action"], change["user"]) == ("ChangeThreshold", "ann")
    assert change["calibration"] == read_calibration(artefact(plant)).hash
    assert change["signatures"][0]["meaning"] == "approval"
