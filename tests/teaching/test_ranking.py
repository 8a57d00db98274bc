"""Which engine is picked, within which time, and what is looked at for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from inspector.cli.app import app
from inspector.cli.teach_auto import plentiful, seconds_of, table
from inspector.core.engine_spec import ClassifierSpec
from inspector.core.errors import Cancelled, ConfigError, DatasetError, InputError
from inspector.core.gate_config import GateConfig
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.durable.yaml_files import load_yaml
from inspector.teaching import auto, ranking
from inspector.teaching.auto import Choice, choose_engine, pick
from inspector.teaching.new_recipe import new_recipe, with_method
from inspector.teaching.ranking import (
    COSTS,
    Area,
    Ranked,
    Ranking,
    expected_seconds,
    in_order,
    left_out_area,
    may_equal,
)
from tests.teaching.conftest import files_below, recipe, write_parts

IN_TIME = GateConfig(deadline_ms=1e6)


def candidate(
    method: str, found: int, *, ms: float = 5.0, shown: int = 100, seconds: float = 10.0
) -> Ranked:
    """It found the first so many."""
    hits = tuple(number < found for number in range(shown))
    return Ranked(with_method(recipe(), method), hits, ms, 12.0, seconds=seconds)


def with_area(one: Ranked, value: float, low: float) -> Ranked:
    return Ranked(one.recipe, one.hits, one.p95_ms, 12.0, area=Area(value, (low, 1.0)))


def names(ranked: Sequence[Ranked]) -> list[str]:
    return [one.recipe.engine.method for one in ranked]


def test_fewest_missed_come_first_and_of_equal_ones_the_quickest() -> None:
    best, equal = candidate("patchcore", 90, ms=9.0), candidate("padim", 86, ms=3.0)
    worse, slow = candidate("deep_rx", 60, ms=1.0), candidate("svdd", 0, ms=99.0, shown=0)
    assert names(in_order([slow, worse, equal, best])) == ["padim", "patchcore", "deep_rx", "svdd"]


def test_who_misses_what_decides_not_how_many_alone() -> None:
    best = candidate("patchcore", 60)
    assert may_equal(candidate("padim", 55), best)
    assert not may_equal(candidate("padim", 54), best)  # 6 of 6 by one of the two alone
    others = tuple(number >= 46 for number in range(100))
    assert may_equal(Ranked(best.recipe, others, 5.0, 12.0), best)  # 46 against 40


def test_where_all_are_too_slow_the_quickest_is_first() -> None:
    slow = [
        candidate(name, 0, ms=ms, shown=0) for name, ms in (("patchcore", 80.0), ("padim", 70.0))
    ]
    assert names(in_order(slow)) == ["padim", "patchcore"]
    rows = table(Choice(in_order(slow)[0], Ranking(tuple(in_order(slow))), 0, 20.0))
    assert "too slow     none keeps to 20 ms" in "\n".join(rows)


def test_time_is_expected_by_those_before() -> None:
    first = candidate("patchcore", 5, seconds=8.0)
    assert expected_seconds(first.recipe, [], 0) == 0.0
    svdd = with_method(recipe(), "svdd")
    assert expected_seconds(svdd, [first], 0) == pytest.approx(8.0 * COSTS["svdd"])
    large = recipe().model_copy(update={"preparation": PreparationSpec(width=128, height=128)})
    assert expected_seconds(large, [first], 0) == pytest.approx(32.0)
    classifier = with_method(recipe(), "classifier")
    assert expected_seconds(classifier, [first], 60) == pytest.approx(16.0 * COSTS["classifier"])


@pytest.mark.parametrize(
    ("low", "ms", "picked", "word"),
    [
        (0.95, 5.0, "classifier", "30 labelled defects are plentiful"),
        (0.85, 5.0, "patchcore", "30 labelled defects are too few"),
        (0.95, 50.0, "patchcore", "too slow, 50 ms"),
    ],
)
def test_the_classifier_has_to_be_surely_better(
    low: float, ms: float, picked: str, word: str
) -> None:
    rivals = [
        with_area(candidate("patchcore", 20, shown=30), 0.90, 0.8),
        with_area(candidate("padim", 10, shown=30), 0.88, 0.8),
    ]
    classifier = with_area(candidate("classifier", 0, ms=ms, shown=0), 0.97, low)
    tried = in_order([classifier, *rivals])
    assert names(tried) == ["patchcore", "padim", "classifier"]
    choice = Choice(pick(tried, 20.0), Ranking(tuple(tried)), 30, 20.0)
    assert choice.picked.recipe.engine.method == picked
    first, second = plentiful(choice)
    assert "0.970" in first
    assert word in second
    assert ("patchcore 0.900" in second) == (ms < 20.0)


def test_a_classifiers_area_is_of_images_that_were_left_out() -> None:
    random = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [40, 10, 10])
    said = random.normal(0, 1, 60) + 2.0 * (labels > 0)
    area = left_out_area(
        json.dumps({"left_out": said.tolist(), "labels": labels.tolist()}).encode()
    )
    assert 0.85 < area.value < 0.97
    assert area.interval[0] < area.value < area.interval[1]


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90.0), ("20m", 1200.0), ("1.5h", 5400.0)])
def test_a_budget_in_words(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "-3m", "0", "20 minutes"])
def test_no_budget(text: str) -> None:
    with pytest.raises(InputError, match="--budget"):
        seconds_of(text)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trials that take a second."""
    monkeypatch.setattr(ranking, "TRIALS", 1)
    monkeypatch.setattr(ranking, "TIMES", (1.0,))


