"""``inspector teach --engine auto``: what was tried, and what was picked, in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.cli.options import teaching_progress
from inspector.core.errors import InputError
from inspector.core.line_config import LineConfig
from inspector.core.recipe import Recipe
from inspector.station.devices import optics_of

if TYPE_CHECKING:
    from inspector.teaching.auto import Choice
    from inspector.teaching.ranking import Area, Ranked

AUTO = "auto"
_UNITS = {"": 60.0, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds_of(text: str) -> float:
    """``90s``, ``20m`` or ``20``, ``1h`` in seconds. Raises ``InputError``."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text.strip())
    if found is None or float(found[1]) <= 0:
        raise InputError(f"--budget {text}: not a time", remedy="Give 90s, 20m or 1h")
    return float(found[1]) * _UNITS[found[2]]


def picked(
    dataset: str,
    recipe: Recipe,
    data_folder: Path,
    config: LineConfig,
    *,
    good: int | None,
    budget_s: float,
) -> Recipe:
    """The recipe with the engine that suits best; prints what was found. Raises as `rank`."""
    from inspector.teaching.auto import choose_engine  # noqa: PLC0415  # loads the engines

    with teaching_progress() as show:
        choice = choose_engine(
            dataset,
            recipe,
            data_folder,
            good=good,
            budget_s=budget_s,
            runtime=config.runtime,
            gate=config.gate,
            optics=optics_of(config, data_folder),
            progress=show,
        )
    print("\n".join(table(choice)))
    return choice.picked.recipe


def table(choice: Choice) -> list[str]:
    """What each found, and what follows."""
    what = "labelled" if choice.classifier or choice.rival else "painted"
    rows = [f"{'engine':<12} {f'{what} defects found':<23} {'95 %':<10} {'p95 ms':>7} {'s':>6}"]
    for one in choice.ranking.tried:
        share, interval = _found(one)
        cells = f"{one.recipe.engine.method:<12} {share:<23} {interval:<10}"
        rows.append(f"{cells} {one.p95_ms:7.1f} {one.seconds:6.0f}")
    rows += [f"left out     {name}: {why}" for name, why in choice.ranking.left_out.items()]
    rows.append(f"engine       {choice.picked.recipe.engine.method}")
    if choice.picked.p95_ms > choice.budget_ms:
        rows.append(f"too slow     none keeps to {choice.budget_ms:.0f} ms for one image")
    return [*rows, *plentiful(choice)]


def _found(one: Ranked) -> tuple[str, str]:
    if one.supervised:
        return "is shown them: below", ""
    if not one.shown:
        return "too slow to try", ""
    low, high = one.interval
    share = f"{one.found} of {one.shown} ({one.share:.0%})"
    return share, f"{100 * low:.0f} to {100 * high:.0f} %"


def plentiful(choice: Choice) -> list[str]:
    """Whether labelled defects are plentiful enough for the classifier."""
    classifier, rival = choice.classifier, choice.rival
    if classifier is None or classifier.area is None:
        if not choice.defects:
            return []
        return [f"defects      {choice.defects} labelled ones: no classifier was tried with them"]
    known = f"AUROC {_area(classifier.area)} on images that were left out"
    if rival is None or rival.area is None:
        return [f"classifier   {known}; nothing to compare it with"]
    against = f"{rival.recipe.engine.method} {rival.area.value:.3f}"
    if choice.picked is classifier:
        verdict = f"{choice.defects} labelled defects are plentiful: surely above {against}"
    elif classifier.p95_ms > choice.budget_ms:
        verdict = f"too slow, {classifier.p95_ms:.0f} ms"
    else:
        verdict = f"{choice.defects} labelled defects are too few: not surely above {against}"
    return [f"classifier   {known}", f"             {verdict}"]


def _area(area: Area) -> str:
    low, high = area.interval
    return f"{area.value:.3f} ({low:.3f} to {high:.3f})"
