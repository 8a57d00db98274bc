"""A station that says what it is told to say, and parts that never existed."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from PyQt6.QtCore import QBuffer, QIODevice

from inspector.core.errors import LinkError, RefusedError
from inspector.core.frame import Pixels, ScoreMap
from inspector.core.judgement import Region
from inspector.core.state import (
    Alarm,
    Health,
    Latency,
    PartCounters,
    StationState,
    StationStatus,
)
from inspector.core.verdict import Cause
from inspector.link.messages import (
    Answer,
    AnyCommand,
    Event,
    Hello,
    Login,
    RejectNotice,
    Session,
    Snapshot,
)
from inspector.link.office_client import OfficeClient
from inspector.link.picture import LivePicture
from inspector.panel.widgets.picture import to_image

NOON_UTC_US = 1_790_000_000_000_000


@dataclass
class ScriptedStation:
    """A ``StationClient``: answers as told, remembers what it was asked."""

    refuse: dict[str, str] = field(default_factory=dict)
    events: deque[Event] = field(default_factory=deque)
    pictures: deque[LivePicture] = field(default_factory=deque)
    asked: list[AnyCommand] = field(default_factory=list)
    repeat: StationStatus | None = None
    gone: bool = False
    closed: bool = False

    def call(self, command: AnyCommand, timeout_s: float = 2.0) -> Answer:
        del timeout_s
        self._still_here()
        self.asked.append(command)
        if (reason := self.refuse.get(type(command).__name__)) is not None:
            raise RefusedError(reason)
        if isinstance(command, Hello):
            return Session(token="", user="panel", role="operator")
        if isinstance(command, Login):
            return Session(token="t", user=command.user, role="engineer")
        return None

    def next_event(self, timeout_s: float) -> Event | None:
        self._still_here()
        if self.events:
            return self.events.popleft()
        time.sleep(min(timeout_s, 0.005))
        return Snapshot(self.repeat) if self.repeat is not None else None

    def picture(self) -> LivePicture | None:
        return self.pictures.popleft() if self.pictures else None

    def close(self) -> None:
        self.closed = True

    def _still_here(self) -> None:
        if self.gone:
            raise LinkError("the station went away")


def no_office() -> OfficeClient:
    """A station without its office."""
    raise LinkError("no office here")


def status(
    state: StationState = StationState.CONTINUOUS_EXECUTION,
    *,
    alarms: tuple[Alarm, ...] = (),
    parts: int = 12480,
    rejected: int = 61,
    late: int = 0,
    production: bool = False,
    uptime_s: float = 900.0,
) -> StationStatus:
    return StationStatus(
        station="Line 3 · cell inspection",
        state=state,
        health=min((a.health for a in alarms), key=list(Health).index, default=Health.GOOD),
        product="solar-mono",
        title={"en": "Solar cell, monocrystalline", "ja": "太陽電池セル（単結晶）"},
        production=production,
        parts=PartCounters(parts, parts, parts - rejected, rejected, late),
        latency=Latency(11.8, 19.4, 24.0, 31.0),
        margin_ms=88.2,
        rate_hz=2.5,
        alarms=alarms,
        uptime_s=uptime_s,
    )


def alarm(
    health: Health, text: str = "Look after it", *, key: str = "", seen: bool = False
) -> Alarm:
    return Alarm(key or health.value, health, text, NOON_UTC_US, seen)


def cell(seed: int = 0, size: int = 480) -> Pixels:
    """A rendered solar cell: busbars, fingers, grain. uint8[size, size, 1]."""
    draw = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size] / size
    shade = 150 + 40 * np.cos(3 * (x - 0.5)) * np.cos(3 * (y - 0.5)) + 3 * np.sin(x * size / 2.2)
    for bar in (0.25, 0.5, 0.75):
        shade[np.abs(y - bar) < 0.012] = 60
    grain = draw.normal(0, 1, (size // 24, size // 24)).repeat(24, 0).repeat(24, 1)
    shade += 6 * grain[:size, :size] + draw.normal(0, 4, (size, size))
    corner = np.abs(x - 0.5) + np.abs(y - 0.5) > 0.94
    shade[corner] = 12
    pixels: Pixels = np.clip(shade, 0, 255).astype(np.uint8)[:, :, None]
    return pixels


def scores(peak: float, *, at: tuple[float, float] = (0.66, 0.36), base: float = 1.0) -> ScoreMap:
    """A raw map with one hill: float32[32, 32]."""
    y, x = np.mgrid[0:32, 0:32] / 31
    hill = np.exp(-(((x - at[0]) / 0.09) ** 2 + ((y - at[1]) / 0.05) ** 2))
    rough = np.random.default_rng(5).random((32, 32)) * 0.2
    found: ScoreMap = (base + rough + (peak - base) * hill).astype(np.float32)
    return found


def picture(part_id: int = 1, *, passed: bool = True, cause: str | None = None) -> LivePicture:
    pixels = cell(part_id)
    threshold = 2.4
    if passed:
        regions: tuple[Region, ...] = ()
        score, found = 1.31, scores(1.3)
    else:
        _scratch(pixels)
        regions = (Region(0.55, 0.27, 0.22, 0.18, 3120, 1.84, 4.1),)
        score, found = 4.1, scores(4.1)
    words = cause or (Cause.GOOD if passed else Cause.DEFECT)
    stamp = NOON_UTC_US + part_id * 400_000
    return LivePicture(part_id, stamp, passed, words, pixels, found, score, threshold, regions)


def reject(part_id: int, cause: Cause = Cause.DEFECT) -> RejectNotice:
    unseen = cause in (Cause.OVERRUN, Cause.FRAME_LOST)
    return RejectNotice(
        part_id=part_id,
        utc_us=NOON_UTC_US + part_id * 400_000,
        cause=cause,
        reasons=() if unseen else ("engine: score 4.1 against 2.4, 1.84 mm² at (66%, 36%)",),
        thumbnail_jpeg=b"" if unseen else jpeg(picture(part_id, passed=False).pixels[::4, ::4]),
    )


def jpeg(pixels: Pixels) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    own = np.ascontiguousarray(pixels)
    assert to_image(own).save(buffer, "JPG", 85)
    return bytes(buffer.data().data())


def _scratch(pixels: Pixels) -> None:
    size = pixels.shape[0]
    draw = np.random.default_rng(int(pixels[0, :, 0].sum()))
    x, y = 0.57, 0.42
    for _ in range(60):
        x, y = x + 0.0033, y - 0.0022 + draw.normal(0, 0.003)
        row, column = int(y * size), int(x * size)
        pixels[row : row + 3, column : column + 3] = 25
