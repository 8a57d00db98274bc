"""Who logged in at this panel lately: their names are offered as tiles."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

MOST = 8


class Visitors:
    """Names, the last one first. Kept in a file of the panel's own, if it is given one.

    A name is no secret, and the panel knows no other: who is a user is for administrators to list.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.names = _load(path)

    def welcome(self, name: str) -> None:
        """This user has just logged in."""
        if self.names[:1] != (name,):
            self.names = (name, *(one for one in self.names if one != name))[:MOST]
            self._save()

    def forget(self, name: str) -> None:
        """This user is gone."""
        if name in self.names:
            self.names = tuple(one for one in self.names if one != name)
            self._save()

    def _save(self) -> None:
        if self._path is not None:
            with suppress(OSError):  # a convenience: it keeps nobody out
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.write_text(json.dumps(self.names), encoding="utf-8")


def _load(path: Path | None) -> tuple[str, ...]:
    with suppress(OSError, ValueError, TypeError):
        if path is not None:
            found = json.loads(path.read_text(encoding="utf-8"))
            return tuple(one for one in found if isinstance(one, str))[:MOST]
    return ()
