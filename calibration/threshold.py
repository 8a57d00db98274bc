"""From scores of good parts that were held out to a threshold, with what it promises and proves."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from calibration import statistic
from calibration.metrics import rate_upper_bound
from calibration.tail import tail_quantile
from inspector.core.canonical import hash_of
from inspector.core.detection import EngineInfo
from inspector.core.errors import BundleError, DatasetError, EngineError
from inspector.durable.files import write_atomically

_REMEDY = "Teach the product on this PC, with this recipe"

MINIMUM_IMAGES = 5
"""Fewer held-out good images say nothing about a tail."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Calibration(BaseModel):
    """The threshold of one bundle on one runtime, and the scores that it was made from.

    ``promised`` is the recipe's false-reject rate. ``marginal`` is the rate to expect: exact for an
    order statistic, the tail model's word where ``extrapolated``. ``bound95`` is what the scores
    prove at 95 %. ``wants_images`` more good images could prove the promise.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = 1
    threshold: FiniteFloat
    promised: float = Field(gt=0.0, lt=1.0)
    marginal: float = Field(ge=0.0, le=1.0)
    bound95: float = Field(ge=0.0, le=1.0)
    images: int = Field(ge=MINIMUM_IMAGES)
    wants_images: int = Field(ge=0)
    extrapolated: bool
    min_area_px: float = Field(ge=0.0)
    statistic_version: int
    bundle_hash: Digest
    preparation_hash: Digest
    fingerprint: str
    scores: tuple[FiniteFloat, ...]
    """Ascending."""

    def p_value(self, score: float) -> float:
        """Conformal p: the share of good parts, this one included, that look as strange.

        Never below ``1 / (images + 1)``.
        """
        as_strange = self.images - int(np.searchsorted(self.scores, score, side="left"))
        return (1 + as_strange) / (self.images + 1)

    @property
    def hash(self) -> str:
        """Identity of the calibration: SHA-256 of its canonical form."""
        return hash_of(self.model_dump(mode="json"))


def calibrate(
    scores: NDArray[np.float64],
    false_reject_rate: float,
    *,
    info: EngineInfo,
    preparation_hash: str,
    min_area_px: float,
) -> Calibration:
    """Threshold the final statistics float64[n] of held-out good images; above it is a reject.

    With enough images it is the order statistic ``k = ceil((n + 1)(1 - a))``, whose rate is at most
    ``a`` whatever the distribution (Vovk et al. 2005). With fewer a tail model extrapolates, never
    to below the largest score. Raises ``DatasetError`` with fewer than ``MINIMUM_IMAGES``.
    """
    ordered = np.sort(np.asarray(scores, np.float64))
    count = len(ordered)
    if count < MINIMUM_IMAGES:
        raise DatasetError(
            f"{count} good images to calibrate with", remedy=f"Give at least {MINIMUM_IMAGES}"
        )
    if not np.isfinite(ordered).all():
        raise EngineError("a calibration score is not a number", remedy="Run the self-test")
    # The tolerance keeps 100 * 0.99 from becoming rank 100 by rounding.
    rank = math.ceil((count + 1) * (1.0 - false_reject_rate) - 1e-9)
    extrapolated = rank > count
    if extrapolated:
        threshold, marginal = tail_quantile(ordered, false_reject_rate), false_reject_rate
    else:
        threshold, marginal = float(ordered[rank - 1]), (count + 1 - rank) / (count + 1)
    exceeding = int((ordered > threshold).sum())
    return Calibration(
        threshold=threshold,
        promised=false_reject_rate,
        marginal=marginal,
        bound95=rate_upper_bound(exceeding, count),
        images=count,
        wants_images=max(images_to_prove(false_reject_rate) - count, 0),
        extrapolated=extrapolated,
        min_area_px=min_area_px,
        statistic_version=statistic.VERSION,
        bundle_hash=info.bundle_hash,
        preparation_hash=preparation_hash,
        fingerprint=info.fingerprint,
        scores=tuple(float(score) for score in ordered),
    )


def images_to_prove(rate: float, confidence: float = 0.95) -> int:
    """Good images of which none may exceed, to prove a rate: 299 for 1 %, 2,995 for 0.1 %."""
    return math.ceil(math.log(1.0 - confidence) / math.log1p(-rate))


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Write the artefact, whole or not at all. Raises ``StorageError``."""
    text: str = yaml.safe_dump(calibration.model_dump(mode="json"), sort_keys=False)
    write_atomically(path, text.encode())


def load_calibration(path: Path, info: EngineInfo, min_area_px: float | None = None) -> Calibration:
    """The calibration of a running engine, and of the recipe's minimum defect area when given.

    Raises ``BundleError`` when it was made for another bundle, runtime, defect area or statistic.
    """
    calibration = read_calibration(path)
    pairs: dict[str, tuple[object, object]] = {
        "bundle_hash": (calibration.bundle_hash, info.bundle_hash),
        "fingerprint": (calibration.fingerprint, info.fingerprint),
        "statistic_version": (calibration.statistic_version, statistic.VERSION),
    }
    if min_area_px is not None:
        pairs["min_area_px"] = (calibration.min_area_px, min_area_px)
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
