"""The recipe of a product that has none yet, from its first image."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from pydantic import ValidationError

from inspector.core.errors import ConfigError
from inspector.core.frame import PixelFormat
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.teaching.sources import good_pictures


def new_recipe(product: str, source: str) -> Recipe:
    """Make a recipe of defaults, in grey when the first image has no colour.

    Raises ``DatasetError`` or ``ConfigError``.
    """
    first = good_pictures(Path(source))[0].path
    preparation = PreparationSpec(pixel_format=_pixel_format(first))
    try:
        return Recipe(product=product, preparation=preparation, title={"en": product})
    except ValidationError as error:
        raise ConfigError(
            f"--product {product}: not a name",
            remedy="Use lower-case letters, digits, - and _, 63 at most",
        ) from error


def _pixel_format(path: Path) -> PixelFormat:
    """Mono8 when every pixel is grey; what cannot be read is refused later, by name."""
    image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    if image is None or (image == image[..., :1]).all():
        return PixelFormat.MONO8
    return PixelFormat.RGB8
