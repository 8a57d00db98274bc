"""From a window of vectors to the next one: plain arithmetic, or a network on ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engines.runtimes.onnxruntime import open_session
from engines.temporal.series import Scaling, Values
from inspector.core.errors import EngineError

Vectors = NDArray[np.float32]


class Predictor(Protocol):
    """Predicts the next vector. For one thread. All values are in units of a `Scaling`."""

    def predict(self, windows: Vectors) -> Vectors:
        """From float32[n, window, channels], newest last, to float32[n, channels].

        Raises ``EngineError``.
        """


class Linear:
    """A weighted sum of the window: every plain baseline is one.

    ``weights`` float32[window * channels, channels], ``bias`` float32[channels].
    """

    def __init__(self, weights: Vectors, bias: Vectors) -> None:
        self.weights = weights
        self.bias = bias

    def predict(self, windows: Vectors) -> Vectors:
        """As `Predictor`."""
        flat = windows.reshape(len(windows), -1)
        return np.asarray(flat @ self.weights + self.bias, np.float32)


class OnGraph:
    """A network on ONNX Runtime, one thread: ``window`` to ``next``."""

    def __init__(self, graph: bytes) -> None:
        self._session = open_session(graph, threads=1)

    def predict(self, windows: Vectors) -> Vectors:
        """As `Predictor`."""
        try:
            (found,) = self._session.run(["next"], {"window": windows})
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"onnxruntime: {error}", remedy="Teach the forecast again") from error
        return np.asarray(found)


class Running:
    """Follows a series part by part and tells how wrong each prediction was.

    It remembers one window. One thread.
    """

    def __init__(self, predictor: Predictor, scaling: Scaling, window: int) -> None:
        self._predictor = predictor
        self._scaling = scaling
        self._window = np.zeros((1, window, len(scaling.centre)), np.float32)
        self._filled = 0

    def add(self, values: ArrayLike) -> Values | None:
        """Take one part's vector float64[channels]; what it differs by from its prediction.

        In units of the spread; None until the window is full, and for a vector that is not finite,
        which is no part of the window. Raises ``EngineError``.
        """
        scaled = self._scaling.scaled(values)
        if not np.isfinite(scaled).all():
            return None
        window, error = self._window[0], None
        if self._filled == len(window):
            error = scaled - self._predictor.predict(self._window)[0]
        self._filled = min(self._filled + 1, len(window))
        window[:-1] = window[1:]
        window[-1] = self._scaling.held(scaled)
        return error


def windows_of(held: Values, window: int) -> Vectors:
    """All windows that have a next vector: float32[parts - window, window, channels]."""
    found = np.lib.stride_tricks.sliding_window_view(held[:-1], window, axis=0)
    return np.ascontiguousarray(found.transpose(0, 2, 1), np.float32)


def errors_of(
    predict: Callable[[Vectors], Vectors], scaled: Values, held: Values, window: int
) -> Values:
    """What every vector but the first ``window`` differs by from its prediction."""
    windows = windows_of(held, window)
    predicted = [predict(windows[start : start + 64]) for start in range(0, len(windows), 64)]
    return np.asarray(scaled[window:] - np.concatenate(predicted))
