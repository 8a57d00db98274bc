"""Tells when scores or pictures have changed since calibration: Out of specification, no more."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field, FiniteFloat

from calibration.drift import Change, DriftMonitor, DriftState, Promise, Trend
from calibration.drift.looks import look
from calibration.threshold import Calibration
from inspector.core.errors import StorageError
from inspector.core.frame import PixelFormat
from inspector.core.levels import levels_of
from inspector.core.line_config import DriftConfig
from inspector.core.ports import Recorder
from inspector.core.record import RecordKind
from inspector.core.section import Section
from inspector.core.state import Health
from inspector.durable.files import write_atomically
from inspector.durable.yaml_files import dump_yaml, load_yaml
from inspector.line.part import JudgedPart
from inspector.station.watch import Alarming

KEY = "drift "
"""Begins the key of every alarm that is raised here; the channel's name ends it."""

_RISES = "{channel}: scores rise against calibration. Check light, lens, position and parts"
_FALLS = "{channel}: scores fall against calibration. Check light, lens, position and parts"
_SCORE_WORDS = {
    Change.RISE: _RISES,
    Change.SLOW_RISE: _RISES,
    Change.FALL: _FALLS,
    Change.SLOW_FALL: _FALLS,
    Change.SPREAD: "{channel}: scores scatter more than at calibration. "
    "Check light, lens, position and parts",
    Change.SHAPE: "{channel}: scores are spread otherwise than at calibration. "
    "Check light, lens, position and parts",
}
_TREND_WORDS = {
    (
        "brightness",
        Change.RISE,
    ): "{camera}: pictures are brighter. Check light and exposure",
    ("brightness", Change.FALL): "{camera}: pictures are darker. Check light and exposure",
    ("sharpness", Change.RISE): "{camera}: pictures are sharper or noisier. Check the lens",
    ("sharpness", Change.FALL): "{camera}: pictures are blurred. Check the lens",
    ("temperature", Change.RISE): "{camera}: the camera is warmer. Check its cooling",
    ("temperature", Change.FALL): "{camera}: the camera is colder. Check its surroundings",
}


class LooksOfParts(Section):
    """What trends are compared with: taken once from the line after a calibration, then kept."""

    channels: dict[str, tuple[FiniteFloat, ...]] = Field(default_factory=dict)


class DriftTap:
    """Feeds the monitor after each verdict; the supervisor asks it what there is to tell.

    A part costs some 30 microseconds a view, whatever the size of its picture: brightness and
    sharpness are taken from a sample of the prepared image, here, before the slot is freed.
    """

    def __init__(
        self,
        monitor: DriftMonitor,
        cameras: Sequence[str],
        white: int,
        recorder: Recorder,
        file: Path,
    ) -> None:
        self._monitor = monitor
        self._cameras = cameras
        self._white = white
        self._recorder = recorder
        self._file = file
        self._kept = monitor.references.keys()
        self._told: set[str] = set()
        self._lock = threading.Lock()

    def offer(self, part: JudgedPart) -> None:
        """Feed every judged part, good or not. Inspection thread."""
        if part.verdict.judgement is None:
            return
        add, at_s = self._monitor.add, part.times.published_ns / 1e9
        for check in part.verdict.judgement.checks:
            add(check.check, check.score)
        if part.prepared is not None:
            for camera, pixels in zip(self._cameras, part.prepared, strict=True):
                brightness, sharpness = look(levels_of(pixels), self._white)
                add(f"{camera} brightness", brightness, at_s)
                add(f"{camera} sharpness", sharpness, at_s)
        for frame in part.frames:
            if frame.temperature_c is not None:
                add(f"{frame.camera} temperature", frame.temperature_c, at_s)

    def tell(self, alarming: Alarming) -> None:
        """Raise an alarm for each channel that drifts, and keep what was learnt. Supervisor."""
        with self._lock:
            for state in self._monitor.state():
                if state.alarm and state.channel not in self._told:
                    self._told.add(state.channel)
                    alarming.alarm(
                        KEY + state.channel, Health.OUT_OF_SPECIFICATION, in_words(state)
                    )
                    self._record(state)
        self._keep(alarming)

    def _record(self, state: DriftState) -> None:
        self._recorder.note(
            RecordKind.EVENT,
            {
                "event": "drift",
                "channel": state.channel,
                "change": state.change.value,
                "statistic": state.statistic,
                "limit": state.limit,
                "since": state.since,
            },
        )

    def _keep(self, alarming: Alarming) -> None:
        learnt = self._monitor.references
        if learnt.keys() == self._kept:
            return
        self._kept = learnt.keys()
        looks = LooksOfParts(channels={name: tuple(values) for name, values in learnt.items()})
        try:
            write_atomically(self._file, dump_yaml(looks))
        except StorageError as error:
            alarming.alarm("looks", Health.MAINTENANCE_REQUIRED, str(error))

    def acknowledge(self, alarm: str, alarming: Alarming) -> None:
        """A person has seen it: the alarm is gone, and comes again while its cause is there."""
        with self._lock:
            channel = alarm.removeprefix(KEY)
            self._monitor.acknowledge(channel)
            self._told.discard(channel)
            alarming.clear(alarm)


def in_words(state: DriftState) -> str:
    """What has changed and what to check."""
    camera, _, quantity = state.channel.rpartition(" ")
    words = _TREND_WORDS.get((quantity, state.change))
    if camera and words is not None:
        return words.format(camera=camera)
    return _SCORE_WORDS[state.change].format(channel=state.channel)


def make_drift_tap(
    config: DriftConfig,
    calibration: Calibration,
    cameras: Sequence[str],
    pixel_format: PixelFormat,
    *,
    bundle: Path,
    recorder: Recorder,
) -> DriftTap:
    """A tap for one product. Raises ``ConfigError`` when what was kept of its looks is damaged."""
    file = bundle.with_name(f"{bundle.name}.looks-{calibration.hash[:12]}.yaml")
    kept = load_yaml(file, LooksOfParts).channels if file.is_file() else {}
    trends = {
        f"{camera} {quantity}": Trend(
            tolerance,
            relative=relative,
            references=kept.get(f"{camera} {quantity}", ()),
            learn_parts=config.learn_parts,
            spacing_s=60.0 * config.learn_min / config.learn_parts,
        )
        for camera in cameras
        for quantity, tolerance, relative in (
            ("brightness", config.brightness, True),
            ("sharpness", config.sharpness, True),
            ("temperature", config.temperature_c, False),
        )
    }
    scores = {check.name: check.scores for check in calibration.checks}
    promise = Promise(config.false_alarm_parts, config.defect_share)
    monitor = DriftMonitor(scores, trends, promise)
    return DriftTap(monitor, cameras, pixel_format.white, recorder=recorder, file=file)
