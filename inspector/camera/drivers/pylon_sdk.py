"""The pylon SDK of Basler: where it is imported, its cameras found, and its threads heard."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Any

from inspector.camera.device import DeviceIdentity
from inspector.core.errors import CameraError, CameraLost, ConfigError

try:
    with warnings.catch_warnings():  # SWIG's types are deprecated; as an error that ends Python
        warnings.simplefilter("ignore", DeprecationWarning)
        from pypylon import genicam, pylon
except ImportError as error:
    raise ConfigError(
        f"driver pylon: {error}", remedy="Install the SDK with pip install pypylon"
    ) from error

__all__ = ["Arrivals", "discover", "find", "genicam", "pylon", "told"]

Arrival = tuple[int, Any]
"""Host-monotonic time, ns, and a grab result; after the last one stands why no more come."""


def discover(transport: str = "") -> list[DeviceIdentity]:
    """Cameras that pylon finds; without a transport it broadcasts on every network of the PC."""
    return [identity_of(info) for info in _enumerate(transport)]


def find(serial: str, transport: str) -> Any:
    """The device info of one camera that can be opened now; else ``CameraError`` says why not."""
    infos = _enumerate(transport)
    info = next((info for info in infos if info.GetSerialNumber() == serial), None)
    if info is None:
        found = ", ".join(f"{i.GetSerialNumber()} ({i.GetModelName()})" for i in infos)
        where = transport or "any transport of pylon"
        raise CameraError(
            f"no camera {serial} on {where}; found: {found or 'none'}",
            remedy="Check power, cable and the serial number: name in line.yaml",
        )
    _, access = pylon.TlFactory.GetInstance().IsDeviceAccessibleInfo(info)
    if access == pylon.Accessibility_NotReachable:
        raise CameraError(
            f"camera {serial} has the address {info.GetIpAddress()}, on a subnet that this PC is "
            "not on",
            remedy="Give camera and network card addresses of one subnet (pylon IP Configurator)",
        )
    if access in (pylon.Accessibility_Opened, pylon.Accessibility_OpenedExclusively):
        raise CameraError(
            f"camera {serial} is held by another program", remedy="Close pylon Viewer and others"
        )
    return info


def identity_of(info: Any) -> DeviceIdentity:
    """Who a device is, by pylon's device info."""
    return DeviceIdentity(
        serial=info.GetSerialNumber(),
        vendor=info.GetVendorName(),
        model=info.GetModelName(),
        version=info.GetDeviceVersion() if info.IsDeviceVersionAvailable() else "",
        address=info.GetIpAddress() if info.IsIpAddressAvailable() else info.GetFullName(),
    )


def _enumerate(transport: str) -> list[Any]:
    factory = pylon.TlFactory.GetInstance()
    known = [info.GetDeviceClass() for info in factory.EnumerateTls()]
    if transport and transport not in known:
        raise ConfigError(f"transport {transport}: pylon has none", remedy=f"It has {known}")
    found: list[Any] = []
    for name in [transport] if transport else known:
        with told(f"transport {name}"), factory.TransportLayer(name) as layer:
            if layer is None and transport:
                raise CameraError(f"transport {name}: pylon cannot load it on this PC")
            if layer is None:
                continue
            # on GigE the plain search leaves out cameras of other subnets
            every = getattr(layer, "EnumerateAllDevices", layer.EnumerateDevices)
            found.extend(every())
    return found


@contextmanager
def told(subject: str, camera: Any = None) -> Iterator[None]:
    """Turn the SDK's exceptions into ours."""
    try:
        yield
    except genicam.GenericException as error:
        if camera is not None and camera.IsCameraDeviceRemoved():
            raise CameraLost(f"{subject} is gone") from error
        raise CameraError(f"{subject}: {str(error).split(' : ')[0]}") from error


