"""Plain forecasts: what every network must beat before it is used.

All are `Linear`. *Last value*: the next vector is as the last. *Smoothing*: simple exponential
smoothing (Brown 1956) over the window, one constant for each channel. *Autoregression*: the least
squares of all channels and lags with a ridge (Hoerl & Kennard 1970), whose size the validation part
decides.
"""

from __future__ import annotations

import numpy as np

from engines.temporal.predicting import Linear, errors_of, windows_of
from engines.temporal.series import Values

_CONSTANTS = np.linspace(0.02, 1.0, 50)
_RIDGES = np.geomspace(1e-4, 10.0, 11)
"""In shares of the parts taught."""


def last_value(window: int, channels: int) -> Linear:
    """The next is as the last."""
    weights = np.zeros((window, channels, channels), np.float32)
    weights[-1] = np.eye(channels)
    return Linear(weights.reshape(-1, channels), np.zeros(channels, np.float32))


def smoothing(held: Values, window: int) -> Linear:
    """Weights ``a (1 - a)^k`` for the value ``k`` ago, what is left of 1 for the oldest.

    ``held`` float64[parts, channels] decides ``a`` by the least mean absolute error.
    """
    channels = held.shape[1]
    ages = np.arange(window)[::-1]
    kernels = _CONSTANTS[:, None] * (1.0 - _CONSTANTS[:, None]) ** ages
    kernels[:, 0] += 1.0 - kernels.sum(axis=1)
    windows = windows_of(held, window)
    weights = np.zeros((window, channels, channels), np.float32)
    for channel in range(channels):
        found = windows[:, :, channel] @ kernels.T
        wrong = np.abs(found - held[window:, channel, None]).mean(axis=0)
        weights[:, channel, channel] = kernels[int(np.argmin(wrong))]
    return Linear(weights.reshape(-1, channels), np.zeros(channels, np.float32))


def autoregression(held: Values, scaled: Values, validation: int, window: int) -> Linear:
    """Fit on the parts before ``validation``, and try each ridge on those from there on."""
    windows = windows_of(held[:validation], window)
    inputs = windows.reshape(len(windows), -1).astype(np.float64)
    targets = held[window:validation]
    middle, level = inputs.mean(axis=0), targets.mean(axis=0)
    inputs -= middle
    gram, moment = inputs.T @ inputs, inputs.T @ (targets - level)
    found: list[tuple[float, Linear]] = []
    for ridge in _RIDGES * len(inputs):
        weights = np.linalg.solve(gram + ridge * np.eye(len(gram)), moment)
        linear = Linear(weights.astype(np.float32), (level - middle @ weights).astype(np.float32))
        start = validation - window
        errors = errors_of(linear.predict, scaled[start:], held[start:], window)
        found.append((float(np.abs(errors).mean()), linear))
    return min(found, key=lambda pair: pair[0])[1]
