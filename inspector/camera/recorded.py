"""Plays a recording back through the device port: same frames, same ids, same gaps, same timing."""

from __future__ import annotations

import time
import zlib
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inspector.camera.device import (
    Delivered,
    DeviceIdentity,
    Feature,
    FeatureValue,
    FrameIds,
    LinkStatistics,
)
from inspector.camera.device_camera import DeviceCamera
from inspector.camera.recording import Entry, Recording, read_recording, segment_path
from inspector.camera.triggering import CountedTriggers
from inspector.core.camera_config import PluginCamera, TriggerConfig
from inspector.core.errors import CameraEnded, CameraLost, DatasetError
from inspector.core.ports import Clock

COUNTER, ENCODER = "ChunkCounterValue", "ChunkEncoderValue"
_NOTHING = np.empty((0,), np.uint8)


@dataclass(frozen=True, slots=True)
class RecordedFeatures:
    """Implements ``Features``: the device's own as they were, to be read.

    Its triggers are left out: a recording cannot be triggered.
    """

    features: dict[str, Feature]

    @classmethod
    def of(cls, features: tuple[Feature, ...]) -> RecordedFeatures:
        """Those of a recording."""
        return cls({one.name: one for one in features if not one.name.startswith("Trigger")})

    def names(self) -> tuple[str, ...]:
        """In the device's own order."""
        return tuple(self.features)

    def describe(self, name: str) -> Feature:
        """As it was when the recording began."""
        return self.features[name]

    def get(self, name: str) -> FeatureValue:
        """The value."""
        value = self.features[name].value
        if value is None:
            raise ValueError(f"{name} could not be read when the recording began")
        return value

    def set(self, name: str, value: FeatureValue) -> None:
        """What was recorded cannot be changed."""
        raise ValueError(f"{name}: {self.features[name].value} was recorded")

    def execute(self, name: str) -> None:
        """There is nobody to carry it out."""
        raise KeyError(name)


