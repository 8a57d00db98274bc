"""What a report is about: its kind, its stretch of the ledger, its language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from inspector.core.errors import InputError

_FARTHEST_MIN = 14 * 60
_LONGEST_LOT = 200


class ReportKind(StrEnum):
    """Kinds of report."""

    SHIFT = "shift"
    """What the line did from one time to another."""
    LOT = "lot"
    """What was found on the parts of one lot."""
    AUDIT = "audit"
    """Who did what: every record but those of parts."""


class Language(StrEnum):
    """Languages of reports."""

    EN = "en"
    JA = "ja"


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """One report. Times are UTC microseconds, ``until_us`` is the first that no longer belongs.

    ``offset_min`` is the time zone that times are printed in, minutes east of UTC. Raises
    ``InputError`` for what cannot be meant.
    """

    kind: ReportKind
    since_us: int | None = None
    until_us: int | None = None
    lot: str = ""
    language: Language = Language.EN
    offset_min: int = 0
    pictures: int = 24
    """At most so many rejects with their pictures."""

    def __post_init__(self) -> None:
        if self.kind is ReportKind.SHIFT and None in (self.since_us, self.until_us):
            raise InputError("a shift has a begin and an end", remedy="Give --since and --until")
        if (self.kind is ReportKind.LOT) != bool(self.lot):
            problem = (
                "no lot is named" if not self.lot else f"--lot {self.lot}: not for {self.kind}"
            )
            raise InputError(problem, remedy="Give --lot for a lot report, and for no other")
        if len(self.lot) > _LONGEST_LOT:
            raise InputError("--lot: longer than a lot's name may be", remedy="Write it as it is")
        if None not in (self.since_us, self.until_us) and self.span_us <= 0:
            raise InputError("--until: is not after --since", remedy="Give a later end")
        if abs(self.offset_min) > _FARTHEST_MIN or self.pictures < 0:
            raise InputError("no such time zone or number of pictures", remedy="Give another one")

    @property
    def span_us(self) -> int:
        """How long; 0 where it is open."""
        return (self.until_us or 0) - (self.since_us or 0)

    def time(self, utc_us: int) -> str:
        """A time as it is printed, to the second."""
        zone = timedelta(minutes=self.offset_min)
        moment = datetime.fromtimestamp(utc_us // 1_000_000, UTC) + zone
        return f"{moment:%Y-%m-%d %H:%M:%S}"

    @property
    def zone(self) -> str:
        """The time zone as it is printed."""
        if not self.offset_min:
            return "UTC"
        hours, minutes = divmod(abs(self.offset_min), 60)
        return f"UTC{'+' if self.offset_min > 0 else '-'}{hours:02d}:{minutes:02d}"