class Arrivals:
    """Results of the SDK's grab thread, in order, with the time at which each was there.

    That thread stamps them: a consumer that was late still learns how old a frame is. A device
    that is removed, and a grab thread that failed, end them behind those that came before.

    Nobody is lent more of them than ``begin`` allows, one less than pylon has: it puts a buffer
    back in use a moment before the result that referred to it, and where none is left in that
    moment its acquisition ends ("maximum number of available grab results").
    """

    def __init__(self, camera: Any) -> None:
        self._camera = camera
        self._came: SimpleQueue[Arrival | str] = SimpleQueue()
        self._images = _Images(self._came)
        self._failures = _Failures(self._images)
        # in place of pylon's own configuration, which would switch triggers off at each opening
        replace, ours = pylon.RegistrationMode_ReplaceAll, pylon.Cleanup_None
        camera.RegisterConfiguration(self._failures, replace, ours)
        camera.RegisterImageEventHandler(self._images, replace, ours)

    @property
    def refused(self) -> int:
        """Frames that nobody could be lent since ``begin``; gaps in the ids tell which."""
        return self._images.refused

    def begin(self, buffers: int) -> None:
        """Lend so many at once, of an acquisition that is about to start."""
        self._images.lend(buffers)
        for setting in ("MaxNumBuffer", "MaxNumQueuedBuffer"):
            getattr(self._camera, setting).SetValue(buffers + 1)

    def give_back(self, result: Any) -> None:
        """What ``get`` lent; also after the acquisition that it came from."""
        self._images.give_back(result)

    def get(self, timeout_s: float) -> Arrival | None:
        """The oldest; None at the time-out. ``CameraLost`` where no more will come."""
        try:
            arrival = self._came.get(timeout=max(timeout_s, 0.0))
        except Empty:
            return None
        if isinstance(arrival, str):
            self._came.put(arrival)
            raise CameraLost(arrival)
        return arrival

    def drop(self) -> None:
        """Give back what nobody took."""
        with suppress(Empty):
            while not isinstance(arrival := self._came.get_nowait(), str):
                self.give_back(arrival[1])
            self._came.put(arrival)

    def close(self) -> None:
        """The SDK calls no more."""
        self._camera.DeregisterImageEventHandler(self._images)
        self._camera.DeregisterConfiguration(self._failures)
        self.drop()


class _Images(pylon.ImageEventHandler):  # type: ignore[misc]  # pypylon has no types
    """Called on the SDK's grab thread."""

    def __init__(self, came: SimpleQueue[Arrival | str]) -> None:
        super().__init__()
        self._came = came
        self._ended = False
        self._most = 0
        self._lent: set[int] = set()
        self.refused = 0

    def lend(self, most: int) -> None:
        """Before an acquisition; what was lent of the one before is not counted."""
        self._most, self._lent, self.refused = most, set(), 0

    def give_back(self, result: Any) -> None:
        """Counted as lent until pylon has it."""
        result.Release()
        self._lent.discard(id(result))

    def OnImageGrabbed(self, camera: Any, result: Any) -> None:  # noqa: N802  # SDK's name
        """Stamp and keep; the result passed in is the SDK's, a copy of it refers to the buffer."""
        now_ns = time.monotonic_ns()
        if self._ended:  # the emulator goes on after its removal
            return
        if len(self._lent) >= self._most:
            self.refused += 1
            return
        lent = pylon.GrabResult(result)
        self._lent.add(id(lent))
        self._came.put((now_ns, lent))

    def end(self, reason: str) -> None:
        """No frame comes any more."""
        self._ended = True
        self._came.put(reason)


class _Failures(pylon.ConfigurationEventHandler):  # type: ignore[misc]  # pypylon has no types
    """Called on the thread that finds the device gone, or fails."""

    def __init__(self, images: _Images) -> None:
        super().__init__()
        self._images = images

    def OnCameraDeviceRemoved(self, camera: Any) -> None:  # noqa: N802  # the SDK's name
        """End the frames."""
        self._images.end("the camera was removed")

    def OnGrabError(self, camera: Any, message: str) -> None:  # noqa: N802  # the SDK's name
        """The grab thread has ended: only a new start would tell, and nobody would give it."""
        self._images.end(f"the acquisition failed: {message}")
