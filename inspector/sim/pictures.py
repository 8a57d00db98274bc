"""Rendered parts as the pictures of a replay camera."""

from __future__ import annotations

import numpy as np

from inspector.core.errors import CameraError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.sim.scene import Defect, WasherScene


class RenderedPictures:
    """A stock of rendered parts, made at ``open`` so that rendering costs the line nothing.

    ``first`` is the number of the first part: teaching sets use other numbers than the line.
    """

    def __init__(self, scene: WasherScene, *, stock: int = 200, first: int = 1_000_000) -> None:
        self._scene = scene
        self._stock = stock
        self._first = first
        self._images: Pixels = np.empty((0,), np.uint8)
        self.defects: dict[str, Defect] = {}
        """Ground truth: picture name to defect; filled by ``open``."""

    @property
    def format(self) -> FrameFormat:
        """Mono8 of the scene's size."""
        return FrameFormat(self._scene.width, self._scene.height, PixelFormat.MONO8)

    def open(self) -> None:
        """Render the stock."""
        images = np.empty((self._stock, *self.format.shape), np.uint8)
        for index in range(self._stock):
            part = self._scene.render(self._first + index)
            images[index] = part.pixels
            self.defects[self._name(index)] = part.defect
        self._images = images

    def _name(self, index: int) -> str:
        return f"washer-{self._first + index}"

    def __len__(self) -> int:
        return self._stock

    def read(self, index: int, out: Pixels) -> str:
        """Copy one rendered part."""
        if len(self._images) == 0:
            raise CameraError("the rendered parts are not open", remedy="Call open() first")
        out[...] = self._images[index]
        return self._name(index)

    def close(self) -> None:
        """Free the stock."""
        self._images = np.empty((0,), np.uint8)
