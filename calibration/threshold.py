"""From scores of good parts that were held out to a threshold, with what it promises and proves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from calibration import statistic
from calibration.joint import Joint, cross_fitted
from calibration.learned import Learned
from calibration.metrics import rate_upper_bound
from calibration.tail import Tail, tail_quantile
from inspector.core.canonical import hash_of
from inspector.core.check_spec import DecisionBasis
from inspector.core.detection import EngineInfo
from inspector.core.errors import BundleError, DatasetError, EngineError
from inspector.durable.files import write_atomically

_REMEDY = "Teach or calibrate the product on this PC, with this recipe"

MINIMUM_IMAGES = 5
"""Fewer held-out good images say nothing about a tail."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class CheckCalibration(BaseModel):
    """One check's own threshold, which follows from the joint one, and what it was made from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    threshold: FiniteFloat
    level: FiniteFloat | None = None
    """What cells of good parts hardly reach, where the check counts cells beyond it."""
    # Left out where there is none, so that calibrations without it keep their identity.
    learned: Learned | None = Field(None, exclude_if=lambda learned: learned is None)
    """What the check knows of good parts, where it compares with them."""
    scores: tuple[FiniteFloat, ...]
    """Raw scores of the parts, in the same order in every check."""

    def p_value(self, score: float) -> float:
        """Conformal p: the share of good parts, this one included, that look as strange.

        Never below ``1 / (images + 1)``.
        """
        count = len(self.scores)
        as_strange = count - int(np.searchsorted(self._tail.ordered, score, side="left"))
        return (1 + as_strange) / (count + 1)

    def extrapolated_p(self, score: float) -> float:
        """The same by the fitted tail: a model's word, for scores beyond all that was seen."""
        return self._tail.survival(score)

    @cached_property
    def _tail(self) -> Tail:
        return Tail.of(np.sort(np.array(self.scores)))


class Calibration(BaseModel):
    """The threshold of one bundle on one runtime, and the scores that it was made from.

    ``threshold`` and ``scores`` are those of the joint score (`calibration.joint`), which is the
    raw score where there is one check. ``promised`` is the recipe's false-reject rate. ``marginal``
    is the rate to expect: exact for an order statistic, the tail model's word where
    ``extrapolated``. ``bound95`` is what the scores prove at 95 %. ``wants_images`` more good
    images could prove the promise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[2] = 2
    threshold: FiniteFloat
    promised: float = Field(gt=0.0, lt=1.0)
    marginal: float = Field(ge=0.0, le=1.0)
    bound95: float = Field(ge=0.0, le=1.0)
    images: int = Field(ge=MINIMUM_IMAGES)
    wants_images: int = Field(ge=0)
    extrapolated: bool
    cross_fitted: bool
    """Whether margins of several checks, or what a check learned, were fitted to these same parts:
    for each part to the others."""
    basis: DecisionBasis
    statistic_version: int
    bundle_hash: Digest
    preparation_hash: Digest
    fingerprint: str
    scores: tuple[FiniteFloat, ...]
    """Ascending."""
    checks: tuple[CheckCalibration, ...] = Field(min_length=1)

    def joint(self, scores: Sequence[float]) -> float:
        """Joint score of one part's raw scores, in the order of the checks."""
        thresholds = [check.threshold for check in self.checks]
        return self._joint.score_against(thresholds, self.threshold, scores)

    def of(self, name: str) -> CheckCalibration:
        """One check's part. Raises ``KeyError``."""
        return {check.name: check for check in self.checks}[name]

    @cached_property
    def _joint(self) -> Joint:
        scores = np.array([check.scores for check in self.checks]).T
        return Joint.of(scores, [check.weight for check in self.basis.checks])

    @property
    def hash(self) -> str:
        """Identity of the calibration: SHA-256 of its canonical form."""
        return hash_of(self.model_dump(mode="json"))


