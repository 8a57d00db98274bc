"""The archive of a backup: a tar whose last member is the digest of the list of all others.

``manifest.json`` names each file with its SHA-256 and size, ``manifest.sha256`` closes it: what was
broken off, cut short or altered has no such end, or another one.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Literal, cast

import msgspec

from inspector.backup.frames import FrameReader, FrameWriter
from inspector.core.errors import InputError
from inspector.durable.files import storage_errors

Kept = Literal["all", "rejects", "none"]
"""Which pictures of the evidence are in a backup."""

HEAD, MANIFEST, SEAL = "backup.json", "manifest.json", "manifest.sha256"
_REMEDY = "Use another copy"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is of; the archive begins with it."""

    form: Literal[1] = 1
    station: str
    utc_us: int
    software: str
    evidence: Kept
    datasets: bool
    keys: bool
    database: str
    """Where the records are; empty: in this backup."""


class Entry(msgspec.Struct, frozen=True):
    """One file of the archive."""

    path: str
    sha256: str
    bytes: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in the archive, and the pictures that were missing where it was made."""

    about: About
    files: tuple[Entry, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A whole archive: what is in it, and the digest that stands for all of it."""

    manifest: Manifest
    digest: str


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data


class ArchiveWriter:
    """Puts files into an archive, one after the other. One thread. Raises ``StorageError``."""

    def __init__(self, file: BinaryIO, about: About) -> None:
        self._about = about
        self._frames = FrameWriter(file)
        frames = cast("BinaryIO", self._frames)
        self._tar = tarfile.open(fileobj=frames, mode="w|")  # noqa: SIM115  # closed by seal
        self._entries: dict[str, Entry] = {}
        self._put(HEAD, msgspec.json.encode(about))

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        """A file of this size, as it is now: what is appended to it meanwhile is left out."""
        hashed = _Hashed(file)
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, self._about.utc_us // 1_000_000
        self._tar.addfile(info, cast("IO[bytes]", hashed))
        self._entries[name] = Entry(name, hashed.digest.hexdigest(), size)

    def add_bytes(self, name: str, data: bytes) -> None:
        """A file with these contents."""
        self.add(name, io.BytesIO(data), len(data))

    def add_path(self, name: str, path: Path) -> bool:
        """A file of the disk; False when it is gone."""
        with storage_errors(path):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                return False
            with file:
                size = file.seek(0, io.SEEK_END)
                file.seek(0)
                self.add(name, file, size)
        return True

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def seal(self, missing: tuple[str, ...]) -> Sealed:
        """The end; nothing can be added afterwards."""
        manifest = Manifest(about=self._about, files=tuple(self._entries.values()), missing=missing)
        data = msgspec.json.encode(manifest)
        digest = hashlib.sha256(data).hexdigest()
        self._put(MANIFEST, data)
        self._put(SEAL, digest.encode())
        self._tar.close()
        self._frames.close()
        return Sealed(manifest, digest)

    def _put(self, name: str, data: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        self._tar.addfile(info, io.BytesIO(data))


class ArchiveReader:
    """Takes an archive out, file by file; ``checked`` says whether it was whole. One thread.

    Raises ``InputError`` for what is damaged, cut off, or no backup.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, Entry] = {}
        self._ends: dict[str, bytes] = {}

    def take_out(self, folder: Path) -> Sealed:
        """Write every file below ``folder``, and compare it with the manifest."""
        with storage_errors(self._path), self._path.open("rb") as file, self._errors():
            frames = cast("BinaryIO", FrameReader(file, str(self._path)))
            with tarfile.open(fileobj=frames, mode="r|") as tar:
                for member in tar:
                    self._take(tar, member, folder)
        return self._checked()

    def about(self) -> About:
        """What the backup is of, from its first member; the rest is not looked at."""
        with storage_errors(self._path), self._path.open("rb") as file, self._errors():
            frames = cast("BinaryIO", FrameReader(file, str(self._path)))
            with tarfile.open(fileobj=frames, mode="r|") as tar:
                member = tar.next()
                found = tar.extractfile(member) if member and member.name == HEAD else None
                if found is None:
                    raise self._foreign("does not begin as one")
                return cast("About", self._decoded(found.read(), About))

    def _take(self, tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
        source = tar.extractfile(member) if member.isreg() else None
        if source is None or not _is_inside(member.name):
            raise self._foreign(f"holds {member.name!r}, which is not a file of a backup")
        if SEAL in self._ends or member.name in self._found:
            raise self._foreign(f"holds {member.name!r} twice, or after its end")
        if member.name in (HEAD, MANIFEST, SEAL):
            self._ends[member.name] = source.read()
            return
        self._found[member.name] = _written(folder / member.name, source, member)

    def _checked(self) -> Sealed:
        """The manifest, once every file is as it says."""
        if SEAL not in self._ends or MANIFEST not in self._ends:
            raise InputError(f"{self._path}: has no end: this backup is not whole", remedy=_REMEDY)
        data = self._ends[MANIFEST]
        digest = hashlib.sha256(data).hexdigest()
        if self._ends[SEAL].decode(errors="replace") != digest:
            raise InputError(f"{self._path}: damaged: {MANIFEST}", remedy=_REMEDY)
        manifest = self._decoded(data, Manifest)
        wanted = {entry.path: entry for entry in manifest.files}
        for name in sorted(wanted.keys() | self._found.keys()):
            if wanted.get(name) != self._found.get(name):
                raise InputError(f"{self._path}: damaged: {name}", remedy=_REMEDY)
        return Sealed(manifest, digest)

    def _decoded(self, data: bytes, form: type[Any]) -> Any:
        try:
            return msgspec.json.decode(data, type=form)
        except msgspec.MsgspecError as error:
            raise self._foreign(f"of another form ({error})") from error

    def _foreign(self, why: str) -> InputError:
        return InputError(f"{self._path}: is no backup of Inspector: {why}", remedy="Name another")

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except tarfile.TarError as error:
            raise InputError(f"{self._path}: damaged ({error})", remedy=_REMEDY) from error


def _written(path: Path, source: IO[bytes], member: tarfile.TarInfo) -> Entry:
    hashed = _Hashed(source)
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as target:
            path.chmod(0o600)
            while piece := hashed.read(1 << 20):
                target.write(piece)
    return Entry(member.name, hashed.digest.hexdigest(), member.size)


def _is_inside(name: str) -> bool:
    """No name may lead out of the folder."""
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
