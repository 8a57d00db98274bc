"""Any camera by its maker's GenTL producer.

GenTL is spoken directly, and ``harvesters`` builds the device's node map and knows the pixel
formats. Its ``ImageAcquirer`` is left aside: it queues incomplete buffers again unseen, drops all
but the newest buffer of its thread, polls, and takes the program's Ctrl-C.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inspector.camera.device import (
    GIGE_16_BIT,
    Delivered,
    DeviceIdentity,
    FrameIds,
    LinkStatistics,
)
from inspector.camera.drivers.gentl_stream import GIGE, Stream
from inspector.camera.drivers.nodes import NodeFeatures
from inspector.camera.drivers.producers import (
    ERRORS,
    Found,
    Producer,
    RemoteDevice,
    gentl,
    told,
)
from inspector.core.camera_config import GenicamCamera
from inspector.core.errors import CameraError, CameraLost

_SEIZED = (gentl.AccessDeniedException, gentl.ResourceInUseException, gentl.BusyException)
_NO_ANSWER = (gentl.IoException, gentl.InvalidHandleException, gentl.TimeoutException)


def make(config: GenicamCamera) -> GenicamDevice:
    """The device that a line names."""
    return GenicamDevice(config)


def discover(producer: Path) -> list[DeviceIdentity]:
    """Who a producer finds now; ``address`` is GenTL's id, by which a device can be named, too."""
    with Producer.borrowed(producer) as loaded:
        return [found.identity for found in loaded.devices()]


class GenicamDevice:
    """Implements ``Device``.

    A frame for which no buffer is free is a gap of the frame ids, and where the producer counts
    them an underrun. Ids of transports that say nothing about the first one (CoaXPress, Camera
    Link, makers' own) are counted from the first frame that arrives.
    """

    def __init__(self, config: GenicamCamera) -> None:
        self._config = config
        self._identity = DeviceIdentity(config.name)
        self._producer: Producer | None = None
        self._device: Any = None
        self._stream: Stream | None = None
        self._features: NodeFeatures | None = None
        self._frame_ids = FrameIds(0)
        self._gone = True

    @property
    def identity(self) -> DeviceIdentity:
        """As the producer lists it."""
        return self._identity

    @property
    def frame_ids(self) -> FrameIds:
        """As the transport numbers them."""
        return self._frame_ids

    @property
    def features(self) -> NodeFeatures:
        """The remote device's features."""
        if self._features is None:
            raise CameraLost(f"{self._config.name}: not open")
        return self._features

    def open(self) -> None:
        """Find it by serial number, user-defined name or id, and take exclusive control."""
        self.close()
        self._producer = Producer.acquire(Path(self._config.producer))
        try:
            self._connect(self._find(self._producer))
        except BaseException:
            self.close()
            raise

    def _find(self, producer: Producer) -> Found:
        devices = producer.devices()
        name = self._config.name
        for found in devices:
            if found.is_called(name):
                return found
        there = ", ".join(
            f"{d.identity.model} {d.identity.serial} ({d.identity.address})" for d in devices
        )
        raise CameraError(
            f"cameras.name: {name}: not found by {producer.path}, which found {there or 'none'}",
            remedy="Check its cable, power and serial number",
        )

    def _connect(self, found: Found) -> None:
        name = self._config.name
        device = found.info.create_device()
        try:
            device.open(gentl.DEVICE_ACCESS_FLAGS_LIST.DEVICE_ACCESS_EXCLUSIVE)
        except _SEIZED as error:
            raise CameraError(
                f"{name}: another program holds the camera, or its network is not this PC's",
                remedy="Close the other program; compare the IP addresses of camera and PC",
            ) from error
        except gentl.GenericException as error:
            raise CameraError(f"{name}: cannot be opened: {error}") from error
        self._device = device
        try:
            nodes = RemoteDevice(module=device, parent=None).node_map
            features = NodeFeatures(nodes, ERRORS, lambda: self._gone)
            self._stream = Stream(device, nodes, features, name)
        except ERRORS.GenericException as error:
            raise CameraError(f"{name}: cannot be read: {error}") from error
        self._identity = found.identity
        self._gone = False
        self._features = features
        self._frame_ids = self._numbering(told(lambda: device.tl_type, ""))

    def _numbering(self, transport: str) -> FrameIds:
        if transport != GIGE:
            return FrameIds(0)
        try:
            extended = self.features.get("GevGVSPExtendedIDMode") == "On"
        except (KeyError, ValueError):
            extended = False
        return FrameIds(1) if extended else GIGE_16_BIT

    def start(self, buffers: int) -> None:
        """Announce memory of the payload's present size, and start."""
        self.stop()
        self._running().start(buffers)

    def fetch(self, timeout_s: float) -> Delivered | None:
        """The oldest filled buffer, also an incomplete one."""
        try:
            return self._running().fetch(timeout_s)
        except CameraLost:
            self._gone = True
            raise

    def give_back(self, delivered: Delivered) -> None:
        """Queue the buffer; those of an acquisition that ended are ignored."""
        if self._stream is not None and not self._stream.give_back(delivered.handle):
            self._gone = True

    def fire(self) -> bool:
        """``TriggerSoftware``; False while it cannot be given."""
        try:
            self.features.execute("TriggerSoftware")
        except ValueError:
            return False
        except KeyError as error:
            raise CameraError(f"{self._config.name}: it has no TriggerSoftware") from error
        return True

    def alive(self) -> bool:
        """Whether a register answers: every transport keeps its version at address 0.

        The access status of GenTL is not asked: producers tell what the last search found.
        """
        device = self._device
        if device is None or self._gone:
            return False
        try:
            device.remote_port.read(0, 4)
        except _NO_ANSWER:
            self._gone = True
        except gentl.GenericException:
            return True  # it refused: it is there
        return not self._gone

    def statistics(self) -> LinkStatistics:
        """GenTL counts underruns, and no packets."""
        stream = self._stream
        return LinkStatistics(underrun=stream.underrun if stream is not None else 0)

    def stop(self) -> None:
        """End the acquisition; buffers that are out are ignored when they come back."""
        if self._stream is not None:
            self._stream.stop()

    def close(self) -> None:
        """Let go of stream, device and producer.

        The node map stays connected: an access of another thread would crash on one that is not.
        """
        self._gone = True
        stream, self._stream = self._stream, None
        device, self._device = self._device, None
        producer, self._producer = self._producer, None
        self._features = None
        if stream is not None:
            stream.close()
        if device is not None:
            told(device.close)
        if producer is not None:
            producer.release()

    def _running(self) -> Stream:
        if self._stream is None:
            raise CameraLost(f"{self._config.name}: not open")
        return self._stream
