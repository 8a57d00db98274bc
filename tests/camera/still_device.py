"""A device that always has a frame, in one of a few buffers of its own, as an SDK has them."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from inspector.camera.device import Delivered
from tests.camera.scripted_device import ScriptedDevice

_BITS = {"Mono8": 8, "BayerRG8": 8, "Mono12p": 12}


class StillDevice(ScriptedDevice):
    """Nothing in it allocates after ``start`` but what says whose frame it is."""

    def __init__(self, width: int, height: int, pixel_format: str) -> None:
        super().__init__()
        tree = self.features.tree
        for name, size in (("Width", width), ("Height", height)):
            tree[name] = replace(tree[name], value=size, upper=size)
        tree["PixelFormat"] = replace(
            tree["PixelFormat"], value=pixel_format, choices=(pixel_format,)
        )
        self._width, self._height, self._format = width, height, pixel_format
        self._stride = width * _BITS[pixel_format] // 8
        self._free: list[np.ndarray] = []

    def start(self, buffers: int) -> None:
        super().start(buffers)
        size = self._stride * self._height
        self._free = [np.full(size, level, np.uint8) for level in range(buffers)]

    def fetch(self, timeout_s: float) -> Delivered | None:
        del timeout_s
        self._need()
        frame_id, ids = self.next_id, self.frame_ids
        self.next_id = ids.after_wrap if frame_id == ids.last else frame_id + 1
        return Delivered(
            self._free.pop(),
            self._format,
            self._width,
            self._height,
            self._stride,
            frame_id,
            time.monotonic_ns(),
        )

    def give_back(self, delivered: Delivered) -> None:
        self._free.append(delivered.data)
