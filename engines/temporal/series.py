"""A series of values of a line, one vector a part; and the scale that its forecast works in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inspector.core.canonical import sha256_hex
from inspector.core.errors import ConfigError

Values = NDArray[np.float64]

_SPREAD = (0.1587, 0.8413)
"""Quantiles one standard deviation off the median, of normal values."""
_BOUNDS = (0.005, 0.995)
_STILL = 1e-9
"""Share of its size below which a channel's spread is rounding."""


@dataclass(frozen=True, slots=True)
class Series:
    """Values float64[parts, channels] in the order of the parts; all are finite."""

    channels: tuple[str, ...]
    values: Values = field(repr=False)

    def __post_init__(self) -> None:
        """Raise ``ConfigError`` where names and values do not fit."""
        if self.values.ndim != 2 or self.values.shape[1] != len(self.channels):
            raise ConfigError(
                f"series: {len(self.channels)} channels named, values {self.values.shape}",
                remedy="Give one column for each channel",
            )
        if len(set(self.channels)) < len(self.channels) or not self.channels:
            raise ConfigError("series: channels need names of their own", remedy="Name each once")
        if not np.isfinite(self.values).all():
            raise ConfigError("series: values are not finite", remedy="Leave such parts out")

    def __len__(self) -> int:
        return len(self.values)

    def of(self, channels: Sequence[str]) -> Series:
        """Some channels, in this order. Raises ``ConfigError`` for one that is not there."""
        missing = [name for name in channels if name not in self.channels]
        if missing:
            raise ConfigError(
                f"series: no channel {missing[0]}", remedy=f"Known: {', '.join(self.channels)}"
            )
        places = [self.channels.index(name) for name in channels]
        return Series(tuple(channels), self.values[:, places])

    @property
    def spread(self) -> Values:
        """Half of what lies between quantiles a standard deviation off; 0 where nothing moves."""
        below, above = np.quantile(self.values, _SPREAD, axis=0)
        found = (above - below) / 2.0
        return np.where(found > _STILL * np.abs(below), found, 0.0)

    @property
    def digest(self) -> str:
        """SHA-256 of names and values."""
        names = "\n".join(self.channels).encode()
        return sha256_hex(names + b"\0" + np.ascontiguousarray(self.values, "<f8").tobytes())


@dataclass(frozen=True, slots=True)
class Scaling:
    """Every channel about its median, in units of its spread; float64[channels] each.

    What a prediction is made from is held within ``low`` and ``high``: a value beyond all that was
    taught counts as the outermost one, so that a network never sees what it was not taught on.
    """

    centre: Values
    spread: Values
    low: Values
    high: Values

    @classmethod
    def of(cls, series: Series) -> Scaling:
        """By quantiles, so that single strange parts count for little. Raises ``ConfigError``."""
        values = series.values
        spread = series.spread
        still = np.flatnonzero(spread <= 0.0)
        if still.size:
            raise ConfigError(
                f"series: {series.channels[still[0]]} hardly ever moves",
                remedy="Leave this channel out",
            )
        centre = np.median(values, axis=0)
        low, high = (np.quantile(values, _BOUNDS, axis=0) - centre) / spread
        return cls(centre, spread, low - 1.0, high + 1.0)

    def scaled(self, values: ArrayLike) -> Values:
        """Values float[..., channels] in units of the spread, wherever they lie."""
        return np.asarray((np.asarray(values, np.float64) - self.centre) / self.spread)

    def held(self, scaled: Values) -> Values:
        """The same, held within the bounds."""
        return np.asarray(np.clip(scaled, self.low, self.high))
