"""From a run through people's judgements to files that teaching takes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.cli.app import app
from inspector.core.errors import InputError
from inspector.core.frame import PixelFormat
from inspector.core.pose import Pose
from inspector.core.recipe import Box
from inspector.durable.images import read_image
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.ledger import evidence_folder, ledger_folder
from inspector.ledger.reader import LedgerReader
from inspector.ledger.reviews import agreement, all_reviews, review_counts, reviewed_parts, waiting
from inspector.link.messages import Judge, Mark, Start
from inspector.station import archive_backtesting
from inspector.station.review_export import drawn, export_reviews
from inspector.teaching.marks import read_mark
from tests.station.production_line import PASSWORD, as_user, opened, wait_until
from tests.tiny_plant import TinyPlant, make_plant

BOX = Mark(((0.25, 0.25), (0.5, 0.75)))


@pytest.fixture
def plant(tmp_path: Path) -> TinyPlant:
    made = make_plant(tmp_path, belt={"parts_per_s": 50.0, "counts_per_part": 100})
    recipe = made.line_file.parent / "products/tiny.yaml"
    text = recipe.read_text(encoding="utf-8")
    recipe.write_text(re.sub("pass_share: .*", "pass_share: 1.0", text), encoding="utf-8")
    for name, role in (("oki", Role.OPERATOR), ("quy", Role.QUALITY)):
        Users(made.data_folder).add(name, role, PASSWORD)
    with opened(made, limit=24) as station:
        station.console.call(Start())
        run = station.station
        wait_until(lambda: run.status().parts.verdicts >= 24, "no parts")
        assert run.request_stop_and_wait(30.0)
        assert run.status().parts.rejected == 8, "two good ones are strange by chance"
        as_user(
            station,
            "oki",
            Judge(4, "good"),
            Judge(8, "defect", "scratch / deep", (BOX,)),
            Judge(12, "unsure"),
            Judge(1, "defect", "dent", (BOX,)),
            Judge(2, "defect"),
            Judge(4, "defect", note="mistyped"),
            Judge(4, "good"),
        )
        as_user(station, "quy", Judge(8, "defect", "scratch / deep", (BOX,)), Judge(16, "good"))
        as_user(station, "oki", Judge(16, "defect"))
    return made


@pytest.fixture
def reader(plant: TinyPlant) -> LedgerReader:
    return LedgerReader.open(ledger_folder(plant.data_folder))


def test_a_backtest_takes_the_last_word_for_what_a_part_was(reader: LedgerReader) -> None:
    said = archive_backtesting._said(reader)
    assert said == {1: False, 2: False, 4: True, 8: False, 12: None, 16: False}


def test_the_last_word_counts_and_all_words_stay(reader: LedgerReader) -> None:
    said = all_reviews(reader)
    assert [one.finding for one in said[4]] == ["good"]
    assert [(one.user, one.finding) for one in said[16]] == [("quy", "good"), ("oki", "defect")]
    assert [one.part_id for one in waiting(reader, 100)] == [24, 22, 20, 10]
    counts = review_counts(reader, "tiny")
    assert (counts.passed, counts.rejected) == (16, 8)
    assert (counts.true, counts.false, counts.unsure, counts.missed) == (2, 1, 1, 2)
    assert review_counts(reader, "other").rejected == 0
    found = agreement(said)
    assert found is not None
    assert found[0] == 2
    reader.close()


def test_the_export_is_what_teaching_takes(
    plant: TinyPlant, reader: LedgerReader, tmp_path: Path
) -> None:
    store, target = EvidenceStore(evidence_folder(plant.data_folder)), tmp_path / "week"
    parts = reviewed_parts(reader, "tiny")
    made = export_reviews(parts, store, plant.data_folder, target, "tiny")
    assert (made.good, made.missed, made.defective) == (1, 1, 2)
    assert (made.unmarked, made.gone) == (1, 0)
    commands = (target / "teach.txt").read_text(encoding="utf-8").splitlines()
    assert commands[0] == f"inspector teach {target}/good --product tiny --add-good"
    picture, mask = commands[1].split()[2], commands[1].split()[-1]
    assert read_image(Path(picture), PixelFormat.MONO8).shape == (64, 64, 1)
    marked = read_mark(mask, 64, 64)
    assert marked[32, 24]
    assert marked.sum() == pytest.approx(64 * 64 * 0.25 * 0.5, rel=0.15)
    assert sorted(path.name for path in (target / "defective").iterdir()) == [
        *("scratch-deep", "unnamed")
    ]
    with pytest.raises(InputError, match="exists already"):
        export_reviews(parts, store, plant.data_folder, target, "tiny")
    reader.close()


def test_counts_on_the_command_line(plant: TinyPlant) -> None:
    done = CliRunner().invoke(app, ["review", "counts", "--line", str(plant.line_file)])
    assert "judged       4: 2 true, 1 false, 1 unsure" in done.stdout
    assert "people       kappa" in done.stdout
    assert "proposal     " in done.stdout


def test_marks_follow_the_part_into_the_camera_image() -> None:
    region = Box(x=20, y=10, width=40, height=40)
    corners = ((0.0, 0.0), (0.5, 0.5))
    still = drawn([corners], region, None, (100, 100))
    assert (still[12:28, 22:38] == 255).all()
    assert not still[:8].any()
    moved = drawn([corners], region, Pose(dx_px=7.0, dy_px=3.0, angle_deg=0.0), (100, 100))
    assert np.array_equal(moved, np.roll(still, (3, 7), (0, 1)))
    turned = drawn([corners], region, Pose(dx_px=0.0, dy_px=0.0, angle_deg=180.0), (100, 100))
    assert (turned[32:48, 42:58] == 255).all()
    assert not turned[12:28, 22:38].any()