def parts(folder: Path) -> Path:
    write_parts(folder / "train/good", range(24))
    return folder


def tiny(**engine: object) -> Recipe:
    return Recipe.model_validate(recipe().model_dump() | {"engine": {"coreset": 200, **engine}})


def tiny_of(**engine: object) -> Recipe:
    return Recipe.model_validate(recipe().model_dump() | {"engine": engine})


@pytest.mark.usefixtures("quick")
def test_test_images_are_never_looked_at(tmp_path: Path) -> None:
    """Not listed: the folder is a link to nowhere. Not read: what is in it cannot be."""
    first, second = parts(tmp_path / "first"), parts(tmp_path / "second")
    (first / "test").symlink_to(tmp_path / "nowhere")
    (second / "test/good/000.png").mkdir(parents=True)
    (second / "test/spot/000.png").mkdir(parents=True)
    (second / "ground_truth").symlink_to(tmp_path / "nowhere")
    found = [
        choose_engine(
            str(source), tiny(), tmp_path / "data", candidates=("patchcore",), gate=IN_TIME
        )
        for source in (first, second)
    ]
    hits = [{one.recipe.engine.method: one.hits for one in made.ranking.tried} for made in found]
    assert hits[0] == hits[1]
    assert {one.shown for one in found[0].ranking.tried} == {8}
    assert found[0].ranking.left_out == {}
    assert plentiful(found[0]) == []
    assert files_below(tmp_path / "data") == []


@pytest.mark.usefixtures("quick")
def test_labelled_defects_are_found_instead_of_painted_ones(tmp_path: Path) -> None:
    source = parts(tmp_path / "parts")
    write_parts(source / "train/spot", range(200, 212), spot=True)
    choice = choose_engine(
        str(source), tiny(), tmp_path / "data", candidates=("patchcore",), gate=IN_TIME
    )
    (one,) = choice.ranking.tried
    assert one.hits == (True,) * 12
    assert one.area is not None
    assert one.area.value == 1.0
    assert "no classifier was tried" in plentiful(choice)[0]
    assert "labelled defects found" in table(choice)[0]
    assert "12 of 12 (100%)" in table(choice)[1]


@pytest.mark.usefixtures("quick")
def test_the_classifier_is_tried_where_there_are_labelled_defects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = parts(tmp_path / "parts")
    write_parts(source / "train/spot", range(200, 212), spot=True)
    short = {"method": "classifier", "epochs": 2, "folds": 2, "width": 4}
    monkeypatch.setattr(
        auto,
        "with_method",
        lambda known, method: tiny_of(**short) if method == "classifier" else known,
    )
    choice = choose_engine(
        *(str(source), tiny(), tmp_path / "data"),
        candidates=("patchcore", "classifier"),
        gate=IN_TIME,
    )
    assert choice.classifier is not None
    assert isinstance(choice.classifier.recipe.engine, ClassifierSpec)
    assert choice.classifier.area is not None
    assert choice.picked.recipe.engine.method == "patchcore"  # nothing is surely above 1
    assert "too few: not surely above patchcore 1.000" in plentiful(choice)[1]


