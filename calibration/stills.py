"""Pictures of one camera, of one size, from a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.core.errors import ImageError
from inspector.core.frame import PixelFormat
from inspector.core.levels import Levels, levels_of
from inspector.durable.images import IMAGE_SUFFIXES, read_image

Plane = NDArray[np.float32]
"""float32[H, W, colours]: shares of white."""


@dataclass(frozen=True, slots=True)
class Still:
    """One picture: where it came from, and its levels [H, W, colours]."""

    name: str
    levels: Levels
    pixel_format: PixelFormat

    @property
    def plane(self) -> Plane:
        """As shares of white."""
        return np.asarray(self.levels / np.float32(self.pixel_format.white), np.float32)


def picture_paths(folder: Path, least: int) -> list[Path]:
    """The pictures of a folder, by name. Raises ``ImageError`` for fewer than ``least``."""
    if not folder.is_dir():
        raise ImageError(f"{folder}: no such folder", remedy="Give a folder of pictures")
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() in IMAGE_SUFFIXES)
    if len(found) < least:
        raise ImageError(
            f"{folder}: {len(found)} pictures", remedy=f"Photograph at least {least} into it"
        )
    return found


def stills(paths: Sequence[Path], pixel_format: PixelFormat) -> Iterator[Still]:
    """Read one after the other. Raises ``ImageError`` for one of another size than the first."""
    first: tuple[int, ...] | None = None
    for path in paths:
        levels = levels_of(read_image(path, pixel_format))
        first = first or levels.shape
        if levels.shape != first:
            raise ImageError(
                f"{path}: {levels.shape[1]}x{levels.shape[0]} px, but {paths[0].name} has "
                f"{first[1]}x{first[0]} px",
                remedy="Put pictures of one camera at one setting into the folder",
            )
        yield Still(str(path), levels, pixel_format)
