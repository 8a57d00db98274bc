"""What OpenCV is to open: the number of a USB camera, the address of a stream, or a video file."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

import cv2

from inspector.core.errors import CameraError
from inspector.durable.files import expanded

_BACKENDS = {"win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}
_STREAM = (cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, 5000, cv2.CAP_PROP_READ_TIMEOUT_MSEC, 3000)
"""How long a network stream may be silent before it counts as lost; FFmpeg would wait for 30 s."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it was configured."""

    given: str

    @property
    def index(self) -> int | None:
        """Number of a USB camera; None for anything else."""
        return int(self.given) if self.given.isdecimal() else None

    @property
    def is_file(self) -> bool:
        """It has a beginning and an end, and waits for its reader."""
        return self.index is None and "://" not in self.given

    @property
    def shown(self) -> str:
        """What messages call it: without the password that an address may hold."""
        if self.index is not None:
            return f"USB camera {self.given}"
        if self.is_file:
            return self.given
        address = urlsplit(self.given)
        return address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()

    def open(self) -> cv2.VideoCapture:
        """Raises ``CameraError`` saying what to check."""
        video = cv2.VideoCapture()
        if self.index is not None:
            video.open(self.index, _BACKENDS.get(sys.platform, cv2.CAP_V4L2))
            remedy = "Check that it is connected, and that no other program uses it"
        elif self.is_file:
            path = expanded(self.given, "cameras.source")
            video.open(str(path), cv2.CAP_FFMPEG)
            remedy = "Convert it to MP4 or AVI" if path.is_file() else "Check cameras.source"
        else:
            video.open(self.given, cv2.CAP_FFMPEG, _STREAM)
            remedy = "Check its address, power and network, and user and password"
        if not video.isOpened():
            raise CameraError(f"{self.shown}: cannot be opened", remedy=remedy)
        return video
