"""What is told of one rejected part."""

from __future__ import annotations

import msgspec

from inspector.core.judgement import Region


class CheckNote(msgspec.Struct, frozen=True):
    """What one check said of one view. ``p_value`` is None where it was not calibrated."""

    check: str
    score: float
    threshold: float
    p_value: float | None
    passed: bool
    view: int = 0
    finding: str = ""


class RejectNotice(msgspec.Struct, frozen=True, tag=True):
    """Event: one rejected part, for the strip of last rejects. Latest only: some may be skipped.

    ``regions`` lie on the thumbnail, which shows the view with the strangest finding.
    """

    part_id: int
    utc_us: int
    cause: str
    reasons: tuple[str, ...]
    thumbnail_jpeg: bytes
    checks: tuple[CheckNote, ...] = ()
    regions: tuple[Region, ...] = ()
