"""The tally counts escapes and false rejects against labels, unseen parts apart."""

from __future__ import annotations

from inspector.sim.truth import Tally, Truth, TruthTally


def test_counts() -> None:
    tally = TruthTally({"g": Truth.GOOD, "d": Truth.DEFECTIVE, "?": Truth.GRADED})
    for source, passed, inspected in [
        ("g", True, True),
        ("g", False, True),
        ("d", False, True),
        ("d", True, True),
        ("?", False, True),
        ("d", False, False),
        ("unlabelled", True, True),
    ]:
        tally.count(source, passed=passed, inspected=inspected)
    assert tally.tally() == Tally(
        good=2,
        defective=2,
        graded=1,
        escapes=1,
        false_rejects=1,
        graded_rejected=1,
        unseen=1,
    )
