"""``inspector simulate``: a plant by script, and what became of each part."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from inspector.core.errors import FaultError
from inspector.durable.yaml_files import load_yaml
from inspector.sim.plant.scenario import Scenario
from inspector.sim.plant.score import table
from inspector.sim.plant.simulation import Simulation


def simulate_command(
    scenario: Annotated[Path, typer.Argument(help="scenario, see configs/plants/faults.yaml")],
    parts: Annotated[int | None, typer.Option(min=1, help="other number of parts")] = None,
    seed: Annotated[int | None, typer.Option(help="other seed")] = None,
) -> None:
    """Run a simulated plant with its faults, and score each part's fate against its verdict.

    Ends with exit code 3 when a rejected part went into the good lane, or anything is unaccounted.

    [bold]Examples[/bold]

        inspector simulate configs/plants/faults.yaml
        inspector simulate configs/plants/faults.yaml --parts 100000 --seed 7
    """
    given = {"parts": parts, "seed": seed}
    changes = {name: value for name, value in given.items() if value is not None}
    plan = load_yaml(scenario, Scenario).model_copy(update=changes)
    result = Simulation(plan).run()
    print(table(result))
    if not result.kept:
        raise FaultError("the gate did not keep its promise", remedy="See the table above")
