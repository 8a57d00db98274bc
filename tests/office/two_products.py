"""A line of two products that wants production: one taught and shown, one with other settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inspector.access.permissions import Role
from inspector.access.users import Users
from inspector.core.levels import levels_of
from inspector.core.recipe import Recipe
from inspector.durable.images import encode_png
from inspector.durable.yaml_files import dump_yaml
from inspector.teaching.dataset import DatasetStore, Entry, Label, Split, digest_of
from tests.station.production_line import PASSWORD, make_production_plant
from tests.tiny_plant import TinyPlant, make_bundle, picture, tiny_recipe

ZONE = {"name": "rim", "use": "exclude", "polygon": [[0, 0], [32, 0], [32, 16]]}


def other_recipe() -> Recipe:
    """As ``tiny``, with a zone, another rate, and a region that it names."""
    same = tiny_recipe(false_reject_rate=0.001, min_defect_area_px=40.0).model_dump(mode="json")
    title = {"en": "Other part", "ja": "別の部品"}
    region = {"x": 0, "y": 0, "width": 64, "height": 64}
    preparation = {**same["preparation"], "region": region}
    changed = {"product": "other", "plc_id": 8, "title": title, "zones": [ZONE]}
    return Recipe.model_validate({**same, **changed, "preparation": preparation})


def make_two_products(folder: Path, **line: Any) -> TinyPlant:
    """Both taught, ``other`` never shown; ``rough`` was never taught, ``broken`` is no recipe."""
    plant = make_production_plant(folder, **line)
    products = plant.line_file.parent / "products"
    recipe = other_recipe()
    (products / "other.yaml").write_bytes(dump_yaml(recipe))
    make_bundle(plant.data_folder, recipe)
    rough = tiny_recipe().model_copy(update={"product": "rough", "title": {"en": "Rough part"}})
    (products / "rough.yaml").write_bytes(dump_yaml(rough))
    (products / "broken.yaml").write_text("product: broken\nspeed: 3\n", encoding="utf-8")
    for product in ("tiny", "other"):
        keep_image(plant.data_folder, folder, product)
    Users(plant.data_folder).add("adm", Role.ADMINISTRATOR, PASSWORD)
    return plant


def keep_image(data_folder: Path, folder: Path, product: str) -> None:
    """A good image of a product, as teaching keeps it."""
    path = folder / f"{product}.png"
    path.write_bytes(encode_png(levels_of(picture(len(product), defective=False))))
    entry = Entry(
        sha256=digest_of(path),
        suffix=path.suffix,
        source=path.name,
        label=Label.GOOD,
        split=Split.TEACH,
    )
    DatasetStore(data_folder / "datasets" / product).add([(entry, path)])
