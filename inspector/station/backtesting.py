"""Trying what would be released on the stored labelled images of its product."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inspector.core.errors import DatasetError
from inspector.core.frame import FrameFormat
from inspector.core.line_config import LineConfig
from inspector.core.recipe import Recipe
from inspector.durable.images import read_image
from inspector.release.backtest import Backtest, load_backtest, make_backtest, save_backtest
from inspector.release.releases import Releases
from inspector.station.devices import optics_of
from inspector.station.judging import Judging, load_judging
from inspector.teaching.dataset import DatasetStore, Entry, Label, manifest_hash
from inspector.teaching.prepared import Preparer


def backtest(
    config: LineConfig,
    data_folder: Path,
    recipe: Recipe,
    progress: Callable[[float], None] = lambda share: None,
) -> Backtest:
    """Judge every good and every defective stored image as the line would, and keep the verdicts.

    Graded ones are left out. Raises ``DatasetError`` without images, and what loading raises.
    """
    store = DatasetStore(data_folder / "datasets" / recipe.product)
    entries = [one for one in store.entries().values() if one.label is not Label.GRADED]
    if not entries:
        raise DatasetError(
            f"{recipe.product}: no labelled images are stored", remedy="Release without --backtest"
        )
    first = read_image(store.path_of(entries[0]), recipe.preparation.pixel_format)
    optics = optics_of(config, data_folder)
    judging = load_judging(
        recipe,
        data_folder,
        config.runtime,
        FrameFormat(first.shape[1], first.shape[0], recipe.preparation.pixel_format),
        optics=optics,
        production=True,
    )
    try:
        verdicts = _verdicts(
            judging, Preparer(recipe.preparation, optics), store, entries, progress
        )
    finally:
        judging.engine.close()
    made = make_backtest(
        judging.deciding,
        verdicts,
        {entry.sha256: entry.label is Label.GOOD for entry in entries},
        product=recipe.product,
        dataset=manifest_hash(entries),
        before=_before(data_folder, recipe.product),
    )
    save_backtest(data_folder, made)
    return made


def _verdicts(
    judging: Judging,
    preparer: Preparer,
    store: DatasetStore,
    entries: list[Entry],
    progress: Callable[[float], None],
) -> dict[str, bool]:
    verdicts = {}
    for index, entry in enumerate(entries):
        progress(index / len(entries))
        batch = preparer.view(store.path_of(entry)).pixels[None]
        judgement = judging.judge.judge(batch, judging.engine.infer(batch))
        verdicts[entry.sha256] = judgement.passed
    return verdicts


def _before(data_folder: Path, product: str) -> Backtest | None:
    newest = Releases(data_folder, product).newest
    basis = newest.validation.backtest if newest else None
    return load_backtest(data_folder, product, basis.backtest) if basis else None
