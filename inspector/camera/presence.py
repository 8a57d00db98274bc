"""A belt without a sensor: parts are found in the stream of a free-running camera."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inspector.camera.device import Delivered, FrameIds
from inspector.camera.triggering import Matched, Triggering
from inspector.core.camera_config import PresenceConfig
from inspector.core.errors import ConfigError

_GRID = 96
"""Cells along the longer side of what is looked at of a frame."""
_LEARN = 15
"""Frames from which the empty belt is known."""
_FOLLOW = 0.02
"""How fast the empty belt is followed as light and dirt change."""
_UNSEEN = "frames are missing in which a part may have passed"
_BYTES = {"Mono8": 1, "RGB8": 3, "BGR8": 3, "RGBa8": 4, "BGRa8": 4, "YUV422_8": 2, "Mono16": 2}


class PartFinder:
    """Says of each picture of a stream whether it shows a part that was not found before.

    The empty belt is the median of the first pictures, so that parts that move through them do not
    matter, and followed while no part is in sight. A part is a stretch along the belt that differs
    from it, and the same as the nearest one of the picture before: so the belt must move less than
    half the distance of two parts, and less than the strip, from picture to picture. It is found
    once: when its middle is in the strip, or has jumped over it.
    """

    def __init__(self, config: PresenceConfig) -> None:
        self._config = config
        self._first: list[NDArray[np.float32]] = []
        self._belt: NDArray[np.float32] | None = None
        self._parts: list[_Part] = []

    def found(self, cells: NDArray[np.uint8]) -> bool:
        """Look at one picture, uint8[h, w]."""
        levels = cells.astype(np.float32)
        if self._belt is None:
            self._first.append(levels)
            if len(self._first) == _LEARN:
                self._belt = np.median(self._first, axis=0).astype(np.float32)
                self._first = []
            return False
        differs = np.abs(levels - self._belt) > 255.0 * self._config.contrast
        if differs.mean() < self._config.least_share / 2:
            self._belt += _FOLLOW * (levels - self._belt)
        self._parts = self._followed(self._middles(differs))
        new = [part for part in self._parts if not part.found and self._arrived(part)]
        for part in new:
            part.found = True
        return bool(new)

    @property
    def occupied(self) -> bool:
        """Whether a part lay in the strip in the last picture."""
        low, high = self._config.strip
        return any(low <= part.middle <= high for part in self._parts)

    def _middles(self, differs: NDArray[np.bool_]) -> list[float]:
        """Middles of the parts along the belt, as shares of the field."""
        profile = differs.mean(axis=0 if self._config.along == "x" else 1)
        covered = np.concatenate(([0], (profile > self._config.least_share).view(np.int8), [0]))
        edges = np.flatnonzero(np.diff(covered)).reshape(-1, 2)
        return [
            float(start + end) / 2 / profile.size
            for start, end in edges
            if profile[start:end].sum() / profile.size >= self._config.least_share
        ]

    def _followed(self, middles: list[float]) -> list[_Part]:
        """The parts at these places: each the nearest of the picture before, or a new one."""
        low, high = self._config.strip
        parts = {middle: _Part(middle, middle) for middle in middles}
        before = list(self._parts)
        pairs = sorted((abs(old.middle - new), new, old) for old in before for new in middles)
        for distance, new, old in pairs:
            if distance <= high - low and old in before and parts[new].fresh:
                parts[new] = _Part(new, old.middle, fresh=False, found=old.found)
                before.remove(old)
        return list(parts.values())

    def _arrived(self, part: _Part) -> bool:
        low, high = self._config.strip
        here, there = sorted((part.before, part.middle))
        return low <= part.middle <= high or (here < low and there > high)


@dataclass(slots=True, order=True)
class _Part:
    """Where its middle is and was in the picture before, and whether it was found."""

    middle: float
    before: float
    fresh: bool = True
    """It was not in the picture before."""
    found: bool = False


class PresenceTriggers:
    """Implements ``Triggering``: of the frames that come, those that show a new part count.

    A gap in the stream that is longer than parts stay in the strip may have let a part by: it is
    one lost trigger, so that it is rejected by the gate's default and counted.
    """

    def __init__(self, config: PresenceConfig, stream: Triggering) -> None:
        self._config = config
        self._stream = stream
        self._finder = PartFinder(config)
        self._unseen = 0
        self._in_strip = 1
        self._stay = 1
        """Frames that the part before the last one was in the strip."""
        self.count = 0

    def start(self) -> None:
        """Parts count from here on; the belt is learnt anew."""
        self._finder = PartFinder(self._config)
        self._stream.start()

    def stop(self) -> None:
        """Later parts are nobody's."""
        self._stream.stop()

    def restart(self, ids: FrameIds) -> tuple[int, ...]:
        """Frames are numbered anew."""
        return self._stream.restart(ids)

    def match(self, delivered: Delivered, exposure_us: float) -> Matched:
        """A part's frame, or nobody's."""
        framed = self._stream.match(delivered, exposure_us)
        if framed.trigger is None:
            return Matched(None)
        self._unseen = len(framed.lost) + (self._unseen + 1 if delivered.problem else 0)
        lost: tuple[int, ...] = ()
        if self._unseen >= self._stay:
            self._unseen = 0
            self.count += 1
            lost = (self.count,)
        if delivered.problem or not self._finder.found(cells_of(delivered)):
            self._in_strip += self._finder.occupied
            return Matched(None, lost, _UNSEEN)
        self._stay, self._in_strip = max(self._in_strip, 1), 1
        self.count += 1
        return Matched(replace(framed.trigger, count=self.count), lost, _UNSEEN)

    def missed(self) -> int | None:
        """Nobody tells."""
        return None

    def check(self, now_ns: int) -> None:
        """Nobody tells."""


def cells_of(delivered: Delivered) -> NDArray[np.uint8]:
    """A coarse sample uint8[h, w] of a frame: one byte of every so many pixels, no copy.

    Raises ``ConfigError`` for formats whose pixels are no whole bytes.
    """
    name = delivered.pixel_format
    step = _BYTES.get(name, 1 if name.startswith("Bayer") and name.endswith("8") else 0)
    if not step:
        raise ConfigError(
            f"PixelFormat: {name} with trigger.mode: presence",
            remedy=f"Set one of {', '.join(_BYTES)} or an 8-bit Bayer format",
        )
    stride = max(max(delivered.width, delivered.height) // _GRID, 1)
    stride += stride % 2 if name.startswith("Bayer") and stride > 1 else 0
    offset = 1 if name in ("Mono16", "RGB8", "BGR8") else 0
    return np.ndarray(
        (-(-delivered.height // stride), -(-delivered.width // stride)),
        np.uint8,
        delivered.data,
        offset,
        (stride * delivered.stride, stride * step),
    )
