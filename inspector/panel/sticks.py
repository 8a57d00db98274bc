"""Memory sticks: where one is plugged in, and writing a file to it without holding the screen."""

from __future__ import annotations

import os
import string
import sys
import threading
from collections.abc import Callable
from pathlib import Path

_MOUNTS = (Path("/media"), Path("/run/media"), Path("/mnt/usb"))


def sticks(platform: str = sys.platform, mounts: tuple[Path, ...] = _MOUNTS) -> tuple[Path, ...]:
    """Folders of the sticks that are plugged in and can be written to.

    Where the system mounts them for its users (``/media/USER/NAME``), or for all (``/media/NAME``).
    """
    if platform == "win32":
        letters = (Path(f"{letter}:\\") for letter in string.ascii_uppercase[3:])
        return tuple(drive for drive in letters if drive.is_dir())
    found = [one for mount in mounts for one in (*mount.glob("*"), *mount.glob("*/*"))]
    return tuple(sorted(one for one in found if one.is_mount() and os.access(one, os.W_OK)))


def write_away(folder: Path, name: str, data: bytes, done: Callable[[str], None]) -> None:
    """Write a file on a thread of its own; ``done`` is called there, with what went wrong or "".

    It has another name until it is whole and on the stick, so that one pulled out too early holds
    no half report. A file of that name is never written over.
    """
    thread = threading.Thread(target=_write, args=(folder, name, data, done), name="stick")
    thread.daemon = True
    thread.start()


def _write(folder: Path, name: str, data: bytes, done: Callable[[str], None]) -> None:
    part = folder / f"{name}.part"
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(_free(folder / name))
    except OSError as error:
        done(f"{folder}: cannot be written ({error.strerror}). Try another stick")
    else:
        done("")


def _free(path: Path) -> Path:
    """The path, or with a number where there is such a file already."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free
