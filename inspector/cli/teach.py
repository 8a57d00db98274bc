"""``inspector teach`` and ``inspector evaluate``."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.cli.options import LineOption, bundle_path, teaching_progress
from inspector.cli.promise import promise_rows
from inspector.cli.teach_auto import picked, seconds_of
from inspector.cli.teach_more import More, teach_more
from inspector.cli.teach_size import sized
from inspector.core.canonical import Json
from inspector.core.engine_spec import METHODS
from inspector.core.errors import ConfigError, InputError
from inspector.core.line_config import LineConfig
from inspector.core.recipe import Recipe
from inspector.durable.files import write_atomically
from inspector.station.catalogue import Catalogue, keep_recipe
from inspector.station.devices import optics_of
from inspector.station.opening import catalogue_of, data_folder_of, load_line
from inspector.station.places import find_config
from inspector.teaching.new_recipe import checks_for, new_recipe

if TYPE_CHECKING:
    from inspector.teaching.evaluate import Evaluation

AUTO = "auto"
"""The ``--size`` and the ``--engine`` that are searched for."""


class Fit(StrEnum):
    """What to do with images of several sizes."""

    EXACT = "exact"
    STRETCH = "stretch"


class Features(StrEnum):
    """By whose eyes ``deep_rx`` sees."""

    BACKBONE = "backbone"
    ROTATION = "rotation"
    CUTPASTE = "cutpaste"


def teach_command(  # noqa: PLR0917  # one parameter for each option
    dataset: Annotated[
        str, typer.Argument(help="folder of good images, or in MVTec layout; one with --missed")
    ],
    product: Annotated[str, typer.Option(help="name of the product: its recipe, or a new one")],
    engine: Annotated[
        str | None,
        typer.Option(
            help=f"one of {', '.join(METHODS)}; default the recipe's; auto: the one that finds "
            "most defects on good images held out (docs/engines.md)"
        ),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            help="with --engine auto: time for the trials, such as 90s or 1h; default 20m"
        ),
    ] = None,
    backbone: Annotated[
        str | None, typer.Option(help="the engine's feature extractor; default the recipe's")
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(help="the backbone's weights, a safetensors file")
    ] = None,
    features: Annotated[
        Features | None,
        typer.Option(help="deep_rx: let the backbone learn the product first, by which task"),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            help="engine input, px; default the recipe's, or 256; auto: the smallest at which "
            "small defects are found in time"
        ),
    ] = None,
    good: Annotated[int | None, typer.Option(min=1, help="use this many good images only")] = None,
    fit: Annotated[
        Fit | None, typer.Option(help="stretch: the images may have several sizes")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="bundle folder to make; default the data folder")
    ] = None,
    add_good: Annotated[
        bool, typer.Option("--add-good", help="teach the current bundle wrongly rejected images")
    ] = False,
    production: Annotated[
        Path | None,
        typer.Option(help="with --add-good: good parts drawn at random, to calibrate with"),
    ] = None,
    missed: Annotated[
        bool, typer.Option("--missed", help="teach the current bundle the defect of one image")
    ] = False,
    mark: Annotated[
        str | None, typer.Option(help="with --missed: where it is, x,y,w,h in px or a mask's file")
    ] = None,
    line: LineOption = None,
) -> None:
    """Teach a product from good images: a bundle, and its threshold for this PC.

    Good images lie in the folder itself or in train/good, defects for --engine classifier in
    train/KIND. Which engine to use when: docs/methods.md.

    [bold]Examples[/bold]

        inspector teach photos/washers --product washer
        inspector teach mvtec/bottle --product bottle --size 256 --out bottle.bundle
        inspector teach demo:solar-mono --product solar-mono
        inspector teach photos/gears --product gear --size auto
        inspector teach photos/gears --product gear --engine auto --budget 30m
        inspector teach photos/nuts --product nut --backbone vgg16 --weights vgg16.safetensors
        inspector teach photos/gears --product gear --engine deep_rx --features rotation
        inspector teach rejected/but/good --product nut --add-good --production photos/tuesday
        inspector teach scratch.png --product nut --missed --mark 120,64,40,12
    """
    from engines.bundle import open_bundle  # noqa: PLC0415  # slow to load
    from inspector.teaching.backbone import with_backbone  # noqa: PLC0415  # slow to load
    from inspector.teaching.calibrated import Site  # noqa: PLC0415  # slow to load
    from inspector.teaching.selecting import words_of_taught  # noqa: PLC0415  # slow to load
    from inspector.teaching.teach import teach  # noqa: PLC0415  # loads torch: for this command only

    line_file = line or find_config("line.yaml")
    config = load_line(line_file)
    data_folder = data_folder_of(config)
    optics = optics_of(config, data_folder)
    more = More(dataset, add_good, production, missed, mark)
    anew = {"engine": engine, "backbone": backbone, "weights": weights, "size": size}
    anew |= {"budget": budget}
    if more.is_asked(anew | {"features": features, "good": good, "fit": fit, "out": out}):
        recipe = catalogue_of(line_file, data_folder).recipe(product)
        teach_more(more, recipe, Site(data_folder, config.runtime, optics=optics))
        return
    if out is not None and out.exists():
        raise InputError(
            f"--out {out}: exists already", remedy="Bundles never change: name a new one"
        )
    budget_s = _budget(engine, budget, backbone or weights or features)
    changes = _changes(None if engine == AUTO else engine, size, fit, features)
    recipe = _recipe(catalogue_of(line_file, data_folder), product, dataset, changes)
    recipe = with_backbone(recipe, backbone, weights, data_folder / "weights")
    if budget_s is not None:
        recipe = picked(dataset, recipe, data_folder, config, good=good, budget_s=budget_s)
    if size == AUTO:
        recipe = sized(dataset, recipe, data_folder, config, good)
    with teaching_progress() as show:
        result = teach(
            dataset,
            recipe,
            data_folder,
            good=good,
            out=out,
            runtime=config.runtime,
            optics=optics,
            progress=show,
        )
    _keep(recipe, line_file, config)
    calibration = result.calibration
    seconds = ", ".join(f"{stage} {took:.1f} s" for stage, took in result.seconds.items())
    print(f"bundle       {result.bundle}")
    print(f"images       {result.teach_images} taught, {result.calibrate_images} calibrated")
    for words in words_of_taught(open_bundle(result.bundle).manifest):
        print(f"taught       {words}")
    print(f"threshold    {calibration.threshold:.4f}")
    print("\n".join(promise_rows(calibration)))
    print(f"time         {sum(result.seconds.values()):.1f} s: {seconds}")


def _budget(engine: str | None, budget: str | None, own: object) -> float | None:
    """Seconds for ``--engine auto``; None without it. ``own`` are options of one engine."""
    if engine != AUTO:
        if budget is not None:
            raise InputError("--budget: only for --engine auto", remedy="Leave it out")
        return None
    if own is not None:
        raise InputError(
            "--engine auto: --backbone, --weights and --features are of one engine",
            remedy="Leave them out, or name the engine",
        )
    return seconds_of(budget or "20m")


def _changes(
    engine: str | None, size: str | None, fit: Fit | None, features: Features | None = None
) -> dict[str, dict[str, Json]]:
    if engine not in {None, *METHODS}:
        raise InputError(
            f"--engine {engine}: there is no such engine",
            remedy=f"Give auto or {', '.join(METHODS)}",
        )
    preparation: dict[str, Json] = {}
    if size not in {None, AUTO}:
        if not size.isdecimal() or not 32 <= int(size) <= 4096:
            raise InputError(
                f"--size {size}: not a number of pixels", remedy="Give 32 to 4096, or auto"
            )
        preparation |= {"width": int(size), "height": int(size)}
    if fit is not None:
        preparation["fit"] = fit.value
    own: dict[str, Json] = {} if engine is None else {"method": engine}
    if features is not None:
        own["features"] = features.value
    return {"preparation": preparation, "engine": own}


def _recipe(
    catalogue: Catalogue, product: str, dataset: str, changes: dict[str, dict[str, Json]]
) -> Recipe:
    known = catalogue.has(product)
    recipe = catalogue.recipe(product) if known else new_recipe(product, dataset)
    content = recipe.model_dump(mode="json")
    for section, values in changes.items():
        # The keys of one engine mean nothing to another: of these only the seed stays.
        method = values.get("method", recipe.engine.method)
        if method != recipe.engine.method:
            content[section] = {"seed": recipe.engine.seed}
            content["checks"] = checks_for(str(method), content["checks"])
        if "features" in values and method != "deep_rx":
            raise InputError(
                f"--features: the engine {method} has no such choice",
                remedy="Give --engine deep_rx",
            )
        content[section] |= values
    try:
        return Recipe.model_validate(content)
    except ValueError as error:
        first = " ".join(str(error).split())
        raise ConfigError(
            f"product {product}: {first}", remedy="See inspector teach --help"
        ) from error


def _keep(recipe: Recipe, line_file: Path, config: LineConfig) -> None:
    """Write the recipe into the data folder unless the one that is found there says the same."""
    data_folder = data_folder_of(config)
    path = keep_recipe(catalogue_of(line_file, data_folder), recipe, data_folder)
    if path is not None:
        print(f"recipe       {path}")


def evaluate_command(
    bundle: Annotated[Path, typer.Argument(help="bundle folder, or the name of a taught product")],
    dataset: Annotated[str, typer.Argument(help="test images in MVTec layout, or demo:solar-mono")],
    json_out: Annotated[Path | None, typer.Option("--json", help="write the figures here")] = None,
    line: LineOption = None,
) -> None:
    """Measure a bundle on labelled test images.

    [bold]Examples[/bold]

        inspector evaluate bottle.bundle mvtec/bottle --json bottle.json
        inspector evaluate solar-mono demo:solar-mono
    """
    from inspector.teaching.bundles import compiled_folder  # noqa: PLC0415
    from inspector.teaching.evaluate import evaluate  # noqa: PLC0415  # scikit-free, but slow to load

    config = load_line(line or find_config("line.yaml"))
    data_folder = data_folder_of(config)
    path = bundle_path(bundle, data_folder)
    evaluation = evaluate(
        path,
        dataset,
        runtime=config.runtime,
        compiled=compiled_folder(data_folder),
        optics=optics_of(config, data_folder),
    )
    print("\n".join(evaluation_rows(evaluation)))
    if json_out is not None:
        write_atomically(json_out, f"{json.dumps(evaluation.to_json(), indent=2)}\n".encode())


def evaluation_rows(found: Evaluation) -> list[str]:
    """The figures in lines for people: counts, and what share they are."""
    separation = {"image": found.image_auroc, "pixel": found.pixel_auroc, "AU-PRO": found.aupro}
    known = [f"{name} {value:.4f}" for name, value in separation.items() if value is not None]
    return [
        f"engine       {found.engine}, on {found.runtime}",
        f"threshold    {found.threshold:.4f}",
        f"rejected     {_share(found.false_rejects, found.good)} good images",
        f"escapes      {_share(found.escapes, found.defective)} defective images",
        *(
            f"  {name:<10} {_share(kind.rejected, kind.images)} rejected"
            for name, kind in found.categories.items()
        ),
        *([f"AUROC        {', '.join(known)}"] if known else []),
        f"latency      p50 {found.latency_ms.p50:.1f} ms, p99 {found.latency_ms.p99:.1f} ms",
    ]


def _share(events: int, images: int) -> str:
    return f"{events} of {images} ({100 * events / images:.1f} %)" if images else "none"
