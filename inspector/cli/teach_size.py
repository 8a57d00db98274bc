"""``inspector teach --size auto``: the search, and what it found in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.cli.options import teaching_progress
from inspector.core.line_config import LineConfig
from inspector.core.recipe import Recipe
from inspector.station.devices import optics_of

if TYPE_CHECKING:
    from inspector.teaching.sizing import Choice


def sized(
    dataset: str, recipe: Recipe, data_folder: Path, config: LineConfig, good: int | None
) -> Recipe:
    """The recipe at the size that was found; prints what was measured. Raises as `find_size`."""
    from inspector.teaching.sizing import at_size, find_size  # noqa: PLC0415  # loads the engines

    with teaching_progress() as show:
        choice = find_size(
            dataset,
            recipe,
            data_folder,
            good=good,
            runtime=config.runtime,
            gate=config.gate,
            optics=optics_of(config, data_folder),
            progress=show,
        )
    for row in table(choice):
        print(row)
    return at_size(recipe, choice.chosen.size)


def table(choice: Choice) -> list[str]:
    """What was measured at each size, and what follows."""
    spot = f"{choice.defect_px:.3g} px"
    rows = [f"{'input':<22} {'p50 ms':>7} {'p95 ms':>7}   {f'found at {spot}':<17} 90 % found from"]
    for one in choice.tried:
        found = f"{one.pods[0].hits} of {one.pods[0].trials}" if one.pods else "too slow to try"
        cells = f"{one.size!s:<22} {one.p50_ms:7.1f} {one.p95_ms:7.1f}   {found:<17}"
        rows.append(f"{cells} {_px(one.a90_px) if one.pods else ''}".rstrip())
    return [*rows, *_verdict(choice, spot)]


def _verdict(choice: Choice, spot: str) -> list[str]:
    chosen = choice.chosen
    rows = [f"size         {chosen.size}"]
    budget = f"{choice.budget_ms:.0f} ms"
    if not choice.in_time:
        rows.append(
            f"too slow     no size keeps to {budget}: a longer gate.deadline_ms, "
            "decision.engine_budget_ms or a faster PC is needed"
        )
    elif not choice.found:
        rows.append(
            f"will miss    defects of {spot} at a budget of {budget}: "
            f"{chosen.share:.0%} are found; 90 % from {_px(chosen.a90_px)} on"
        )
    return rows


def _px(size: float | None) -> str:
    return "beyond what was tried" if size is None else f"{size:.0f} px"
