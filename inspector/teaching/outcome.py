"""What a calibration came to: its threshold, and what follows from it for labelled images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import inspector
from calibration.metrics import auroc
from calibration.operating import Alternative, Share, alternatives, roc
from calibration.threshold import Calibration, write_calibration
from engines.background.mahalanobis_taguchi import Selection
from engines.bundle import Bundle
from inspector.core.canonical import Json
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.teaching.dataset import DatasetStore, Label
from inspector.teaching.held_out import HeldOut
from inspector.teaching.looks import Looks, keep_looks, looks_path
from inspector.teaching.report.pictures import Exhibit

COST_RATIOS = (1.0, 10.0, 100.0)
"""Costs of an escape, in false rejects, that alternatives are told for."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled image, judged at the threshold. ``score`` is the joint one."""

    path: Path
    truth: Label
    category: str
    score: float
    rejected: bool


@dataclass(frozen=True)
class Calibrated:
    """A calibration that nothing runs by before ``adopt``; all that is told of it follows from it.

    ``previous`` is the calibration that it takes the place of, if there is a readable one.
    """

    recipe: Recipe
    bundle: Bundle
    runtime: RuntimeConfig
    file: Path
    calibration: Calibration
    previous: Calibration | None
    source: str
    held_out: HeldOut
    judged: tuple[Judged, ...]
    store: DatasetStore
    keep: bool
    looks: Looks
    strangest: tuple[Exhibit, ...] = ()
    weakest: tuple[Exhibit, ...] = ()
    selection: Selection | None = None
    """Which features of ``mt`` help with these defects: told, never applied."""

    @property
    def applies(self) -> bool:
        """Whether the line would take it: it must promise what the recipe asks for."""
        return self.calibration.promised == self.recipe.decision.false_reject_rate

    def adopt(self) -> None:
        """Let the line run by it from its next start on. Raises ``StorageError``.

        ``ConfigError`` where what is kept of the looks beside it is damaged.
        """
        if self.keep:
            self.store.add((item.entry, item.path) for item in self.held_out.calibrate)
        keep_looks(looks_path(self.bundle.path, self.calibration), self.looks)
        write_calibration(self.file, self.calibration)

    def of(self, truth: Label) -> list[Judged]:
        """The labelled images of a kind."""
        return [one for one in self.judged if one.truth is truth]

    @property
    def false_rejects(self) -> Share | None:
        """Good images that neither taught nor calibrated, rejected; None without any."""
        good = self.of(Label.GOOD)
        return Share.of(sum(one.rejected for one in good), len(good)) if good else None

    @property
    def escapes(self) -> Share | None:
        """Defective images passed; None without any."""
        return _escapes(self.of(Label.DEFECTIVE))

    @property
    def escapes_by_category(self) -> dict[str, Share]:
        """The same for each kind of defect."""
        defective = self.of(Label.DEFECTIVE)
        shares = {
            name: _escapes([one for one in defective if one.category == name])
            for name in sorted({one.category for one in defective})
        }
        return {name: share for name, share in shares.items() if share is not None}

    @property
    def spent(self) -> tuple[tuple[int, int], ...]:
        """For each check the calibration images that exceed it, and those that exceed it alone."""
        above = self._above
        alone = above & (above.sum(axis=0) == 1)
        return tuple(zip(above.sum(axis=1).tolist(), alone.sum(axis=1).tolist(), strict=True))

    @property
    def exceeding(self) -> int:
        """Calibration images that any check rejects."""
        return int(self._above.any(axis=0).sum())

    @cached_property
    def _above(self) -> NDArray[np.bool_]:
        """bool[checks, images]"""
        scores = np.array([check.scores for check in self.calibration.checks])
        limits = np.array([[check.threshold] for check in self.calibration.checks])
        return np.asarray(scores > limits)

    @cached_property
    def good_scores(self) -> NDArray[np.float64]:
        """Joint scores of all good images that were not taught: calibration's, then test's."""
        test = [one.score for one in self.of(Label.GOOD)]
        return np.array([*self.calibration.scores, *test])

    @cached_property
    def defective_scores(self) -> NDArray[np.float64]:
        """Joint scores of the defective images."""
        return np.array([one.score for one in self.of(Label.DEFECTIVE)])

    @property
    def auroc(self) -> float | None:
        """Of all good images that were not taught against the defective ones."""
        labels = np.repeat([False, True], [self.good_scores.size, self.defective_scores.size])
        return auroc(np.concatenate([self.good_scores, self.defective_scores]), labels)

    @property
    def roc(self) -> list[tuple[float, float]]:
        """False rejects and finds, both as shares, from the highest threshold down."""
        return roc(self.good_scores, self.defective_scores)

    @cached_property
    def alternatives(self) -> list[Alternative]:
        """Thresholds that other costs would ask for: told, never applied."""
        if not self.defective_scores.size:
            return []
        scores = self.calibration.scores
        return alternatives(self.good_scores, self.defective_scores, scores, COST_RATIOS)

    def identity(self) -> dict[str, str]:
        """What decided, by name and hash."""
        calibration = self.calibration
        return {
            "product": self.recipe.product,
            "recipe": self.recipe.hash,
            "bundle": calibration.bundle_hash,
            "preparation": calibration.preparation_hash,
            "calibration": calibration.hash,
            "fingerprint": calibration.fingerprint,
            "software": inspector.__version__,
        }

    def to_json(self) -> dict[str, Json]:
        """Plain values for ``--json``."""
        made = self.calibration
        names = ("threshold", "promised", "marginal", "bound95", "images", "wants_images")
        plain: dict[str, Json] = {name: getattr(made, name) for name in names}
        checks: list[Json] = [
            {
                "name": check.name,
                "threshold": check.threshold,
                "weight": spec.weight,
                "exceeding": above,
                "exceeding_alone": alone,
            }
            for check, spec, (above, alone) in zip(
                made.checks, made.basis.checks, self.spent, strict=True
            )
        ]
        found: dict[str, Json] = {
            "extrapolated": made.extrapolated,
            "cross_fitted": made.cross_fitted,
            "applied": self.applies,
            "file": str(self.file) if self.applies else None,
            "previous_threshold": None if self.previous is None else self.previous.threshold,
            "checks": checks,
            "left_out": {"taught": self.held_out.taught, "copies": self.held_out.copies},
            "teaching_known": self.held_out.teaching_known,
            "false_rejects": _plain(self.false_rejects),
            "escapes": _plain(self.escapes),
            "escapes_by_category": {
                name: _plain(share) for name, share in self.escapes_by_category.items()
            },
            "roc": self._roc_json(),
            "alternatives": [asdict(one) for one in self.alternatives],
            "features": self._features_json(),
            "identity": self.identity(),
        }
        return plain | found

    def _features_json(self) -> Json:
        if self.selection is None:
            return None
        gains = dict(zip(self.selection.names, self.selection.gains.tolist(), strict=True))
        return {"gains_db": gains, "useful": list(self.selection.useful)}

    def _roc_json(self) -> Json:
        if not self.defective_scores.size:
            return None
        return {
            "auroc": self.auroc,
            "good": self.good_scores.size,
            "defective": self.defective_scores.size,
            "points": self.roc,
        }


def _escapes(defective: Sequence[Judged]) -> Share | None:
    missed = sum(not one.rejected for one in defective)
    return Share.of(missed, len(defective)) if defective else None


def _plain(share: Share | None) -> Json:
    return None if share is None else asdict(share)
