"""Tells when scores or pictures have changed since calibration: Out of specification, no more."""

from __future__ import annotations

import statistics
import threading
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from calibration.drift import Change, DriftMonitor, DriftState, Promise, Trend
from calibration.threshold import Calibration
from inspector.core.errors import InspectorError
from inspector.core.line_config import DriftConfig
from inspector.core.ports import Recorder
from inspector.core.recipe import PreparationSpec
from inspector.core.record import RecordKind
from inspector.core.state import Health
from inspector.line.part import JudgedPart
from inspector.station.alarming import Alarming
from inspector.teaching.looks import (
    BRIGHTNESS,
    ROTATION,
    SHARPNESS,
    SHIFT_X,
    SHIFT_Y,
    Looks,
    keep_looks,
    looks_path,
    measured,
    read_looks,
)

KEY = "drift "
"""Begins the key of every alarm that is raised here; the channel's name ends it."""

LEAST_LOOKS = 20
"""Calibration images below which trends are learnt from the line: `DriftConfig.learn_parts`."""
TEMPERATURE = "temperature"
_LATELY = 9
"""Parts whose median says where parts lie now: fewer than any alarm takes."""

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
        BRIGHTNESS,
        Change.RISE,
    ): "{camera}: pictures are brighter. Check light and exposure",
    (BRIGHTNESS, Change.FALL): "{camera}: pictures are darker. Check light and exposure",
    (SHARPNESS, Change.RISE): "{camera}: pictures are sharper or noisier. Check the lens",
    (SHARPNESS, Change.FALL): "{camera}: pictures are blurred. Check the lens",
    (TEMPERATURE, Change.RISE): "{camera}: the camera is warmer. Check its cooling",
    (TEMPERATURE, Change.FALL): "{camera}: the camera is colder. Check its surroundings",
    (SHIFT_X, Change.RISE): "{camera}: parts lie {moved} px to the right of where they lay at "
    "calibration. Check camera mount and guide rails",
    (SHIFT_X, Change.FALL): "{camera}: parts lie {moved} px to the left of where they lay at "
    "calibration. Check camera mount and guide rails",
    (SHIFT_Y, Change.RISE): "{camera}: parts lie {moved} px below where they lay at "
    "calibration. Check camera mount and guide rails",
    (SHIFT_Y, Change.FALL): "{camera}: parts lie {moved} px above where they lay at "
    "calibration. Check camera mount and guide rails",
    (ROTATION, Change.RISE): "{camera}: parts lie turned by {moved}° clockwise against "
    "calibration. Check camera mount and guide rails",
    (ROTATION, Change.FALL): "{camera}: parts lie turned by {moved}° counter-clockwise against "
    "calibration. Check camera mount and guide rails",
}


