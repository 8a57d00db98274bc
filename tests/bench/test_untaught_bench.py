"""The bench of first images: what counts as found, and by chance."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.core.frame import ScoreMap
from inspector.sim.textures import Texture
from scripts.bench.untaught import SIDE, Seen, images_of, judge, main, on_defect, untaught
from tests.teaching.conftest import write_mvtec


def test_the_strongest_cell_has_to_hold_some_of_the_defect() -> None:
    mask = np.zeros((SIDE, SIDE), bool)
    mask[64:80, 128:144] = True
    found = np.zeros((16, 16), np.float32)
    found[4, 8] = 1.0
    assert on_defect(found, mask) == (True, 1 / 256)
    found[0, 0] = 2.0
    assert on_defect(found, mask) == (False, 1 / 256)


def test_a_perfect_map_and_a_blind_one() -> None:
    square = np.zeros((SIDE, SIDE), np.uint8)
    square[20:40, 30:60] = 200
    good = np.zeros((SIDE, SIDE), np.uint8)
    seen = Seen([(square, square > 0)], [good], [good])
    perfect = judge(lambda image: image.astype(np.float32), seen)
    assert perfect["strongest"] == perfect["pixel_auroc"] == perfect["image_auroc"] == 1.0
    assert perfect["chance"] == pytest.approx(600 / SIDE**2)

    def blind(image: object) -> ScoreMap:
        return np.zeros((SIDE, SIDE), np.float32)

    assert judge(blind, seen)["pixel_auroc"] == 0.5


def test_a_first_image_is_judged_by_itself() -> None:
    seen = images_of(f"texture:{Texture.WEB.value}", 2)
    kernels = untaught(SIDE, SIDE)
    found = judge(kernels["local RX, 3 scales"], seen)
    assert found["strongest"] == 1.0
    assert (found["chance"] or 1.0) < 0.1
    assert (found["pixel_auroc"] or 0.0) > 0.8


def test_it_reads_a_folder_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = write_mvtec(tmp_path / "disc"), tmp_path / "out"
    command = ["untaught", str(source), "--out", str(out), "--images", "2"]
    monkeypatch.setattr(sys, "argv", command)
    main()
    assert "| disc | local RX | 2 |" in capsys.readouterr().out
    monkeypatch.setattr(cv2, "resize", None)  # nothing is measured again
    main()
    assert "| disc | exact CRD | 2 |" in capsys.readouterr().out
