"""The texture bench: what its tables and plots are made of."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.background.pyramid import Pyramid
from inspector.core.errors import DatasetError
from inspector.sim.textures import Texture, TexturedScene
from scripts.bench.cells import Cell
from scripts.bench.texture_methods import GROUPS, methods
from scripts.bench.textures import (
    CONTRASTS,
    KINDS,
    SIZES,
    Plan,
    judged,
    limit,
    local_table,
    main,
    merits,
    scale_table,
    units_of,
)

PIECES = [TexturedScene(Texture.GRAIN, side=128).render(number).levels for number in range(3)]


def cell(texture: str = "weave") -> Cell:
    """One method on 20 good pieces that score 0 to 19, and three defects."""
    scores = [float(n) for n in range(20)]
    column = {"calibrating": scores, "good": [3.0, 30.0], "bad": None}
    bad = [[40.0, True, 0.9], [40.0, False, 0.5], [2.0, True, 0.7]]
    return {
        "engine": texture,
        "flaws": [["spot", 3.0, 0.5], ["spot", 60.0, 0.5], ["dent", 3.0, 0.5]],
        "methods": {
            "RX": {
                "reach": "local",
                "learns": False,
                "calibrating": {"1": column["calibrating"]},
                "good": {"1": column["good"]},
                "bad": {"1": bad},
            }
        },
    }


def test_the_limit_is_the_conformal_one() -> None:
    known = np.random.default_rng(0).permutation(np.arange(99.0))
    assert limit(known, 0.05) == 94.0  # the 95th of 99: a new one exceeds it in 5 of 100 cases
    assert limit(np.arange(10.0), 0.05) == np.inf


def test_a_defect_counts_where_it_is_rejected_for_its_own_place() -> None:
    (row,) = merits(cell())
    assert row.found == pytest.approx(1 / 3)
    assert row.by_size == {3.0: 0.5, 60.0: 0.0}
    assert row.by_kind == {"spot": 0.5, "dent": 0.0}
    assert row.false_rejects == 0.5
    assert row.image_auroc == pytest.approx((2 + 2 + 0) / 6)
    assert row.pixel_auroc == pytest.approx(0.7)


def test_tables_have_a_row_for_each_method_and_column() -> None:
    rows = [*merits(cell("weave")), *merits(cell("web"))]
    assert "| local | RX | 33 / 67 | 33 / 67 | 33.3 / 66.7 | 50.0 |" in local_table(rows)
    assert "| RX | 1 | 50 | 0 | 33.3 | 66.7 | 70.0 | 50.0 |" in scale_table(rows)


def test_every_kind_has_every_size_and_contrast_dark_and_bright() -> None:
    flaws = [flaw for _, flaw in Plan(trials=2).flaws()]
    assert len(flaws) == 2 * len(KINDS) * len(SIZES) * len(CONTRASTS)
    assert {(flaw.kind, flaw.size_px) for flaw in flaws if flaw.dark} == {
        (kind, size) for kind in KINDS for size in SIZES
    }


@pytest.mark.parametrize("group", GROUPS)
def test_a_method_is_one_kernel_joined_as_the_pyramid_joins(group: str) -> None:
    for method in methods(PIECES, group):
        units = units_of(method, PIECES[:2])
        columns = judged(method, PIECES[2], units)
        np.testing.assert_array_equal(columns["joined"], Pyramid(method.scales)(PIECES[2]))
        assert units is not None
        assert min(units) > 0
        assert columns["counted"].shape == columns["1"].shape
        if method.reach == "local":
            assert len(set(method.scales)) == 1, "the same windows in pixels at every scale"


@pytest.mark.slow
@pytest.mark.panel
def test_it_runs_goes_on_and_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out, figures = tmp_path / "out", tmp_path / "figures"
    few = "--side 64 --taught 2 --calibrating 20 --good 2 --textures web --groups local"
    command = ["textures", "--out", str(out), "--figures", str(figures), *few.split()]
    monkeypatch.setattr(sys, "argv", command)
    main()
    assert "| z | joined |" in capsys.readouterr().out
    for name in ("local-global", "scales"):
        drawn = np.asarray(cv2.imread(str(figures / f"{name}.png")))
        assert drawn.min() < 60
    written = (out / "local-web.json").stat().st_mtime_ns
    main()
    assert (out / "local-web.json").stat().st_mtime_ns == written
    monkeypatch.setattr(sys, "argv", [*command, "--seed", "7"])
    with pytest.raises(DatasetError, match="measured otherwise"):
        main()