class DriftTap:
    """Feeds the monitor after each verdict; the supervisor asks it what there is to tell.

    A part costs some 30 microseconds a view, whatever the size of its picture: brightness and
    sharpness are taken from a sample of the prepared image, here, before the slot is freed; where
    the part lies is known already.
    """

    key = KEY

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
        self._lately: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=_LATELY))
        self._told: set[str] = set()
        self._lock = threading.Lock()

    def offer(self, part: JudgedPart) -> None:
        """Feed every judged part, good or not. Inspection thread."""
        judgement = part.verdict.judgement
        if judgement is None:
            return
        add, at_s = self._monitor.add, part.times.published_ns / 1e9
        for check in judgement.checks:
            add(check.check, check.score)
        if part.prepared is not None:
            poses = judgement.poses or (None,) * len(part.prepared)
            for camera, pixels, pose in zip(self._cameras, part.prepared, poses, strict=True):
                for quantity, value in measured(pixels, self._white, pose).items():
                    channel = f"{camera} {quantity}"
                    add(channel, value, at_s)
                    self._lately[channel].append(value)
        for frame in part.frames:
            if frame.temperature_c is not None:
                add(f"{frame.camera} {TEMPERATURE}", frame.temperature_c, at_s)

    def tell(self, alarming: Alarming) -> None:
        """Raise an alarm for each channel that drifts, and keep what was learnt. Supervisor."""
        with self._lock:
            for state in self._monitor.state():
                if state.alarm and state.channel not in self._told:
                    self._told.add(state.channel)
                    words = in_words(state, self._moved(state.channel))
                    alarming.alarm(KEY + state.channel, Health.OUT_OF_SPECIFICATION, words)
                    self._record(state)
        self._keep(alarming)

    def _moved(self, channel: str) -> float:
        """How far the last parts are from what they are compared with; 0 for a score."""
        lately, references = self._lately.get(channel), self._monitor.references.get(channel)
        if not lately or not references:
            return 0.0
        return statistics.median(lately.copy()) - statistics.median(references)

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
        known = self._monitor.references
        learnt = {name: values for name, values in known.items() if name not in self._kept}
        if not learnt:
            return
        self._kept = known.keys()
        try:
            keep_looks(self._file, learnt)
        except InspectorError as error:
            alarming.alarm("looks", Health.MAINTENANCE_REQUIRED, str(error))

    def acknowledge(self, alarm: str, alarming: Alarming) -> None:
        """A person has seen it: the alarm is gone, and comes again while its cause is there."""
        with self._lock:
            channel = alarm.removeprefix(KEY)
            self._monitor.acknowledge(channel)
            self._told.discard(channel)
            alarming.clear(alarm)


def in_words(state: DriftState, moved: float = 0.0) -> str:
    """What has changed and what to check; ``moved`` is by how much, in the channel's unit."""
    camera, _, quantity = state.channel.rpartition(" ")
    words = _TREND_WORDS.get((quantity, state.change))
    if camera and words is not None:
        return words.format(camera=camera, moved=f"{abs(moved):.1f}")
    return _SCORE_WORDS[state.change].format(channel=state.channel)


def make_drift_tap(
    config: DriftConfig,
    calibration: Calibration,
    cameras: Sequence[str],
    preparation: PreparationSpec,
    *,
    bundle: Path,
    recorder: Recorder,
) -> DriftTap:
    """A tap for one product. Raises ``ConfigError`` when what was kept of its looks is damaged.

    Trends are compared with the calibration images; with the line's own first parts where those say
    nothing of a quantity, are few, or are of several cameras, whose views look different.
    """
    file = looks_path(bundle, calibration)
    kept = read_looks(file)
    trends = {
        f"{camera} {quantity}": Trend(
            tolerance,
            relative=relative,
            references=_references(kept, camera, quantity, alone=len(cameras) == 1),
            learn_parts=config.learn_parts,
            spacing_s=60.0 * config.learn_min / config.learn_parts,
        )
        for camera in cameras
        for quantity, tolerance, relative in _tolerances(config, preparation)
    }
    scores = {check.name: check.scores for check in calibration.checks}
    promise = Promise(config.false_alarm_parts, config.defect_share)
    monitor = DriftMonitor(scores, trends, promise)
    white = preparation.pixel_format.white
    return DriftTap(monitor, cameras, white, recorder=recorder, file=file)


def _tolerances(
    config: DriftConfig, preparation: PreparationSpec
) -> Iterator[tuple[str, float, bool]]:
    """Each trend's tolerance, and whether it is a share of the trend's own size."""
    yield BRIGHTNESS, config.brightness, True
    yield SHARPNESS, config.sharpness, True
    yield TEMPERATURE, config.temperature_c, False
    if preparation.align != "none":
        shift = config.position * preparation.align_range_px
        yield SHIFT_X, shift, False
        yield SHIFT_Y, shift, False
        yield ROTATION, config.position * preparation.align_range_deg, False


def _references(kept: Looks, camera: str, quantity: str, *, alone: bool) -> Sequence[float]:
    calibrated = kept.get(quantity, ())
    if alone and len(calibrated) >= LEAST_LOOKS:
        return calibrated
    return kept.get(f"{camera} {quantity}", ())