class RecordedDevice:
    """Implements ``Device`` (`inspector.camera.device`) with the frames of a recording.

    A frame is there when as much time has passed since the first as had when it was recorded, and
    a consumer that is late finds no more than ``buffers`` frames waiting, as with the device: later
    ones are lost and leave a gap in the ids. ``fast`` hands each out at once and loses none. A loop
    goes on with ids and counts as if the device had run on. Payloads are views of the mapped files.
    """

    def __init__(
        self, folder: Path, clock: Clock, *, loop: bool = False, fast: bool = False
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._loop = loop
        self._fast = fast
        self._recording: Recording | None = None
        self._features = RecordedFeatures({})
        self._segments: dict[int, NDArray[np.uint8]] = {}
        self._started_ns = 0
        self._buffers = self._next = self._out = self._underrun = 0
        self._waiting: deque[int] = deque()

    @property
    def identity(self) -> DeviceIdentity:
        """The device that was recorded."""
        return self._opened().about.identity

    @property
    def frame_ids(self) -> FrameIds:
        """As the device numbered them."""
        recording = self._opened()
        ids = recording.about.frame_ids
        if recording.about.running:
            return replace(ids, first=recording.entries[0].frame_id)
        return ids

    @property
    def features(self) -> RecordedFeatures:
        """As the device was set."""
        self._opened()
        return self._features

    def open(self) -> None:
        """Read the index. Raises ``DatasetError``."""
        recording = read_recording(self._folder)
        if not recording.entries:
            raise DatasetError(f"{self._folder}: no frame was recorded", remedy="Record it again")
        numbers = {entry.segment for entry in recording.entries if entry.size}
        self._segments = {
            number: np.memmap(segment_path(self._folder, number), np.uint8, "r")
            for number in numbers
        }
        self._features = RecordedFeatures.of(recording.about.features)
        self._underrun = 0
        self._recording = recording

    def start(self, buffers: int) -> None:
        """From the first frame."""
        self._opened()
        self._buffers, self._next, self._out = buffers, 0, 0
        self._waiting.clear()
        self._started_ns = self._clock.monotonic_ns()

    def fetch(self, timeout_s: float) -> Delivered | None:
        """The next frame that is due. Raises ``CameraEnded`` after the last, where it ends."""
        entries = self._opened().entries
        until_ns = self._clock.monotonic_ns() + int(timeout_s * 1e9)
        while True:
            self._arrive()
            if self._waiting:
                self._out += 1
                return self._delivered(self._waiting.popleft())
            if not self._loop and self._next >= len(entries):
                raise CameraEnded(f"{self._folder}: all {len(entries)} frames were shown")
            now_ns = self._clock.monotonic_ns()
            wait_ns = min(self._due_ns(self._next), until_ns) - now_ns
            if wait_ns <= 0 and now_ns >= until_ns:
                return None
            time.sleep(max(wait_ns, 0) / 1e9)

    def give_back(self, delivered: Delivered) -> None:
        """A buffer is free again, for frames from now on."""
        self._arrive()
        self._out = max(self._out - 1, 0)

    def fire(self) -> bool:
        """A recording cannot be triggered."""
        return False

    def alive(self) -> bool:
        """True while it is open."""
        return self._recording is not None

    def statistics(self) -> LinkStatistics:
        """Frames that found no buffer in this playing; those of the recording are gaps."""
        return LinkStatistics(underrun=self._underrun)

    def stop(self) -> None:
        """No more frames."""
        self._waiting.clear()

    def close(self) -> None:
        """Let go of the files."""
        self._recording = None
        self._segments = {}

    def _opened(self) -> Recording:
        if self._recording is None:
            raise CameraLost(f"{self._folder}: not open")
        return self._recording

    # -- what has arrived -----------------------------------------------------------------------

    def _arrive(self) -> None:
        """Frames that are due by now: into the queue, or lost where no buffer is free."""
        if self._recording is None:
            return
        now_ns = self._clock.monotonic_ns()
        while self._there(self._next) and (self._fast or self._due_ns(self._next) <= now_ns):
            if len(self._waiting) + self._out < self._buffers:
                self._waiting.append(self._next)
            elif self._fast:
                return
            else:
                self._underrun += 1
            self._next += 1

    def _there(self, position: int) -> bool:
        return self._loop or position < len(self._opened().entries)

    def _entry(self, position: int) -> tuple[int, Entry]:
        """Which round it is, and the entry."""
        entries = self._opened().entries
        round_, index = divmod(position, len(entries))
        return round_, entries[index]

    def _due_ns(self, position: int) -> int:
        round_, entry = self._entry(position)
        entries = self._opened().entries
        first, last = entries[0].arrived_ns, entries[-1].arrived_ns
        pause = (last - first) // max(len(entries) - 1, 1) or 10**7
        return self._started_ns + entry.arrived_ns - first + round_ * (last - first + pause)

    def _delivered(self, position: int) -> Delivered:
        round_, entry = self._entry(position)
        due_ns = self._due_ns(position)
        arrived_ns = self._clock.monotonic_ns() if self._fast else due_ns
        device_ns = None
        if entry.device_ns is not None and not self._fast:
            device_ns = entry.device_ns + due_ns - self._started_ns
            device_ns -= entry.arrived_ns - self._opened().entries[0].arrived_ns
        data, damage = self._payload(entry)
        return Delivered(
            data,
            entry.pixel_format,
            entry.width,
            entry.height,
            entry.stride,
            self._id(entry, round_),
            arrived_ns,
            device_ns,
            entry.problem or damage,
            self._chunks(entry, round_),
            entry.source or f"{self._folder.name}#{entry.frame_id}",
        )

    def _payload(self, entry: Entry) -> tuple[NDArray[np.uint8], str]:
        """The bytes, and what is wrong with them."""
        if entry.dropped:
            return _NOTHING, "the recorder had no room for it"
        if not entry.size:
            return _NOTHING, ""
        data = self._segments[entry.segment][entry.offset : entry.offset + entry.size]
        good = zlib.crc32(data.data) == entry.crc
        return data.view(np.ndarray), "" if good else "damaged on the disk"

    def _id(self, entry: Entry, round_: int) -> int:
        """In later rounds the ids go on, and wrap as the device's do."""
        ids, entries = self.frame_ids, self._opened().entries
        if not round_:
            return entry.frame_id
        span = ids.last - ids.after_wrap + 1
        step = (entries[-1].frame_id - entries[0].frame_id) % span + 1
        return (entry.frame_id - ids.after_wrap + round_ * step) % span + ids.after_wrap

    def _chunks(self, entry: Entry, round_: int) -> dict[str, FeatureValue]:
        """The device's own, and what else was known under the names that chunks have."""
        known = entry.known
        beside = {
            "ChunkExposureTime": known.exposure_us,
            "ChunkGain": known.gain_db,
            COUNTER: known.trigger_count,
            ENCODER: known.encoder_count,
        }
        chunks: dict[str, FeatureValue]
        chunks = {name: value for name, value in beside.items() if value is not None}
        chunks.update(entry.chunks)
        if round_ and COUNTER in chunks:
            first, last = (_counter(self._opened().entries[place]) for place in (0, -1))
            chunks[COUNTER] = int(chunks[COUNTER]) + round_ * (last - first + 1)
        return chunks


def _counter(entry: Entry) -> int:
    return int(entry.chunks.get(COUNTER, entry.known.trigger_count or 0))


def recorded_camera(
    name: str, folder: Path, clock: Clock, *, loop: bool = True, fast: bool = False
) -> DeviceCamera:
    """A camera of the line that shows a recording; its timing and its trigger counts rule.

    Triggers are counted by ``ChunkCounterValue`` where the recording has it, else by frame ids.
    Raises ``DatasetError``.
    """
    entries = read_recording(folder).entries
    counter = COUNTER if any(_counter(entry) for entry in entries) else ""
    encoder = any(
        ENCODER in entry.chunks or entry.known.encoder_count is not None for entry in entries
    )
    config = PluginCamera(
        driver="plugin", plugin="recording", name=name, trigger=TriggerConfig(mode="timer")
    )
    triggers = CountedTriggers(counter=counter, encoder=ENCODER if encoder else "", clock=clock)
    device = RecordedDevice(folder, clock, loop=loop, fast=fast)
    return DeviceCamera(config, device, triggers, {}, clock)
