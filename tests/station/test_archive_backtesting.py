"""The archive judged by a candidate: counts, estimate, going on after a kill, and Ray."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import signal
from collections.abc import Iterator

import pytest
import yaml

from inspector.core.errors import DatasetError
from inspector.core.recipe import Recipe
from inspector.release.archive_backtest import Rejudged
from inspector.station import archive_backtesting
from inspector.station.archive_backtesting import Candidate, Chunk, backtest_archive, here
from inspector.station.opening import load_line
from inspector.station.spread_on_ray import OnRay
from inspector.teaching.bundles import current_bundle, make_current
from tests.station.archive import archive_of, run_plant
from tests.tiny_plant import TinyPlant, make_bundle, tiny_recipe

PARTS = 160


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> TinyPlant:
    folder = tmp_path_factory.mktemp("plant")
    return run_plant(folder, PARTS, evidence={"pass_share": 0.5}, parts=PARTS)


@pytest.fixture(scope="module")
def strict(plant: TinyPlant) -> Candidate:
    """A candidate that may reject four times as many; its bundle is not the current one."""
    recipe = tiny_recipe(false_reject_rate=0.3)
    current = current_bundle(plant.data_folder, "tiny")
    assert current is not None
    other = plant.data_folder.parent / "candidate"
    path = make_bundle(other, recipe)
    make_current(current)
    return Candidate(load_line(plant.line_file), plant.data_folder, recipe, path)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_backtesting, "_CHUNK", 10)


def same(plant: TinyPlant) -> Candidate:
    content = yaml.safe_load((plant.line_file.parent / "products/tiny.yaml").read_text("utf-8"))
    config = load_line(plant.line_file)
    return Candidate(config, plant.data_folder, Recipe.model_validate(content))


def test_what_judged_says_the_same_again(plant: TinyPlant) -> None:
    made, _ = backtest_archive(same(plant))
    assert made.flips == ()
    with archive_of(plant) as (records, _, _):
        judged = sum(record.content["cause"] in ("good", "defect") for record in records)
        assert made.parts == judged > 0.8 * PARTS, "on a busy PC some are not looked at"
        rejects = sum(record.content["cause"] == "defect" for record in records)
        kept = sum(b'"digest"' in record.payload for record in records)
    assert made.judged == kept
    estimate = made.false_rejects
    assert estimate is not None
    assert estimate.population == made.parts - rejects
    assert (estimate.share, estimate.low) == (0.0, 0.0)
    assert estimate.high > 3.0 / estimate.seen, "none among so many proves no more"


def test_a_stricter_candidate_rejects_more_and_the_estimate_weighs(
    plant: TinyPlant, strict: Candidate
) -> None:
    made, folder = backtest_archive(strict)
    assert made.passes_rejected == len(made.flips) > 0
    assert made.rejects_passed == 0
    estimate = made.false_rejects
    assert estimate is not None
    assert estimate.seen < 0.6 * estimate.population
    assert estimate.share == pytest.approx(made.passes_rejected / estimate.seen)
    assert estimate.low < estimate.share < estimate.high
    assert made.intact
    assert sorted(path.name for path in folder.iterdir()) == ["plan.json", "result.yaml"]


def test_no_pictures_in_this_time(plant: TinyPlant) -> None:
    with pytest.raises(DatasetError, match="no pictures"):
        backtest_archive(same(plant), until_us=1)


class Killed(Exception):  # not an error: it is done to it
    """The process ends here."""


def test_it_goes_on_where_it_was(plant: TinyPlant, strict: Candidate) -> None:
    whole, folder = backtest_archive(strict)
    judged: list[int] = []

    def counted(
        candidate: Candidate, chunks: list[tuple[int, Chunk]], most: int = 10**9
    ) -> Iterator[tuple[int, list[Rejudged]]]:
        for number, rejudged in here(candidate, chunks):
            if len(judged) == most:
                raise Killed
            judged.append(number)
            yield number, rejudged

    with pytest.raises(Killed):
        backtest_archive(strict, spread=lambda one, chunks: counted(one, chunks, 3))
    assert not (folder / "result.yaml").exists()
    assert len(list(folder.glob("chunk-*"))) == 3
    resumed, _ = backtest_archive(strict, spread=counted)
    assert resumed.hash == whole.hash
    assert len(judged) == len(set(judged)) > 3, "nothing is judged twice"


def _until_killed(candidate: Candidate) -> None:
    def suicidal(
        one: Candidate, chunks: list[tuple[int, Chunk]]
    ) -> Iterator[tuple[int, list[Rejudged]]]:
        for done, made in enumerate(here(one, chunks)):
            if done == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            yield made

    archive_backtesting._CHUNK = 10
    backtest_archive(candidate, spread=suicidal)


@pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")
def test_kill_9_costs_only_what_was_under_way(plant: TinyPlant, strict: Candidate) -> None:
    whole, folder = backtest_archive(strict)
    process = multiprocessing.get_context("spawn").Process(target=_until_killed, args=(strict,))
    process.start()
    process.join(60.0)
    assert process.exitcode == -signal.SIGKILL
    assert len(list(folder.glob("chunk-*.json"))) == 2
    resumed, _ = backtest_archive(strict)
    assert resumed.hash == whole.hash


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="the extra scale: no ray here")
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_ray_says_the_same(strict: Candidate) -> None:
    here_made, _ = backtest_archive(strict)
    ray_made, _ = backtest_archive(strict, spread=OnRay(workers=2))
    assert ray_made.hash == here_made.hash
    assert ray_made.flips == here_made.flips
