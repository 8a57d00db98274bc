"""The recipe of a product that has none yet, from its first images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from pydantic import ValidationError

from inspector.core.canonical import Json
from inspector.core.errors import ConfigError
from inspector.core.frame import PixelFormat
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.teaching.sources import good_pictures

_LOOKED_AT = 16
"""Images whose brightest level tells the depth of what lies in files of 16 bits."""


def new_recipe(product: str, source: str) -> Recipe:
    """Make a recipe of defaults: in grey when the first image has no colour, and in its depth.

    Grey files of 16 bits hold 10, 12 or 16: the least that the brightest level of some of the
    images, evenly chosen, fits into. Raises ``DatasetError`` or ``ConfigError``.
    """
    pictures = good_pictures(Path(source))
    some = pictures[:: -(-len(pictures) // _LOOKED_AT)]
    preparation = PreparationSpec(pixel_format=_pixel_format([picture.path for picture in some]))
    try:
        return Recipe(product=product, preparation=preparation, title={"en": product})
    except ValidationError as error:
        raise ConfigError(
            f"--product {product}: not a name",
            remedy="Use lower-case letters, digits, - and _, 63 at most",
        ) from error


def checks_for(method: str, checks: Sequence[Json]) -> list[Json]:
    """The checks of a recipe whose engine becomes another: kept where they suit it.

    Without an engine pixels are compared with their surroundings, in two cheap ways at 3 scales.
    """
    others: list[Json] = [
        one for one in checks if isinstance(one, Mapping) and one.get("check") != "engine"
    ]
    if method == "none":
        return others or [{"check": name, "scales": 3} for name in ("local", "rx")]
    return list(checks) if len(others) < len(checks) else [{"check": "engine"}]


def with_method(recipe: Recipe, method: str) -> Recipe:
    """The recipe with another engine: of the old one's keys only the seed means anything to it.

    Raises ``ConfigError`` where what else the recipe says does not go with it.
    """
    if method == recipe.engine.method:
        return recipe
    content = recipe.model_dump(mode="json")
    content["engine"] = {"method": method, "seed": recipe.engine.seed}
    content["checks"] = checks_for(method, content["checks"])
    try:
        return Recipe.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]["msg"]
        raise ConfigError(
            f"{recipe.product}: {method}: {first}", remedy="Change the recipe, or teach another"
        ) from error


def _pixel_format(paths: Sequence[Path]) -> PixelFormat:
    """What cannot be read counts as grey, and is refused later, by name."""
    image = _levels(paths[0])
    grey = image is None or bool((image == image[..., :1]).all())
    if image is None or image.dtype != np.uint16:
        return PixelFormat.MONO8 if grey else PixelFormat.RGB8
    if not grey:
        return PixelFormat.RGB16
    brightest = max(int(some.max()) for some in map(_levels, paths) if some is not None)
    deep = (PixelFormat.MONO10, PixelFormat.MONO12)
    return next((found for found in deep if brightest <= found.white), PixelFormat.MONO16)


def _levels(path: Path) -> cv2.typing.MatLike | None:
    data = np.fromfile(path, np.uint8)
    return cv2.imdecode(data, cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH) if data.size else None
