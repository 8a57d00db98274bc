"""Panels on other PCs that are let in: a public key each, under a name, until it is taken off."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import msgspec
from zmq.utils import z85

from inspector.core.errors import InputError, LinkError
from inspector.durable.files import write_atomically
from inspector.link.control import PanelEntry

PANELS_FILE = "panels.json"
_NAME = re.compile(r"[\w.-]{1,24}")

_entries = msgspec.json.Decoder(tuple[PanelEntry, ...])


class PanelKeys:
    """The list, in the link's folder: written by the station, read by it and by its office.

    One thread at a time. Raises ``LinkError`` where the file cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / PANELS_FILE
        self._read_at: tuple[int, int] | None = None
        self._known: tuple[PanelEntry, ...] = ()

    @property
    def entries(self) -> tuple[PanelEntry, ...]:
        """As the file has it now."""
        try:
            found = self._path.stat()
            read_at = (found.st_mtime_ns, found.st_ino)
            if read_at != self._read_at:
                self._known = _entries.decode(self._path.read_bytes())
                self._read_at = read_at
        except FileNotFoundError:
            self._known, self._read_at = (), None
        except (OSError, ValueError) as error:
            raise LinkError(
                f"{self._path}: cannot be read ({error})",
                remedy="Delete it, and let the panels in again: inspector remote add",
            ) from error
        return self._known

    def add(self, name: str, key: str, utc_us: int) -> None:
        """Let a panel in. Raises ``InputError``."""
        entries = self.entries
        if not _NAME.fullmatch(name):
            raise InputError(f"{name}: no name of a panel", remedy="Use letters, digits, - _ .")
        if not _is_key(key):
            raise InputError(f"{name}: no public key", remedy="Make one: inspector remote key")
        if any(name == one.name or key == one.key for one in entries):
            raise InputError(
                f"{name}: this name or key is let in already",
                remedy="Take another, or: inspector remote remove",
            )
        self._write((*entries, PanelEntry(name, key, utc_us)))

    def remove(self, name: str) -> PanelEntry:
        """Let it in no more. Raises ``InputError``."""
        gone = next((one for one in self.entries if one.name == name), None)
        if gone is None:
            raise InputError(f"{name}: no such panel", remedy="See: inspector remote list")
        self._write(tuple(one for one in self.entries if one is not gone))
        return gone

    def _write(self, entries: tuple[PanelEntry, ...]) -> None:
        write_atomically(self._path, msgspec.json.encode(entries), private=True)


def _is_key(key: str) -> bool:
    """A key that no curve has is of no use to anybody; the form is all that can be seen."""
    try:
        return len(z85.decode(key.encode("ascii"))) == 32
    except (KeyError, ValueError, struct.error):
        return False
