"""``inspector explain``: pictures of why an engine judges an image as it does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from inspector.cli.options import LineOption, bundle_path
from inspector.core.errors import InputError
from inspector.core.frame import ScoreMap
from inspector.durable.files import write_atomically
from inspector.durable.images import encode_png
from inspector.station.devices import optics_of
from inspector.station.opening import data_folder_of, load_line
from inspector.station.places import find_config

_REDDEST = 1.6
"""In levels of a heat map: from here on it is as red as it gets."""
_TOLD = 5
"""Features that are named; the chart has more."""


def explain_command(
    product: Annotated[Path, typer.Argument(help="name of a taught product, or a bundle folder")],
    image: Annotated[Path, typer.Argument(help="picture of a part")],
    out: Annotated[
        Path | None, typer.Option(help="folder for the pictures; default IMAGE-explained")
    ] = None,
    line: LineOption = None,
) -> None:
    """Show what the engine expected of an image, and the parts that its map is made of.

    Writes expected.png where the engine draws what it expects, and a picture for each part: the
    strongest place of each is red, however weak it is beside other images. An engine that judges
    by named features tells what each adds to the score: contributions.svg, and the largest here.

    [bold]Examples[/bold]

        inspector explain washer rejected/0412.png
        inspector explain washer rejected/0412.png --out why
    """
    from engines.bundle import open_bundle  # noqa: PLC0415  # slow to load
    from engines.explaining import explain  # noqa: PLC0415
    from inspector.scoring.overlay import shown, with_heat  # noqa: PLC0415
    from inspector.teaching.prepared import preparer_of  # noqa: PLC0415

    config = load_line(line or find_config("line.yaml"))
    data_folder = data_folder_of(config)
    bundle = open_bundle(bundle_path(product, data_folder))
    if not bundle.manifest.explains:
        raise InputError(
            f"{product}: its engine {bundle.manifest.method} cannot tell what it expected",
            remedy="Teach it with another one: docs/engines.md says which can",
        )
    spec = bundle.manifest.preparation
    pixels, _ = preparer_of(bundle, spec, optics_of(config, data_folder)).read(image)
    told = explain(bundle, pixels)
    folder = out or Path(f"{image.stem}-explained")
    folder.mkdir(parents=True, exist_ok=True)
    picture = shown(pixels, spec.pixel_format)
    drawn = {"expected": told.expected} if told.expected is not None else {}
    drawn |= {name: with_heat(picture, part, _level(part)) for name, part in told.parts.items()}
    for name, found in drawn.items():
        path = folder / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name)}.png"
        write_atomically(path, encode_png(found))
        largest = f" (up to {told.parts[name].max():.4g})" if name in told.parts else ""
        print(f"{name:<12} {path}{largest}")
    if told.contributions:
        _tell(told.contributions, image, folder / "contributions.svg")


def _tell(contributions: Mapping[str, float], image: Path, path: Path) -> None:
    """Draw them, and name the largest."""
    from inspector.teaching.report.contributions import contribution_chart  # noqa: PLC0415

    write_atomically(path, contribution_chart(contributions, image.name).encode())
    print(f"{'features':<12} {path}")
    total = sum(contributions.values())
    for name, value in islice(contributions.items(), _TOLD):
        print(f"             {name}: {value:.4g} of {total:.4g}")


def _level(part: ScoreMap) -> float:
    """So that only what is strongest is red: each part has a unit of its own, and no threshold."""
    return float(np.nan_to_num(part).max()) / _REDDEST
