"""The port below the camera port: what an SDK gives, and nothing that all cameras share.

A driver implements ``Device`` and ``Features`` and knows its SDK; triggers, counts, unpacking,
settings, reconnection and health are done once, in ``inspector.camera.device_camera``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FeatureValue = bool | int | float | str
"""Value of a feature; an enumeration's is its entry's name."""


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """Who a device is. Empty where the SDK does not say."""

    serial: str
    vendor: str = ""
    model: str = ""
    version: str = ""
    address: str = ""
    """IP address, port or path by which it was found."""


@dataclass(frozen=True, slots=True)
class FrameIds:
    """How a device numbers its frames from the start of an acquisition: ``first`` .. ``last``.

    After ``last`` comes ``after_wrap`` (GigE Vision: 1 .. 65535, then 1 again).
    """

    first: int
    last: int = 2**63 - 1
    after_wrap: int = 0


GIGE_16_BIT = FrameIds(1, 65535, 1)


@dataclass(slots=True)
class Delivered:
    """One buffer of the SDK. It belongs to the caller until ``Device.give_back``.

    ``data`` is uint8[bytes], a view of the SDK's memory and never a copy; ``stride`` the bytes of a
    row. An incomplete one says what is wrong with it in ``problem``; its identity may hold still.
    """

    data: NDArray[np.uint8] = field(repr=False)
    pixel_format: str
    """SFNC / PFNC name, such as ``Mono12Packed`` or ``BayerRG8``."""
    width: int
    height: int
    stride: int
    frame_id: int
    arrived_ns: int
    """Host-monotonic time at which it was there, as early as the SDK can say."""
    device_ns: int | None = None
    """The device's own time stamp, ns; None where it keeps none."""
    problem: str = ""
    chunks: Mapping[str, FeatureValue] = field(default_factory=dict)
    """Chunk data by their SFNC names: ``ChunkExposureTime``, ``ChunkCounterValue``, ..."""
    source: str = ""
    """Where a replayed frame came from."""
    handle: object = field(default=None, repr=False)
    """The SDK's own object, for ``give_back``."""


class FeatureKind(StrEnum):
    """What a feature is."""

    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    ENUMERATION = "enumeration"
    STRING = "string"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a device as it is at this moment; limits depend on other features."""

    name: str
    """SFNC name, verbatim."""
    kind: FeatureKind
    value: FeatureValue | None = None
    """None where it cannot be read now."""
    lower: float | None = None
    upper: float | None = None
    step: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    writable: bool = False
    description: str = ""
    selects: tuple[str, ...] = ()
    """Features that have a value for each of its own values, as TriggerMode for TriggerSelector."""


class Features(Protocol):
    """The feature tree of an open device. Any thread. Values that do not fit raise ``ValueError``.

    A name that the device has not raises ``KeyError``; a device that is gone ``CameraLost``.
    """

    def names(self) -> tuple[str, ...]:
        """Every feature that is implemented, in the device's own order."""

    def describe(self, name: str) -> Feature:
        """Kind, value, limits, choices."""

    def get(self, name: str) -> FeatureValue:
        """The value."""

    def set(self, name: str, value: FeatureValue) -> None:
        """Write the value."""

    def execute(self, name: str) -> None:
        """Give a command."""


@dataclass(frozen=True, slots=True)
class LinkStatistics:
    """What the SDK counted on the way from the device, since it was opened."""

    resent: int = 0
    """Packets that came at the second asking."""
    underrun: int = 0
    """Frames for which the host had no buffer free."""
    missing: int = 0
    """Packets that never came."""


class Device(Protocol):
    """One device of one SDK.

    ``open`` .. ``close`` may follow each other any number of times on one object. ``fetch`` and
    ``give_back`` are called on the capture thread, ``fire``, ``alive``, ``statistics`` and the
    features on others. Whatever finds the device gone raises ``CameraLost``; one that cannot be
    opened raises ``CameraError`` with what to do about it (not found, seized by another program,
    another subnet, wrong serial number).
    """

    @property
    def identity(self) -> DeviceIdentity:
        """Who it is; valid from ``open`` on."""

    @property
    def frame_ids(self) -> FrameIds:
        """How it numbers frames; valid from ``open`` on."""

    @property
    def features(self) -> Features:
        """Its features; valid from ``open`` to ``close``."""

    def open(self) -> None:
        """Connect, with exclusive control."""

    def start(self, buffers: int) -> None:
        """Queue so many buffers and start the acquisition; frame ids begin anew."""

    def fetch(self, timeout_s: float) -> Delivered | None:
        """The oldest buffer that is there, complete or not, in order; None at the time-out."""

    def give_back(self, delivered: Delivered) -> None:
        """Let the SDK fill the buffer again."""

    def fire(self) -> bool:
        """Software trigger, at once; False when the device is not ready for one."""

    def alive(self) -> bool:
        """False when the device is known to be gone. Cheap; never blocks for long."""

    def statistics(self) -> LinkStatistics:
        """Counts so far."""

    def stop(self) -> None:
        """Stop the acquisition; safe when the device is gone."""

    def close(self) -> None:
        """Let go of the device; safe to call twice and when the device is gone."""
