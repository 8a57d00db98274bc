"""Image files as the engine will see them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from calibration.metrics import Mask
from engines.background.outline import Grey
from engines.bundle import Bundle
from inspector.core.errors import ConfigError, DatasetError
from inspector.core.frame import FrameFormat, Pixels
from inspector.core.ports import PreparedView
from inspector.core.pose import Pose
from inspector.core.recipe import Box, PreparationSpec
from inspector.durable.images import read_image
from inspector.preparation import (
    NO_OPTICS,
    Optics,
    PoseReference,
    Preparation,
    preparation_hash,
    taught_reference,
)
from inspector.preparation.alignment import Sight
from inspector.preparation.steps import cut
from inspector.teaching.bundles import check_preparation


class Preparer:
    """Reads and prepares one file after the other through the one `Preparation`.

    With ``fit: exact`` all files must have the size of the first; with ``stretch`` each is
    stretched to the engine's input. Raises ``ConfigError`` or ``BundleError`` where the spec needs
    an artefact of the camera that ``optics`` has not, or that is damaged, and ``BundleError`` where
    it aligns and was given no ``reference``.
    """

    def __init__(
        self,
        spec: PreparationSpec,
        optics: Optics = NO_OPTICS,
        reference: PoseReference | None = None,
    ) -> None:
        self.spec = spec
        self.reference = reference
        self._corrections = optics.corrections(spec)
        self.hash = preparation_hash(spec, self._corrections, reference)
        """Identity of the preparation, the camera's artefacts and the taught pose included."""
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
        preparation = self._preparation(path, image)
        prepared = np.empty(self.form.shape, np.uint8)
        pose = preparation.apply(image, prepared)
        return PreparedView(prepared, preparation.field, pose=pose, expected=preparation.expected)

    def prepare(self, image: Pixels, path: Path) -> tuple[Pixels, float]:
        """The same for an image in the recipe's pixel format that is in memory already."""
        view = self.view_of(image, path)
        return view.pixels, view.field_area_px

    def sight_of(self, path: Path) -> Grey:
        """The picture that a part is found in: what poses are taught with. Raises as ``read``."""
        image = read_image(path, self.spec.pixel_format)
        return self._preparation(path, image).sight_of(image)

    def sight(self, path: Path) -> Sight:
        """What such pictures show of an image. Raises as ``read``."""
        return self._preparation(path, read_image(path, self.spec.pixel_format)).sight

    def seen(self, image: Pixels, path: Path) -> Box | None:
        """A rectangle of the image that lies in the field for certain; None: all of it."""
        if not self._moves:
            return self.spec.region
        return self._preparation(path, image).seen(self._pose(image, path))

    def mask_of(self, mask: Mask, path: Path) -> Mask:
        """A mask bool[H, W] of the image ``path`` as it lies in the field, in camera pixels."""
        if not self._moves:
            return mask[cut(self.spec.region)] if self.spec.region else mask
        image = read_image(path, self.spec.pixel_format)
        return self._preparation(path, image).mask_of(mask, self._pose(image, path))

    @property
    def _moves(self) -> bool:
        """Whether the field is more than a cut from the image."""
        return self.spec.undistort or self.spec.align != "none"

    def _pose(self, image: Pixels, path: Path) -> Pose | None:
        if self.spec.align == "none":
            return None
        return self._preparation(path, image).find(image)

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
                known[frame] = Preparation(self.spec, frame, self._corrections, self.reference)
            except ConfigError as error:
                raise ConfigError(f"{path}: {error.problem}", remedy=error.remedy) from error
        return known[frame]


def preparer_of(bundle: Bundle, spec: PreparationSpec, optics: Optics = NO_OPTICS) -> Preparer:
    """How images are prepared for a bundle. Raises ``BundleError`` when it was taught otherwise."""
    preparer = Preparer(spec, optics, taught_reference(bundle))
    check_preparation(bundle, spec, preparer.hash)
    return preparer


class PreparedImages(Sequence[Pixels]):
    """Files of good parts as a sequence of prepared images, each read at every access.

    Raises ``DatasetError`` for one whose part is not in its place: it would teach the wrong looks.
    """

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
        path = self._paths[index]
        view = self._preparer.view(path)
        refuse_lost(view, path)
        return view.pixels


def refuse_lost(view: PreparedView, path: Path) -> None:
    """Raise ``DatasetError`` where the part of a good image is not in its place."""
    if view.pose is not None and view.pose.lost:
        raise DatasetError(
            f"{path}: {view.pose.finding} in an image of a good part",
            remedy="Take the image out, or give more room: preparation.align_range_px and _deg",
        )
