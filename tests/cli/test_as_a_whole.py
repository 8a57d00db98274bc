"""A product whose engine judges as a whole, from its pictures to its replayed records."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from inspector.core.frame import Pixels
from tests.cli.commands import inspector
from tests.station.archive import archive_of, run
from tests.tiny_plant import SIDE, make_plant

PARTS = 8


def arrow(number: int, *, bare: bool = False) -> Pixels:
    """A grey disc with a dark bar on its upper side; a defective one is bare."""
    random = np.random.default_rng(number)
    image = np.full((SIDE, SIDE), 90, np.uint8)
    x, y = (SIDE // 2 + int(shift) for shift in random.integers(-2, 3, 2))
    cv2.circle(image, (x, y), SIDE // 3, 180, -1)
    if not bare:
        cv2.rectangle(image, (x - 5, y - 20), (x + 5, y - 8), 30, -1)
    return np.clip(image + random.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


@pytest.mark.slow
def test_taught_run_and_replayed(tmp_path: Path) -> None:
    plant = make_plant(tmp_path, parts=PARTS)
    for number, file in enumerate(sorted(plant.pictures.iterdir())):
        cv2.imwrite(str(file), arrow(number, bare="bad" in file.name))
    good = tmp_path / "good"
    good.mkdir()
    for number in range(48):
        cv2.imwrite(str(good / f"{number}.png"), arrow(100 + number))
    file = plant.line_file.parent / "products/tiny.yaml"
    content = yaml.safe_load(file.read_text("utf-8"))
    engine = {"method": "rotation", "epochs": 1, "batch": 2, "learning_rate": 1e-3}
    evidence = {"rejects": True, "pass_share": 1.0}
    file.write_text(yaml.safe_dump(content | {"engine": engine, "evidence": evidence}), "utf-8")
    line = ("--line", str(plant.line_file))
    done = inspector("teach", str(good), "--product", "tiny", *line, timeout_s=280.0)
    assert done.returncode == 0, done.stderr
    refused = inspector("teach", str(good), "--product", "tiny", "--features", "rotation", *line)
    assert refused.returncode == 2
    assert "--engine deep_rx" in refused.stderr
    run(plant, PARTS)
    with archive_of(plant) as (records, _, _):
        contents = [record.content for record in records]
    assert [one["checks"][0]["passed"] for one in contents] == [True, True, True, False] * 2
    for one in contents:
        assert one["checks"][0]["regions"] == []
        assert one["checks"][0]["explanation"] == "judged as a whole"
        assert {kept["name"] for kept in one["evidence"]} == {"image"}
    replayed = inspector("replay", "--all", *line)
    assert replayed.returncode == 0, replayed.stderr
    assert "bit for bit" in replayed.stdout
