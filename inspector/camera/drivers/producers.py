"""GenTL producers (.cti) of this process, and the devices that they find.

A producer can be opened once in a process, so that all cameras of one maker share it: the first
loads it, the last lets go of it.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import structlog

from inspector.camera.device import DeviceIdentity
from inspector.core.errors import CameraError, ConfigError

try:
    from genicam import genapi, gentl

    with warnings.catch_warnings():  # the import changes the filters of the whole process
        from harvesters.core import RemoteDevice
        from harvesters.util.pfnc import dict_by_ints
except ImportError as missing:
    raise ConfigError(
        f"cameras.driver: genicam needs the packages genicam and harvesters ({missing})",
        remedy='pip install -c scripts/constraints.txt -e ".[cameras]"',
    ) from missing

__all__ = [
    "ERRORS",
    "PIXEL_FORMATS",
    "Found",
    "Producer",
    "RemoteDevice",
    "genapi",
    "gentl",
    "told",
]

_log = structlog.get_logger(__name__)

PIXEL_FORMATS: dict[int, str] = dict_by_ints
"""Names of PFNC codes."""
ERRORS = SimpleNamespace(
    # a node map hands on what its port raises, which is GenTL's
    GenericException=(genapi.GenericException, gentl.GenericException),
    LogicalErrorException=genapi.LogicalErrorException,
    OutOfRangeException=genapi.OutOfRangeException,
    InvalidArgumentException=genapi.InvalidArgumentException,
    AccessException=genapi.AccessException,
)
"""The exceptions of a node map, as ``NodeFeatures`` wants them."""

_SEARCH_MS = 1000
_TRIAL_S = 20.0
_TRIAL = """\
import sys
from genicam import gentl
try:
    gentl.GenTLProducer.create_producer().open(sys.argv[1])
except gentl.GenericException as error:
    sys.exit(str(error))
"""


def told(read: Callable[[], Any], otherwise: Any = None) -> Any:
    """What a producer says; ``otherwise`` where it does not answer."""
    try:
        return read()
    except ERRORS.GenericException:
        return otherwise


@dataclass(frozen=True, slots=True)
class Found:
    """A device that a producer lists; ``info`` is GenTL's."""

    info: Any = field(repr=False)
    identity: DeviceIdentity
    user_name: str

    def is_called(self, name: str) -> bool:
        """Whether its serial number, user-defined name or id is this."""
        return name in (self.identity.serial, self.user_name, self.identity.address)


class Producer:
    """One loaded producer. ``acquire`` instead of the constructor; any thread."""

    _loaded: dict[Path, Producer] = {}  # noqa: RUF012  # the one table of the process
    _sound: set[Path] = set()  # noqa: RUF012
    _lock = threading.RLock()

    def __init__(self, path: Path) -> None:
        self.path = path
        self.users = 0
        self._stack = ExitStack()
        self._interfaces: dict[str, Any] = {}
        self._producer = gentl.GenTLProducer.create_producer()
        try:
            self._producer.open(str(path))
            self._stack.callback(self._producer.close)
            self._system = self._producer.create_system()
            self._system.open()
        except gentl.GenericException as error:
            self._stack.close()
            raise CameraError(
                f"{path}: the GenTL producer cannot be started: {error}",
                remedy="See its maker's instructions",
            ) from error
        self._stack.callback(self._system.close)

    @classmethod
    def acquire(cls, path: Path) -> Producer:
        """The producer of a file. ``ConfigError`` where it is none, ``CameraError`` if it fails."""
        path = path.expanduser().resolve()
        with cls._lock:
            if path not in cls._loaded:
                cls._try(path)
                cls._loaded[path] = cls(path)
            producer = cls._loaded[path]
            producer.users += 1
            return producer

    @classmethod
    def _try(cls, path: Path) -> None:
        """Load it in another process first: a damaged file or a foreign library would end ours."""
        if path in cls._sound:
            return
        if not path.is_file():
            raise ConfigError(
                f"cameras.producer: {path}: no such file",
                remedy="Give the path of the .cti file that the camera's maker installed",
            )
        why = _fault(path)
        if why:
            raise ConfigError(
                f"cameras.producer: {path}: not a GenTL producer, or damaged: {why}",
                remedy="Install the maker's software again, and give the path of its .cti file",
            )
        cls._sound.add(path)

    def release(self) -> None:
        """Let go; the last one unloads it."""
        with self._lock:
            self.users -= 1
            if self.users == 0:
                del self._loaded[self.path]
                self._stack.close()

    @classmethod
    @contextmanager
    def borrowed(cls, path: Path) -> Iterator[Producer]:
        """A producer for a moment."""
        producer = cls.acquire(path)
        try:
            yield producer
        finally:
            producer.release()

    def devices(self) -> list[Found]:
        """Search now. A GigE Vision producer broadcasts on the networks that it was given."""
        with self._lock:
            try:
                return [_found(info) for face in self._search() for info in face.device_info_list]
            except gentl.GenericException as error:
                raise CameraError(f"{self.path}: the search failed: {error}") from error

    def _search(self) -> list[Any]:
        self._system.update_interface_info_list(_SEARCH_MS)
        found = []
        for info in self._system.interface_info_list:
            try:
                found.append(self._interface(info))
            except gentl.GenericException as error:  # one bad network card hides no other camera
                _log.warning("interface not searched", interface=info.id_, reason=str(error))
        return found

    def _interface(self, info: Any) -> Any:
        face = self._interfaces.get(info.id_)
        if face is None:
            face = info.create_interface()
            face.open()
            self._stack.callback(face.close)
            self._interfaces[info.id_] = face
        face.update_device_info_list(_SEARCH_MS)
        return face


def _fault(path: Path) -> str:
    """Why a file cannot be loaded; empty when it can."""
    command = [sys.executable, "-c", _TRIAL, str(path)]
    try:
        trial = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TRIAL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"loading it takes longer than {_TRIAL_S:g} s"
    if trial.returncode < 0:
        return f"loading it ends the process (signal {-trial.returncode})"
    lines = trial.stderr.strip().splitlines() or [f"exit code {trial.returncode}"]
    return lines[-1] if trial.returncode else ""


def _found(info: Any) -> Found:
    identity = DeviceIdentity(
        serial=told(lambda: info.serial_number, ""),
        vendor=told(lambda: info.vendor, ""),
        model=told(lambda: info.model, ""),
        version=told(lambda: info.version, ""),
        address=info.id_,
    )
    return Found(info, identity, told(lambda: info.user_defined_name, ""))
