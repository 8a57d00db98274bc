"""Devices for tests of the line: small, scripted, honest to the ports."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence

import numpy as np

from inspector.core.detection import Detection, EngineInfo
from inspector.core.errors import CameraEnded, CameraError, CameraTimeout, FrameCorrupt
from inspector.core.frame import CameraHealth, FrameFormat, FrameInfo, PixelFormat, Pixels
from inspector.core.judgement import CheckResult
from inspector.core.ports import Clock, PlcInputs, PlcStatus, PreparedView, SystemClock
from inspector.core.recipe import Box
from inspector.core.verdict import Verdict
from inspector.line.equipment import Equipment
from inspector.line.part import JudgedPart, PartTap
from inspector.scoring.judge import Judge

FORMAT = FrameFormat(8, 8, PixelFormat.MONO8)
LOST, CORRUPT, GONE = "lost", "corrupt", "gone"


class ScriptedCamera:
    """One trigger for each entry: a grey value, or LOST, CORRUPT, GONE. Ends after the last."""

    def __init__(
        self,
        script: list[int | str],
        *,
        name: str = "cam",
        clock: Clock | None = None,
        offset: int = 0,
        gate: Callable[[int], None] = lambda _number: None,
    ) -> None:
        self.name = name
        self.format = FORMAT
        self._script = script
        self._clock = clock or SystemClock()
        self._offset = offset
        self._gate = gate
        self._at = 0
        self._started = False

    def open(self) -> None:
        pass

    def start(self) -> None:
        self._started = True

    def grab(self, pixels: Pixels, timeout_s: float) -> FrameInfo:
        del timeout_s
        while self._at < len(self._script) and self._script[self._at] == LOST:
            self._at += 1
            if self._at == len(self._script):
                raise CameraTimeout("nothing came")
        if self._at == len(self._script):
            raise CameraEnded("end of script")
        self._at += 1
        self._gate(self._at)
        entry = self._script[self._at - 1]
        if entry == CORRUPT:
            raise FrameCorrupt("incomplete", trigger_count=self._offset + self._at)
        if entry == GONE:
            raise CameraError("cable pulled")
        pixels[...] = entry
        now = self._clock.monotonic_ns()
        return FrameInfo(
            camera=self.name,
            frame_id=self._at,
            trigger_count=self._offset + self._at,
            encoder_count=100 * self._at,
            triggered_ns=now,
            arrived_ns=now,
        )

    def stop(self) -> None:
        pass

    def close(self) -> None:
        pass

    def health(self) -> CameraHealth:
        triggers = self._offset + (len(self._script) if self._started else 0)
        return CameraHealth(True, triggers, 0, 0)


class GreyEngine:
    """Scores an image by its brightest pixel; can be slow or broken on purpose."""

    def __init__(self, during: Callable[[int], None] = lambda _grey: None) -> None:
        self.info = EngineInfo("grey", "test", "test", "0" * 64, 8, 8, 1, 4, 4)
        self._during = during
        self.calls = 0

    def infer(self, batch: Pixels) -> Detection:
        self.calls += 1
        scores = batch.reshape(len(batch), -1).max(axis=1).astype(np.float32)
        self._during(int(scores.max()))
        maps = np.repeat(scores, 16).reshape(-1, 4, 4)
        return Detection(maps, scores)

    def close(self) -> None:
        pass


class CopyPreparation:
    """The picture as it is."""

    def apply(self, source: Pixels, out: Pixels) -> None:
        out[...] = source


class ScoreCheck:
    """The engine's score against 100."""

    name = "engine"

    def judge(
        self, view: PreparedView, detection: Detection, others: Sequence[CheckResult]
    ) -> CheckResult:
        score = float(detection.scores[view.view])
        return CheckResult(self.name, score, 100.0, view=view.view, map=detection.maps[view.view])


class ListeningPlc:
    """Remembers what it was told, in order."""

    def __init__(self, during: Callable[[Verdict], None] = lambda _verdict: None) -> None:
        self.verdicts: list[Verdict] = []
        self._during = during

    def open(self) -> None:
        pass

    def publish(self, verdict: Verdict) -> None:
        self._during(verdict)
        self.verdicts.append(verdict)

    def exposed(self, count: int) -> None:
        pass

    def answer_recipe(self, recipe: int, *, confirmed: bool) -> None:
        pass

    def set_status(self, status: PlcStatus) -> None:
        pass

    def beat(self) -> None:
        pass

    def read_inputs(self) -> PlcInputs:
        return PlcInputs()

    def close(self) -> None:
        pass


class ListeningTap:
    """Remembers the parts that it was offered."""

    def __init__(self) -> None:
        self.parts: list[JudgedPart] = []

    def offer(self, part: JudgedPart) -> None:
        self.parts.append(part)


class CountingIds:
    """1, 2, 3, ..."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def next(self) -> int:
        return next(self._count)


class Faults:
    """Collects what was reported, and lets a test wait for the end of capture."""

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.ended = threading.Event()

    def report(self, reason: str) -> None:
        self.reasons.append(reason)


def equipment(
    *cameras: ScriptedCamera,
    engine: GreyEngine | None = None,
    plc: ListeningPlc | None = None,
    taps: tuple[PartTap, ...] = (),
    clock: Clock | None = None,
) -> Equipment:
    return Equipment(
        cameras=cameras,
        preparation=CopyPreparation(),
        engine=engine or GreyEngine(),
        judge=Judge((ScoreCheck(),), Box(x=0, y=0, width=8, height=8)),
        plc=plc or ListeningPlc(),
        part_ids=CountingIds(),
        taps=taps,
        clock=clock or SystemClock(),
    )
