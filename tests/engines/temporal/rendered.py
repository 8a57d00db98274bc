"""Small series, and forecasts of them that are taught in a blink."""

from __future__ import annotations

import numpy as np

from engines.temporal import Series
from engines.temporal.series import Values
from engines.temporal.spec import ForecastSpec

BLINK = ForecastSpec(method="autoregression", window=8)
"""Of baselines the one that learns; loads no network."""


def swinging(parts: int, seed: int = 0, slip: float = 0.0) -> Values:
    """A belt's speed and a lamp's brightness, float64[parts, 2]; ``slip`` disturbs the swing."""
    random = np.random.default_rng(seed)
    phase = 2.0 * np.pi * np.arange(parts) / 17.0 + np.cumsum(random.normal(0.0, slip, parts))
    speed = 300.0 + 4.0 * np.sin(phase) + 0.4 * random.normal(size=parts)
    return np.stack([speed, 80.0 + random.normal(size=parts)], axis=1)


def series(parts: int = 800, seed: int = 0) -> Series:
    return Series(("belt speed", "cam brightness"), swinging(parts, seed))