def calibrate(
    scores: NDArray[np.float64],
    false_reject_rate: float,
    basis: DecisionBasis,
    *,
    info: EngineInfo,
    preparation_hash: str,
    levels: Sequence[float | None] | None = None,
    learned: Sequence[Learned | None] | None = None,
) -> Calibration:
    """Threshold the raw scores float64[n, C] of held-out good parts; above it is a reject.

    C checks in the order of ``basis``; ``levels`` and ``learned`` as in `CheckCalibration`. With
    enough images the joint threshold is the order statistic ``k = ceil((n + 1)(1 - a))``, whose
    rate is at most ``a`` whatever the distribution (Vovk et al. 2005; nearly so where it is
    cross-fitted). With fewer a tail model extrapolates, never to below the largest score; and where
    a part that is strange to one check would raise the thresholds of all (`Joint.furthest`). Raises
    ``DatasetError`` with fewer than ``MINIMUM_IMAGES``.
    """
    count = len(scores)
    refuse_few(count)
    if not np.isfinite(scores).all():
        raise EngineError("a calibration score is not a number", remedy="Run the self-test")
    weights = [check.weight for check in basis.checks]
    known = learned or [None] * len(weights)
    ordered = np.sort(cross_fitted(scores, weights))
    # The tolerance keeps 100 * 0.99 from becoming rank 100 by rounding.
    rank = math.ceil((count + 1) * (1.0 - false_reject_rate) - 1e-9)
    extrapolated = rank > count
    if extrapolated:
        threshold, marginal = tail_quantile(ordered, false_reject_rate), false_reject_rate
    else:
        threshold, marginal = float(ordered[rank - 1]), (count + 1 - rank) / (count + 1)
    margins = Joint.of(scores, weights)
    if len(weights) > 1 and threshold > margins.furthest(false_reject_rate):
        threshold, marginal = margins.furthest(false_reject_rate), false_reject_rate
        extrapolated = True
    raw = margins.thresholds(threshold)
    joint = sorted(margins.score_against(raw, threshold, part) for part in scores)
    # Margins of several checks are fitted to these very parts, which so exceed too seldom: the
    # bound takes no fewer than the rank leaves above it.
    exceeding = max(int((scores > np.array(raw)).any(axis=1).sum()), count - rank)
    return Calibration(
        threshold=threshold,
        promised=false_reject_rate,
        marginal=marginal,
        bound95=rate_upper_bound(exceeding, count),
        images=count,
        wants_images=max(images_to_prove(false_reject_rate) - count, 0),
        extrapolated=extrapolated,
        cross_fitted=len(weights) > 1 or any(one is not None and one.folds for one in known),
        basis=basis,
        statistic_version=statistic.VERSION,
        bundle_hash=info.bundle_hash,
        preparation_hash=preparation_hash,
        fingerprint=info.fingerprint,
        scores=tuple(joint),
        checks=tuple(
            CheckCalibration(
                name=check.check, threshold=own, level=level, learned=one, scores=tuple(column)
            )
            for check, own, level, one, column in zip(
                basis.checks,
                raw,
                levels or [None] * len(raw),
                known,
                scores.T.tolist(),
                strict=True,
            )
        ),
    )


def refuse_few(images: int) -> None:
    """Raise ``DatasetError`` for fewer good images than ``MINIMUM_IMAGES``."""
    if images < MINIMUM_IMAGES:
        raise DatasetError(
            f"{images} good images to calibrate with", remedy=f"Give at least {MINIMUM_IMAGES}"
        )


def images_to_prove(rate: float, confidence: float = 0.95) -> int:
    """Good images of which none may exceed, to prove a rate: 299 for 1 %, 2,995 for 0.1 %."""
    return math.ceil(math.log(1.0 - confidence) / math.log1p(-rate))


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Write the artefact, whole or not at all. Raises ``StorageError``."""
    text: str = yaml.safe_dump(calibration.model_dump(mode="json"), sort_keys=False)
    write_atomically(path, text.encode())


def load_calibration(
    path: Path, info: EngineInfo, basis: DecisionBasis | None = None
) -> Calibration:
    """The calibration of a running engine, and of the recipe's checks and sizes when given.

    Raises ``BundleError`` when it was made for another bundle, runtime, statistic or recipe.
    """
    calibration = read_calibration(path)
    pairs: dict[str, tuple[object, object]] = {
        "bundle_hash": (calibration.bundle_hash, info.bundle_hash),
        "fingerprint": (calibration.fingerprint, info.fingerprint),
        "statistic_version": (calibration.statistic_version, statistic.VERSION),
    }
    if basis is not None:
        made, asked = calibration.basis.model_dump(), basis.model_dump()
        pairs |= {f"basis.{key}": (made[key], asked[key]) for key in made}
    for key, (made_for, used) in pairs.items():
        if made_for != used:
            raise BundleError(
                f"{path}: {key}: made for {made_for}, used with {used}", remedy=_REMEDY
            )
    return calibration


def read_calibration(path: Path) -> Calibration:
    """Read and validate the artefact. Raises ``BundleError`` naming file, key and remedy."""
    try:
        return Calibration.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise BundleError(f"{path}: no calibration ({error.strerror})", remedy=_REMEDY) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BundleError(f"{path}: not YAML", remedy=_REMEDY) from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "(top level)"
        raise BundleError(f"{path}: {key}: {first['msg']}", remedy=_REMEDY) from error
