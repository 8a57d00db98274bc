"""The pictures of all methods: their part, what is read off a map, what is kept, what is drawn."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from inspector.core.frame import ScoreMap
from scripts.bench import method_families, method_pictures
from scripts.bench.method_families import Family, every_engine, families
from scripts.bench.method_findings import Finding, keep, kept, kept_path, places
from scripts.bench.method_parts import Part, part_of, products
from scripts.bench.method_pictures import main, order

pytestmark = pytest.mark.panel

SIDE = 64


def put(*defects: tuple[str, int]) -> Part:
    """A part of 64 px with defects of 4 px at the middle row."""
    masks = {}
    for name, column in defects:
        masks[name] = np.zeros((SIDE, SIDE), bool)
        masks[name][30:34, column : column + 4] = True
    return Part(np.zeros((SIDE, SIDE), np.uint8), masks)


def above(*columns: slice) -> ScoreMap:
    unit = np.full((SIDE, SIDE), 0.5, np.float32)
    for some in columns:
        unit[30:34, some] = 1.5
    return unit


@pytest.mark.parametrize("product", products(128), ids=lambda one: one.name)
def test_a_part_has_its_defects_clear_of_each_other(product) -> None:  # type: ignore[no-untyped-def]  # parametrised
    part = part_of(product, product.part)
    assert list(part.defects) == ["spot", "scratch", "stain"]
    assert all(mask.any() for mask in part.defects.values())
    kernel = np.ones((9, 9), np.uint8)
    grown = [cv2.dilate(mask.astype(np.uint8), kernel) for mask in part.defects.values()]
    assert np.sum(grown, axis=0).max() == 1
    changed = part.picture != product.good(product.part)
    assert all(changed[mask].any() for mask in part.defects.values())
    assert changed.mean() < 0.15
    assert np.array_equal(part.picture, part_of(product, product.part).picture)


def test_a_map_is_read_by_regions() -> None:
    part = put(("spot", 10), ("stain", 40))
    assert places(above(), part) == (set(), False)
    assert places(above(slice(10, 14)), part) == ({"spot"}, False)
    assert places(above(slice(10, 44)), part) == ({"spot", "stain"}, False)
    assert places(above(slice(10, 20), slice(56, 60)), part) == ({"spot"}, True)


def test_findings_are_kept(tmp_path: Path) -> None:
    whole, mapped = Finding(2.5, 3), Finding(0.5, unit=above(slice(3, 9)))
    for finding in (whole, mapped, Finding(refused="no")):
        keep(tmp_path / "one.safetensors", finding)
        assert kept(tmp_path / "one.safetensors") == finding
    keep(tmp_path / "one.safetensors", mapped)
    unit = kept(tmp_path / "one.safetensors").unit
    assert unit is not None
    assert np.array_equal(unit, above(slice(3, 9)))
    assert (whole.rejects, mapped.rejects) == (True, False)


def test_only_engines_that_there_are_and_none_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    table = (Family("a", "A", ("patchcore", "no_such_method", "padim no_such_option=1")),)
    monkeypatch.setattr(method_families, "TABLE", table)
    monkeypatch.setattr(method_families, "METHODS", ("patchcore", "svdd"))
    assert [family.engines for family in families()] == [("patchcore",), ("svdd",)]


def test_the_quick_ones_come_first_and_all_come() -> None:
    engines = every_engine(families())
    assert sorted(order(engines)) == sorted(engines)
    assert order(["gan", "vae", "deep_rx features=cutpaste", "padim"])[0] == "padim"
    assert order(["gan", "vae", "padim"])[-1] == "gan"


def test_a_run_goes_on_where_it_stopped_and_draws_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    some = (Family("whole", "Without a map", ("rotation", "mt")), Family("none", "None", ("none",)))
    monkeypatch.setattr(method_pictures, "families", lambda: some)
    subjects = products(SIDE)
    for product in subjects:
        keep(kept_path(tmp_path, product, "rotation"), Finding(refused="lies any way round"))
    keep(kept_path(tmp_path, subjects[0], "mt"), Finding(1.5))
    arguments = [
        *("--cache", str(tmp_path), "--figures", str(tmp_path / "figures")),
        *("--size", str(SIDE), "--good", "40", "--engines", "none", "rotation"),
    ]
    monkeypatch.setattr(sys, "argv", ["pictures", *arguments, "--products", "weave"])
    main()
    assert kept(kept_path(tmp_path, subjects[1], "none")).unit is not None
    assert "weave none" in capsys.readouterr().out
    monkeypatch.setattr("inspector.teaching.teach.teach", None)
    main()  # teaches nothing again
    written = {path.name for path in (tmp_path / "figures").iterdir()}
    assert written == {"overview.png", "whole.png", "none.png"}
