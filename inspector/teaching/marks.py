"""Where a person marked a defect: a mask or a box in camera pixels, and the cells it covers."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.metrics import Mask
from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat
from inspector.core.recipe import Box
from inspector.durable.images import encode_png, read_image

_BOX = re.compile(r"(\d+),(\d+),(\d+),(\d+)")


def read_mark(mark: str, width: int, height: int) -> Mask:
    """A mark as bool[height, width], for an image of that size in px.

    ``mark`` is ``x,y,w,h``, or the file of a mask of the image's size, white where the defect is.
    Raises ``ImageError`` naming what is wrong.
    """
    box = _BOX.fullmatch(mark.replace(" ", ""))
    if box is None:
        mask = read_image(Path(mark), PixelFormat.MONO8)[:, :, 0] > 127
        if mask.shape != (height, width):
            raise ImageError(
                f"{mark}: {mask.shape[1]}x{mask.shape[0]} px, but the image has {width}x{height}",
                remedy="Give a mask of the image's size, or a box: --mark x,y,w,h",
            )
    else:
        x, y, wide, high = (int(number) for number in box.groups())
        mask = np.zeros((height, width), bool)
        mask[y : y + high, x : x + wide] = True
    if not mask.any():
        raise ImageError(
            f"--mark {mark}: marks nothing in the image of {width}x{height} px",
            remedy="Give a mask that is white where the defect is, or a box: --mark x,y,w,h",
        )
    return mask


def marked_cells(mask: Mask, region: Box | None, grid: tuple[int, int]) -> NDArray[np.bool_]:
    """The cells of a grid over the inspected field that a mark covers: bool[rows, columns].

    A cell belongs to it when the mark covers at least half as much of it as of the cell that it
    covers most, so that a mark smaller than a cell has one, too. Raises ``ImageError`` for a mark
    outside of the field.
    """
    box = region or Box(x=0, y=0, width=mask.shape[1], height=mask.shape[0])
    marked = mask[box.y : box.y + box.height, box.x : box.x + box.width].astype(np.float32)
    if not marked.any():
        raise ImageError(
            "--mark: lies outside of the inspected field",
            remedy="Mark a place in it, or change preparation.region and teach again",
        )
    covered = cv2.resize(marked, grid[::-1], interpolation=cv2.INTER_AREA)
    return np.asarray(covered >= 0.5 * covered.max())


def mask_png(mask: Mask) -> bytes:
    """The mask as a file."""
    return encode_png(mask.astype(np.uint8) * 255)
