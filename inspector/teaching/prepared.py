"""Image files as the engine will see them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from calibration.metrics import Mask
from inspector.core.errors import ConfigError, DatasetError
from inspector.core.frame import FrameFormat, Pixels
from inspector.core.ports import PreparedView
from inspector.core.recipe import Box, PreparationSpec
from inspector.durable.images import read_image
from inspector.preparation import NO_OPTICS, Optics, Preparation, preparation_hash
from inspector.preparation.steps import cut


class Preparer:
    """Reads and prepares one file after the other through the one `Preparation`.

    With ``fit: exact`` all files must have the size of the first; with ``stretch`` each is
    stretched to the engine's input. Raises ``ConfigError`` or ``BundleError`` where the spec needs
    an artefact of the camera that ``optics`` has not, or that is damaged.
    """

    def __init__(self, spec: PreparationSpec, optics: Optics = NO_OPTICS) -> None:
        self.spec = spec
        self._corrections = optics.corrections(spec)
        self.hash = preparation_hash(spec, self._corrections)
        """Identity of the preparation, the camera's artefacts included."""
        self._preparations: dict[FrameFormat, Preparation] = {}
        self.form = FrameFormat(spec.width, spec.height, spec.pixel_format)
        """Form of one prepared image."""

    def read(self, path: Path) -> tuple[Pixels, float]:
        """One prepared image uint8[h, w, c], and the area of its field in camera pixels.

        Raises ``ImageError`` (unreadable), ``DatasetError`` (other size) or ``ConfigError``
        (region outside of the image), each naming the file.
        """
        return self.prepare(read_image(path, self.spec.pixel_format), path)

    def view(self, path: Path) -> PreparedView:
        """One image as checks see it. Raises as ``read`` does."""
        return self.view_of(read_image(path, self.spec.pixel_format), path)

    def view_of(self, image: Pixels, path: Path) -> PreparedView:
        """The same for an image that is in memory already."""
        prepared, _ = self.prepare(image, path)
        return PreparedView(prepared, self._preparation(path, image).field)

    def prepare(self, image: Pixels, path: Path) -> tuple[Pixels, float]:
        """The same for an image in the recipe's pixel format that is in memory already."""
        preparation = self._preparation(path, image)
        prepared = np.empty(self.form.shape, np.uint8)
        preparation.apply(image, prepared)
        return prepared, preparation.field_area_px

    def seen(self, image: Pixels, path: Path) -> Box | None:
        """A rectangle of the image that lies in the field for certain; None: all of it."""
        return self._preparation(path, image).seen if self.spec.undistort else self.spec.region

    def mask_of(self, mask: Mask, path: Path) -> Mask:
        """A mask of the image bool[H, W] as it lies in the inspected field, in camera pixels."""
        if self.spec.undistort:
            return self._preparation(path, mask).mask_of(mask)
        return mask[cut(self.spec.region)] if self.spec.region else mask

    def _preparation(self, path: Path, image: NDArray[Any]) -> Preparation:
        height, width = image.shape[:2]
        frame = FrameFormat(width, height, self.spec.pixel_format)
        known = self._preparations
        if frame not in known:
            if known and self.spec.fit == "exact":
                first = next(iter(known))
                raise DatasetError(
                    f"{path}: {width}x{height} px, but the images before it have "
                    f"{first.width}x{first.height} px",
                    remedy="Use --fit stretch, or crop all images to one size",
                )
            try:
                known[frame] = Preparation(self.spec, frame, self._corrections)
            except ConfigError as error:
                raise ConfigError(f"{path}: {error.problem}", remedy=error.remedy) from error
        return known[frame]


class PreparedImages(Sequence[Pixels]):
    """Files as a sequence of prepared images, each read at every access."""

    def __init__(self, preparer: Preparer, paths: Sequence[Path]) -> None:
        self._preparer = preparer
        self._paths = paths

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, index: int) -> Pixels: ...

    @overload
    def __getitem__(self, index: slice) -> PreparedImages: ...

    def __getitem__(self, index: int | slice) -> Pixels | PreparedImages:
        if isinstance(index, slice):
            return PreparedImages(self._preparer, self._paths[index])
        return self._preparer.read(self._paths[index])[0]
