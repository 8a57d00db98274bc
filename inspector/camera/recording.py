"""Recordings: what a device delivered, byte for byte, in a folder.

::

    recording.json      about the device; written first and whole
    index.jsonl         one line for each frame, in order of arrival
    frames-0000.raw     payloads, one behind the other; a new file every 256 MiB

A payload is written before the line that names it. So whatever ends a recording, it can be read up
to the last whole frame: a line that is cut short, or names bytes that are not there, is its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from inspector.camera.device import (
    Delivered,
    Device,
    DeviceIdentity,
    Feature,
    FeatureKind,
    FeatureValue,
    FrameIds,
)
from inspector.core.errors import DatasetError
from inspector.durable.files import write_atomically

ABOUT, INDEX = "recording.json", "index.jsonl"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """Whose frames they are, and how the device was set when they began."""

    version: int = 1
    utc_us: int
    identity: DeviceIdentity
    frame_ids: FrameIds
    features: tuple[Feature, ...]
    running: bool = False
    """The acquisition had begun before: what came earlier is no gap."""


class Circumstances(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a frame beside what the device delivers with it."""

    trigger_count: int | None = None
    encoder_count: int | None = None
    exposure_us: float | None = None
    gain_db: float | None = None
    temperature_c: float | None = None


UNKNOWN = Circumstances()


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One frame of a recording. ``crc`` is the CRC-32 of its ``size`` bytes at ``offset``."""

    frame_id: int
    arrived_ns: int
    pixel_format: str
    width: int
    height: int
    stride: int
    device_ns: int | None = None
    problem: str = ""
    chunks: Mapping[str, FeatureValue] = {}
    source: str = ""
    known: Circumstances = UNKNOWN
    dropped: bool = False
    """The recorder had no room for it; the device had delivered it."""
    segment: int = 0
    offset: int = 0
    size: int = 0
    crc: int = 0

    @classmethod
    def of(cls, delivered: Delivered, known: Circumstances) -> Entry:
        """The entry of a frame that is not written yet."""
        return cls(
            frame_id=delivered.frame_id,
            arrived_ns=delivered.arrived_ns,
            pixel_format=delivered.pixel_format,
            width=delivered.width,
            height=delivered.height,
            stride=delivered.stride,
            device_ns=delivered.device_ns,
            problem=delivered.problem,
            chunks=dict(delivered.chunks),
            source=delivered.source,
            known=known,
        )


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as it lies on the disk."""

    folder: Path
    about: About
    entries: tuple[Entry, ...]

    @property
    def incomplete_end(self) -> bool:
        """The recorder was killed in the middle of a frame."""
        return _length(self.folder / INDEX) > sum(len(to_line(entry)) for entry in self.entries)


def about(device: Device, utc_us: int, *, running: bool = False) -> About:
    """A device that is open, as it is set now; ``running`` when its acquisition has begun."""
    features = [device.features.describe(name) for name in device.features.names()]
    kept = tuple(one for one in features if one.kind is not FeatureKind.COMMAND)
    return About(utc_us=utc_us, identity=device.identity, frame_ids=device.frame_ids, features=kept)


def is_recording(folder: Path) -> bool:
    """True for a folder that a recorder began."""
    return (folder / ABOUT).is_file()


def segment_path(folder: Path, number: int) -> Path:
    """The file of payloads with this number."""
    return folder / f"frames-{number:04}.raw"


def to_line(entry: Entry) -> bytes:
    """One line of the index."""
    return msgspec.json.encode(entry) + b"\n"


def begin(folder: Path, what: About) -> None:
    """Make the folder. Raises ``StorageError``, and ``DatasetError`` where there is one already."""
    if is_recording(folder):
        raise DatasetError(f"{folder}: there is a recording already", remedy="Name another folder")
    write_atomically(folder / ABOUT, msgspec.json.format(msgspec.json.encode(what)))


def read_recording(folder: Path) -> Recording:
    """Index and description; payloads are left on the disk. Raises ``DatasetError``."""
    try:
        what = msgspec.json.decode((folder / ABOUT).read_bytes(), type=About)
        lines = (folder / INDEX).read_bytes().splitlines(keepends=True)
    except FileNotFoundError as error:
        raise DatasetError(
            f"{folder}: no recording, or an empty one", remedy="Check cameras.source"
        ) from error
    except (OSError, msgspec.DecodeError) as error:
        raise DatasetError(
            f"{folder / ABOUT}: cannot be read ({error})", remedy="Record it again"
        ) from error
    return Recording(folder, what, tuple(_whole_entries(folder, lines)))


def _whole_entries(folder: Path, lines: list[bytes]) -> list[Entry]:
    lengths: dict[int, int] = {}
    entries: list[Entry] = []
    for line in lines:
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except msgspec.DecodeError:
            break
        if entry.segment not in lengths:
            lengths[entry.segment] = _length(segment_path(folder, entry.segment))
        if not line.endswith(b"\n") or entry.offset + entry.size > lengths[entry.segment]:
            break
        entries.append(entry)
    return entries


def _length(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
