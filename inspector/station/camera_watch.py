"""Watches the cameras: lost, back again, and links that get worse. Supervisor thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from inspector.camera.parameter_file import Parameters
from inspector.core.frame import CameraHealth, LinkQuality
from inspector.core.ports import Camera, Clock
from inspector.core.state import Health
from inspector.station.alarming import LOST, Losing

SETTINGS = "settings "
"""Begins the key of the alarm of a camera that somebody has set otherwise."""
_LINK = "link "
_MINUTE_NS = 60_000_000_000
_WORN_OUT = 0.001
"""Share of frames of the last minute that did not arrive whole at the first asking."""
_LEAST = 3
_NAMED = 5


class CameraWatch:
    """Tells when a camera is gone or back, and, over the last minute, what its link is worth."""

    def __init__(self, clock: Clock, alarming: Losing) -> None:
        self._clock = clock
        self._alarming = alarming
        self._gone: set[str] = set()
        self._past: dict[str, deque[tuple[int, int, int]]] = {}

    def look(self, cameras: Iterable[Camera]) -> None:
        """One turn."""
        present = {camera.name: camera.health() for camera in cameras}
        for name in self._gone - present.keys():
            self._alarming.clear(LOST + name)
        self._gone &= present.keys()
        for name, health in present.items():
            self._look_at_connection(name, health)
            if health.link is not None:
                self._look_at_link(name, health, health.link)

    def _look_at_connection(self, name: str, health: CameraHealth) -> None:
        if not health.connected and health.detail:  # else it was closed on purpose
            self._gone.add(name)
            self._alarming.lost(name, health.detail)
        elif name in self._gone:
            self._gone.discard(name)
            self._alarming.found(name)

    def _look_at_link(self, name: str, health: CameraHealth, link: LinkQuality) -> None:
        now_ns = self._clock.monotonic_ns()
        troubles = link.failed + link.underrun + link.resent
        past = self._past.setdefault(name, deque())
        if past and (health.triggers < past[-1][1] or troubles < past[-1][2]):
            past.clear()  # the camera was made anew
        past.append((now_ns, health.triggers, troubles))
        while past[0][0] < now_ns - _MINUTE_NS:
            past.popleft()
        _, triggers_before, troubles_before = past[0]
        recent = troubles - troubles_before
        if recent >= _LEAST and recent > _WORN_OUT * (health.triggers - triggers_before):
            self._alarming.alarm(_LINK + name, *_judged(name, link))
        elif recent == 0:
            self._alarming.clear(_LINK + name)


def _judged(name: str, link: LinkQuality) -> tuple[Health, str]:
    """Resent packets wear a link out; frames that are lost by it cost parts."""
    if not (link.failed or link.underrun):
        text = f"{name}: packets have to be sent twice. Check cable, plugs and switch"
        return Health.MAINTENANCE_REQUIRED, text
    text = (
        f"{name}: frames are lost on the way ({link.failed} incomplete, {link.underrun} for want "
        "of a buffer). Check cable, switch, packet size and the load of this PC"
    )
    return Health.OUT_OF_SPECIFICATION, text


def changes_in_words(found: Parameters) -> str:
    """The first changes that were found at a camera, what may have made them, and what was done."""
    told = []
    if found.changed:
        told.append(f"someone changed {_few(found.changed)}, or it was without power. Put back")
    if found.refused:
        told.append(f"it does not take back {_few(found.refused)}")
    return f"{found.camera}: {'; '.join(told)}"


def _few(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
