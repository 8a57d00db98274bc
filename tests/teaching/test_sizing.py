"""The size that ``--size auto`` chooses, and what it says of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from engines.bundle import open_bundle
from inspector.cli.app import app
from inspector.cli.teach_size import table
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.errors import Cancelled, DatasetError
from inspector.core.frame import PixelFormat
from inspector.core.gate_config import GateConfig
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.durable.yaml_files import load_yaml
from inspector.sim.defects import Kind
from inspector.teaching import sizing
from inspector.teaching.bundles import current_bundle
from inspector.teaching.detectability import Pod
from inspector.teaching.sizing import (
    CONTRAST,
    DEFECT_PX,
    Choice,
    Measured,
    Size,
    at_size,
    budget_of,
    candidates,
    choose,
    defect_px,
    find_size,
)
from tests.teaching.conftest import files_below, recipe, write_parts

SIZES = [Size(side, side) for side in (128, 192, 256, 384, 512)]


def toy(hits: dict[int, int], ms_per_1000_px: float = 0.1, larger: int = 20) -> Choice:
    """Chosen of an engine whose time grows with its pixels and that finds so many of 20."""
    asked: list[int] = []

    def measure(size: Size) -> Measured:
        asked.append(size.width)
        ms = size.width * size.height / 1000 * ms_per_1000_px
        if ms > 20.0:
            return Measured(size, 0.9 * ms, ms)
        found = {10.0: hits[size.width], 20.0: larger}
        pods = [Pod(Kind.SPOT, px, CONTRAST, some, 20) for px, some in found.items()]
        return Measured(size, 0.9 * ms, ms, tuple(pods))

    choice = choose(SIZES, measure, defect_px=10.0, budget_ms=20.0)
    assert [one.size.width for one in choice.tried] == asked
    return choice


def test_the_smallest_size_that_finds_them_ends_the_search() -> None:
    choice = toy({128: 2, 192: 17, 256: 18, 384: 20})
    assert choice.chosen.size == Size(256, 256)
    assert [one.size.width for one in choice.tried] == [128, 192, 256]
    assert choice.in_time
    assert choice.found
    assert not any("will miss" in row for row in table(choice))


def test_too_slow_ends_the_search_and_the_best_in_time_is_taken() -> None:
    choice = toy({128: 2, 192: 15, 256: 12, 384: 16}, ms_per_1000_px=0.2)
    assert [one.size.width for one in choice.tried] == [128, 192, 256, 384]
    assert choice.chosen.size == Size(192, 192)
    assert not choice.found
    rows = table(choice)
    assert rows[4].endswith("too slow to try")
    assert "will miss    defects of 10 px at a budget of 20 ms: 75% are found" in rows[-1]


def test_where_none_is_found_the_largest_in_time_is_taken() -> None:
    choice = toy(dict.fromkeys((128, 192, 256, 384), 0), larger=0)
    assert choice.chosen.size == Size(384, 384)
    assert choice.chosen.a90_px is None
    assert "beyond what was tried" in table(choice)[-1]


def test_the_best_in_time_is_the_one_that_finds_most_of_all_that_was_painted() -> None:
    def measure(size: Size) -> Measured:
        small, larger = {128: (3, 5), 192: (1, 19), 256: (2, 15)}.get(size.width, (2, 6))
        pods = [Pod(Kind.SPOT, px, CONTRAST, n, 20) for px, n in ((8.0, small), (16.0, larger))]
        return Measured(size, 1.0, 1.0, tuple(pods))

    choice = choose(SIZES, measure, defect_px=8.0, budget_ms=20.0)
    assert choice.chosen.size == Size(192, 192)


def test_where_none_is_in_time_the_smallest_is_taken_and_said() -> None:
    choice = toy({}, ms_per_1000_px=9.0)
    assert choice.chosen.size == Size(128, 128)
    assert len(choice.tried) == 1
    assert not choice.in_time
    assert "too slow     no size keeps to 20 ms" in table(choice)[-1]


def test_candidates_keep_the_fields_proportions_and_never_enlarge_it() -> None:
    assert candidates(300, 300) == [*SIZES[:3], Size(300, 300)]
    assert candidates(512, 512) == SIZES
    wide = candidates(2448, 2048)
    assert wide[0] == Size(160, 128)
    assert wide[-1] == Size(1216, 1024, tile=1024)
    assert [size.tile for size in wide[:-1]] == [None] * 6
    for size in wide:
        assert size.width % 32 == size.height % 32 == 0
        assert size.width / size.height == pytest.approx(2448 / 2048, rel=0.06)
    assert candidates(100, 100) == [Size(100, 100)]
    assert candidates(2048, 100) == [Size(2048, 96, tile=1024)]
    assert all(size.tile is None for size in candidates(2448, 2048, positional=True))


def test_recipe_at_a_size() -> None:
    changed = at_size(recipe(), Size(640, 480, tile=1024))
    assert (changed.preparation.width, changed.preparation.height) == (640, 480)
    assert changed.engine == recipe().engine.model_copy(update={"tile": 1024})
    assert changed.engine.seed == recipe().engine.seed


def test_minimum_size_and_budget_come_from_the_recipe() -> None:
    assert defect_px(recipe()) == DEFECT_PX
    assert budget_of(recipe(), GateConfig(deadline_ms=150.0)) == pytest.approx(50.0)
    stated = Recipe.model_validate(
        {
            "product": "nut",
            "preparation": {"scale_mm_per_px": 0.1},
            "decision": {"min_defect_area_mm2": 0.5, "engine_budget_ms": 12.0},
        }
    )
    assert defect_px(stated) == pytest.approx(7.98, abs=0.01)
    assert budget_of(stated, GateConfig()) == 12.0
    longer = stated.decision.model_copy(update={"min_defect_length_mm": 0.6})
    assert defect_px(stated.model_copy(update={"decision": longer})) == 6.0


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that takes seconds."""
    monkeypatch.setattr(sizing, "SHORTER_SIDES", (64,))
    monkeypatch.setattr(sizing, "TRIALS", 4)
    monkeypatch.setattr(sizing, "TAUGHT", 12)


