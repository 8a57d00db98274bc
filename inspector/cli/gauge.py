"""``inspector gauge``: does a part get the same score and verdict each time it is shown?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.cli.options import LineOption, bundle_path
from inspector.durable.files import write_atomically
from inspector.station.devices import optics_of
from inspector.station.opening import data_folder_of, load_line
from inspector.station.places import find_config

if TYPE_CHECKING:
    from calibration.gauge import GaugeStudy, Kappa, PartFigures, Rate, Repeatability


def gauge_command(
    bundle: Annotated[Path, typer.Argument(help="bundle folder, or the name of a taught product")],
    folder: Annotated[
        Path, typer.Argument(help="FOLDER/<part>/<show>.png, or FOLDER/good|bad/<part>/<show>.png")
    ],
    json_out: Annotated[Path | None, typer.Option("--json", help="write the figures here")] = None,
    line: LineOption = None,
) -> None:
    """Study how scores and verdicts repeat when parts are shown several times.

    [bold]Examples[/bold]

        inspector gauge bracket shows/ --json gauge.json
    """
    from inspector.teaching.bundles import compiled_folder  # noqa: PLC0415  # slow to load
    from inspector.teaching.gauge import study_gauge  # noqa: PLC0415

    config = load_line(line or find_config("line.yaml"))
    data_folder = data_folder_of(config)
    study = study_gauge(
        bundle_path(bundle, data_folder),
        folder,
        runtime=config.runtime,
        compiled=compiled_folder(data_folder),
        optics=optics_of(config, data_folder),
    )
    print("\n".join(report(study)))
    if json_out is not None:
        write_atomically(json_out, f"{json.dumps(study.to_json(), indent=2)}\n".encode())


def report(study: GaugeStudy) -> list[str]:
    """The study in lines for people."""
    spread, shows = study.repeatability, sum(part.shows for part in study.parts)
    lines = [
        f"parts        {len(study.parts)}, {shows} shows in all",
        f"repeat       {_sigma(spread)}",
        f"parts differ sigma {spread.sigma_part:.4g}; GRR {spread.grr:.1%} of the total spread",
        f"threshold    {study.threshold:.4g}{_margin(study.repeat_over_distance)}",
        f"near         {_rate(study.near)} parts within 3 sigma of the threshold",
        f"alike        {_rate(study.alike)} parts judged alike in all their shows",
        f"agreement    kappa {_kappa(study.kappa)}",
    ]
    if study.reference is not None:
        known = study.reference
        lines += [
            f"reference    kappa {_kappa(known.kappa)}",
            f"rejected     {_rate(known.rejected)} good parts in any show",
            f"escaped      {_rate(known.escaped)} bad parts in any show",
        ]
    return lines + [_doubtful(part) for part in study.parts if 0 < part.rejects < part.shows]


def _sigma(spread: Repeatability) -> str:
    low, high = spread.sigma_repeat_low, spread.sigma_repeat_high
    return f"sigma {spread.sigma_repeat:.4g} (95 %: {low:.4g} to {high:.4g})"


def _margin(over_distance: float | None) -> str:
    if over_distance is None:
        return "; the parts that pass are not below it"
    return f"; sigma of repeating is {over_distance:.1%} of the distance from good parts to it"


def _rate(rate: Rate) -> str:
    return f"{rate.events} of {rate.trials} (95 %: {rate.low:.0%} to {rate.high:.0%})"


def _kappa(kappa: Kappa) -> str:
    if kappa.value is None:
        return "not known: all verdicts are the same"
    return f"{kappa.value:.2f} (95 %: {kappa.low:.2f} to {kappa.high:.2f})"


def _doubtful(part: PartFigures) -> str:
    return f"             {part.name}: rejected in {part.rejects} of {part.shows} shows"
