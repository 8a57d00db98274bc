"""What a calibration would be at another false-reject rate: the same scores, another rank."""

from __future__ import annotations

import numpy as np

from calibration.threshold import Calibration, calibrate
from inspector.core.detection import EngineInfo


def at_rate(calibration: Calibration, rate: float) -> Calibration:
    """What ``inspector calibrate`` would make of the same images for another rate.

    Scores do not depend on the rate, so nothing is inferred again.
    """
    # Identity is all that a calibration takes from its engine.
    info = EngineInfo("", "", calibration.fingerprint, calibration.bundle_hash, 0, 0, 0, 0, 0)
    return calibrate(
        np.array([check.scores for check in calibration.checks], np.float64).T,
        rate,
        calibration.basis,
        info=info,
        preparation_hash=calibration.preparation_hash,
        levels=[check.level for check in calibration.checks],
        learned=[check.learned for check in calibration.checks],
    )


def comparable(one: Calibration, other: Calibration) -> bool:
    """True when scores under one mean the same under the other."""
    keys = ("bundle_hash", "preparation_hash", "fingerprint", "statistic_version", "basis")
    return all(getattr(one, key) == getattr(other, key) for key in keys)
