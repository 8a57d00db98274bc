"""The dataset store: every teaching image once, by its content, with what is known of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from inspector.core.canonical import Json, canonical_bytes, hash_of, sha256_hex
from inspector.core.errors import DatasetError
from inspector.core.judgement import Region
from inspector.durable.files import sha256_of_file, storage_errors, write_atomically


class Label(StrEnum):
    """What a person says of the part."""

    GOOD = "good"
    DEFECTIVE = "defective"
    GRADED = "graded"
    """Between the two: reported apart, never counted as either."""


class Split(StrEnum):
    """What an image is used for, decided once."""

    TEACH = "teach"
    CALIBRATE = "calibrate"
    TEST = "test"


class Entry(BaseModel):
    """One image of a product: identity, and what is known of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    suffix: str = Field(pattern=r"^\.[a-z]{2,4}$")
    source: str
    """File name in the folder that it came from."""
    label: Label
    split: Split
    category: str = ""
    """Kind of defect, or grade."""
    regions: tuple[Region, ...] = ()
    """Marked places, in fractions of the image."""
    mask: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")
    """SHA-256 of a PNG of the image's size, kept among the objects: white where the defect is."""
    lot: str = ""
    reviewer: str = ""


class DatasetStore:
    """The images of one product below ``folder``: ``objects/ab/abcd...``, ``manifest.jsonl``.

    The manifest is one canonical JSON object a line, ordered by digest, and is written last: what
    it lists is there. Adding an image again changes nothing, its split least of all.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifest = folder / "manifest.jsonl"

    def entries(self) -> dict[str, Entry]:
        """All images by digest. Raises ``DatasetError`` naming file and line."""
        if not self._manifest.exists():
            return {}
        found: dict[str, Entry] = {}
        lines = self._manifest.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            try:
                entry = Entry.model_validate_json(line)
            except ValidationError as error:
                raise DatasetError(
                    f"{self._manifest}: line {number}: {error.errors()[0]['msg']}",
                    remedy="Restore the file from a backup, or delete the folder and teach again",
                ) from error
            found[entry.sha256] = entry
        return found

    def path_of(self, entry: Entry) -> Path:
        """Where the image's bytes lie."""
        return self.folder / "objects" / entry.sha256[:2] / f"{entry.sha256}{entry.suffix}"

    def good_images(self, split: Split) -> list[Path]:
        """Where the good images of a split lie, in order of their digests."""
        return [
            self.path_of(entry)
            for entry in self.entries().values()
            if entry.label is Label.GOOD and entry.split is split
        ]

    def keep_mask(self, png: bytes) -> str:
        """Keep the mask of an image that is to be added; its digest for the entry."""
        digest = sha256_hex(png)
        write_atomically(self.folder / "objects" / digest[:2] / f"{digest}.png", png)
        return digest

    def add(self, images: Iterable[tuple[Entry, Path]]) -> None:
        """Copy images in and list them; those listed already stay as they are."""
        known = self.entries()
        fresh = {entry.sha256: (entry, path) for entry, path in images if entry.sha256 not in known}
        if not fresh:
            return
        for entry, path in fresh.values():
            with storage_errors(path):
                data = path.read_bytes()
            write_atomically(self.path_of(entry), data)
        listed = {**known, **{digest: entry for digest, (entry, _) in fresh.items()}}
        lines = [_line(listed[digest]) for digest in sorted(listed)]
        write_atomically(self._manifest, b"".join(lines))


def manifest_hash(entries: Iterable[Entry]) -> str:
    """Identity of a set of images with their labels and splits, whatever their order."""
    ordered = sorted(entries, key=lambda entry: entry.sha256)
    return hash_of([_content(entry) for entry in ordered])


def digest_of(path: Path) -> str:
    """SHA-256 of an image file."""
    with storage_errors(path):
        return sha256_of_file(path)


def _line(entry: Entry) -> bytes:
    return canonical_bytes(_content(entry)) + b"\n"


def _content(entry: Entry) -> dict[str, Json]:
    # Left out where there is none, so that datasets keep the identity that they had without masks.
    return entry.model_dump(mode="json", exclude=None if entry.mask else {"mask"})
