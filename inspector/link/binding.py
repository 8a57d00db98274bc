"""Where a station listens, and its private files: keys, sockets, pictures.

The one place of the link that knows the platform: local sockets in a private folder on POSIX,
loopback TCP elsewhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import stat
import sys
import tempfile
from pathlib import Path

import msgspec
import zmq

from inspector.core.errors import ConfigError, LinkError
from inspector.durable.files import storage_errors, write_atomically
from inspector.link.endpoint import OFFICE, STATION, Endpoint, endpoint_file
from inspector.link.keys import KeyFile, KeyPair, load_key_pair

LONGEST_IPC_PATH = 107
"""Bytes of a local socket's path (``sun_path`` holds 108 with its end)."""
PICTURES_NEED_BYTES = 64 * 2**20
LOOPBACK = ("127.0.0.1", "[::1]", "localhost")
_SOCKETS = {STATION: "requests.sock", OFFICE: "office.sock"}
_MEMORY_FOLDER = Path("/dev/shm")  # its private sub-folder is checked below


def link_folder(data_folder: Path) -> Path:
    """The folder of keys and sockets, its owner's alone. Created if absent."""
    folder = data_folder / "link"
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if os.name != "nt":
            folder.chmod(0o700)
    return folder


def addresses(
    configured: str, folder: Path, platform: str = sys.platform, name: str = STATION
) -> tuple[str, str]:
    """Addresses to bind for requests and events; a TCP port of ``*`` is chosen by the system.

    ``configured`` is ``auto``, ``ipc:///path`` or ``tcp://127.0.0.1:PORT``. Raises ``ConfigError``
    on anything else: the link never listens on a network.
    """
    if configured == "auto" and platform == "win32":
        return "tcp://127.0.0.1:*", "tcp://127.0.0.1:*"
    if configured == "auto":
        return _ipc(_short_folder(folder) / _SOCKETS[name])
    scheme, _, rest = configured.partition("://")
    if scheme == "ipc" and rest.startswith("/") and platform != "win32":
        return _ipc(Path(rest))
    host, _, port = rest.rpartition(":")
    if scheme == "tcp" and host in LOOPBACK and (port == "*" or _is_port(port)):
        return configured, f"tcp://{host}:*"
    raise ConfigError(
        f"link.endpoint: {configured!r} cannot be used",
        remedy="Write auto, ipc:///path (not on Windows) or tcp://127.0.0.1:PORT",
    )


def somebody_listens(address: str) -> bool:
    """True when a local socket is in use. Binding would quietly take it from its owner."""
    if not address.startswith("ipc://"):
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(address.removeprefix("ipc://"))
        except OSError:
            return False
    return True


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) < 65536


def _ipc(path: Path) -> tuple[str, str]:
    events = path.with_suffix(".events")
    if len(os.fsencode(events)) > LONGEST_IPC_PATH:
        raise ConfigError(
            f"link.endpoint: {path}: longer than a local socket's path may be",
            remedy=f"Use a path of at most {LONGEST_IPC_PATH - 7} bytes",
        )
    return f"ipc://{path}", f"ipc://{events}"


def _short_folder(folder: Path) -> Path:
    """The link's own folder, or a private one with a short name when its path is too long."""
    if len(os.fsencode(folder / "requests.events")) <= LONGEST_IPC_PATH:
        return folder
    return private_folder(Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()), folder)


def private_folder(parent: Path, owner: Path) -> Path:
    """A folder below ``parent`` that belongs to the link folder ``owner`` and to this user alone.

    Raises ``LinkError`` when someone else put one there.
    """
    folder = parent / _private_name(owner)
    with storage_errors(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise LinkError(
            f"{folder}: belongs to someone else or is open to others",
            remedy="Remove it and start the station again",
        )
    return folder


def _private_name(owner: Path) -> str:
    return "inspector-" + hashlib.sha256(os.fsencode(owner.resolve())).hexdigest()[:16]


def picture_path(folder: Path, platform: str = sys.platform) -> Path:
    """Where the picture file goes: memory where the system has such a folder, else the disk.

    A mapped file on a disk would be written back all day and could stall its writer meanwhile.
    """
    if platform == "linux" and _has_room(_MEMORY_FOLDER):
        return private_folder(_MEMORY_FOLDER, folder) / "pictures"
    return folder / "pictures"


def clear_away(folder: Path, addresses: tuple[str, str], pictures: Path | None = None) -> None:
    """Remove what a station that ends would leave: sockets, the pictures' memory, their folders."""
    local = [Path(a.removeprefix("ipc://")) for a in addresses if a.startswith("ipc://")]
    own = [] if pictures is None or pictures.parent == folder else [pictures]
    for file in (*local, *own):
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)
            if file.parent.name == _private_name(folder):
                file.parent.rmdir()


def _has_room(folder: Path) -> bool:
    try:
        return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > PICTURES_NEED_BYTES
    except OSError:
        return False


def write_endpoint(folder: Path, endpoint: Endpoint, name: str = STATION) -> None:
    """Tell clients where the station, or its office, is."""
    write_atomically(endpoint_file(folder, name), msgspec.json.encode(endpoint), private=True)


def load_or_create_keys(path: Path) -> KeyPair:
    """The key pair of the file, made at the first call. The file is its owner's alone."""
    if not path.exists():
        public, secret = zmq.curve_keypair()
        content = KeyFile(public.decode("ascii"), secret.decode("ascii"))
        write_atomically(path, msgspec.json.encode(content), private=True)
    return load_key_pair(path)
