"""Counts a demo run against its labels, after the verdict and out of its sight."""

from __future__ import annotations

from inspector.line.part import JudgedPart
from inspector.sim.truth import TruthTally


class TruthTap:
    """Looks up each part's picture in the tally."""

    def __init__(self, tally: TruthTally) -> None:
        self._tally = tally

    def offer(self, part: JudgedPart) -> None:
        """Count the part."""
        source = part.frames[0].source if part.frames else ""
        inspected = part.verdict.judgement is not None and part.verdict.margin_ns >= 0
        self._tally.count(source, passed=part.verdict.passed, inspected=inspected)
