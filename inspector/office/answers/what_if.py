"""What another false-reject rate would have decided: recorded scores, other thresholds.

Every part's raw scores are recorded, passes too: the counts are of all of them, and need no
weights. Whose pictures were kept matters to what can be shown alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from calibration.another_rate import at_rate, comparable
from calibration.threshold import Calibration
from inspector.core.errors import BundleError, RefusedError
from inspector.core.record import RecordKind
from inspector.ledger.kept import views_of
from inspector.ledger.reader import LedgerReader, RecordFilter
from inspector.ledger.reviews import all_reviews
from inspector.link.questions.what_if import Flipping, RateStop, WhatIf, WhatIfTable
from inspector.office.jobs import Job, JobKind, JobKinds
from inspector.office.room import Room
from inspector.reports.inspected import SeenCheck, SeenPart, seen
from inspector.station.deciders import find_calibration

_STEPS = ((step, power) for power in (-6, -5, -4) for step in (100, 150, 200, 300, 500, 700))
RATES = (*(round(step * 10.0**power, 10) for step, power in _STEPS), 0.1)
"""From 0.01 % to 10 %, as even on a scale of logarithms as round figures are."""

_SHOWN = 60
"""Parts of each stop that can be looked at."""
_TOLD = 500
"""Records between two words on progress."""
_JUDGED = ("good", "defect")


@dataclass(frozen=True, slots=True)
class Archived:
    """A part that was judged by comparable scores. ``rejected_from``: the first stop."""

    record: int
    part: int
    utc_us: int
    passed: bool
    rejected_from: int
    finding: str


class Tally:
    """Counts of all parts, and the newest of those that flip: the memory it takes is small."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[bool, int, str]] = Counter()
        """By the recorded verdict, the first stop that rejects, and what people said."""
        self.newest: defaultdict[tuple[bool, int], deque[Archived]] = defaultdict(
            lambda: deque(maxlen=_SHOWN)
        )
        self.first_us = self.last_us = self.others = 0

    def add(self, part: Archived) -> None:
        """In the order of the records."""
        self.first_us = self.first_us or part.utc_us
        self.last_us = part.utc_us
        self.counts[part.passed, part.rejected_from, part.finding] += 1
        self.newest[part.passed, part.rejected_from].append(part)


def what_if(question: WhatIf, room: Room, job: Job, *, also: float | None = None) -> WhatIfTable:
    """Look at every part of the archive once; ``also`` is one more rate.

    Raises ``RefusedError``, ``BundleError``.
    """
    reader = room.ledger
    product, calibration = _in_force(question, room)
    rates = sorted({*RATES, calibration.promised} | ({also} if also is not None else set()))
    stops = [at_rate(calibration, rate) for rate in rates]
    limits = [{check.name: check.threshold for check in stop.checks} for stop in stops]
    said = {part: words[-1].finding for part, words in all_reviews(reader).items()}
    tally, scores_alike = Tally(), _Alike(calibration, product, room)
    for record, part_id, utc_us, passed, part in _judged(question, product, reader, job):
        if not scores_alike(part.hashes["calibration"]):
            tally.others += 1
            continue
        first = first_rejecting(part.checks, limits)
        tally.add(Archived(record, part_id, utc_us, passed, first, said.get(part_id, "")))
    if not tally.counts:
        raise RefusedError(
            f"{product}: no part was judged with its calibration", remedy="Choose a longer time"
        )
    return WhatIfTable(
        product=product,
        checks=tuple(check.name for check in calibration.checks),
        stops=tuple(_stop(index, stop, tally) for index, stop in enumerate(stops)),
        now=rates.index(calibration.promised),
        images=calibration.images,
        parts=tally.counts.total(),
        rejects=sum(number for (passed, *_), number in tally.counts.items() if not passed),
        others=tally.others,
        since_us=tally.first_us,
        until_us=tally.last_us,
        flips=tuple(_flips(tally, len(stops), room)),
    )


def first_rejecting(checks: Sequence[SeenCheck], limits: Sequence[Mapping[str, float]]) -> int:
    """The first stop, from the rarest rate, that rejects a part; their number where none does.

    Thresholds, by check, only fall as the rate rises: all stops after it reject it as well.
    """
    if not any(_fails(check, limits[-1]) for check in checks):
        return len(limits)  # most parts pass at every rate
    return next(
        index for index, limit in enumerate(limits) if any(_fails(check, limit) for check in checks)
    )


