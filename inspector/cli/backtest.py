"""``inspector backtest``: the archive judged again by a candidate."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from inspector.cli.backtest_page import estimate_in_words, notes_of, page_of
from inspector.cli.ledger_evidence import utc_us_of
from inspector.cli.options import LineOption, teaching_progress
from inspector.core.recipe import Recipe
from inspector.durable.files import write_atomically
from inspector.durable.yaml_files import load_yaml
from inspector.release.archive_backtest import ArchiveBacktest, Flip
from inspector.station.archive_backtesting import Bench, Candidate, backtest_archive, here
from inspector.station.opening import catalogue_of, data_folder_of, load_line
from inspector.station.places import find_config
from inspector.station.spread_on_ray import OnRay
from inspector.teaching.report.pictures import Exhibit, exhibit_of

_SHOWN = 60


def backtest_command(  # noqa: PLR0917  # one parameter for each option
    recipe: Annotated[str, typer.Argument(help="product, or the file of a candidate's recipe")],
    line: LineOption = None,
    bundle: Annotated[
        Path | None, typer.Option(help="folder of a bundle; default the product's current one")
    ] = None,
    since: Annotated[str, typer.Option(help="parts from this day or time on")] = "",
    until: Annotated[str, typer.Option(help="parts up to this day or time")] = "",
    ray: Annotated[bool, typer.Option("--ray", help="on Ray: several processes or PCs")] = False,
    workers: Annotated[int, typer.Option(min=1, help="with --ray: processes")] = 2,
    address: Annotated[
        str | None, typer.Option(help="with --ray: of a cluster that runs; default this PC alone")
    ] = None,
) -> None:
    """Try a candidate on the parts whose pictures were kept: whose verdict changes?

    Writes the result and a page with the parts that change. One that was interrupted goes on where
    it was when it is asked for again.

    [bold]Examples[/bold]

        inspector backtest bracket --since 2026-11-01
        inspector backtest candidate/bracket.yaml --bundle bundles/bracket/0a1b2c3d4e5f --ray
    """
    line_file = line or find_config("line.yaml")
    config = load_line(line_file)
    folder = data_folder_of(config)
    candidate = Candidate(config, folder, _recipe(recipe, line_file, folder), bundle)
    started = time.perf_counter()
    with teaching_progress() as show:
        made, place = backtest_archive(
            candidate,
            since_us=utc_us_of(since, "--since") if since else None,
            until_us=utc_us_of(until, "--until") if until else None,
            spread=OnRay(workers, address) if ray else here,
            progress=lambda share: show("backtest", share),
        )
    seconds = time.perf_counter() - started
    page = place / "flips.html"
    exhibits = _exhibits(candidate, made)
    at = datetime.now(UTC)
    left_out = len(made.flips) - len(exhibits)
    write_atomically(page, page_of(made, exhibits, at, left_out=left_out))
    print(
        f"{made.judged} of {made.parts} parts judged again in {seconds:.1f} s: "
        f"{made.passes_rejected} passes are rejected now, {made.rejects_passed} rejects pass"
    )
    print(estimate_in_words(made))
    for note in notes_of(made):
        print(note)
    print(f"result {place / 'result.yaml'}\npage   {page}")


def _recipe(given: str, line_file: Path, data_folder: Path) -> Recipe:
    path = Path(given)
    if path.suffix in (".yaml", ".yml"):
        return load_yaml(path, Recipe)
    return catalogue_of(line_file, data_folder).recipe(given)


def _exhibits(candidate: Candidate, made: ArchiveBacktest) -> list[Exhibit]:
    """The parts that change, strangest first, as many as a page can hold of either kind."""
    ordered = sorted(made.flips, key=_strangeness, reverse=True)
    chosen = [
        one
        for passed in (False, True)
        for one in [flip for flip in ordered if flip.passed is passed][: _SHOWN // 2]
    ]
    with closing(Bench(candidate)) as bench:
        return [exhibit for flip in chosen if (exhibit := _exhibit(bench, flip)) is not None]


def _strangeness(flip: Flip) -> float:
    return flip.score / flip.threshold if flip.threshold > 0 else flip.score


def _exhibit(bench: Bench, flip: Flip) -> Exhibit | None:
    """The view that decided; None where the pictures went meanwhile."""
    views = bench.views(flip.sequence)
    if not views:
        return None
    judging, judge = bench.loaded(views[0])
    prepared, judgement = judge.look(views)
    worst = judgement.worst
    view = worst.view if worst is not None else 0
    results = [check for check in judgement.checks if check.view == view]
    shown = exhibit_of(
        Path(f"part {flip.part_id}"),
        prepared[view],
        judging.recipe.preparation.pixel_format,
        results=results,
        score=flip.score,
        levels={check.check: check.threshold for check in results},
    )
    said = {True: "a person said good", False: "a person said defective", None: "archive"}
    return replace(shown, kind=said[flip.good], rejected=not flip.passed)