@pytest.mark.usefixtures("quick")
def test_none_is_begun_that_cannot_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COSTS, "padim", 1e9)
    said: list[str] = []
    choice = choose_engine(
        *(str(parts(tmp_path / "parts")), tiny(), tmp_path / "data"),
        budget_s=1e5,
        candidates=("patchcore", "padim"),
        gate=IN_TIME,
        progress=lambda stage, share: said.append(stage),
    )
    assert list(choice.ranking.left_out) == ["padim 64"]
    assert "would take" in choice.ranking.left_out["padim 64"]
    assert not any(stage.startswith("padim") for stage in said)
    assert "left out     padim 64: would take" in "\n".join(table(choice))


def test_one_that_has_not_ended_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"patchcore 64: had not ended.*Allow more time"):
        choose_engine(
            *(str(parts(tmp_path / "parts")), tiny(), tmp_path / "data"),
            budget_s=1e-9,
            candidates=("patchcore",),
        )
    assert files_below(tmp_path / "data") == []


def test_what_cannot_be_taught_is_left_out_with_a_reason(tmp_path: Path) -> None:
    tiled = tiny_of(method="padim", tile=64)
    with pytest.raises(ConfigError, match=r"no method could be tried: padim 64: engine\.tile: "):
        choose_engine(
            *(str(parts(tmp_path / "parts")), tiled, tmp_path / "data"), candidates=("padim",)
        )


def test_a_cancelled_trial_leaves_nothing(tmp_path: Path) -> None:
    seen: list[str] = []
    with pytest.raises(Cancelled):
        choose_engine(
            *(str(parts(tmp_path / "parts")), tiny(), tmp_path / "data"),
            candidates=("patchcore",),
            progress=lambda stage, share: seen.append(stage),
            cancelled=lambda: "patchcore 64: calibrate" in seen,
        )
    assert files_below(tmp_path / "data") == []


def test_too_few_images(tmp_path: Path) -> None:
    write_parts(tmp_path / "few", range(18))
    with pytest.raises(DatasetError, match=r"18 good pictures are too few.*at least 20"):
        choose_engine(str(tmp_path / "few"), tiny(), tmp_path / "data")


def test_another_method_keeps_the_seed_and_what_suits(tmp_path: Path) -> None:
    write_parts(tmp_path / "good", range(2))
    known = new_recipe("disc", str(tmp_path / "good"))
    changed = with_method(tiny(seed=7), "padim")
    assert changed.engine.method == "padim"
    assert changed.engine.seed == 7
    assert with_method(known, "patchcore") is known
    assert [check.check for check in with_method(known, "none").checks] == ["local", "rx"]


@pytest.mark.usefixtures("quick")
def test_command_teaches_what_it_picks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, data = parts(tmp_path / "parts"), tmp_path / "data"
    monkeypatch.setenv("INSPECTOR_DATA", str(data))
    monkeypatch.setattr(auto, "CANDIDATES", ("patchcore", "padim"))
    monkeypatch.setattr(auto, "pick", lambda tried, budget_ms: tried[-1])
    asked = ["teach", str(source), "--product", "disc", "--engine", "auto", "--size", "64"]
    result = CliRunner().invoke(app, [*asked, "--budget", "1h"])
    assert result.exit_code == 0, result.output
    rows = result.output.splitlines()
    assert "painted defects found" in rows[0]
    assert {row.split()[0] for row in rows[1:3]} == {"patchcore", "padim"}
    last = rows[2].split()[0]
    assert f"engine       {last}" in rows
    assert load_yaml(data / "products/disc.yaml", Recipe).engine.method == last


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--budget", "5m"], "only for --engine auto"),
        (["--engine", "auto", "--features", "rotation"], "of one engine"),
        (["--engine", "auto", "--budget", "soon"], "not a time"),
        (["--engine", "otto"], "Give auto or patchcore"),
    ],
)
def test_command_refuses(tmp_path: Path, options: list[str], says: str) -> None:
    write_parts(tmp_path / "good", range(2))
    asked = ["teach", str(tmp_path / "good"), "--product", "disc", *options]
    result = CliRunner().invoke(app, asked)
    assert isinstance(result.exception, InputError)
    assert says in str(result.exception)
