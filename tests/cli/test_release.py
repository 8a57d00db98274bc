"""``inspector limits`` and ``inspector release`` as a person types them, without a station."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.cli.desk import desk
from inspector.cli.limits import _check, _rectangle
from inspector.core.errors import InputError, RefusedError
from inspector.core.state import StationState
from inspector.durable.images import encode_png
from inspector.link.messages import AddMaster, Release
from inspector.teaching.dataset import DatasetStore, Entry, Label, Split, digest_of
from tests.cli.commands import inspector
from tests.station.production_line import MASTERS, PASSWORD, make_production_plant, opened
from tests.tiny_plant import TinyPlant, picture


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    return make_production_plant(tmp_path)


def as_ann(plant: TinyPlant, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of the engineer, whose password comes from standard input."""
    more = ("--user", "ann", "--line", str(plant.line_file))
    return subprocess.run(
        [sys.executable, "-m", "inspector", *arguments, *more],
        input=f"{PASSWORD}\n",
        capture_output=True,
        text=True,
        timeout=120.0,
        check=False,
    )


def store_images(plant: TinyPlant, folder: Path) -> None:
    """Six labelled images, as teaching leaves them."""
    entries = []
    for number in range(6):
        path = folder / f"stored-{number}.png"
        path.write_bytes(encode_png(picture(2000 + number, defective=number > 3)))
        label = Label.DEFECTIVE if number > 3 else Label.GOOD
        entry = Entry(
            sha256=digest_of(path), suffix=".png", source=path.name, label=label, split=Split.TEST
        )
        entries.append((entry, path))
    DatasetStore(plant.data_folder / "datasets/tiny").add(entries)


def test_from_masters_to_a_production_run(plant: TinyPlant, tmp_path: Path) -> None:
    line = ("--line", str(plant.line_file))
    files = sorted(plant.pictures.glob("*.png"))
    for kind, name, file in (("--good", "good-1", files[0]), ("--bad", "bad-1", files[3])):
        added = as_ann(plant, "limits", "tiny", "add", kind, name, str(file))
        assert added.returncode == 0, added.stderr
    listed = inspector("limits", "tiny", "list", *line)
    assert listed.stdout.splitlines() == [
        "good good-1  (with a picture)",
        "bad  bad-1  (with a picture)",
    ]
    locked = inspector("run", "--headless", "--parts", "5", *line)
    assert locked.returncode == 2
    assert "inspector release tiny" in locked.stderr
    checked = inspector("limits", "tiny", "check", "--images", *line)
    assert checked.returncode == 0, checked.stderr
    assert "bad  bad-1: as it should be  score" in checked.stdout
    store_images(plant, tmp_path)
    released = as_ann(
        plant, "release", "tiny", "--reason", "first release of the tiny part", "--backtest"
    )
    assert released.returncode == 0, released.stderr
    assert "tiny: entry 1, release, ann (engineer): first release" in released.stdout
    assert "not extrapolated" in released.stdout
    assert "of 4 good rejected, 0 of 2 defective passed; 0 of 0 verdicts" in released.stdout
    ran = inspector("run", "--headless", "--parts", "5", *line)
    assert ran.returncode == 0, ran.stderr
    withdrawn = as_ann(plant, "release", "tiny", "--withdraw", "--reason", "the lamp is broken")
    assert withdrawn.returncode == 0, withdrawn.stderr
    chain = inspector("release", "tiny", "--list", *line).stdout.splitlines()
    assert "release  first release" in chain[0]
    assert "withdraws 1  the lamp is broken" in chain[1]


@pytest.mark.slow
def test_a_wrong_verdict_on_a_master_is_a_fault(plant: TinyPlant) -> None:
    line = ("--line", str(plant.line_file))
    files = sorted(plant.pictures.glob("*.png"))
    for kind, name, file in (("--good", "good-1", files[0]), ("--bad", "bad-1", files[1])):
        as_ann(plant, "limits", "tiny", "add", kind, name, str(file))
    checked = inspector("limits", "tiny", "check", "--images", *line)
    assert checked.returncode == 3
    assert "bad  bad-1: bad-1 is bad and was passed" in checked.stdout
    assert "limit samples were judged wrongly" in checked.stderr
    refused = as_ann(plant, "release", "tiny", "--reason", "first release of the tiny part")
    assert refused.returncode == 2
    assert "bad-1 is bad and was passed" in refused.stderr


def test_what_is_missing_is_said(plant: TinyPlant) -> None:
    unreasoned = as_ann(plant, "release", "tiny")
    assert (unreasoned.returncode, "--reason: is missing" in unreasoned.stderr) == (2, True)
    outside = as_ann(plant, "limits", "tiny", "add", "--bad", "x", "--place", "0.1,2,0.1,0.1")
    assert outside.returncode == 2
    assert "tiny.yaml: place.top" in outside.stderr


def test_a_place_is_four_numbers() -> None:
    assert _rectangle("") is None
    assert _rectangle("0.1,0.2,0.3,0.4") == (0.1, 0.2, 0.3, 0.4)
    for text in ("0.1,0.2", "a,b,c,d"):
        with pytest.raises(InputError, match="not a rectangle"):
            _rectangle(text)


def test_a_station_that_runs_takes_the_commands_over_its_link(
    plant: TinyPlant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(plant) as station, desk(plant.line_file, "tiny") as found:
        for name in MASTERS:
            monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
            found.log_in("ann")
            found.client.call(AddMaster("tiny", name, good=name.startswith("good")))
        assert _check(found.client, plant.data_folder, "tiny", ()).passed
        found.client.call(Release("tiny", "first release of the tiny part"), 10.0)
        assert station.station.state is StationState.READY
        with pytest.raises(InputError, match="other: tiny is loaded"):
            _check(found.client, plant.data_folder, "other", ())
        with pytest.raises(RefusedError, match="tiny is loaded"):
            found.client.call(Release("other", "first release of the tiny part"), 10.0)
