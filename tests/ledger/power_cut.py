"""A disk whose power can be cut at any moment: every write is recorded, and what was not flushed
may be lost.

The model is that of POSIX, no kinder: until ``fsync`` of a file any part of its newest bytes may be
missing (pages of zeros inside a longer file, a shorter file, or nothing of them), and until
``fsync`` of a folder any of the last names, renames and removals in it, from some moment on.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_PAGE = 512


@dataclass
class _Content:
    """Of one file, whatever its name: what is flushed, and what is there."""

    flushed: bytes = b""
    now: bytes = b""


@dataclass(frozen=True)
class _Names:
    """A folder after one of its changes: names to files, by number."""

    names: dict[str, int]


@dataclass
class Moment:
    """The disk after one recorded step, and what had been acknowledged by then."""

    files: dict[int, _Content]
    folders: dict[Path, list[_Names]]
    acknowledged: int

    def after_the_cut(self, target: Path, chance: random.Random) -> None:
        """Write into ``target`` what the disk may hold when the power comes back."""
        for folder, history in self.folders.items():
            (target / folder).mkdir(parents=True, exist_ok=True)
            for name, number in chance.choice(history).names.items():
                data = _survived(self.files[number], chance)
                (target / folder / name).write_bytes(data)


def _survived(content: _Content, chance: random.Random) -> bytes:
    """The flushed bytes are certain, of the others any."""
    if content.now == content.flushed:
        return content.flushed
    data = bytearray(content.now[: chance.randint(len(content.flushed), len(content.now))])
    for start in range(len(content.flushed), len(data), _PAGE):
        if chance.random() < 0.3:
            data[start : start + _PAGE] = bytes(len(data[start : start + _PAGE]))
    return bytes(data)


@dataclass
class RecordedDisk:
    """Records what happens below ``root`` while its functions stand in for those of ``os``."""

    root: Path
    acknowledged: int = 0
    moments: list[Moment] = field(default_factory=list)
    _open: dict[int, Path] = field(default_factory=dict)
    _numbers: dict[Path, int] = field(default_factory=dict)
    _files: dict[int, _Content] = field(default_factory=dict)
    _folders: dict[Path, list[_Names]] = field(default_factory=dict)

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Take the place of the functions that change files."""
        watched: dict[str, Callable[..., None]] = {
            "open": self._opened,
            "write": self._wrote,
            "fsync": self._flushed,
            "close": self._closed,
            "replace": self._renamed,
            "rename": self._renamed,
            "unlink": self._unlinked,
        }
        for name, follow in watched.items():
            patch.setattr(os, name, _watched(getattr(os, name), follow))

    def _opened(self, descriptor: int, path: Any, flags: int, *_: Any, **__: Any) -> None:
        path = Path(path)
        if self.root not in path.parents and path != self.root:
            return
        self._open[descriptor] = path
        if path.is_dir():
            self._folders.setdefault(path, [_Names({})])
            return
        if path not in self._numbers:
            self._numbers[path] = len(self._files)
            self._files[len(self._files)] = _Content()
            self._named(path.parent)
        elif flags & os.O_TRUNC:
            self._files[self._numbers[path]].now = b""
        self._snapshot()

    def _wrote(self, _count: int, descriptor: int, *_: Any) -> None:
        if descriptor in self._open:
            self._look(self._open[descriptor])
            self._snapshot()

    def _flushed(self, _none: None, descriptor: int) -> None:
        path = self._open.get(descriptor) or self._path_of(descriptor)
        if path is None:
            return
        if path in self._folders and path not in self._numbers:
            self._folders[path] = self._folders[path][-1:]
        else:
            content = self._look(path)
            content.flushed = content.now
        self._snapshot()

    def _closed(self, _none: None, descriptor: int) -> None:
        self._open.pop(descriptor, None)

    def _renamed(self, _none: None, source: Any, target: Any, *_: Any, **__: Any) -> None:
        source, target = Path(source), Path(target)
        if source in self._numbers:
            self._numbers[target] = self._numbers.pop(source)
            self._named(target.parent)
            self._snapshot()

    def _unlinked(self, _none: None, path: Any, *_: Any, **__: Any) -> None:
        if self._numbers.pop(Path(path), None) is not None:
            self._named(Path(path).parent)
            self._snapshot()

    def _look(self, path: Path) -> _Content:
        content = self._files[self._numbers[path]]
        content.now = path.read_bytes()
        return content

    def _path_of(self, descriptor: int) -> Path | None:
        """For files that were opened without ``os.open`` and written without ``os.write``."""
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        return path if path in self._numbers else None

    def _named(self, folder: Path) -> None:
        names = {
            path.name: number for path, number in self._numbers.items() if path.parent == folder
        }
        self._folders.setdefault(folder, [_Names({})]).append(_Names(names))

    def _snapshot(self) -> None:
        files = {number: _Content(c.flushed, c.now) for number, c in self._files.items()}
        folders = {
            path.relative_to(self.root): list(names) for path, names in self._folders.items()
        }
        self.moments.append(Moment(files, folders, self.acknowledged))


def _watched(real: Callable[..., Any], follow: Callable[..., None]) -> Callable[..., Any]:
    def watched(*arguments: Any, **named: Any) -> Any:
        result = real(*arguments, **named)
        follow(result, *arguments, **named)
        return result

    return watched
