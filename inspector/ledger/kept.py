"""The pictures of parts that the ledger kept, to be looked at or shown to the line again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspector.core.canonical import sha256_hex
from inspector.core.errors import LedgerError
from inspector.core.frame import PixelFormat, Pixels
from inspector.core.record import RecordKind
from inspector.ledger.chain import StoredRecord
from inspector.ledger.evidence import EvidenceStore, decode_image
from inspector.ledger.reader import LedgerReader, RecordFilter

_IMAGE = "image"
_BY_CHANNELS = {
    1: PixelFormat.MONO8,
    2: PixelFormat.MONO16,
    3: PixelFormat.RGB8,
    6: PixelFormat.RGB16,
}
_REMEDY = "Run: inspector ledger verify"


@dataclass(frozen=True, slots=True)
class KeptView:
    """One camera's picture of a part, as the camera gave it."""

    path: Path
    width: int
    height: int
    channels: int
    """Bytes of a pixel."""
    pixel_format: PixelFormat | None
    """None where the record does not say: records before cameras told it."""

    @property
    def format(self) -> PixelFormat:
        """Its pixel format; of a record that does not tell, the one that its bytes allow."""
        return self.pixel_format or _BY_CHANNELS[self.channels]

    def pixels(self) -> Pixels:
        """The picture, bit for bit, uint8[H, W, C]. Raises ``LedgerError`` for an altered one."""
        try:
            data = self.path.read_bytes()
            if sha256_hex(data) == self.path.name.partition(".")[0]:
                return decode_image(data)
        except (OSError, ValueError) as error:
            raise LedgerError(f"{self.path}: {error}", remedy=_REMEDY) from error
        raise LedgerError(f"{self.path}: altered: not what its name says", remedy=_REMEDY)


@dataclass(frozen=True, slots=True)
class KeptPart:
    """A part of which every view is still on the disk."""

    part_id: int
    utc_us: int
    outcome: str
    views: tuple[KeptView, ...]


def kept_parts(
    reader: LedgerReader,
    evidence: EvidenceStore,
    product: str,
    *,
    since_us: int | None = None,
    until_us: int | None = None,
) -> Iterator[KeptPart]:
    """Parts of a product in the order of their records, without limit samples.

    Those whose pictures were not kept, or are gone, are left out. Raises ``LedgerError``.
    """
    wanted = RecordFilter(RecordKind.INSPECTION, since_us=since_us, until_us=until_us)
    for record in reader.each(wanted):
        if b'"digest"' not in record.payload:  # most have no pictures: not worth decoding
            continue
        content = record.content
        if content["product"] != product or content.get("master"):
            continue
        views = views_of(content, evidence)
        if views and all(view.path.is_file() for view in views):
            yield _part(record, views)


def _part(record: StoredRecord, views: tuple[KeptView, ...]) -> KeptPart:
    return KeptPart(record.part_id or 0, record.utc_us, record.outcome or "", views)


def views_of(content: dict[str, Any], evidence: EvidenceStore) -> tuple[KeptView, ...]:
    """The pictures that an inspection record names, wherever they are; empty without any."""
    return tuple(_views(content, evidence))


def _views(content: dict[str, Any], evidence: EvidenceStore) -> Iterator[KeptView]:
    """In the order of the cameras: ``image``, or ``image-0``, ``image-1``, ..."""
    marks = [
        mark
        for mark in content["evidence"]
        if "digest" in mark and mark["name"].partition("-")[0] == _IMAGE
    ]
    frames = content["frames"]
    if len(marks) != len(frames):  # whose is whose cannot be told
        return
    for mark, frame in zip(marks, frames, strict=True):
        known = frame.get("pixel_format")
        yield KeptView(
            evidence.path(mark["digest"], mark["suffix"]),
            mark["width"],
            mark["height"],
            mark["channels"],
            PixelFormat(known) if known else None,
        )
