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
from inspector.core.judgement import CheckResult, Judgement, Region
from inspector.core.levels import for_display
from inspector.core.ports import Clock
from inspector.core.pose import Pose
from inspector.core.recipe import Box
from inspector.line.part import JudgedPart
from inspector.link.messages import CheckNote, Event, RejectNotice
from inspector.link.picture import LivePicture, OtherView

_log = structlog.get_logger(__name__)

_PICTURE_INTERVAL_NS = 50_000_000
_REJECT_INTERVAL_NS = 15_000_000
"""Rejects wait less, so that a pass seldom takes their place."""
_THUMBNAIL_PX = 320
_OTHERS_PX = 640
"""Views beside the strangest one are shown with every n-th pixel, about so many across."""
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
    checks: tuple[CheckNote, ...] = ()
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
        self._picture: tuple[LivePicture, tuple[Pose | None, ...]] | None = None
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
        judgement = verdict.judgement
        worst = judgement.worst if judgement else None
        view = worst.view if worst else 0
        if not verdict.passed:
            reasons = judgement.reasons if judgement else ()
            pose = _pose(judgement, view)
            reject = _Reject(
                verdict.part_id,
                utc_us,
                verdict.cause.value,
                reasons or ((verdict.detail,) if verdict.detail else ()),
                _kept(self._seen(part, view), pose),
                pose,
                _notes(judgement),
                worst.regions if worst else (),
            )
            self._rejects.append(reject)
        if shown and part.pixels is not None:
            self._shown_ns = now
            order = (view, *(one for one in range(len(part.pixels)) if one != view))
            poses = tuple(_pose(judgement, one) for one in order)
            views = [_view(judgement, one, self._seen(part, one)) for one in order]
            self._picture = _live(part, views, utc_us), poses
        self._wake.set()

    def _seen(self, part: JudgedPart, view: int) -> Pixels | None:
        """The inspected field, in the slot itself."""
        if part.pixels is None:
            return None
        box, pixels = self._field.seen_in, part.pixels[view]
        seen: Pixels = pixels[box.y : box.y + box.height, box.x : box.x + box.width]
        return seen

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
            self._outlet.offer(self._straightened(*self._picture))
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
                    checks=reject.checks,
                    regions=reject.regions,
                )
            )

    def _straightened(self, picture: LivePicture, poses: tuple[Pose | None, ...]) -> LivePicture:
        """As people are shown it: undistorted, aligned, 8 bits; the other views thinned out."""
        shown, *beside = (
            for_display(self._field.picture_of(view.pixels, pose), self._pixel_format)
            for view, pose in zip(picture.views, poses, strict=True)
        )
        others = tuple(
            replace(other, pixels=_thinned(pixels, _OTHERS_PX))
            for other, pixels in zip(picture.others, beside, strict=True)
        )
        return replace(picture, pixels=shown, others=others)

    def _straight(self, reject: _Reject) -> _Reject:
        if reject.pixels is None or reject.pose is None:
            return reject
        field = self._field.picture_of(reject.pixels, reject.pose)
        return replace(reject, pixels=_thinned(field))


def _live(part: JudgedPart, views: list[OtherView], utc_us: int) -> LivePicture:
    verdict, (first, *others) = part.verdict, views
    worst = verdict.judgement.worst if verdict.judgement else None
    return LivePicture(
        part_id=verdict.part_id,
        utc_us=utc_us,
        passed=verdict.passed,
        cause=verdict.cause.value,
        pixels=first.pixels,
        map=first.map,
        score=worst.score if worst else None,
        threshold=first.threshold,
        regions=first.regions,
        view=first.view,
        others=tuple(others),
    )


def _view(judgement: Judgement | None, view: int, seen: Pixels | None) -> OtherView:
    """A copy of what one camera saw, with the strangest finding in it."""
    assert seen is not None  # a part without pixels is not shown
    checks = judgement.checks if judgement else ()
    worst = Judgement(tuple(check for check in checks if check.view == view)).worst
    if worst is None:
        return OtherView(view, seen.copy())
    own_map = None if worst.map is None else worst.map.copy()
    return OtherView(view, seen.copy(), own_map, worst.threshold, worst.regions)


def _pose(judgement: Judgement | None, view: int) -> Pose | None:
    return judgement.poses[view] if judgement and judgement.poses else None


def _notes(judgement: Judgement | None) -> tuple[CheckNote, ...]:
    return tuple(map(_note, judgement.checks)) if judgement else ()


def _note(check: CheckResult) -> CheckNote:
    return CheckNote(
        check.check,
        check.score,
        check.threshold,
        check.p_value,
        check.passed,
        check.view,
        check.finding,
    )


def _kept(pixels: Pixels | None, pose: Pose | None) -> Pixels | None:
    if pixels is None:
        return None
    return _thinned(pixels) if pose is None else pixels.copy()


def _thinned(pixels: Pixels, across: int = _THUMBNAIL_PX) -> Pixels:
    """Every n-th pixel: a copy that costs microseconds whatever the camera's size."""
    step = max(1, max(pixels.shape[:2]) // across)
    return np.ascontiguousarray(pixels[::step, ::step])


def _thumbnail(reject: _Reject, pixel_format: PixelFormat) -> bytes:
    """JPEG of what was seen; empty for a part that was not seen."""
    if reject.pixels is None:
        return b""
    shown = for_display(reject.pixels, pixel_format)
    image = shown if pixel_format.colours == 1 else cv2.cvtColor(shown, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, 85))
    return encoded.tobytes()
