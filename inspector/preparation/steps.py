"""Flat field and undistortion of a rectangle of the camera image, into buffers of their own."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.artefacts import Lens, StoredFlatField
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat
from inspector.core.levels import Levels, level_type
from inspector.core.recipe import Box


class FlatFielding:
    """``(level - offset) * gain``, rounded, at most white; faulty pixels take a neighbour's level.

    In float32, one operation at a time, so that every machine gives the same. ``source`` is the
    rectangle of the camera image that it needs: the box, and the neighbours that stand in for
    faulty pixels at its border. Not thread-safe.
    """

    def __init__(self, flat: StoredFlatField, frame: FrameFormat, box: Box) -> None:
        record, pixels = flat.record, frame.pixel_format
        _check_size("flat_field", (record.width, record.height), frame)
        if record.colours != pixels.colours:
            raise ConfigError(
                f"preparation.flat_field: was made of pictures with {record.colours} colours, "
                f"images come in {pixels}",
                remedy=f"Run: inspector camera flat FOLDER --serial {record.serial} "
                f"--format {pixels}",
            )
        reach = int(np.abs(flat.faulty[:, :2] - flat.faulty[:, 2:]).max(initial=0))
        self.source = _grown(box, reach, frame)
        self._box = cut_within(box, self.source)
        self._offset = flat.offset[cut(self.source)] * np.float32(pixels.white)
        self._gain = np.ascontiguousarray(flat.gain[cut(self.source)])
        self._faulty = _inside(flat.faulty, box) - np.tile([self.source.y, self.source.x], 2)
        self._light = np.empty_like(self._gain)
        self._out = np.empty(self._gain.shape, level_type(pixels))
        self._depth = cv2.CV_8U if pixels.depth == 8 else cv2.CV_16U
        # OpenCV ends at 8 and 16 bits by itself.
        self._white = pixels.white if pixels.depth in (10, 12) else None

    def apply(self, levels: Levels) -> Levels:
        """Correct the source [h, w, colours]; the box of it is overwritten by the next call."""
        light, out = plane(self._light), plane(self._out)
        cv2.subtract(plane(levels), plane(self._offset), dst=light, dtype=cv2.CV_32F)
        cv2.multiply(light, plane(self._gain), dst=out, dtype=self._depth)
        if self._white is not None:
            np.minimum(out, self._white, out=out)
        rows, columns, good_rows, good_columns = self._faulty.T
        self._out[rows, columns] = self._out[good_rows, good_columns]
        return self._out[self._box]


class Undistortion:
    """A region of the undistorted picture, in one step: crop and remap, bilinear.

    ``source`` is the rectangle of the camera image that it needs. Any thread.
    """

    def __init__(self, lens: Lens, frame: FrameFormat, region: Box) -> None:
        _check_size("undistort", (lens.width, lens.height), frame)
        whole, part = (found[cut(region)] for found in lens.intrinsics.maps())
        # A pixel takes from the one that it falls on and from the next, right and below.
        last = [frame.width - 1, frame.height - 1]
        left, top = np.clip(whole.min(axis=(0, 1)), 0, last).tolist()
        right, bottom = np.clip(whole.max(axis=(0, 1)) + 1, 0, last).tolist()
        self.source = Box(x=left, y=top, width=right - left + 1, height=bottom - top + 1)
        self._whole = np.ascontiguousarray(whole - np.array([left, top], np.int16))
        self._part = np.ascontiguousarray(part)
        self.shape = (region.height, region.width, frame.pixel_format.colours)
        """Of what comes out."""

    def apply(self, levels: Levels, out: Levels) -> None:
        """Undistort the source [h, w, colours] into ``out``."""
        self._remap(plane(levels), plane(out))

    def moved(self, levels: Levels, out: Levels, matrix: NDArray[np.float64]) -> None:
        """The same of a moved region: ``matrix`` [2, 3] leads from pixels of ``out`` to its own.

        The way is interpolated instead of a picture, so that pixels are interpolated once.
        """
        height, width = out.shape[:2]
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        replicate = cv2.BORDER_REPLICATE
        size = (width, height)
        x, y = (
            cv2.warpAffine(one, matrix, size, flags=flags, borderMode=replicate)
            for one in self._way
        )
        cv2.remap(plane(levels), x, y, cv2.INTER_LINEAR, dst=plane(out), borderMode=replicate)

    @cached_property
    def _way(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The maps as x and y in the source, float32[h, w] each."""
        x, y = cv2.convertMaps(self._whole, self._part, cv2.CV_32FC1)
        return np.asarray(x, np.float32), np.asarray(y, np.float32)

    def inner_of(self, box: Box) -> Box:
        """The rectangle of the camera image that is seen for certain in one of the region's."""
        x, y = np.moveaxis(self._whole[cut(box)].astype(np.int32), 2, 0)
        left, top = int(x[:, 0].max()) + 1 + self.source.x, int(y[0].max()) + 1 + self.source.y
        right, bottom = int(x[:, -1].min()) + self.source.x, int(y[-1].min()) + self.source.y
        return Box(x=left, y=top, width=right - left + 1, height=bottom - top + 1)

    def mask(self, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """A mask of the camera image bool[H, W] as it lies in the region: where it covers half."""
        out = np.empty(self.shape[:2], np.uint8)
        self._remap(mask[cut(self.source)].astype(np.uint8), out)
        return out.astype(bool)

    def _remap(self, source: Levels, out: Levels) -> None:
        maps, replicate = (self._whole, self._part), cv2.BORDER_REPLICATE
        cv2.remap(source, *maps, cv2.INTER_LINEAR, dst=out, borderMode=replicate)


def plane(levels: NDArray[Any]) -> NDArray[Any]:
    """OpenCV's own view of an image: one channel has no third axis."""
    return levels[:, :, 0] if levels.shape[2] == 1 else levels


def cut(box: Box) -> tuple[slice, slice]:
    """A rectangle as an index into rows and columns."""
    return np.s_[box.y : box.y + box.height, box.x : box.x + box.width]


def cut_within(box: Box, outer: Box) -> tuple[slice, slice]:
    """A rectangle as an index into another one that holds it."""
    top, left = box.y - outer.y, box.x - outer.x
    return np.s_[top : top + box.height, left : left + box.width]


def _grown(box: Box, reach: int, frame: FrameFormat) -> Box:
    left, top = max(box.x - reach, 0), max(box.y - reach, 0)
    right = min(box.x + box.width + reach, frame.width)
    bottom = min(box.y + box.height + reach, frame.height)
    return Box(x=left, y=top, width=right - left, height=bottom - top)


def _inside(faulty: NDArray[np.int32], box: Box) -> NDArray[np.int32]:
    """Of faulty pixels those in the box."""
    rows, columns = faulty[:, 0] - box.y, faulty[:, 1] - box.x
    inside = (rows >= 0) & (rows < box.height) & (columns >= 0) & (columns < box.width)
    return np.asarray(faulty[inside], np.int32)


def _check_size(key: str, size: tuple[int, int], frame: FrameFormat) -> None:
    if size != (frame.width, frame.height):
        raise ConfigError(
            f"preparation.{key}: the camera was calibrated at {size[0]}x{size[1]} px, images have "
            f"{frame.width}x{frame.height} px",
            remedy="Calibrate it at the size that it runs at",
        )
