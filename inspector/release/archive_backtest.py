"""Backtest on the archive: what a candidate says of parts that were judged by another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Literal

from pydantic import Field

from calibration.sampled import SampledShare, sampled_share
from inspector.core.deciding import DecidingTuple
from inspector.core.sealed import Sealed
from inspector.core.section import Section


class Rejudged(Section):
    """One archived part under the candidate: the check that is nearest to failing, or fails."""

    sequence: int
    part_id: int
    passed: bool
    check: str
    score: float
    threshold: float


class Archived(Section):
    """One part as the ledger has it; ``share``: the probability with which it was kept.

    ``share`` is None where the record does not tell. ``good`` is what a person said later.
    """

    sequence: int
    part_id: int
    passed: bool
    share: float | None
    good: bool | None = None
    kept: bool = Field(description="its pictures are there")


class Flip(Section):
    """A part of which the verdict changes."""

    part_id: int
    sequence: int
    passed: bool = Field(description="under the candidate")
    check: str
    score: float
    threshold: float
    good: bool | None = Field(description="what a person said of it")


class Estimate(Section):
    """A share of the parts of the archive, by inverse probabilities (`calibration.sampled`)."""

    population: int
    seen: int
    counted: int
    chanceless: int
    share: float
    standard_error: float
    low: float
    high: float

    @classmethod
    def of(cls, made: SampledShare | None) -> Estimate | None:
        """As plain values."""
        return None if made is None else cls.model_validate(asdict(made))


class ArchiveBacktest(Sealed):
    """Counts are of parts whose pictures were there; estimates speak for all."""

    schema_version: Literal[1] = 1
    product: str
    deciding: DecidingTuple
    since_us: int | None
    until_us: int | None
    last: int = Field(description="the last record of the archive that was looked at")
    parts: int = Field(description="in the archive")
    judged: int
    gone: int = Field(description="kept, but not there any more when their turn came")
    unknown: int = Field(description="passes of which no record tells how they were drawn")
    passes_rejected: int
    rejects_passed: int
    defects_passed: int = Field(description="of these, those that a person called defective")
    false_rejects: Estimate | None = Field(
        description="share of the good parts that the candidate rejects; passes count as good "
        "unless a person said otherwise, so it is rather too high"
    )
    flips: tuple[Flip, ...]


def make_archive_backtest(
    archive: Iterable[Archived],
    rejudged: Mapping[int, Rejudged],
    *,
    product: str,
    deciding: DecidingTuple,
    since_us: int | None,
    until_us: int | None,
    last: int,
) -> ArchiveBacktest:
    """Compare verdicts; ``rejudged`` by the number of the record."""
    parts = list(archive)
    good = [one for one in parts if (one.passed if one.good is None else one.good)]
    known = [(one, one.share) for one in good if one.share is not None]
    seen = [
        (share, not rejudged[one.sequence].passed)
        for one, share in known
        if one.sequence in rejudged
    ]
    flips = tuple(
        Flip(**now.model_dump(), good=one.good)
        for one in parts
        if (now := rejudged.get(one.sequence)) is not None and now.passed != one.passed
    )
    rescued = [flip for flip in flips if flip.passed]
    return ArchiveBacktest.sealed(
        product=product,
        deciding=deciding,
        since_us=since_us,
        until_us=until_us,
        last=last,
        parts=len(parts),
        judged=len(rejudged),
        gone=sum(one.kept for one in parts) - len(rejudged),
        unknown=len(good) - len(known),
        passes_rejected=len(flips) - len(rescued),
        rejects_passed=len(rescued),
        defects_passed=sum(flip.good is False for flip in rescued),
        false_rejects=Estimate.of(sampled_share((share for _, share in known), seen)),
        flips=flips,
    )
