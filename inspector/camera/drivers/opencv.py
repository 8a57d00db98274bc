"""USB (UVC) cameras, network streams (RTSP, HTTP) and video files by OpenCV.

None of them can be triggered: frames come at their own rate, and the trigger modes ``timer`` and
``presence`` make parts of them. OpenCV plays files as fast as it can; here they keep their rate.
"""

from __future__ import annotations

import cv2

from inspector.camera.device import Delivered, DeviceIdentity, FrameIds, LinkStatistics
from inspector.camera.drivers.opencv_features import CaptureFeatures
from inspector.camera.drivers.opencv_reader import Reader
from inspector.camera.drivers.opencv_source import Source
from inspector.core.camera_config import OpenCvCamera
from inspector.core.errors import CameraLost

_USUAL_RATE = 25.0
"""Of a file that tells none, 1/s."""


def make(config: OpenCvCamera) -> OpenCvDevice:
    """The device of a configuration, not yet open."""
    return OpenCvDevice(Source(config.source), frame_rate=config.frame_rate, loop=config.loop)


class OpenCvDevice:
    """Implements ``Device`` (`inspector.camera.device`). It can be closed and opened again."""

    def __init__(self, source: Source, *, frame_rate: float = 0.0, loop: bool = True) -> None:
        self._source = source
        self._frame_rate = frame_rate
        self._loop = loop
        self._reader: Reader | None = None
        self._features: CaptureFeatures | None = None

    @property
    def identity(self) -> DeviceIdentity:
        """OpenCV tells no serial number."""
        return DeviceIdentity(
            "", model="OpenCV", version=cv2.__version__, address=self._source.shown
        )

    @property
    def frame_ids(self) -> FrameIds:
        """Counted here, from 0, also those for which no buffer was free."""
        return FrameIds(0)

    @property
    def features(self) -> CaptureFeatures:
        """What OpenCV can read, and set."""
        if self._features is None:
            raise CameraLost(f"{self._source.shown}: not open")
        return self._features

    def open(self) -> None:
        """Connect; a network stream that does not answer is given up after 5 s."""
        self.close()
        video = self._source.open()
        rate = 0.0
        if self._source.is_file:
            rate = self._frame_rate or video.get(cv2.CAP_PROP_FPS) or _USUAL_RATE
        period_s = 1.0 / rate if rate else 0.0
        reader = Reader(self._source, video, period_s=period_s, loop=self._loop)
        camera = self._source.index is not None
        self._features = CaptureFeatures(reader, camera=camera, rate=rate)
        self._reader = reader

    def start(self, buffers: int) -> None:
        """Allocate so many buffers; frames from now on are kept."""
        height, width = (int(self.features.get(name)) for name in ("Height", "Width"))
        self._opened().start(buffers, (height, width, 3))

    def fetch(self, timeout_s: float) -> Delivered | None:
        """The oldest frame. Raises ``CameraEnded`` after the last of a file, or ``CameraLost``."""
        return self._opened().take(timeout_s)

    def give_back(self, delivered: Delivered) -> None:
        """The buffer is free again, for the acquisition that it belongs to."""
        Reader.give_back(delivered)

    def fire(self) -> bool:
        """None of these can be triggered."""
        return False

    def alive(self) -> bool:
        """False when reading failed for good; the end of a file is no failure."""
        return self._reader is not None and not isinstance(self._reader.failure, CameraLost)

    def statistics(self) -> LinkStatistics:
        """Frames that found no buffer free."""
        return LinkStatistics(underrun=self._reader.underrun if self._reader else 0)

    def stop(self) -> None:
        """Frames are read on and dropped; a file waits."""
        if self._reader is not None:
            self._reader.stop()

    def close(self) -> None:
        """Let go of the source."""
        reader, self._reader, self._features = self._reader, None, None
        if reader is not None:
            reader.close()

    def _opened(self) -> Reader:
        if self._reader is None:
            raise CameraLost(f"{self._source.shown}: not open")
        return self._reader
