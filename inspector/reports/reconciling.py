"""Counts that must agree, each with its figures: what the ledger holds against what was counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.reports.gathering import Gathered
from inspector.reports.inspected import ranked
from inspector.reports.request import ReportKind
from inspector.reports.words import Words


@dataclass(frozen=True, slots=True)
class Agreement:
    """One equation; ``agrees`` is None where nobody told the figures."""

    rule: str
    figures: str
    agrees: bool | None


def agreements(found: Gathered, words: Words) -> list[Agreement]:
    """All of them; those of whole runs only where the report is on a time, not on a lot."""
    made = list(_of_records(found, words))
    if found.request.kind is ReportKind.SHIFT:
        made += [*_of_runs(found, words), _of_numbers(found, words), *_of_plc(found, words)]
        dropped = found.happenings.dropped
        made.append(Agreement(words("records lost = 0"), f"{dropped:,}", dropped == 0))
    return made


def _of_records(found: Gathered, words: Words) -> Iterator[Agreement]:
    sums = found.inspected
    verdicts = len(sums.sequences)
    different = verdicts - sums.repeated
    yield Agreement(
        words("parts = verdicts"), f"{different:,} = {verdicts:,}", different == verdicts
    )
    terms = (sums.passed, sums.rejected, sums.bypassed, sums.masters)
    yield Agreement(
        words("verdicts = passed + rejected + bypassed + limit samples"),
        f"{verdicts:,} = {' + '.join(f'{term:,}' for term in terms)}",
        verdicts == sum(terms),
    )
    reasons = sum(sums.reasons.values())
    yield Agreement(
        words("rejected = sum of all reasons"),
        f"{sums.rejected:,} = {reasons:,}",
        sums.rejected == reasons,
    )


def _of_runs(found: Gathered, words: Words) -> Iterator[Agreement]:
    runs = [(run, run.counted) for run in found.happenings.runs if run.counted is not None]
    whole = [(run, counted) for run, counted in runs if run.begun]
    rule = words("parts counted by the line = records of them, in whole runs")
    if whole:
        counted = sum(said["parts"] for _, said in whole)
        recorded = [found.recorded(run) for run, _ in whole]
        agrees = all(
            said["parts"] == said["verdicts"] == number
            for (_, said), number in zip(whole, recorded, strict=True)
        )
        yield Agreement(rule, f"{counted:,} = {sum(recorded):,}", agrees)
    else:
        yield Agreement(rule, words("no whole run in this time"), None)
    cameras: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, said in runs:
        for camera, counts in said["cameras"].items():
            cameras[camera].update(counts)
    for camera, counts in sorted(cameras.items()):
        yield Agreement(
            words("{camera}: triggers = frames + lost", camera=camera),
            f"{counts['triggers']:,} = {counts['frames']:,} + {counts['lost']:,}",
            counts["triggers"] == counts["frames"] + counts["lost"],
        )


def _of_numbers(found: Gathered, words: Words) -> Agreement:
    told = found.happenings
    lost = sum(one.parts for one in told.unrecorded)
    rule = words("part numbers = recorded + outcome unrecorded + never used")
    if not told.given:
        return Agreement(rule, words("no block of numbers ended in this time"), None)
    figures = f"{told.given:,} = {told.recorded:,} + {lost:,} + {told.unused:,}"
    return Agreement(rule, figures, told.given == told.recorded + lost + told.unused)


def _of_plc(found: Gathered, words: Words) -> Iterator[Agreement]:
    unseen, fates = found.happenings.unseen, found.happenings.fates
    none = words("no difference was told")
    text = none if unseen is None else words("difference of up to {number}", number=unseen)
    rule = words("parts at the PLC's sensor = triggers of the cameras")
    yield Agreement(rule, text, unseen is None)
    told = ", ".join(f"{fate} {count:,}" for fate, count in ranked(fates)) or none
    yield Agreement(words("fate at the gate = verdict"), told, not fates)
