"""Sums against the records themselves, whatever the parts were."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.core.judgement import CheckResult, Judgement
from inspector.core.record import LedgerRecord
from inspector.core.verdict import Cause, Outcome
from inspector.ledger.chain import StoredRecord, genesis, link_all, seal
from inspector.reports.inspected import Inspected, seen
from tests.ledger.parts_on_a_line import IDENTITY, inspection

CHECKS = ("engine", "presence", "rx")
PARTS = st.lists(
    st.tuples(
        st.sampled_from(list(Cause)),
        st.sampled_from(["", "", "", "good-1"]),
        st.sampled_from(["", "", "", "ann"]),
        st.lists(st.booleans(), min_size=3, max_size=3),
    ),
    max_size=260,
)


def _part(number: int, cause: Cause, master: str, bypassed: str, fails: list[bool]) -> LedgerRecord:
    plain = inspection(number)
    fails = [False] * 3 if cause is Cause.GOOD else fails if any(fails) else [True] * 3
    checks = tuple(
        CheckResult(name, 2.0 + place if failed else 0.5, 1.0)
        for place, (name, failed) in enumerate(zip(CHECKS, fails, strict=True))
    )
    verdict = replace(
        plain.verdict,
        outcome=Outcome.PASS if cause is Cause.GOOD else Outcome.REJECT,
        cause=cause,
        master=master,
        bypassed=bypassed,
        judgement=Judgement(checks) if cause in (Cause.GOOD, Cause.DEFECT) else None,
    )
    identity = replace(IDENTITY, production=number % 2 == 0, lot=f"L{number % 3}")
    return replace(plain, verdict=verdict, identity=identity).record()


@settings(max_examples=40, deadline=None)
@given(PARTS)
def test_sums_are_those_of_the_records(
    parts: list[tuple[Cause, str, str, list[bool]]],
) -> None:
    made = [seal(_part(number, *part)) for number, part in enumerate(parts, 1)]
    records = link_all("s", genesis("s"), made)
    sums = Inspected(most_pictures=0)
    for record in records:
        sums.add(record, seen(record))
    contents = [json.loads(record.payload) for record in records]
    on_line = [one for one in contents if not one["master"]]
    sorted_parts = [one for one in on_line if not one["bypassed"]]
    rejected = [one for one in sorted_parts if one["outcome"] == "reject"]
    assert len(sums.sequences) == len(records)
    assert sums.parts == len(on_line) == sums.passed + sums.rejected + sums.bypassed
    assert sums.masters == len(records) - len(on_line)
    assert sums.rejected == len(rejected) == sum(sums.reasons.values())
    assert sums.production == sum(one["production"] for one in on_line)
    assert sums.causes == Counter(one["cause"] for one in on_line)
    assert sums.reasons == Counter(_strangest(one) for one in rejected)
    assert sums.lots == Counter(one["lot"] for one in on_line)
    assert sums.repeated == 0
    judged = [one for one in sorted_parts if one["cause"] in ("good", "defect")]
    chart = sums.chart()
    assert sum(group.parts for group in chart) == len(judged)
    assert sum(group.rejects for group in chart) == sum(one["cause"] == "defect" for one in judged)
    sizes = [group.parts for group in chart]
    assert all(2 * size >= sizes[0] for size in sizes)


def _strangest(content: dict[str, object]) -> str:
    if content["cause"] != "defect":
        return str(content["cause"])
    checks = content["checks"]
    assert isinstance(checks, list)
    failed = [check for check in checks if not check["passed"]]
    return str(max(failed, key=lambda check: check["score"])["check"])


def _record(number: int, part_id: int) -> StoredRecord:
    sealed = seal(_part(part_id, Cause.GOOD, "", "", [False] * 3))
    return replace(link_all("s", genesis("s"), [sealed])[0], sequence=number)


def test_a_number_that_comes_twice_or_late_is_counted() -> None:
    sums = Inspected()
    for number, part_id in enumerate((1, 2, 2, 4, 3, 5), 1):
        record = _record(number, part_id)
        sums.add(record, seen(record))
    assert sums.repeated == 2


def test_the_clearest_reject_of_each_reason_is_pictured_first() -> None:
    sums, picture = Inspected(most_pictures=3), {"name": "image", "digest": "f" * 64}
    for number in range(1, 41):
        check = CHECKS[number % 2]
        plain = inspection(number)
        result = CheckResult(check, 1.0 + number / 10, 1.0)
        verdict = replace(plain.verdict, judgement=Judgement((result,)))
        record = link_all(
            "s", genesis("s"), [seal(replace(plain, verdict=verdict).record((picture,)))]
        )
        sums.add(replace(record[0], sequence=number), seen(record[0]))
    assert [one.part_id for one in sums.pictured()] == [40, 39, 38]
