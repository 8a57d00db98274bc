"""The line's cameras as somebody sees them who sets lens and light."""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.link.question import JobQuestion, Question, Reading

LookAdvice = Literal["too-bright", "too-dark", "flat", "past-focus"]
"""What a person can do: `inspector.camera.assistant`."""


class WatchCamera(JobQuestion, frozen=True):
    """Look through a camera of the line, set as a product's recipe says, a few times a second.

    Only while the station is halted. It ends when nobody asks ``LookAtCamera`` any more.
    """

    camera: str
    product: str


class LookAtCamera(Question, frozen=True):
    """What the camera that is watched shows now. ``anew``: the sharpest so far is forgotten."""

    anew: bool = False


class CameraLook(Reading, frozen=True):
    """Answer to ``LookAtCamera``. Levels and shares are 0 .. 1; the picture is small.

    ``number`` counts looks; 0: there was none yet. ``sharpness`` is the share of the best since the
    focus was set anew, ``tenengrad`` its measure.
    """

    number: int
    camera: str = ""
    picture: bytes = b""
    size: tuple[int, int] = (0, 0)
    """Of the camera's own picture, px."""
    sharpness: float = 0.0
    tenengrad: float = 0.0
    histogram: tuple[float, ...] = ()
    saturated: float = 0.0
    dark: float = 0.0
    brightest: float = 0.0
    advice: tuple[LookAdvice, ...] = ()
    exposure_us: float | None = None
    gain_db: float | None = None


class Watched(Reading, frozen=True):
    """Result of ``WatchCamera``."""

    looks: int


class AskCameras(Question, frozen=True):
    """The line's cameras, and what is known of each."""


class KnownCamera(msgspec.Struct, frozen=True):
    """One camera: errors and scale of its lens, its flat field; None where there is none."""

    name: str
    lens_rms_px: float | None = None
    mm_per_px: float | None = None
    lens_views: int = 0
    unevenness: float | None = None


class KnownCameras(Reading, frozen=True):
    """Answer to ``AskCameras``, in the order of the line."""

    cameras: tuple[KnownCamera, ...]


AnyCamerasQuestion = WatchCamera | LookAtCamera | AskCameras
AnyCamerasAnswer = CameraLook | Watched | KnownCameras
