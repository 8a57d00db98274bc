"""The tiny plant calibrated anew on pictures of its own."""

from __future__ import annotations

from pathlib import Path

from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.durable.images import encode_png
from inspector.teaching.bundles import current_bundle
from inspector.teaching.calibrating import calibrate_bundle
from inspector.teaching.outcome import Calibrated
from tests.tiny_plant import TinyPlant, picture, tiny_recipe

GOOD = range(300, 340)


class Recipes:
    """Of one product."""

    def recipe(self, product: str) -> Recipe:
        return tiny_recipe()


def write(folder: Path, numbers: range, *, defective: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        path = folder / f"{number}.png"
        path.write_bytes(encode_png(picture(number, defective=defective)))


def write_set(root: Path) -> Path:
    """Good parts, and defects of two kinds: one is plain to see, the other hardly."""
    write(root / "test/good", GOOD)
    write(root / "test/spot", range(100, 106), defective=True)
    write(root / "test/faint", range(203, 206))
    return root


def calibrated(
    plant: TinyPlant,
    source: Path | str,
    *,
    rate: float | None = None,
    keep: bool = False,
    pictures: bool = False,
) -> Calibrated:
    bundle = current_bundle(plant.data_folder, "tiny")
    assert bundle is not None
    return calibrate_bundle(
        *(bundle, str(source), plant.data_folder, RuntimeConfig(threads=1), Recipes()),
        false_reject_rate=rate,
        keep=keep,
        pictures=pictures,
    )
