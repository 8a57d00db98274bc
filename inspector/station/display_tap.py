"""From the inspection thread to the panels: the newest picture and the last rejects."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Protocol

import cv2
import numpy as np
import structlog

from inspector.core.frame import PixelFormat, Pixels
from inspector.core.judgement import Region
from inspector.core.levels import for_display
from inspector.core.ports import Clock
from inspector.core.pose import Pose
from inspector.core.recipe import Box
from inspector.core.verdict import Verdict
from inspector.line.part import JudgedPart
from inspector.link.messages import Event, RejectNotice
from inspector.link.picture import LivePicture

_log = structlog.get_logger(__name__)

_PICTURE_INTERVAL_NS = 50_000_000
_REJECT_INTERVAL_NS = 15_000_000
"""Rejects wait less, so that a pass seldom takes their place."""
_THUMBNAIL_PX = 160
_WAITING_NOTICES = 8


class Outlet(Protocol):
    """Where pictures and notices go: the link, in one process or through sockets."""

    def publish(self, event: Event) -> None:
        """Send an event to whoever listens; never blocks."""

    def offer(self, picture: LivePicture) -> object:
        """Show the newest picture; never blocks."""


class Field(Protocol):
    """The inspected field as a person is shown it: see `Preparation`."""

    @property
    def seen_in(self) -> Box:
        """The rectangle of the camera image that it is seen in."""

    def picture_of(self, pixels: Pixels, pose: Pose | None = None) -> Pixels:
        """The field, of the pixels of that rectangle, as the part lies in it. Any thread."""


@dataclass(frozen=True, slots=True)
class _Reject:
    part_id: int
    utc_us: int
    cause: str
    reasons: tuple[str, ...]
    pixels: Pixels | None = field(repr=False)
    """Thinned out; whole where the part lies in a pose of its own, which is undone first."""
    pose: Pose | None
    regions: tuple[Region, ...] = ()


class DisplayTap:
    """Copies at most 20 pictures a second and the last rejects; a thread of its own sends them.

    When that thread is busy a picture is skipped: latest only. Deep pixels are shown at 8 bits, and
    a picture that is undistorted or aligned for the engine is so for people, too: regions lie where
    they should.
    """

    def __init__(
        self, outlet: Outlet, clock: Clock, field: Field, pixel_format: PixelFormat
    ) -> None:
        self._outlet = outlet
        self._clock = clock
        self._pixel_format = pixel_format
        self._field = field
        self._shown_ns = 0
        self._picture: tuple[LivePicture, Pose | None] | None = None
        self._rejects: deque[_Reject] = deque(maxlen=_WAITING_NOTICES)
        self._wake = threading.Event()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="display", daemon=True)
        self._thread.start()

    def offer(self, part: JudgedPart) -> None:
        """Copy what the panel will show. Inspection thread."""
        verdict = part.verdict
        now = self._clock.monotonic_ns()
        interval = _PICTURE_INTERVAL_NS if verdict.passed else _REJECT_INTERVAL_NS
        shown = self._picture is None and now - self._shown_ns >= interval
        if verdict.passed and not shown:
            return
        utc_us = self._clock.utc_us()
        field_pixels, pose = self._worst_view(part)
        if not verdict.passed:
            reasons = verdict.judgement.reasons if verdict.judgement else ()
            reject = _Reject(
                verdict.part_id,
                utc_us,
                verdict.cause.value,
                reasons or ((verdict.detail,) if verdict.detail else ()),
                _kept(field_pixels, pose),
                pose,
                _regions(verdict),
            )
            self._rejects.append(reject)
        if shown and field_pixels is not None:
            self._shown_ns = now
            self._picture = _live(part, field_pixels, utc_us), pose
        self._wake.set()

    def _worst_view(self, part: JudgedPart) -> tuple[Pixels | None, Pose | None]:
        if part.pixels is None:
            return None, None
        judgement = part.verdict.judgement
        worst = judgement.worst if judgement else None
        view = worst.view if worst else 0
        pixels: Pixels = part.pixels[view]
        box = self._field.seen_in
        pose = judgement.poses[view] if judgement and judgement.poses else None
        return pixels[box.y : box.y + box.height, box.x : box.x + box.width], pose

    def close(self) -> None:
        """End the thread."""
        self._closing = True
        self._wake.set()
        self._thread.join(2.0)

    def _run(self) -> None:
        while not self._closing:
            self._wake.wait()
            self._wake.clear()
            try:
                self._send()
            except Exception:  # noqa: BLE001  # thread edge: a picture is lost, never a part
                _log.exception("display failed")

    def _send(self) -> None:
        if self._picture is not None:
            picture, pose = self._picture
            shown = for_display(self._field.picture_of(picture.pixels, pose), self._pixel_format)
            self._outlet.offer(replace(picture, pixels=shown))
            self._picture = None
        while self._rejects:
            reject = self._rejects.popleft()
            self._outlet.publish(
                RejectNotice(
                    part_id=reject.part_id,
                    utc_us=reject.utc_us,
                    cause=reject.cause,
                    reasons=reject.reasons,
                    thumbnail_jpeg=_thumbnail(self._straight(reject), self._pixel_format),
                )
            )

    def _straight(self, reject: _Reject) -> _Reject:
        if reject.pixels is None or reject.pose is None:
            return reject
        field = self._field.picture_of(reject.pixels, reject.pose)
        return replace(reject, pixels=_thinned(field))


def _live(part: JudgedPart, pixels: Pixels, utc_us: int) -> LivePicture:
    verdict = part.verdict
    picture = LivePicture(
        part_id=verdict.part_id,
        utc_us=utc_us,
        passed=verdict.passed,
        cause=verdict.cause.value,
        pixels=pixels.copy(),
    )
    worst = verdict.judgement.worst if verdict.judgement else None
    if worst is None:
        return picture
    return replace(
        picture,
        map=None if worst.map is None else worst.map.copy(),
        score=worst.score,
        threshold=worst.threshold,
        regions=worst.regions,
    )


def _kept(pixels: Pixels | None, pose: Pose | None) -> Pixels | None:
    if pixels is None:
        return None
    return _thinned(pixels) if pose is None else pixels.copy()


def _thinned(pixels: Pixels) -> Pixels:
    """Every n-th pixel: a copy that costs microseconds whatever the camera's size."""
    step = max(1, max(pixels.shape[:2]) // _THUMBNAIL_PX)
    return np.ascontiguousarray(pixels[::step, ::step])


def _regions(verdict: Verdict) -> tuple[Region, ...]:
    worst = verdict.judgement.worst if verdict.judgement else None
    return worst.regions if worst else ()


def _thumbnail(reject: _Reject, pixel_format: PixelFormat) -> bytes:
    """JPEG with the defects boxed in red; empty for a part that was not seen."""
    if reject.pixels is None:
        return b""
    code = cv2.COLOR_GRAY2BGR if pixel_format.colours == 1 else cv2.COLOR_RGB2BGR
    image = cv2.cvtColor(for_display(reject.pixels, pixel_format), code)
    height, width = image.shape[:2]
    for region in reject.regions:
        left, top = int(region.left * width) - 2, int(region.top * height) - 2
        right = int((region.left + region.width) * width) + 2
        bottom = int((region.top + region.height) * height) + 2
        cv2.rectangle(image, (left, top), (right, bottom), (48, 48, 255), 2)
    _, encoded = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, 85))
    return encoded.tobytes()
