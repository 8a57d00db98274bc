"""Which cameras are there: each SDK asked in turn, and no network searched without a word.

GigE cameras are found by broadcasts, which a plant's network may not like: they are sent only where
``network`` says so. USB, emulations, and numbers of USB cameras are looked at on this PC alone.
"""

from __future__ import annotations

import os
import platform
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import cast

import psutil

from inspector.camera.device import DeviceIdentity
from inspector.camera.making import PLUGINS
from inspector.core.errors import CameraError, ConfigError

DRIVERS = ("pylon", "genicam", "aravis", "opencv", "plugin")
_PYLON_USB, _PYLON_EMULATION = "BaslerUsb", "BaslerCamEmu"
_PYLON_NETWORK = "BaslerGigE"
_INDICES = 4
"""Numbers of USB cameras that are tried where the system does not list them."""


@dataclass(frozen=True, slots=True)
class Search:
    """What to search: one driver or all (empty), one transport of pylon, GenTL producers."""

    driver: str = ""
    transport: str = ""
    producers: tuple[Path, ...] = ()
    network: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What one driver found in one place."""

    driver: str
    place: str
    """Transport, producer or bus."""
    cameras: tuple[DeviceIdentity, ...] = ()
    problem: str = ""
    """Why nothing could be searched, and what to do."""
    skipped: bool = False
    """The place was left out because searching it sends broadcasts."""


def networks() -> tuple[str, ...]:
    """Where broadcasts would go: ``eth0 192.168.1.10/255.255.255.0``."""
    up = {name for name, one in psutil.net_if_stats().items() if one.isup}
    return tuple(
        f"{name} {own.address}/{own.netmask}"
        for name, addresses in psutil.net_if_addrs().items()
        for own in addresses
        if name in up and own.family == socket.AF_INET and not own.address.startswith("127.")
    )


def discover(search: Search) -> Iterator[Found]:
    """Ask each driver; a missing SDK is a ``problem`` and no exception. Seconds on networks."""
    for driver in DRIVERS:
        if search.driver not in ("", driver):
            continue
        try:
            yield from _ASK[driver](search)
        except ConfigError as error:
            yield Found(driver, "SDK", problem=str(error))


def _asked(driver: str, place: str, ask: Callable[[], Sequence[DeviceIdentity]]) -> Found:
    try:
        return Found(driver, place, tuple(ask()))
    except (ConfigError, CameraError) as error:
        return Found(driver, place, problem=str(error))


def _pylon(search: Search) -> Iterator[Found]:
    emulated = (_PYLON_EMULATION,) if os.environ.get("PYLON_CAMEMU") else ()
    network = (_PYLON_NETWORK,) if search.network else ()
    usual = (_PYLON_USB, *emulated, *network)
    pylon = _driver("pylon")
    for transport in (search.transport,) if search.transport else usual:
        yield _asked("pylon", transport, partial(pylon.discover, transport))
    if not search.transport and not search.network:
        yield Found("pylon", _PYLON_NETWORK, skipped=True)


def _genicam(search: Search) -> Iterator[Found]:
    for producer in search.producers:
        yield _asked("genicam", str(producer), partial(_genicam_devices, producer))
    if search.producers:
        return
    installed = installed_producers()
    names = ", ".join(map(str, installed)) or "none in GENICAM_GENTL64_PATH"
    problem = f"a producer may search networks as it starts: {names}. Name one with --producer"
    yield Found("genicam", "GenTL producers", problem=problem)


def _genicam_devices(producer: Path) -> list[DeviceIdentity]:
    return _driver("genicam").discover(producer)


def installed_producers() -> tuple[Path, ...]:
    """The .cti files in the folders of ``GENICAM_GENTL64_PATH``; none is loaded."""
    folders = os.environ.get("GENICAM_GENTL64_PATH", "").split(os.pathsep)
    return tuple(sorted(file for name in folders if name for file in Path(name).glob("*.cti")))


def _aravis(search: Search) -> Iterator[Found]:
    places = ("USB3Vision", "GigEVision") if search.network else ("USB3Vision",)
    aravis = _driver("aravis")
    for place in places:
        found = _asked("aravis", place, partial(aravis.discover, place))
        yield found
        if found.problem:
            return
    if not search.network:
        yield Found("aravis", "GigEVision", skipped=True)


def _opencv(_search: Search) -> Iterator[Found]:
    yield _asked("opencv", "USB cameras", usb_cameras)


def usb_cameras() -> list[DeviceIdentity]:
    """USB cameras by their numbers. On Linux as the system lists them; else each is tried."""
    if platform.system() == "Linux":
        files = Path("/sys/class/video4linux").glob("video*/name")
        listed = sorted((int(file.parent.name.removeprefix("video")), file) for file in files)
        return [
            DeviceIdentity("", model=file.read_text("utf-8").strip(), address=str(number))
            for number, file in listed
        ]
    source = import_module("inspector.camera.drivers.opencv_source").Source
    return [
        DeviceIdentity("", model="USB camera", address=str(number))
        for number in range(_INDICES)
        if _opens(source(str(number)))
    ]


def _opens(source: object) -> bool:
    try:
        source.open().release()  # type: ignore[attr-defined]  # a lazily imported class
    except CameraError:
        return False
    return True


def _plugins(_search: Search) -> Iterator[Found]:
    for point in entry_points(group=PLUGINS):
        yield Found("plugin", point.name, problem="installed; its own documents say what it finds")


def _driver(name: str) -> _Driver:
    return cast("_Driver", import_module(f"inspector.camera.drivers.{name}"))


class _Driver:
    """The module of a driver, as far as it is used here."""

    @staticmethod
    def discover(place: object) -> list[DeviceIdentity]:
        """Cameras in one place."""
        raise NotImplementedError


_ASK: dict[str, Callable[[Search], Iterator[Found]]] = {
    "pylon": _pylon,
    "genicam": _genicam,
    "aravis": _aravis,
    "opencv": _opencv,
    "plugin": _plugins,
}
