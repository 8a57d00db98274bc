"""What the checks found on one part, and why."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field

from inspector.core.frame import ScoreMap
from inspector.core.pose import Pose


@dataclass(frozen=True, slots=True)
class Region:
    """One connected place where a check's map exceeds its threshold.

    The box is given in fractions of the inspected field (0..1), so that it can be drawn on any
    rendition of it. ``area_px`` counts pixels of the camera image, ``length_px`` is the longest
    extent in them (0: not measured); ``area_mm2`` and ``length_mm`` are None when the product has
    no scale.
    """

    left: float
    top: float
    width: float
    height: float
    area_px: float
    area_mm2: float | None
    peak: float
    length_px: float = 0.0
    length_mm: float | None = None

    def size_in_words(self) -> str:
        """Area and length with their units, for reasons and reports."""
        area, length = self.sizes()
        return f"{area}, {length} long" if length else area

    def sizes(self) -> tuple[str, str]:
        """Area and length with their units; an empty length where none was measured."""
        if self.area_mm2 is None:
            return f"{self.area_px:.0f} px", f"{self.length_px:.0f} px" if self.length_px else ""
        length = "" if self.length_mm is None else f"{self.length_mm:.1f} mm"
        return f"{self.area_mm2:.2f} mm²", length


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check's raw score against its threshold. A score above the threshold fails the part.

    ``p_value`` is the conformal p of the score among the calibration parts (None when the check is
    not calibrated); it is never below ``1 / (n + 1)``. ``extrapolated_p`` is what a fitted tail
    makes of it: a model's word.
    """

    check: str
    score: float
    threshold: float
    p_value: float | None = None
    regions: tuple[Region, ...] = ()
    view: int = 0
    map: ScoreMap | None = field(default=None, compare=False, repr=False)
    extrapolated_p: float | None = None
    provisional: bool = False
    """Against the recipe's provisional threshold: the check was never calibrated."""
    finding: str = ""
    """What is wrong with the part as a whole ("no part"): the other checks saw something else."""
    explanation: str = ""
    """What the score is made of, where it is of several findings and marks no place."""

    @property
    def strangeness(self) -> float:
        """Larger for what is stranger, comparable between the checks of a recipe."""
        if self.extrapolated_p is None:
            return self.score / self.threshold if self.threshold > 0 else self.score
        return -math.log10(max(self.extrapolated_p, sys.float_info.min))

    @property
    def passed(self) -> bool:
        """True when the score does not exceed the threshold; NaN never passes."""
        return self.score <= self.threshold

    def reason(self) -> str:
        """The finding in words."""
        if self.finding:
            return f"{self.check}: {self.finding}"
        words = f"{self.check}: score {self.score:.4g} against {self.threshold:.4g}"
        if self.regions:
            worst = max(self.regions, key=lambda region: region.peak)
            x, y = worst.left + worst.width / 2, worst.top + worst.height / 2
            words += f", {worst.size_in_words()} at ({x:.0%}, {y:.0%})"
        if self.explanation:
            words += f", {self.explanation}"
        if self.provisional:
            words += ", provisional"
        if self.p_value is not None:
            words += f", p = {self.p_value:.3g}"
            if self.extrapolated_p is not None and self.extrapolated_p < self.p_value:
                words += f"; extrapolated {self.extrapolated_p:.1g}"
        return words


@dataclass(frozen=True, slots=True)
class Judgement:
    """All checks of one part. The part passes only when every check passes."""

    checks: tuple[CheckResult, ...]
    poses: tuple[Pose | None, ...] = ()
    """Where the part lies in each view; empty where it was not looked for."""

    @property
    def passed(self) -> bool:
        """True when there is at least one check and each of them passes."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def reasons(self) -> tuple[str, ...]:
        """The failed checks in words, in the order of the recipe; a missing part stands alone."""
        failed = [check for check in self.checks if not check.passed]
        return tuple(c.reason() for c in [c for c in failed if c.finding] or failed)

    @property
    def worst(self) -> CheckResult | None:
        """The strangest finding; of a rejected part one that failed (None without checks)."""
        return max(
            self.checks,
            key=lambda c: (not c.passed, bool(c.finding), c.strangeness),
            default=None,
        )
