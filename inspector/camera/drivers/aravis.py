"""GigE Vision and USB3 Vision cameras by Aravis (Linux; PyGObject and Debian's Aravis 0.8)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from inspector.camera.device import (
    GIGE_16_BIT,
    Delivered,
    DeviceIdentity,
    FrameIds,
    LinkStatistics,
)
from inspector.camera.drivers.aravis_features import AravisFeatures
from inspector.camera.drivers.aravis_link import Link, discover, load
from inspector.camera.drivers.aravis_stream import Acquisition, FrameCount
from inspector.core.camera_config import AravisCamera
from inspector.core.errors import CameraError, CameraLost

__all__ = ["AravisDevice", "discover", "make"]


def make(config: AravisCamera) -> AravisDevice:
    """The device of a camera in ``line.yaml``."""
    return AravisDevice(config)


class AravisDevice:
    """Implements ``Device``.

    A camera that dies is known to be gone when its heartbeat has not been answered for about five
    seconds, or the first access to a feature after 2.5 s; both times are Aravis' own.
    """

    def __init__(self, config: AravisCamera) -> None:
        self._config = config
        self._sdk = load()
        self._link = Link(config.name)
        self._features = AravisFeatures(self._link)
        self._count = FrameCount(GIGE_16_BIT)
        self._acquisition: Acquisition | None = None
        self._counted = LinkStatistics()
        self._tells_ready = False

    @property
    def identity(self) -> DeviceIdentity:
        """Who it is."""
        return self._link.identity

    @property
    def frame_ids(self) -> FrameIds:
        """16 bits without 0 on GigE, unless its extended ids are on; else from 0 without a wrap."""
        return self._count.ids

    @property
    def features(self) -> AravisFeatures:
        """Its features."""
        return self._features

    def open(self) -> None:
        """Connect. Without ``device`` in the configuration this sends broadcasts."""
        self._link.open(self._config.device)
        self._features = AravisFeatures(self._link)
        self._counted = LinkStatistics()
        with self._link.camera() as camera:
            self._count = FrameCount(_frame_ids(camera))
            camera.set_range_check_policy(self._sdk.RangeCheckPolicy.ENABLE)
            camera.set_access_check_policy(self._sdk.AccessCheckPolicy.ENABLE)

    def start(self, buffers: int) -> None:
        """Open a stream and start the acquisition."""
        self.stop()
        with self._link.camera() as camera:
            if camera.is_gv_device():
                self._set_packets(camera)
            self._tells_ready = _tells_ready(camera)
            self._acquisition = Acquisition(camera, buffers, self._count)
            camera.start_acquisition()

    def fetch(self, timeout_s: float) -> Delivered | None:
        """The oldest buffer; those that were filled before the device was lost come first."""
        if self._acquisition is None:
            raise CameraError(f"{self._config.name}: not started", remedy="Call start() first")
        delivered = self._acquisition.fetch(timeout_s)
        if delivered is None and not self._link.alive:
            raise CameraLost(f"{self._config.name}: the camera does not answer any more")
        return delivered

    def give_back(self, delivered: Delivered) -> None:
        """Let the buffer be filled again; one of an earlier acquisition is dropped."""
        if self._acquisition is not None:
            self._acquisition.give_back(delivered.handle)

    def fire(self) -> bool:
        """``TriggerSoftware``; False while the camera says that it waits for no trigger."""
        with self._link.camera() as camera:
            if self._tells_ready and not camera.get_boolean("AcquisitionStatus"):
                return False
            camera.software_trigger()
            return True

    def alive(self) -> bool:
        """False once control is lost."""
        return self._link.alive

    def statistics(self) -> LinkStatistics:
        """Counts of all acquisitions since ``open``."""
        acquisition = self._acquisition
        return _sum(self._counted, acquisition.statistics()) if acquisition else self._counted

    def stop(self) -> None:
        """Stop; frames that were not fetched are gone."""
        acquisition, self._acquisition = self._acquisition, None
        if acquisition is None:
            return
        with suppress(CameraLost), self._link.camera() as camera:
            camera.stop_acquisition()
        self._counted = _sum(self._counted, acquisition.statistics())

    def close(self) -> None:
        """Stop and let go."""
        self.stop()
        self._link.close()

    def _set_packets(self, camera: Any) -> None:
        adjustment = self._sdk.GvPacketSizeAdjustment
        if self._config.packet_size:
            camera.gv_set_packet_size(self._config.packet_size)
            camera.gv_set_packet_size_adjustment(adjustment.NEVER)
        else:  # test packets when the stream is opened
            camera.gv_set_packet_size_adjustment(adjustment.ALWAYS)


def _frame_ids(camera: Any) -> FrameIds:
    if camera.is_uv_device():
        return FrameIds(0)
    extended = "GevGVSPExtendedIDMode"
    if camera.is_feature_available(extended) and camera.get_string(extended) == "On":
        return FrameIds(1, after_wrap=1)
    return GIGE_16_BIT


def _tells_ready(camera: Any) -> bool:
    """Turn ``AcquisitionStatus`` to the trigger of frames, where there is one."""
    selector, wanted = "AcquisitionStatusSelector", "FrameTriggerWait"
    if not camera.is_feature_available(selector):
        return False
    if wanted not in camera.dup_available_enumerations_as_strings(selector):
        return False
    camera.set_string(selector, wanted)
    return bool(camera.is_feature_available("AcquisitionStatus"))


def _sum(one: LinkStatistics, other: LinkStatistics) -> LinkStatistics:
    return LinkStatistics(
        one.resent + other.resent, one.underrun + other.underrun, one.missing + other.missing
    )
