"""Of which parts pictures are kept, and with which probability: what an estimate needs later."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inspector.core.canonical import Json
from inspector.core.judgement import CheckResult
from inspector.core.recipe import EvidenceSpec
from inspector.core.verdict import Verdict

_GOLDEN = 0x9E3779B97F4A7C15
_WORD = 2**64


class EvidenceClass(StrEnum):
    """Why pictures are kept; what is dearest comes first."""

    REJECT = "reject"
    BORDERLINE = "borderline"
    """A pass that nearly was none."""
    CONTEXT = "context"
    """The last parts before an alarm."""
    PASS = "pass"
    """One of the passes that are drawn."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """One part's class, whether its pictures are kept, and the share of its like that are.

    A share of 0 says that such parts have no chance: no estimate can speak for them.
    """

    kind: EvidenceClass
    share: float
    kept: bool

    def payload(self) -> dict[str, Json]:
        """What the record says."""
        return {"class": self.kind.value, "share": self.share}


def keeping_of(verdict: Verdict, policy: EvidenceSpec, *, shedding: bool = False) -> Keeping:
    """What the recipe wants kept of a part; while ``shedding`` nothing but rejects.

    Which passes are drawn depends on their part number alone, so that a replay draws the same: by
    multiples of the golden ratio, which spread evenly (Knuth, TAOCP 6.4).
    """
    if not verdict.passed:
        return Keeping(EvidenceClass.REJECT, float(policy.rejects), policy.rejects)
    borderline = _borderline(verdict, policy)
    kind = EvidenceClass.BORDERLINE if borderline else EvidenceClass.PASS
    share = 0.0 if shedding else 1.0 if borderline else policy.pass_share
    drawn = (verdict.part_id * _GOLDEN % _WORD) / _WORD < share
    return Keeping(kind, share, drawn)


def _borderline(verdict: Verdict, policy: EvidenceSpec) -> bool:
    judgement = verdict.judgement
    return judgement is not None and any(_near(check, policy) for check in judgement.checks)


def _near(check: CheckResult, policy: EvidenceSpec) -> bool:
    by_p = check.p_value is not None and check.p_value <= policy.borderline_p
    margin = policy.borderline_margin
    return by_p or (margin > 0 and check.score >= (1.0 - margin) * check.threshold)
