"""A sensor and a lamp whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inspector.core.frame import PixelFormat
from inspector.core.levels import Levels, level_type
from inspector.durable.images import encode_png

HEIGHT, WIDTH = 72, 96


@dataclass(frozen=True)
class Sensor:
    """``gain`` levels per electron, ``read_noise`` electrons, ``black`` level."""

    pixel_format: PixelFormat = PixelFormat.MONO8
    gain: float = 0.1
    read_noise: float = 8.0
    black: float = 4.0

    @property
    def full_e(self) -> float:
        """Electrons at white."""
        return (self.pixel_format.white - self.black) / self.gain

    def expose(self, electrons: np.ndarray, seed: int) -> Levels:
        """Levels [H, W, colours] of a mean number of electrons."""
        random = np.random.default_rng(seed)
        caught = random.poisson(electrons) + random.normal(0.0, self.read_noise, electrons.shape)
        levels = np.rint(caught * self.gain + self.black).clip(0, self.pixel_format.white)
        return levels.astype(level_type(self.pixel_format))


def lamp(colours: int = 1, darkest: float = 0.5) -> np.ndarray:
    """Light over the field, 1 in the middle, less in the corners: float64[H, W, colours]."""
    rows, columns = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    light = 1.0 - (1.0 - darkest) * (rows**2 + columns**2) / 2
    tint = np.array([0.8, 1.0, 0.6])[:colours] if colours > 1 else np.ones(1)
    return np.asarray(light[:, :, None] * tint)


def save(folder: Path, name: str, levels: Levels) -> Path:
    """Write one picture."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    path.write_bytes(encode_png(levels))
    return path
