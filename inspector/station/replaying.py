"""What a replay camera shows beside files: recordings of cameras, and kept pictures of parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import structlog

from inspector.camera.pictures import FilePictures
from inspector.core.errors import ConfigError, DatasetError, LedgerError
from inspector.core.frame import PixelFormat
from inspector.ledger.database import DatabaseAddress
from inspector.ledger.evidence import EvidenceStore
from inspector.ledger.kept import KeptPart, KeptView, kept_parts
from inspector.ledger.ledger import evidence_folder, open_reader

EVIDENCE_SOURCE = "evidence"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Days:
    """Days of this PC's calendar, both included; None = without an end."""

    first: date | None = None
    last: date | None = None

    @property
    def since_us(self) -> int | None:
        """Begin of the first day, UTC microseconds."""
        return None if self.first is None else _midnight_us(self.first)

    @property
    def until_us(self) -> int | None:
        """End of the last day."""
        return None if self.last is None else _midnight_us(self.last + timedelta(days=1)) - 1


def evidence_days(source: str) -> Days | None:
    """The days of ``evidence``, ``evidence:2026-11-01`` or ``evidence:2026-11-01..2026-11-15``.

    Either end of a span may be missing. None for any other source. Raises ``ConfigError``.
    """
    name, colon, days = source.partition(":")
    if name != EVIDENCE_SOURCE:
        return None
    if not colon:
        return Days()
    first, span, last = days.partition("..")
    try:
        begin = date.fromisoformat(first) if first else None
        end = date.fromisoformat(last) if last else None
    except ValueError as error:
        raise _wrong_days(source) from error
    if not span:
        end = begin
    if (begin is None and end is None) or (begin and end and begin > end):
        raise _wrong_days(source)
    return Days(begin, end)


def _wrong_days(source: str) -> ConfigError:
    return ConfigError(
        f"cameras.source: {source}: no days",
        remedy="Write evidence, evidence:2026-11-01 or evidence:2026-11-01..2026-11-15",
    )


def _midnight_us(day: date) -> int:
    return int(datetime.combine(day, time()).astimezone().timestamp()) * 1_000_000


@dataclass(frozen=True, slots=True)
class KeptPictures:
    """Kept pictures of a product's parts, oldest first."""

    data_folder: Path
    station: str
    product: str
    days: Days
    database: DatabaseAddress | None = None

    def of_view(self, view: int, pixel_format: PixelFormat) -> FilePictures:
        """As one camera, counted from 0, saw them; names tell part and verdict.

        ``pixel_format`` is that of pictures whose record tells none. All have the size and format
        of the newest; others are left out, and said so. Raises ``DatasetError`` without any.
        """
        seen = [(part, part.views[view]) for part in self._parts() if view < len(part.views)]
        if not seen:
            raise DatasetError(
                f"cameras.source: no pictures of parts of {self.product} were kept in these days",
                remedy="Name other days, or keep more: evidence.pass_share in the recipe",
            )
        newest = _kind(seen[-1][1], pixel_format)
        alike = [(part, one) for part, one in seen if _kind(one, pixel_format) == newest]
        if len(alike) < len(seen):
            left = len(seen) - len(alike)
            _log.warning("kept pictures of another size or format are left out", pictures=left)
        names = [f"part {part.part_id} ({part.outcome})" for part, _ in alike]
        return FilePictures([one.path for _, one in alike], newest[2], names=names)

    def _parts(self) -> list[KeptPart]:
        evidence = EvidenceStore(evidence_folder(self.data_folder))
        since_us, until_us = self.days.since_us, self.days.until_us
        try:
            reader = open_reader(self.data_folder, self.station, self.database)
        except LedgerError as error:
            raise DatasetError(f"cameras.source: {error.problem}", remedy=error.remedy) from error
        try:
            kept = kept_parts(reader, evidence, self.product, since_us=since_us, until_us=until_us)
            return list(kept)
        finally:
            reader.close()


def _kind(view: KeptView, otherwise: PixelFormat) -> tuple[int, int, PixelFormat]:
    return view.width, view.height, view.pixel_format or otherwise
