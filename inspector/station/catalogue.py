"""Where recipes are found: the data folder first, then the folder beside the line's file."""

from __future__ import annotations

import contextlib
from pathlib import Path

from inspector.core.errors import ConfigError
from inspector.core.recipe import Recipe
from inspector.durable.files import write_atomically
from inspector.durable.yaml_files import dump_yaml, load_yaml


class Catalogue:
    """The recipes of one station. A recipe in an earlier folder hides one of the same name."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = folders

    def names(self) -> tuple[str, ...]:
        """All products, in order of their names."""
        files = (file for folder in self._folders for file in folder.glob("*.yaml"))
        return tuple(sorted({file.stem for file in files}))

    def has(self, product: str) -> bool:
        """True when there is a recipe for the product."""
        return product in self.names()

    def recipe(self, product: str) -> Recipe:
        """Read the recipe of a product. Raises ``ConfigError``."""
        for folder in self._folders:
            path = folder / f"{product}.yaml"
            if path.is_file():
                return self._checked(path, load_yaml(path, Recipe))
        known = ", ".join(self.names()) or "none"
        looked = ", ".join(str(folder) for folder in self._folders)
        raise ConfigError(
            f"{product}: unknown product (no {product}.yaml in {looked})",
            remedy=f"Known products: {known}. New: inspector teach FOLDER --product {product}",
        )

    def plc_ids(self) -> dict[str, int]:
        """The numbers by which the PLC asks for products; those that cannot be read have none."""
        found = {}
        for product in self.names():
            with contextlib.suppress(ConfigError):
                found[product] = self.recipe(product).plc_id
        return found

    @staticmethod
    def _checked(path: Path, recipe: Recipe) -> Recipe:
        if recipe.product != path.stem:
            raise ConfigError(
                f"{path}: product: is {recipe.product!r}",
                remedy=f"Name the product {path.stem!r}, as the file, or rename the file",
            )
        return recipe


def keep_recipe(catalogue: Catalogue, recipe: Recipe, data_folder: Path) -> Path | None:
    """Write a recipe into the data folder; None where the one that is found says the same."""
    if catalogue.has(recipe.product) and catalogue.recipe(recipe.product) == recipe:
        return None
    path = data_folder / "products" / f"{recipe.product}.yaml"
    write_atomically(path, dump_yaml(recipe))
    return path
