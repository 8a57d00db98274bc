"""Image files as the engine will see them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from inspector.core.errors import ConfigError, DatasetError
from inspector.core.frame import FrameFormat, Pixels
from inspector.core.recipe import PreparationSpec
from inspector.durable.images import read_image
from inspector.preparation import Preparation


class Preparer:
    """Reads and prepares one file after the other through the one `Preparation`.

    With ``fit: exact`` all files must have the size of the first; with ``stretch`` each is
    stretched to the engine's input.
    """

    def __init__(self, spec: PreparationSpec) -> None:
        self._spec = spec
        self._preparations: dict[FrameFormat, Preparation] = {}
        self.shape = (spec.height, spec.width, spec.pixel_format.channels)
        """Shape of one prepared image."""

    def read(self, path: Path) -> tuple[Pixels, float]:
        """One prepared image uint8[h, w, c], and the area of its field in camera pixels.

        Raises ``ImageError`` (unreadable), ``DatasetError`` (other size) or ``ConfigError``
        (region outside of the image), each naming the file.
        """
        image = read_image(path, self._spec.pixel_format)
        preparation = self._preparation(path, image)
        prepared = np.empty(self.shape, np.uint8)
        preparation.apply(image, prepared)
        return prepared, preparation.field_area_px

    def _preparation(self, path: Path, image: Pixels) -> Preparation:
        height, width = image.shape[:2]
        frame = FrameFormat(width, height, self._spec.pixel_format)
        known = self._preparations
        if frame not in known:
            if known and self._spec.fit == "exact":
                first = next(iter(known))
                raise DatasetError(
                    f"{path}: {width}x{height} px, but the images before it have "
                    f"{first.width}x{first.height} px",
                    remedy="Use --fit stretch, or crop all images to one size",
                )
            try:
                known[frame] = Preparation(self._spec, frame)
            except ConfigError as error:
                raise ConfigError(f"{path}: {error.problem}", remedy=error.remedy) from error
        return known[frame]
