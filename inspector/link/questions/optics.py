"""Lens, scale and flat field of a camera, from pictures that are taken of a target or a card."""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.link.question import JobQuestion, Question, Reading

StillUse = Literal["tilted", "plane", "card", "dark"]
"""The target held at an angle, or lying where parts lie; an even card; the lens covered."""
Correction = Literal["lens", "flat"]

COLUMNS, ROWS = 11, 8
"""Squares of the ChArUco target that ``inspector camera target`` draws by itself."""


class TakeStill(Question, frozen=True):
    """Keep what the camera that is watched shows now; answered with ``Stills``.

    Refused where the target cannot be found in it.
    """

    camera: str
    use: StillUse


class ListStills(Question, frozen=True):
    """What was taken so far with this camera."""

    camera: str


class LayStillsAside(Question, frozen=True):
    """Begin anew; answered with ``Stills``. Nothing is deleted."""

    camera: str
    correction: Correction


class TakenStill(msgspec.Struct, frozen=True):
    """One picture; points of the target in fractions of width and height."""

    name: str
    use: StillUse
    points: tuple[tuple[float, float], ...] = ()


class Stills(Reading, frozen=True):
    """``least``: so many of the target, and of the card, are needed."""

    camera: str
    stills: tuple[TakenStill, ...]
    least_target: int
    least_card: int


class CorrectCamera(JobQuestion, frozen=True):
    """Work a correction out; nothing uses it before ``KeepCorrection``.

    ``mm``: side of the target's squares, as measured. ``product``: whose pixel format is used.
    """

    camera: str
    correction: Correction
    product: str
    mm: float = 15.0


class LensFound(Reading, frozen=True):
    """Result: errors of all points and of the worst picture, px; scale where parts lie, mm/px.

    ``products`` prepare their pictures with it: they are taught and released anew.
    """

    rms_px: float
    worst_px: float
    worst_view: str
    coverage: float
    views: int
    mm_per_px: float | None
    uncertainty: float | None
    tilt_degrees: float | None
    products: tuple[str, ...]
    hash: str


class FlatFound(Reading, frozen=True):
    """Result: ``unevenness`` of the light, share of the brightest; noise that it adds."""

    unevenness: float
    added_noise: float
    faulty: int
    pictures: int
    darks: int
    products: tuple[str, ...]
    hash: str


AnyOpticsQuestion = TakeStill | ListStills | LayStillsAside | CorrectCamera
AnyOpticsAnswer = Stills | LensFound | FlatFound