def _fails(check: SeenCheck, thresholds: Mapping[str, float]) -> bool:
    """A check that found no part, or no number, has nothing to compare."""
    if check.finding or check.score is None or check.check not in thresholds:
        return not check.passed
    return check.score > thresholds[check.check]


def _in_force(question: WhatIf, room: Room) -> tuple[str, Calibration]:
    """The product, and the calibration that judged its newest part."""
    wanted = RecordFilter(
        RecordKind.INSPECTION, since_us=question.since_us, until_us=question.until_us
    )
    newest = (seen(record) for record in reversed(room.ledger.tail(_TOLD, wanted)))
    for part in newest:
        digest = part.hashes["calibration"]
        if digest and part.checks and question.product in ("", part.product):
            return part.product, find_calibration(room.data_folder, part.product, digest)
    raise RefusedError(
        f"{question.product or 'no product'}: no part was judged with a calibration in this time",
        remedy="Choose a longer time, or calibrate it",
    )


class _Alike:
    """Whether scores under a calibration, by its hash, mean the same as under this one."""

    def __init__(self, calibration: Calibration, product: str, room: Room) -> None:
        self._calibration, self._product, self._room = calibration, product, room
        self._known = {calibration.hash: True}

    def __call__(self, digest: str) -> bool:
        if digest not in self._known:
            self._known[digest] = self._look(digest)
        return self._known[digest]

    def _look(self, digest: str) -> bool:
        try:
            found = find_calibration(self._room.data_folder, self._product, digest)
        except BundleError:
            return False
        return comparable(self._calibration, found)


def _judged(
    question: WhatIf, product: str, reader: LedgerReader, job: Job
) -> Iterator[tuple[int, int, int, bool, SeenPart]]:
    wanted = RecordFilter(
        RecordKind.INSPECTION, since_us=question.since_us, until_us=question.until_us
    )
    total = reader.count(wanted)
    for looked, record in enumerate(reader.each(wanted)):
        if looked % _TOLD == 0:
            job.progress("parts", looked, total)
        part = seen(record)
        if part.product != product or part.master or question.lot not in ("", part.lot):
            continue
        if part.cause in _JUDGED and part.checks:
            passed = all(check.passed for check in part.checks)  # bypassed or not
            yield record.sequence, record.part_id or 0, record.utc_us, passed, part


def _stop(index: int, made: Calibration, tally: Tally) -> RateStop:
    counts: Counter[tuple[bool, bool]] = Counter()
    said: Counter[str] = Counter()
    for (passed, rejected_from, finding), number in tally.counts.items():
        passes = rejected_from > index
        counts[passed, passes] += number
        if passes and not passed:
            said[finding] += number
    return RateStop(
        rate=made.promised,
        extrapolated=made.extrapolated,
        thresholds=tuple(check.threshold for check in made.checks),
        rejects=counts[True, False] + counts[False, False],
        to_reject=counts[True, False],
        to_pass=counts[False, True],
        defects_passed=said["defect"],
        false_rejects_saved=said["good"],
        unjudged_passed=counts[False, True] - said["defect"] - said["good"],
    )


def _flips(tally: Tally, stops: int, room: Room) -> Iterator[Flipping]:
    """Parts that some stop decides otherwise than was recorded, the newest of each stop."""
    shown: Counter[tuple[int, bool]] = Counter()
    parts = (part for newest in tally.newest.values() for part in newest)
    for part in sorted(parts, key=lambda part: -part.record):
        places = range(part.rejected_from, stops) if part.passed else range(part.rejected_from)
        wanted = [(place, part.passed) for place in places if shown[place, part.passed] < _SHOWN]
        if wanted:
            shown.update(wanted)
            yield Flipping(
                part.record,
                part.part,
                part.utc_us,
                part.passed,
                part.rejected_from,
                _pictures(part.record, room),
                part.finding,
            )


def _pictures(number: int, room: Room) -> int:
    record = room.ledger.record(number)
    views = views_of(record.content, room.evidence) if record is not None else ()
    return len(views) if all(view.path.is_file() for view in views) else 0


JOBS: JobKinds = {WhatIf: JobKind(what_if)}
