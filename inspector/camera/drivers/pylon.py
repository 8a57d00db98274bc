"""Basler cameras (GigE, USB3, CoaXPress, emulation) by the pylon SDK (package ``pypylon``)."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from inspector.camera.device import (
    GIGE_16_BIT,
    Delivered,
    DeviceIdentity,
    FeatureValue,
    FrameIds,
    LinkStatistics,
)
from inspector.camera.drivers.nodes import NodeFeatures, read_available
from inspector.camera.drivers.pylon_sdk import Arrivals, discover, find, genicam, pylon, told
from inspector.camera.drivers.pylon_sdk import identity_of as _identity_of
from inspector.core.camera_config import PylonCamera
from inspector.core.errors import CameraError, CameraLost

__all__ = ["PylonDevice", "discover", "make"]

_EXTENDED_IDS = ("GevGVSPExtendedIDMode", "BslGevGVSPExtendedIDMode")
_CHUNK_CONTROLS = ("ChunkModeActive", "ChunkSelector", "ChunkEnable")
_NO_ID = 2**64 - 1


def make(config: PylonCamera) -> PylonDevice:
    """The device of a camera in ``line.yaml``."""
    return PylonDevice(config)


class PylonDevice:
    """Implements ``Device``.

    Statistics are those of pylon's stream grabber; the emulator has them, and leaves them at 0.
    Frames that came while all buffers were lent are lost, and count as underrun.
    """

    def __init__(self, config: PylonCamera) -> None:
        self._config = config
        self._subject = f"camera {config.name}"
        self._camera: Any = None
        self._identity = DeviceIdentity(config.name)
        self._features: NodeFeatures | None = None
        self._stream: NodeFeatures | None = None
        self._arrivals: Arrivals | None = None
        self._chunks: tuple[str, ...] = ()
        self._tick_ns = 1.0
        self._before = LinkStatistics()

    @property
    def identity(self) -> DeviceIdentity:
        """As pylon's enumeration says."""
        return self._identity

    @property
    def frame_ids(self) -> FrameIds:
        """USB and the emulator count from 0, GigE from 1 and in 16 bits unless set otherwise."""
        if not self._opened().IsGigE():
            return FrameIds(0)
        extended = any(self._read(name) == "On" for name in _EXTENDED_IDS)
        return FrameIds(1) if extended else GIGE_16_BIT

    @property
    def features(self) -> NodeFeatures:
        """The camera's own nodes."""
        if self._features is None:
            raise CameraLost(f"{self._subject} is not open")
        return self._features

    def open(self) -> None:
        """Connect; the camera's settings stay as they were found."""
        self.close()
        info = find(self._config.name, self._config.transport)
        with told(self._subject):
            camera = pylon.InstantCamera(pylon.TlFactory.GetInstance().CreateDevice(info))
        self._camera = camera
        self._arrivals = Arrivals(camera)
        atexit.register(self.close)  # the SDK's threads outlive the interpreter, and crash then
        try:
            with told(self._subject, camera):
                camera.Open()
                gone = camera.IsCameraDeviceRemoved
                self._features = NodeFeatures(camera.GetNodeMap(), genicam, gone)
                self._stream = NodeFeatures(camera.GetStreamGrabberNodeMap(), genicam, gone)
        except CameraError:
            self.close()
            raise
        self._identity = _identity_of(info)
        self._before = LinkStatistics()

    def start(self, buffers: int) -> None:
        """Acquire in order, from a thread of the SDK."""
        camera, arrivals = self._opened(), self._arrivals
        assert arrivals is not None
        self._before = self.statistics()
        with suppress(KeyError, ValueError):
            self.features.set("AcquisitionMode", "Continuous")
        frequency = self._read("GevTimestampTickFrequency")
        self._tick_ns = 1e9 / float(frequency) if frequency else 1.0
        self._chunks = self._chunk_names() if self._read("ChunkModeActive") is True else ()
        with told(self._subject, camera):
            arrivals.begin(buffers)
            # an id's width is what the camera is set to, and does not change by starting it
            camera.UseExtendedIdIfAvailable.SetValue(False)
            camera.StartGrabbing(
                pylon.GrabStrategy_OneByOne, pylon.GrabLoop_ProvidedByInstantCamera
            )

    def fetch(self, timeout_s: float) -> Delivered | None:
        """See the port. A failed buffer without an id is left to the gap in the ids."""
        if self._arrivals is None:
            raise CameraLost(f"{self._subject} is not open")
        arrival = self._arrivals.get(timeout_s)
        if arrival is None:
            return None
        arrived_ns, result = arrival
        with told(self._subject, self._camera):
            delivered = self._delivered(result, arrived_ns)
        if delivered.frame_id != _NO_ID:
            return delivered
        self.give_back(delivered)
        if not delivered.problem:
            raise CameraError(f"{self._subject} does not number its frames")
        return self.fetch(timeout_s)

    def give_back(self, delivered: Delivered) -> None:
        """Its memory is the SDK's again."""
        result: Any = delivered.handle
        if self._arrivals is None:
            result.Release()
        else:
            self._arrivals.give_back(result)

    def fire(self) -> bool:
        """Asks the camera first whether it would take a trigger, where it can be asked."""
        camera = self._opened()
        with told(self._subject, camera):
            can_ask = camera.CanWaitForFrameTriggerReady()
            if can_ask and not camera.WaitForFrameTriggerReady(0, pylon.TimeoutHandling_Return):
                return False
            camera.ExecuteSoftwareTrigger()
        return True

    def alive(self) -> bool:
        """By pylon's removal detection: at once on USB, by the heartbeat (3 s) on GigE."""
        camera = self._camera
        return camera is not None and not camera.IsCameraDeviceRemoved()

    def statistics(self) -> LinkStatistics:
        """pylon's counts begin anew with each acquisition; these do not."""
        before, arrivals = self._before, self._arrivals
        refused = arrivals.refused if arrivals is not None else 0
        return LinkStatistics(
            resent=before.resent + self._count("Statistic_Resend_Packet_Count"),
            underrun=before.underrun + refused + self._count("Statistic_Buffer_Underrun_Count"),
            missing=before.missing + self._count("Statistic_Failed_Packet_Count"),
        )

    def stop(self) -> None:
        """Frames that nobody fetched are given back."""
        camera, arrivals = self._camera, self._arrivals
        if camera is None or arrivals is None:
            return
        if camera.IsGrabbing():
            with suppress(genicam.GenericException):
                camera.StopGrabbing()
        arrivals.drop()

    def close(self) -> None:
        """Let go of the camera, and of the SDK's object of it: a lost one is of no more use."""
        self.stop()
        camera, arrivals, self._camera, self._arrivals = self._camera, self._arrivals, None, None
        for nodes in (self._features, self._stream):
            if nodes is not None:
                nodes.close()
        self._features = self._stream = None
        if camera is None or arrivals is None:
            return
        arrivals.close()
        for let_go in (camera.Close, camera.DestroyDevice):
            with suppress(genicam.GenericException):
                let_go()
        atexit.unregister(self.close)

    def _opened(self) -> Any:
        camera = self._camera
        if camera is None:
            raise CameraLost(f"{self._subject} is not open")
        return camera

    def _read(self, name: str) -> FeatureValue | None:
        try:
            return self.features.get(name)
        except (KeyError, ValueError):
            return None

    def _count(self, name: str) -> int:
        if self._stream is None:
            raise CameraLost(f"{self._subject} is not open")
        try:
            return int(self._stream.get(name))
        except (KeyError, ValueError):
            return 0

    def _chunk_names(self) -> tuple[str, ...]:
        names = self.features.names()
        return tuple(n for n in names if n.startswith("Chunk") and n not in _CHUNK_CONTROLS)

    def _delivered(self, result: Any, arrived_ns: int) -> Delivered:
        problem = ""
        if not result.GrabSucceeded():
            code = result.GetErrorCode()
            problem = result.GetErrorDescription() or "The buffer failed."
            problem += f" (0x{code:08X})" if code else ""
        block_id = result.GetBlockID()
        if block_id == 0 and self._opened().IsGigE():
            block_id = _NO_ID
        kind, width = result.GetPixelType(), result.GetWidth()
        whole, stride = result.GetStride()
        if not whole:  # rows that do not end with a byte
            stride = -(-width * pylon.BitPerPixel(kind) // 8) + result.GetPaddingX()
        stamp = result.GetTimeStamp()
        has_data = result.GetBufferSize() > 0
        return Delivered(
            data=np.frombuffer(result.GetImageMemoryView() if has_data else b"", np.uint8),
            pixel_format=pylon.PixelTypeMapper.GetNameByPixelType(kind, pylon.Sfnc_2_0_0),
            width=width,
            height=result.GetHeight(),
            stride=stride,
            frame_id=block_id,
            arrived_ns=arrived_ns,
            device_ns=round(stamp * self._tick_ns) if stamp else None,
            problem=problem,
            chunks=self._chunk_values(result),
            handle=result,
        )

    def _chunk_values(self, result: Any) -> Mapping[str, FeatureValue]:
        if not self._chunks or not result.IsChunkDataAvailable():
            return {}
        return read_available(result.GetChunkDataNodeMap(), self._chunks)
