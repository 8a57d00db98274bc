"""The ports: what the line needs of devices, engines and stores, and nothing more.

Adapters implement these Protocols without inheriting them; the composition root picks them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from inspector.core.canonical import Json
from inspector.core.detection import Detection, EngineInfo
from inspector.core.frame import CameraHealth, FrameFormat, FrameInfo, Pixels, Trigger
from inspector.core.judgement import CheckResult
from inspector.core.pose import Expected, Pose
from inspector.core.recipe import Box
from inspector.core.record import RecordKind
from inspector.core.verdict import Verdict


class Clock(Protocol):
    """Time, so that tests can own it."""

    def monotonic_ns(self) -> int:
        """Host-monotonic time, ns."""

    def utc_us(self) -> int:
        """Coordinated universal time, microseconds since 1970."""


class SystemClock:
    """The computer's clocks."""

    def monotonic_ns(self) -> int:
        """Host-monotonic time, ns."""
        return time.monotonic_ns()

    def utc_us(self) -> int:
        """Coordinated universal time, microseconds since 1970."""
        return time.time_ns() // 1000


class TriggerSource(Protocol):
    """The trigger sensor as a camera without hardware sees it (replay, sim)."""

    def wait(self, after: int, timeout_s: float) -> Trigger | None:
        """Block until the trigger after number ``after``, or None at the time-out. Capture thread.

        Each camera counts for itself, so that all of them see every trigger.
        """

    def start(self) -> None:
        """Let parts come; no effect while they do."""

    def stop(self) -> None:
        """No further triggers; a waiting ``wait`` returns."""

    @property
    def count(self) -> int:
        """Triggers so far. Any thread."""


class Camera(Protocol):
    """One camera. ``open`` .. ``close`` on one thread at a time; ``grab`` on the capture thread.

    Any method may raise ``CameraError``.
    """

    @property
    def name(self) -> str:
        """Name in counters and records; the serial number for real cameras."""

    @property
    def format(self) -> FrameFormat:
        """Shape of the frames; valid from ``open`` on."""

    def open(self) -> None:
        """Connect and configure. Raises ``CameraError`` or ``ImageError``."""

    def start(self) -> None:
        """Arm: frames follow triggers; their counts go on from ``health().triggers``."""

    def grab(self, pixels: Pixels, timeout_s: float) -> FrameInfo:
        """Copy the next frame, in trigger order, once, into ``pixels`` (uint8[H, W, C]).

        Raises ``CameraTimeout`` (nothing came), ``FrameCorrupt`` (this one is lost),
        ``CameraLost`` (gone, and looked for), ``CameraEnded`` (no more will come) or
        ``CameraError`` (it failed for good).
        """

    def stop(self) -> None:
        """Disarm; a waiting ``grab`` ends with ``CameraTimeout``."""

    def close(self) -> None:
        """Free the device. Safe to call twice."""

    def health(self) -> CameraHealth:
        """Counts and connection. Any thread; never blocks."""


class Engine(Protocol):
    """A compiled anomaly engine. One thread at a time."""

    @property
    def info(self) -> EngineInfo:
        """What it takes and offers."""

    def infer(self, batch: Pixels) -> Detection:
        """Judge uint8[N, H, W, C] prepared images. Inspection thread. Raises ``EngineError``."""

    def close(self) -> None:
        """Free the device memory."""


@dataclass(frozen=True, slots=True)
class PreparedView:
    """One view of a part after preparation: pixels uint8[h, w, c], and its place in the part.

    ``field`` is the inspected field in pixels of the camera image, ``pose`` where the part lies if
    it was looked for, ``expected`` what was taught of its looks.
    """

    pixels: Pixels
    field: Box
    view: int = 0
    pose: Pose | None = None
    expected: Expected | None = None

    @property
    def field_area_px(self) -> float:
        """Area of the field, camera pixels."""
        return float(self.field.width * self.field.height)


class Check(Protocol):
    """One rule of the recipe, applied to one view. Inspection thread; never blocks."""

    @property
    def name(self) -> str:
        """Name in reasons and records."""

    def judge(
        self, view: PreparedView, detection: Detection, others: Sequence[CheckResult]
    ) -> CheckResult:
        """Score the view. ``detection`` holds the whole part; the check takes ``view.view``.

        ``others`` are the results of the checks before this one on the same view.
        """


@dataclass(frozen=True, slots=True)
class PlcInputs:
    """What the PLC tells us (DESIGN, *Pass/fail signalling*)."""

    heartbeat: int = 0
    overrun: bool = False
    """A result was not taken in time; its part went by the gate's default: ejected."""
    triggers: int | None = None
    """Parts that its own trigger sensor counted so far; None where it counts none."""
    lot: str = ""
    """Name of the lot under way."""
    wants_to_write: bool = False
    """It asks for write access: that its commands are carried out."""
    timeout_rejects: int = 0
    """Parts that its gate ejected without a result."""
    connected: bool = True
    """False while it cannot be reached; ``detail`` says why."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PlcStatus:
    """What we tell the PLC beside results."""

    online: bool = False
    ready: bool = False
    busy: bool = False
    error: bool = False
    error_code: int = 0
    recipe_id: int = 0
    state: int = 0
    """Number of the state in OPC 40100-1."""
    health: int = 0
    """NAMUR NE 107: 0 Good .. 4 Failure."""
    production: bool = False
    stop_request: bool = False
    """Parts cannot be sorted any more."""
    bypass: bool = False
    plc_may_write: bool = False
    rejects: int = 0
    verdicts: int = 0
    missed_trigger: bool = False


class Plc(Protocol):
    """The way out. ``publish`` on the inspection thread, the rest on the supervisor thread.

    Any method may raise ``PlcError``; the part is then rejected by the PLC's own time-out.
    ``PlcLost`` says that it is looked for and may come back.
    """

    def open(self) -> None:
        """Connect. All outputs start at 'no result'."""

    def publish(self, verdict: Verdict) -> None:
        """Set OK or NG for the part; returns when the output is set or handed to the fieldbus."""

    def exposed(self, count: int) -> None:
        """The frames of so many parts are there: parts may move on. Capture thread."""

    def set_status(self, status: PlcStatus) -> None:
        """Online, ready, busy, error."""

    def answer_recipe(self, recipe: int, *, confirmed: bool) -> None:
        """Answer a recipe request: it is loaded, or will not be."""

    def beat(self) -> None:
        """Advance our heartbeat. Called while the inspection thread is known to be alive."""

    def read_inputs(self) -> PlcInputs:
        """The PLC's side."""

    def close(self) -> None:
        """Withdraw all results and disconnect."""


class Recorder(Protocol):
    """Where station events and actions are recorded. Any thread; never blocks, never raises."""

    def note(self, kind: RecordKind, payload: Mapping[str, Json]) -> None:
        """Queue a record that concerns no single part."""


class PartIds(Protocol):
    """Part numbers from durable blocks. Capture thread."""

    def next(self) -> int:
        """A number never given before. Raises ``LedgerError`` when none is left."""
