"""What of a data folder belongs in a backup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from inspector.durable.files import storage_errors

SECRET = ("keys", "opcua")
"""Folders with private keys."""
PUBLIC_KEY = "keys/ledger.pub"
CONFIGURATION = "configuration"
"""Where the line's file and its recipes are in the archive, and after it was restored."""

_LEFT_OUT = (
    "backups",
    "cache",
    CONFIGURATION,
    "evidence",
    "ledger",
    "link",
    "logs",
    "rendered",
)
"""Made anew, of this PC alone, or taken in another way."""
_LAST = "bundles"
"""What others name is read after them: it is there, and stays."""


def plain_files(data_folder: Path, *, datasets: bool) -> Iterator[Path]:
    """Files that anybody's backup holds, who names others before the others."""
    with storage_errors(data_folder):
        tops = sorted(path.name for path in data_folder.iterdir() if not _passing(path))
    passed = {*_LEFT_OUT, *SECRET, *(() if datasets else ("datasets",))}
    for name in sorted(set(tops) - passed, key=lambda name: (name == _LAST, name)):
        yield from _files(data_folder / name)
    public = data_folder / PUBLIC_KEY
    if public.is_file():
        yield public


def secret_files(data_folder: Path) -> dict[str, bytes]:
    """Contents of what must not be read by others, by name below the data folder."""
    paths = [path for name in SECRET for path in _files(data_folder / name)]
    with storage_errors(data_folder):
        return {path.relative_to(data_folder).as_posix(): path.read_bytes() for path in paths}


def configuration(line_file: Path) -> Iterator[tuple[str, Path]]:
    """The files of the line and its recipes, by name in the archive."""
    folder = line_file.resolve().parent
    for path in (*sorted(folder.glob("*.yaml")), *sorted(folder.glob("products/*.yaml"))):
        yield f"{CONFIGURATION}/{path.relative_to(folder).as_posix()}", path


def _files(path: Path) -> Iterator[Path]:
    """A folder's own files, then those of its folders."""
    if path.is_file():
        yield path
    if not path.is_dir():
        return
    with storage_errors(path):
        inside = sorted(one for one in path.iterdir() if not _passing(one))
    yield from (one for one in inside if one.is_file())
    for one in inside:
        if one.is_dir():
            yield from _files(one)


def _passing(path: Path) -> bool:
    """What is being written, and what leads elsewhere."""
    return path.is_symlink() or path.name.endswith(".part")
