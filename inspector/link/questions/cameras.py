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


class SetLight(Question, frozen=True):
    """Give the camera that is watched another exposure or gain while it is watched; no answer.

    ``setting``: the name of a ``Dial`` of its looks. What it does not allow becomes what it does.
    """

    camera: str
    setting: str
    value: float


class Dial(msgspec.Struct, frozen=True):
    """A setting that can be turned: exposure, µs, or gain, mostly dB, under its SFNC name."""

    name: str
    value: float
    lower: float
    upper: float

    @property
    def exposes(self) -> bool:
        """It is a time."""
        return self.name.startswith("Exposure")


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
    dials: tuple[Dial, ...] = ()
    """What can be turned from here; none where the pictures come from no device."""
    recipe: tuple[tuple[str, float | None], ...] = ()
    """What the product's recipe says of each; None where it says nothing."""
    refused: str = ""
    """Why the camera did not take what was turned."""


class Watched(Reading, frozen=True):
    """Result of ``WatchCamera``."""

    looks: int


class AskCameras(Question, frozen=True):
    """The line's cameras."""


class KnownCameras(Reading, frozen=True):
    """Answer to ``AskCameras``: their names, in the order of the line."""

    names: tuple[str, ...]


AnyCamerasQuestion = WatchCamera | LookAtCamera | SetLight | AskCameras
AnyCamerasAnswer = CameraLook | Watched | KnownCameras
