"""Aravis itself: how it is loaded, and one open camera of it.

Aravis finds GigE cameras by broadcasts on every network of the PC. ``discover`` does that, and so
does ``Link.open`` without an address; with an IP address nothing is sent but to that address.
"""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil

from inspector.camera.device import DeviceIdentity
from inspector.core.errors import CameraError, CameraLost, ConfigError

_REMEDY = (
    "Install Debian's gir1.2-aravis-0.8, and PyGObject: pip install 'inspector-line[aravis]'; "
    "see docs/cameras.md"
)
_GONE = ("NOT_CONNECTED", "NOT_FOUND", "TIMEOUT", "TRANSFER_ERROR", "NOT_CONTROLLER")
"""Errors of a device (``Aravis.DeviceError``) after which it has to be opened again."""


def load() -> Any:
    """The namespace ``Aravis``. Raises ``ConfigError`` where it is not installed."""
    try:
        import gi  # noqa: PLC0415  # an SDK that is not there must not stop the program's start

        gi.require_version("Aravis", "0.8")
        from gi.repository import Aravis  # noqa: PLC0415  # as above
    except (ImportError, ValueError) as error:
        raise ConfigError(f"driver: aravis: {error}", remedy=_REMEDY) from None
    return Aravis


def discover(interface: str = "") -> list[DeviceIdentity]:
    """All GigE Vision and USB3 Vision cameras, or those of one ``interface`` of Aravis.

    Sends broadcasts on every network, about a second, but for interface ``USB3Vision``. A camera in
    another subnet is listed too where its answer gets through; it cannot be opened.
    """
    sdk = load()
    with _only(sdk, interface):
        sdk.update_device_list()
    return [
        DeviceIdentity(
            serial=sdk.get_device_serial_nbr(i) or "",
            vendor=sdk.get_device_vendor(i) or "",
            model=sdk.get_device_model(i) or "",
            address=sdk.get_device_address(i) or "",
        )
        for i in range(sdk.get_n_devices())
    ]


@contextmanager
def _only(sdk: Any, interface: str) -> Iterator[None]:
    """Other interfaces are not searched meanwhile."""
    others = [name for name in ("USB3Vision", "GigEVision") if interface not in ("", name)]
    for name in others:
        sdk.disable_interface(name)
    try:
        yield
    finally:
        for name in others:
            sdk.enable_interface(name)


def in_reach(address: str) -> bool:
    """False when no network of this PC has the IP address; True for what is none."""
    try:
        wanted = ipaddress.IPv4Address(address)
    except ValueError:
        return True
    return any(
        wanted in ipaddress.IPv4Network(f"{own.address}/{own.netmask}", strict=False)
        for addresses in psutil.net_if_addrs().values()
        for own in addresses
        if own.netmask and _is_ipv4(own.address)
    )


def _is_ipv4(address: str) -> bool:
    try:
        ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return True


class Link:
    """An open camera. Any thread; one at a time, because Aravis' feature tree takes no more."""

    def __init__(self, serial: str) -> None:
        self._serial = serial
        self._sdk = load()
        self._camera: Any = None
        self._lock = threading.RLock()
        self._lost = threading.Event()
        self.identity = DeviceIdentity(serial="")

    def open(self, device: str) -> None:
        """Take exclusive control of ``device`` (IP address or id; empty = by serial number)."""
        self.close()
        self._lost = threading.Event()
        self._camera = self._connect(device)
        try:
            with self.camera() as camera:
                self._check(camera)
                self.identity = _identity(camera)
        except BaseException:
            self.close()
            raise
        self._camera.get_device().connect("control-lost", _setter(self._lost))

    def close(self) -> None:
        """Give control back. Features that others still hold find the camera gone."""
        with self._lock:
            camera, self._camera = self._camera, None
            if camera is None or not camera.is_gv_device() or self._lost.is_set():
                return
            device = camera.get_device()
            if device.is_controller():  # a reference that somebody keeps must not keep control
                with suppress(CameraError), self._translated():
                    device.leave_control()

    @property
    def alive(self) -> bool:
        """False when the device is known to be gone."""
        return self._camera is not None and not self._lost.is_set()

    @contextmanager
    def camera(self) -> Iterator[Any]:
        """The ``Aravis.Camera``; what Aravis raises becomes ``CameraLost`` or ``CameraError``."""
        with self._lock, self._translated():
            if not self.alive:
                raise CameraLost(f"{self._serial}: the camera is gone")
            yield self._camera

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from gi.repository import GLib  # noqa: PLC0415  # there once load() has passed

        try:
            yield
        except GLib.Error as error:
            codes = [getattr(self._sdk.DeviceError, name) for name in _GONE]
            if error.domain == "arv-device-error-quark" and error.code in codes:
                self._lost.set()
                raise CameraLost(f"{self._serial}: {error.message}") from error
            raise CameraError(f"{self._serial}: {error.message}") from error

    def _connect(self, device: str) -> Any:
        address = device
        if not device:
            device, address = self._find()
        try:
            with self._translated():
                return self._sdk.Camera.new(device)
        except CameraError as error:
            elsewhere = not in_reach(address)
            raise CameraError(
                f"{error.problem}, which is in another subnet than this PC"
                if elsewhere
                else error.problem,
                remedy=f"Give one of the PC's cards an address in the subnet of {address}"
                if elsewhere
                else "Check its power, its cable and cameras.device in the line's file",
            ) from error

    def _find(self) -> tuple[str, str]:
        """Id and address of the camera with the serial number."""
        sdk = self._sdk
        sdk.update_device_list()
        serials = [sdk.get_device_serial_nbr(i) for i in range(sdk.get_n_devices())]
        if self._serial not in serials:
            found = ", ".join(serial or "?" for serial in serials) or "none"
            raise CameraError(
                f"{self._serial}: no camera with this serial number; found: {found}",
                remedy="Check its power and cable, and cameras.name in the line's file",
            )
        index = serials.index(self._serial)
        return sdk.get_device_id(index), sdk.get_device_address(index)

    def _check(self, camera: Any) -> None:
        serial = camera.get_device_serial_number()
        if serial != self._serial:
            raise CameraError(
                f"{self._serial}: the camera that answers has the serial number {serial}",
                remedy="Correct cameras.name or cameras.device in the line's file",
            )
        if camera.is_gv_device() and not camera.get_device().is_controller():
            raise CameraError(
                f"{self._serial}: another program controls the camera",
                remedy="Close it; after a crash the camera frees itself within seconds",
            )


def _setter(event: threading.Event) -> Any:
    """A handler that holds nothing but the event: Aravis calls it on a thread of its own."""
    return lambda _device: event.set()


def _identity(camera: Any) -> DeviceIdentity:
    device = camera.get_device()
    versions = (
        camera.get_string(name)
        for name in ("DeviceFirmwareVersion", "DeviceVersion")
        if camera.is_feature_available(name)
    )
    address = ""
    if camera.is_gv_device():
        address = device.get_device_address().get_address().to_string()
    return DeviceIdentity(
        serial=camera.get_device_serial_number(),
        vendor=camera.get_vendor_name() or "",
        model=camera.get_model_name() or "",
        version=next(versions, ""),
        address=address,
    )
