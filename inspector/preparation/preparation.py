"""Crop, depth, resize and colour of one image, into memory that the caller owns."""

from __future__ import annotations

import cv2
import numpy as np

from calibration.metrics import Mask
from inspector.core.canonical import Json, hash_of
from inspector.core.errors import ConfigError, ImageError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.levels import Levels, level_type, levels_of, pixels_of, rescale
from inspector.core.recipe import Box, PreparationSpec
from inspector.preparation.corrections import NO_CORRECTIONS, Corrections
from inspector.preparation.steps import FlatFielding, Undistortion, cut, plane

VERSION = 1
"""Raised whenever the same image would be prepared to other pixels; part of the hash."""


def preparation_hash(spec: PreparationSpec, corrections: Corrections = NO_CORRECTIONS) -> str:
    """Identity of a preparation: everything that changes pixels, and the implementation's version.

    The camera's artefacts belong to it where the spec uses them. The scale is left out: it turns
    areas into mm² and touches no pixel. Raises ``ConfigError`` for an artefact that is missing.
    """
    pixels = spec.model_dump(mode="json", exclude={"scale_mm_per_px"})
    content: dict[str, Json] = {"version": VERSION, "spec": pixels}
    if used := corrections.hashes(spec):
        content["corrections"] = used
    return hash_of(content)


class Preparation:
    """How every image of one camera and product becomes the engine's input.

    Order: flat field, undistort, align, crop, depth, resize, colour; undistort and crop are one
    step, and only what they need is touched before. Shrinking is another one: it looks at every
    pixel. Deep pixels are resampled in their 16-bit levels. Not thread-safe: one per thread. Raises
    ``ConfigError`` when the spec or the camera's artefacts do not suit the frames.
    """

    def __init__(
        self,
        spec: PreparationSpec,
        frame_format: FrameFormat,
        corrections: Corrections = NO_CORRECTIONS,
    ) -> None:
        self.spec = spec
        self.frame_format = frame_format
        self.hash = preparation_hash(spec, corrections)
        _refuse_other_format(spec, frame_format)
        region = _region(spec, frame_format)
        self.field = region
        """The inspected field in pixels of the camera image, undistorted where the spec says so."""
        self.seen_in = source = region
        """The rectangle of the camera image that the field is seen in."""
        self._undistortion = self._flat_fielding = None
        if spec.undistort and corrections.lens is not None:
            self._undistortion = Undistortion(corrections.lens, frame_format, region)
            self._straight = self._new_field()
            self.seen_in = source = self._undistortion.source
        if spec.flat_field and corrections.flat_field is not None:
            self._flat_fielding = FlatFielding(corrections.flat_field, frame_format, source)
            source = self._flat_fielding.source
        self._source = cut(source)
        self.field_area_px = float(region.width * region.height)
        self.shape = (spec.height, spec.width, spec.pixel_format.channels)
        """Shape of one prepared image."""
        self._size = (spec.width, spec.height)
        shrinks = spec.width <= region.width and spec.height <= region.height
        self._interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        have, want = frame_format.pixel_format, spec.pixel_format
        self._other_depth = have.depth != want.depth
        self._colour = _colour_code(have, want)
        # Only a change of colour needs a step between resize and output.
        self._resized = np.empty((*self.shape[:2], have.colours), level_type(want))

    def apply(self, src: Pixels, out: Pixels) -> None:
        """Prepare one image: uint8[H, W, C] of the camera into uint8[h, w, c], contiguous.

        Raises ``ImageError`` when the image has not the camera's shape.
        """
        if src.shape != self.frame_format.shape or src.dtype != np.uint8:
            raise ImageError(
                f"image of {src.dtype}{list(src.shape)} where the camera promised "
                f"uint8{list(self.frame_format.shape)}",
                remedy="Give images of one size and pixel format, or set preparation.fit: stretch",
            )
        if out.shape != self.shape or not out.flags.c_contiguous:
            raise ValueError(f"the output must be contiguous uint8{list(self.shape)}")
        field, levels = levels_of(src[self._source]), levels_of(out)
        if self._flat_fielding is not None:
            field = self._flat_fielding.apply(field)
        if self._undistortion is not None:
            self._undistortion.apply(field, self._straight)
            field = self._straight
        if self._other_depth:
            field = rescale(field, self.frame_format.pixel_format, self.spec.pixel_format)
        if self._colour is None:
            self._resize(field, levels)
        else:
            self._resize(field, self._resized)
            cv2.cvtColor(plane(self._resized), self._colour, dst=plane(levels))

    @property
    def seen(self) -> Box:
        """A rectangle of the camera image that lies in the field for certain."""
        return self.field if self._undistortion is None else self._undistortion.inner

    def picture_of(self, pixels: Pixels) -> Pixels:
        """The field for a person to look at, of the pixels of ``seen_in``. Any thread."""
        if self._undistortion is None:
            return pixels
        field = self._new_field()
        self._undistortion.apply(levels_of(pixels), field)
        return pixels_of(field)

    def mask_of(self, mask: Mask) -> Mask:
        """A mask of the camera image bool[H, W] as it lies in the field, in camera pixels."""
        if self._undistortion is not None:
            return self._undistortion.mask(mask)
        return mask[cut(self.field)]

    def _new_field(self) -> Levels:
        shape = (self.field.height, self.field.width, self.frame_format.pixel_format.colours)
        return np.empty(shape, level_type(self.frame_format.pixel_format))

    def _resize(self, field: Levels, out: Levels) -> None:
        if field.shape == out.shape:
            np.copyto(out, field)
        else:
            cv2.resize(plane(field), self._size, dst=plane(out), interpolation=self._interpolation)


def _refuse_other_format(spec: PreparationSpec, frame: FrameFormat) -> None:
    """Files are read in the recipe's format: teaching would correct them after the change."""
    key = "flat_field" if spec.flat_field else "undistort"
    if getattr(spec, key) and frame.pixel_format is not spec.pixel_format:
        raise ConfigError(
            f"preparation.{key}: true, with images in {frame.pixel_format} and "
            f"preparation.pixel_format: {spec.pixel_format}",
            remedy="Let both be the same",
        )


def _region(spec: PreparationSpec, frame: FrameFormat) -> Box:
    region = spec.region or Box(x=0, y=0, width=frame.width, height=frame.height)
    if region.x + region.width > frame.width or region.y + region.height > frame.height:
        raise ConfigError(
            f"preparation.region: {region.width}x{region.height} px at ({region.x}, {region.y}) "
            f"leaves the image of {frame.width}x{frame.height} px",
            remedy="Choose a region inside the image",
        )
    return region


def _colour_code(have: PixelFormat, want: PixelFormat) -> int | None:
    if have.colours == want.colours:
        return None
    return cv2.COLOR_GRAY2RGB if want.colours == 3 else cv2.COLOR_RGB2GRAY
