"""Properties of OpenCV's captures under the SFNC names of what they mean.

A USB camera has those that its driver knows; files and streams have size and rate, to be read.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass

import cv2

from inspector.camera.device import Feature, FeatureKind, FeatureValue
from inspector.camera.drivers.opencv_reader import Reader

_WINDOWS = sys.platform == "win32"
_MANUAL, _AUTOMATIC = 1.0, 3.0
"""Video4Linux' exposure_auto: manual, and aperture priority, which is what UVC cameras have."""


def _exposure_us(number: float) -> float:
    """Video4Linux counts in 100 µs, DirectShow in powers of two of a second."""
    return float(2.0**number * 1e6) if _WINDOWS else number * 100.0


def _exposure_number(us: float) -> float:
    return float(round(math.log2(us / 1e6))) if _WINDOWS else round(us / 100.0)


def _same(number: float) -> float:
    return number


@dataclass(frozen=True, slots=True)
class _Property:
    """A number of OpenCV, and what makes SFNC's unit of it and the other way round."""

    number: int
    kind: FeatureKind
    description: str
    unit: str = ""
    read: Callable[[float], float] = _same
    write: Callable[[float], float] = _same


_SIZES = {
    "Width": _Property(cv2.CAP_PROP_FRAME_WIDTH, FeatureKind.INTEGER, "of the picture", "px"),
    "Height": _Property(cv2.CAP_PROP_FRAME_HEIGHT, FeatureKind.INTEGER, "of the picture", "px"),
}
_RATE = "AcquisitionFrameRate"
_RATES = {_RATE: _Property(cv2.CAP_PROP_FPS, FeatureKind.FLOAT, "frames in a second", "Hz")}
_OF_CAMERAS = {
    "ExposureAuto": _Property(
        cv2.CAP_PROP_AUTO_EXPOSURE, FeatureKind.ENUMERATION, "the camera sets the exposure"
    ),
    "ExposureTime": _Property(
        cv2.CAP_PROP_EXPOSURE, FeatureKind.FLOAT, "exposure", "us", _exposure_us, _exposure_number
    ),
    "Gain": _Property(cv2.CAP_PROP_GAIN, FeatureKind.FLOAT, "in the camera's own steps, not dB"),
    "BlackLevel": _Property(
        cv2.CAP_PROP_BRIGHTNESS, FeatureKind.FLOAT, "brightness, in the camera's own steps"
    ),
}
_CHOICES = {_MANUAL: "Off", _AUTOMATIC: "Continuous"}
_PIXEL_FORMAT = Feature(
    "PixelFormat", FeatureKind.ENUMERATION, "BGR8", choices=("BGR8",), description="always decoded"
)


class CaptureFeatures:
    """Implements ``Features`` (`inspector.camera.device`), between two reads of the reader."""

    def __init__(self, reader: Reader, *, camera: bool, rate: float = 0.0) -> None:
        self._reader = reader
        self._camera = camera
        self._rate = rate
        """At which a file is played; 0 = as OpenCV says."""
        self._known = _SIZES | _RATES
        if camera:
            with reader.paused() as video:
                there = {name: one for name, one in _OF_CAMERAS.items() if _has(video, name, one)}
            self._known = self._known | there

    def names(self) -> tuple[str, ...]:
        """Those that this source has."""
        return (*self._known, _PIXEL_FORMAT.name)

    def describe(self, name: str) -> Feature:
        """Kind, unit and value; OpenCV tells no limits."""
        if name == _PIXEL_FORMAT.name:
            return _PIXEL_FORMAT
        known = self._known[name]
        return Feature(
            name,
            known.kind,
            self.get(name),
            unit=known.unit,
            choices=tuple(_CHOICES.values()) if known.kind is FeatureKind.ENUMERATION else (),
            writable=self._camera,
            description=known.description,
        )

    def get(self, name: str) -> FeatureValue:
        """As the driver has it now."""
        if name == _PIXEL_FORMAT.name:
            return "BGR8"
        known = self._known[name]
        with self._reader.paused() as video:
            number = video.get(known.number)
        if known.kind is FeatureKind.ENUMERATION:
            return _CHOICES.get(number, "Continuous")
        if known.kind is FeatureKind.INTEGER:
            return int(number)
        return self._rate if name == _RATE and self._rate else known.read(number)

    def set(self, name: str, value: FeatureValue) -> None:
        """Hand it to the driver, which may make something else of it: read it back."""
        known = self._known.get(name)
        if known is None or not self._camera:
            self.describe(name)
            raise ValueError("it cannot be set")
        if known.kind is FeatureKind.ENUMERATION:
            number = _MANUAL if value == "Off" else _AUTOMATIC
        else:
            number = known.write(float(value))
        with self._reader.paused() as video:
            if not _write(video, name, known.number, number):
                raise ValueError("the driver refuses it")

    def execute(self, name: str) -> None:
        """There are no commands."""
        raise KeyError(name)


def _write(video: cv2.VideoCapture, name: str, number: int, value: float) -> bool:
    """A size counts only when both sides were written, so the other one is written again."""
    other = {"Width": "Height", "Height": "Width"}.get(name)
    if other is None:
        return video.set(number, value)
    beside = _SIZES[other].number
    keep = video.get(beside)
    return bool(video.set(number, value)) & bool(video.set(beside, keep))


def _has(video: cv2.VideoCapture, name: str, known: _Property) -> bool:
    """OpenCV answers -1 for what a driver has not; DirectShow's exposures are negative."""
    if _WINDOWS:
        return name != "ExposureAuto"  # it cannot be read there
    return bool(video.get(known.number) >= 0.0)
