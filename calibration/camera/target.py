"""Targets to print and photograph: ChArUco, checkerboard and dots, drawn to scale."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.core.errors import InputError
from inspector.durable.images import encode_png

DICTIONARY = cv2.aruco.DICT_4X4_100
MARKERS = 100
MARKER_SHARE = 0.6
"""Side of a ChArUco marker over that of its square: small, so that corners stand free."""
DOT_SHARE = 0.5
"""Diameter of a dot over the distance of two rows."""
MM_PER_INCH = 25.4

Grey = NDArray[np.uint8]
Points = NDArray[np.float32]


class Kind(StrEnum):
    """Targets that are known."""

    CHARUCO = "charuco"
    CHECKERBOARD = "checkerboard"
    DOTS = "dots"


@dataclass(frozen=True, slots=True)
class Target:
    """A flat pattern whose points are known in mm.

    ``columns`` x ``rows`` are squares (charuco, checkerboard) or dots: ``columns`` in each row,
    every second row shifted by half a step. ``mm`` is the side of a square, or the distance of two
    rows of dots. A pattern that looks the same turned by 180 degrees has the same points then.
    """

    kind: Kind
    columns: int
    rows: int
    mm: float

    def __post_init__(self) -> None:
        if min(self.columns, self.rows) < 3 or self.mm <= 0.0:
            raise InputError(
                f"target: {self.columns}x{self.rows} at {self.mm:g} mm",
                remedy="Give --columns and --rows of 3 or more, and --mm above 0",
            )
        if self.kind is Kind.CHARUCO and self.columns * self.rows // 2 > MARKERS:
            raise InputError(
                f"--kind charuco: {self.columns}x{self.rows} squares need more than {MARKERS} "
                "markers",
                remedy=f"Give at most {2 * MARKERS} squares",
            )

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the pattern, without its white border."""
        if self.kind is Kind.DOTS:
            return 2 * self.columns * self.mm, (self.rows + 1) * self.mm
        return self.columns * self.mm, self.rows * self.mm

    @property
    def points(self) -> Points:
        """Where its points are: float32[n, 2], mm from the upper left corner of the pattern."""
        if self.kind is Kind.DOTS:
            rows, columns = np.mgrid[: self.rows, : self.columns]
            found = np.stack([2 * columns + rows % 2 + 0.5, rows + 1.0], 2)
        else:
            rows, columns = np.mgrid[1 : self.rows, 1 : self.columns]
            found = np.stack([columns, rows], 2)
        return np.asarray(found.reshape(-1, 2) * self.mm, np.float32)

    def board(self) -> cv2.aruco.CharucoBoard:
        """OpenCV's own form of a ChArUco target."""
        return cv2.aruco.CharucoBoard(
            (self.columns, self.rows),
            self.mm,
            MARKER_SHARE * self.mm,
            cv2.aruco.getPredefinedDictionary(DICTIONARY),
        )


def draw(target: Target, px_per_mm: float) -> Grey:
    """The pattern alone, uint8[H, W], black on white."""
    width, height = (round(side * px_per_mm) for side in target.size_mm)
    if target.kind is Kind.CHARUCO:
        return np.asarray(target.board().generateImage((width, height)), np.uint8)
    image = np.full((height, width), 255, np.uint8)
    if target.kind is Kind.DOTS:
        radius = round(16 * DOT_SHARE * target.mm / 2 * px_per_mm)
        for x, y in target.points * px_per_mm - 0.5:
            centre = (round(16 * float(x)), round(16 * float(y)))
            cv2.circle(image, centre, radius, 0, cv2.FILLED, cv2.LINE_AA, shift=4)
        return image
    rows = np.arange(height) * target.rows // height
    columns = np.arange(width) * target.columns // width
    image[(rows[:, None] + columns) % 2 == 0] = 0
    return image


def sheet(target: Target, dpi: int) -> bytes:
    """PNG that prints the target to scale: white border, its name, and a bar to measure.

    The resolution that it asks for is the nearest to ``dpi`` at which a step has whole pixels.
    """
    px_per_mm = max(round(target.mm * dpi / MM_PER_INCH), 4) / target.mm
    pattern = draw(target, px_per_mm)
    border = max(round(target.mm * px_per_mm), 16)
    foot = max(round(10 * px_per_mm), 40)
    image = cv2.copyMakeBorder(
        pattern, border, border + foot, border, border, cv2.BORDER_CONSTANT, value=255
    )
    bar_mm = 10 * max(int(target.size_mm[0] // 10), 1)
    top = image.shape[0] - foot
    thick = max(round(0.4 * px_per_mm), 1)
    end = border + round(bar_mm * px_per_mm)
    image[top : top + thick, border:end] = 0
    for x in (border, end - thick):
        image[top - 3 * thick : top + 4 * thick, x : x + thick] = 0
    words = f"{target.kind} {target.columns} x {target.rows}, {target.mm:g} mm; bar {bar_mm} mm"
    font, place = cv2.FONT_HERSHEY_SIMPLEX, (border, top + foot * 2 // 3)
    size = min(2.5 * px_per_mm / 22, pattern.shape[1] / cv2.getTextSize(words, font, 1, 1)[0][0])
    cv2.putText(image, words, place, font, size, 0, max(thick // 2, 1))
    return _with_resolution(encode_png(np.asarray(image, np.uint8)), px_per_mm)


def _with_resolution(png: bytes, px_per_mm: float) -> bytes:
    """Put a pHYs chunk (pixels per metre) behind the header, so that printers know the scale."""
    per_metre = round(1000 * px_per_mm)
    body = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    header = 8 + 4 + 4 + 13 + 4  # signature, then IHDR
    return png[:header] + chunk + png[header:]