def searched() -> Recipe:
    return Recipe(
        product="disc",
        preparation=PreparationSpec(pixel_format=PixelFormat.RGB8),
        engine=PatchCoreSpec(coreset=100),
    )


@pytest.mark.usefixtures("small")
def test_a_real_search_keeps_nothing_but_graphs(tmp_path: Path) -> None:
    write_parts(tmp_path / "good", range(24), size=64)
    said: list[str] = []
    choice = find_size(
        str(tmp_path / "good"),
        searched(),
        tmp_path / "data",
        gate=GateConfig(deadline_ms=1e6),
        progress=lambda stage, share: said.append(stage),
    )
    assert choice.chosen in choice.tried
    assert choice.tried[0].size == Size(64, 64)
    assert {pod.trials for one in choice.tried for pod in one.pods} == {4}
    assert all(one.p50_ms <= one.p95_ms for one in choice.tried)
    assert {"64x64: features", "64x64: paint"} <= set(said)
    assert files_below(tmp_path / "data") == []  # the cache is a link, which is not followed


@pytest.mark.usefixtures("small")
def test_a_size_that_is_too_slow_is_not_painted_on(tmp_path: Path) -> None:
    write_parts(tmp_path / "good", range(24), size=64)
    choice = find_size(
        str(tmp_path / "good"),
        searched(),
        tmp_path / "data",
        gate=GateConfig(deadline_ms=1e-6),
    )
    assert [one.pods for one in choice.tried] == [()]
    assert not choice.in_time


@pytest.mark.usefixtures("small")
def test_cancelled_leaves_nothing(tmp_path: Path) -> None:
    write_parts(tmp_path / "good", range(24), size=64)
    seen: list[str] = []
    with pytest.raises(Cancelled):
        find_size(
            str(tmp_path / "good"),
            searched(),
            tmp_path / "data",
            progress=lambda stage, share: seen.append(stage),
            cancelled=lambda: "64x64: calibrate" in seen,
        )
    assert files_below(tmp_path / "data") == []


def test_too_few_images_to_try_with(tmp_path: Path) -> None:
    write_parts(tmp_path / "few", range(18))
    with pytest.raises(DatasetError, match=r"--size auto: 18 good images.*at least 20"):
        find_size(str(tmp_path / "few"), recipe(), tmp_path / "data")


@pytest.mark.usefixtures("small")
def test_command_teaches_at_the_size_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_parts(tmp_path / "good", range(24), size=64)
    data = tmp_path / "data"
    monkeypatch.setenv("INSPECTOR_DATA", str(data))
    arguments = ["teach", str(tmp_path / "good"), "--product", "disc", "--size", "auto"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "found at 12 px" in result.output
    assert "size         64x64" in result.output
    kept = load_yaml(data / "products/disc.yaml", Recipe)
    assert (kept.preparation.width, kept.preparation.height) == (64, 64)
    bundle = current_bundle(data, "disc")
    assert bundle is not None
    assert open_bundle(bundle).manifest.input_shape == (64, 64, 3)
