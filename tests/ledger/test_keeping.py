"""Which parts' pictures are kept, and what the record says of those that were not."""

from __future__ import annotations

import dataclasses

import pytest

from inspector.core.judgement import CheckResult, Judgement
from inspector.core.recipe import EvidenceSpec
from inspector.core.verdict import Cause, Outcome, Verdict
from inspector.ledger.keeping import EvidenceClass, keeping_of
from tests.ledger.parts_on_a_line import inspection


def part(number: int, score: float, p_value: float | None = None) -> Verdict:
    made = inspection(number, score=score).verdict
    return dataclasses.replace(
        made, judgement=Judgement((CheckResult("engine", score, 1.0, p_value),))
    )


def test_rejects_are_kept_where_the_recipe_says_so() -> None:
    kept = keeping_of(part(1, 2.0), EvidenceSpec())
    assert (kept.kind, kept.share, kept.kept) == (EvidenceClass.REJECT, 1.0, True)
    left = keeping_of(part(1, 2.0), EvidenceSpec(rejects=False))
    assert (left.share, left.kept) == (0.0, False)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.25, 1.0])
def test_the_share_of_passes_that_is_drawn(share: float) -> None:
    policy = EvidenceSpec(pass_share=share)
    drawn = [keeping_of(part(number, 0.5), policy) for number in range(2000)]
    assert sum(one.kept for one in drawn) == pytest.approx(2000 * share, abs=2)
    assert {one.share for one in drawn} == {share}


@pytest.mark.parametrize(
    ("policy", "score", "p_value", "kind"),
    [
        (EvidenceSpec(pass_share=0.0, borderline_p=0.05), 0.5, 0.05, EvidenceClass.BORDERLINE),
        (EvidenceSpec(pass_share=0.0, borderline_p=0.05), 0.5, 0.06, EvidenceClass.PASS),
        (EvidenceSpec(pass_share=0.0, borderline_p=0.05), 0.5, None, EvidenceClass.PASS),
        (EvidenceSpec(pass_share=0.0, borderline_margin=0.1), 0.91, None, EvidenceClass.BORDERLINE),
        (EvidenceSpec(pass_share=0.0, borderline_margin=0.1), 0.89, None, EvidenceClass.PASS),
        (EvidenceSpec(pass_share=0.0), 1.0, 0.01, EvidenceClass.PASS),
    ],
)
def test_passes_that_nearly_were_none(
    policy: EvidenceSpec, score: float, p_value: float | None, kind: EvidenceClass
) -> None:
    keeping = keeping_of(part(1, score, p_value), policy)
    assert keeping.kind is kind
    assert keeping.kept is (kind is EvidenceClass.BORDERLINE)


def test_while_shedding_passes_go_and_rejects_stay() -> None:
    policy = EvidenceSpec(pass_share=1.0, borderline_margin=0.9)
    assert keeping_of(part(1, 2.0), policy, shedding=True).kept
    for score in (0.05, 0.95):
        shed = keeping_of(part(1, score), policy, shedding=True)
        assert not shed.kept
        assert shed.share == 0.0, "no estimate may speak for it"


def test_the_record_says_how_it_was_drawn() -> None:
    keeping = keeping_of(part(1, 0.5), EvidenceSpec(pass_share=0.25))
    made = dataclasses.replace(inspection(1, score=0.5), keeping=keeping)
    assert made.record().payload["keeping"] == {"class": "pass", "share": 0.25}
    assert inspection(1).record().payload["keeping"] is None


def test_a_part_that_came_late_is_a_reject() -> None:
    late = dataclasses.replace(part(1, 0.5), outcome=Outcome.REJECT, cause=Cause.LATE)
    assert keeping_of(late, EvidenceSpec()).kind is EvidenceClass.REJECT
