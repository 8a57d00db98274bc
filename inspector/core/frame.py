"""What a camera delivers: triggers, frames and their identity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""uint8[H, W, C] of one view, or uint8[V, H, W, C] of one part; C is the bytes of a pixel:
1 (Mono8), 3 (RGB8), 2 or 6 (deeper ones, low byte first)."""

ScoreMap = NDArray[np.float32]
"""float32[h, w]: the engine's raw distance from normal; larger is stranger; never clamped."""


class PixelFormat(StrEnum):
    """Pixel formats that travel inside Inspector, under their SFNC names."""

    MONO8 = "Mono8"
    MONO10 = "Mono10"
    MONO12 = "Mono12"
    MONO16 = "Mono16"
    RGB8 = "RGB8"
    RGB16 = "RGB16"

    @property
    def colours(self) -> int:
        """1 for grey, 3 for red, green and blue."""
        return 3 if self.value.startswith("RGB") else 1

    @property
    def depth(self) -> int:
        """Bits of one colour of one pixel."""
        return int(self.value.removeprefix("Mono").removeprefix("RGB"))

    @property
    def white(self) -> int:
        """The highest level."""
        return int(2**self.depth - 1)

    @property
    def channels(self) -> int:
        """Bytes of one pixel: deep colours travel as two channels, low byte first."""
        return self.colours if self.depth == 8 else 2 * self.colours


@dataclass(frozen=True, slots=True)
class FrameFormat:
    """Shape of every frame of one camera, fixed from ``open`` to ``close``. Sizes in pixels."""

    width: int
    height: int
    pixel_format: PixelFormat

    @property
    def shape(self) -> tuple[int, int, int]:
        """Array shape (height, width, channels)."""
        return (self.height, self.width, self.pixel_format.channels)


@dataclass(frozen=True, slots=True)
class Trigger:
    """One part at the trigger sensor: counted, located by encoder, stamped by the host clock."""

    count: int
    encoder_count: int
    at_ns: int
    serial: str = ""
    """Serial number of the part, where the PLC says it."""


@dataclass(frozen=True, slots=True)
class FrameInfo:
    """Identity of one frame. Times are host-monotonic nanoseconds unless named otherwise.

    ``trigger_count`` is the camera's own count of triggers (chunk data or a counter); a gap in it
    is how a lost frame is found.
    """

    camera: str
    frame_id: int
    trigger_count: int
    encoder_count: int
    triggered_ns: int
    arrived_ns: int
    source: str = ""
    exposure_us: float | None = None
    gain_db: float | None = None
    temperature_c: float | None = None
    pixel_format: PixelFormat | None = None
    device_ns: int | None = None
    """The camera's own time stamp."""
    serial: str = ""
    """Serial number of the part, where the PLC said it with the trigger."""


@dataclass(frozen=True, slots=True)
class LinkQuality:
    """What happened on the way from a camera, since it was made; rates over its last frames."""

    failed: int = 0
    """Frames that arrived incomplete."""
    resent: int = 0
    """Packets that came at the second asking."""
    underrun: int = 0
    """Frames for which the host had no buffer free."""
    missing: int = 0
    """Packets that never came."""
    reconnects: int = 0
    """How often the camera was gone."""
    rate_hz: float = 0.0
    latency_ms: float | None = None
    """From the end of the exposure to the slot, median."""
    temperature_c: float | None = None


@dataclass(frozen=True, slots=True)
class CameraHealth:
    """What a camera says of itself; counts never go back. ``triggers == frames + lost``."""

    connected: bool
    triggers: int
    frames: int
    lost: int
    detail: str = ""
    """Why it is not connected, and what is done about it."""
    link: LinkQuality | None = None
    """None for cameras that are no devices."""
