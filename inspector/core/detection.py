"""What an engine says of a batch of prepared images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What an engine takes and offers.

    ``height, width, channels`` describe one prepared image (uint8); ``map_height, map_width`` the
    raw map. ``fingerprint`` names runtime, version, device and precision: thresholds belong to it.
    """

    method: str
    runtime: str
    fingerprint: str
    bundle_hash: str
    height: int
    width: int
    channels: int
    map_height: int
    map_width: int
    precision: str = "f32"
    """What the network computes in: f32, f16 or int8; it decides what may differ."""
    has_map: bool = True
    """False: the one cell of the map is the score, and says nothing of places."""
    explains: tuple[str, ...] = ()
    """What it can show of why a map is as it is: ``expected``, a picture, and parts of the map."""
    supervised: bool = False
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detection:
    """Raw result of one batch: maps float32[N, h, w], scores float32[N]; larger is stranger.

    The arrays belong to the engine and are valid until its next ``infer``.
    """

    maps: NDArray[np.float32]
    scores: NDArray[np.float32]
