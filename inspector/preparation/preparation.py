"""Crop, depth, resize and colour of one image, into memory that the caller owns."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.core.canonical import hash_of
from inspector.core.errors import ConfigError, ImageError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.levels import Levels, level_type, levels_of, rescale
from inspector.core.recipe import Box, PreparationSpec

VERSION = 1
"""Raised whenever the same image would be prepared to other pixels; part of the hash."""


def preparation_hash(spec: PreparationSpec) -> str:
    """Identity of a preparation: everything that changes pixels, and the implementation's version.

    The scale is left out: it turns areas into mm² and touches no pixel.
    """
    pixels = spec.model_dump(mode="json", exclude={"scale_mm_per_px"})
    return hash_of({"version": VERSION, "spec": pixels})


class Preparation:
    """How every image of one camera and product becomes the engine's input.

    Order: flat field, undistort, align, crop, depth, resize, colour; the first three have their
    place here and are refused until the station has the artefacts they need. Deep pixels are
    resampled in their 16-bit levels. Not thread-safe: one per thread. Raises ``ConfigError`` when
    the spec does not suit the frames.
    """

    def __init__(self, spec: PreparationSpec, frame_format: FrameFormat) -> None:
        _refuse_missing_artefacts(spec)
        self.spec = spec
        self.frame_format = frame_format
        self.hash = preparation_hash(spec)
        region = _region(spec, frame_format)
        self._rows = slice(region.y, region.y + region.height)
        self._columns = slice(region.x, region.x + region.width)
        self.field = region
        """The inspected field in camera pixels."""
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
        field, levels = levels_of(src[self._rows, self._columns]), levels_of(out)
        if self._other_depth:
            field = rescale(field, self.frame_format.pixel_format, self.spec.pixel_format)
        if self._colour is None:
            self._resize(field, levels)
        else:
            self._resize(field, self._resized)
            cv2.cvtColor(_plane(self._resized), self._colour, dst=_plane(levels))

    def _resize(self, field: Levels, out: Levels) -> None:
        if field.shape == out.shape:
            np.copyto(out, field)
        else:
            cv2.resize(
                _plane(field), self._size, dst=_plane(out), interpolation=self._interpolation
            )


def _refuse_missing_artefacts(spec: PreparationSpec) -> None:
    for key in ("flat_field", "undistort"):
        if getattr(spec, key):
            raise ConfigError(
                f"preparation.{key}: true, but this station has no such camera calibration",
                remedy=f"Set preparation.{key}: false",
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


def _plane(levels: Levels) -> Levels:
    """OpenCV's own view of an image: one channel has no third axis."""
    return levels[:, :, 0] if levels.shape[2] == 1 else levels
