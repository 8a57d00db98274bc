"""Immutable folders whose manifest hashes every file in them; bundles and forecasts are such."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inspector.core.canonical import sha256_hex
from inspector.core.engine_spec import Digest
from inspector.core.errors import BundleError
from inspector.durable.files import new_folder, sha256_of_file

MANIFEST = "manifest.yaml"
"""What the folder is, how it was made, SHA-256 and size of the files beside it."""


class Strict(BaseModel):
    """Base of what a manifest says: frozen, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FileEntry(Strict):
    """Identity of one file."""

    sha256: Digest
    size: Annotated[int, Field(ge=0)]


class Listing(Strict):
    """A manifest; its ``files`` are filled in by `SealedKind.pack`."""

    schema_version: int
    files: Mapping[Any, FileEntry]


Manifest = TypeVar("Manifest", bound=Listing)


@dataclass(frozen=True, slots=True)
class Sealed(Generic[Manifest]):
    """A folder that was verified. ``hash`` is that of its manifest, and so of everything in it."""

    path: Path
    manifest: Manifest
    hash: str


def packed_hash(files: Mapping[str, bytes]) -> str:
    """The hash that a packed folder will have."""
    return sha256_hex(files[MANIFEST])


@dataclass(frozen=True, slots=True)
class SealedKind(Generic[Manifest]):
    """One kind of sealed folder: what it is called, its manifest, and the files it must have.

    ``newest`` is the schema version that this program knows; ``remedy`` is told with every damage.
    """

    noun: str
    model: type[Manifest]
    newest: int
    required: frozenset[str]
    remedy: str

    def pack(self, manifest: Manifest, contents: Mapping[str, bytes]) -> dict[str, bytes]:
        """The files of a folder, by name; the same contents always give the same bytes."""
        files = {
            name: FileEntry(sha256=sha256_hex(data), size=len(data))
            for name, data in contents.items()
        }
        listed = manifest.model_copy(update={"files": files}).model_dump(mode="json")
        text: str = yaml.safe_dump(listed, sort_keys=False, allow_unicode=True)
        return {MANIFEST: text.encode(), **contents}

    @contextmanager
    def writing(self, path: Path, files: Mapping[str, bytes]) -> Iterator[Sealed[Manifest]]:
        """Write a packed folder; it gets its name ``path`` only when the block ends without error.

        Yields it under its temporary name, so that it can be tried first. One that is there already
        is opened as it is. Raises ``BundleError`` when another one is, ``StorageError``.
        """
        if path.exists():
            there = self.open(path)
            if there.hash != packed_hash(files):
                raise BundleError(
                    f"{path}: another {self.noun} is there", remedy="Give a new folder"
                )
            yield there
            return
        with new_folder(path) as work:
            for name, data in files.items():
                (work / name).write_bytes(data)
            yield self.open(work)

    def open(self, path: Path) -> Sealed[Manifest]:
        """Verify every byte of a folder. Raises ``BundleError`` naming file and remedy."""
        try:
            text = (path / MANIFEST).read_bytes()
        except OSError as error:
            raise BundleError(
                f"{path}: not a {self.noun} ({MANIFEST}: {error.strerror})",
                remedy=f"Give a {self.noun}'s folder",
            ) from error
        manifest = self._parse(path / MANIFEST, text)
        self._verify_names(path, {str(name) for name in manifest.files})
        for name, entry in manifest.files.items():
            file = path / name
            if file.stat().st_size != entry.size or sha256_of_file(file) != entry.sha256:
                raise self.damaged(file, "contents differ from the manifest")
        return Sealed(path, manifest, sha256_hex(text))

    def damaged(self, path: Path, problem: str) -> BundleError:
        """The error of a file that is not what was sealed."""
        return BundleError(f"{path}: {problem}", remedy=self.remedy)

    def _parse(self, path: Path, text: bytes) -> Manifest:
        try:
            content = yaml.safe_load(text)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise self.damaged(path, "not YAML") from error
        version = content.get("schema_version") if isinstance(content, dict) else None
        if not isinstance(version, int):
            raise self.damaged(path, "schema_version: missing")
        if version > self.newest:
            raise BundleError(
                f"{path}: schema_version: {version} is newer than this program's {self.newest}",
                remedy="Update Inspector on this PC",
            )
        try:
            return self.model.model_validate(content)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise self.damaged(path, f"{key}: {first['msg']}") from error

    def _verify_names(self, path: Path, files: set[str]) -> None:
        """Exactly the listed files, all of them plain: no links, no folders, nothing beside."""
        listed = {MANIFEST, *files}
        if not self.required <= listed:
            wanted = " and ".join(sorted(self.required))
            raise self.damaged(path / MANIFEST, f"files: must list {wanted}")
        present = {entry.name: entry for entry in path.iterdir()}
        for name in sorted(listed - set(present)):
            raise self.damaged(path / name, "missing")
        for name in sorted(set(present) - listed):
            raise self.damaged(path / name, f"not part of the {self.noun}")
        for entry in present.values():
            if entry.is_symlink() or not entry.is_file():
                raise self.damaged(entry, "not a plain file")
