"""A forecast on disk: an immutable folder with a manifest that hashes every file in it.

::

    manifest.yaml         channels, window, scale, which method was kept and why
    forecast.onnx         float32[n, window, channels] -> float32[n, channels] (networks)
    weights.safetensors   the weighted sum (baselines)
    errors.safetensors    errors on held-out parts: what later errors are compared with
    golden.safetensors    some windows, and what was predicted from them when it was taught
    training.json         loss curves (networks)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, FiniteFloat, model_validator
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from engines.sealed_folder import FileEntry, Listing, Sealed, SealedKind, Strict
from engines.temporal.predicting import Linear, OnGraph, Predictor, Running
from engines.temporal.series import Scaling, Values
from engines.temporal.spec import Baseline, ForecastSpec, Network
from inspector.core.engine_spec import Digest
from inspector.core.errors import EngineError

GRAPH, WEIGHTS, ERRORS = "forecast.onnx", "weights.safetensors", "errors.safetensors"
GOLDEN, TRAINING = "golden.safetensors", "training.json"
PARITY = 1e-3
"""Largest difference between two runtimes that is borne, in units of a channel's spread."""

ForecastFile = Literal[
    "forecast.onnx",
    "weights.safetensors",
    "errors.safetensors",
    "golden.safetensors",
    "training.json",
]
Numbers = tuple[FiniteFloat, ...]


class Channel(Strict):
    """One channel: how it is scaled, and how wrong its predictions were on held-out parts."""

    name: str
    centre: FiniteFloat
    spread: Annotated[FiniteFloat, Field(gt=0.0)]
    low: FiniteFloat
    high: FiniteFloat
    residual: FiniteFloat
    """Standard deviation of a good part's error while it was taught, in the channel's unit."""
    dependence: FiniteFloat
    """Correlation of neighbours' errors on held-out parts; 0 is what the charts' promise needs."""


class Candidate(Strict):
    """One method that was tried: mean absolute errors in units of the spread."""

    method: Baseline | Network
    validation: FiniteFloat
    held_out: FiniteFloat


class Choice(Strict):
    """Why this method was kept."""

    candidates: tuple[Candidate, ...]
    better_by: FiniteFloat | None = None
    """Mean of the best baseline's absolute error less the best network's, held-out parts."""
    standard_error: FiniteFloat | None = None
    words: str


class Taught(Strict):
    """What it was made of, and with."""

    series: Digest
    """Hash of names and values."""
    parts: tuple[int, int, int]
    """Parts taught, validated on, held out."""
    spec: ForecastSpec
    versions: dict[str, str]
    parity: dict[str, FiniteFloat] = Field(default_factory=dict)
    """Largest difference of each runtime from torch, in units of the spread."""
    bundle: Digest | None = None
    """The bundle whose scores are among the channels; None where there are none."""


class ForecastManifest(Listing):
    """The contents of ``manifest.yaml``."""

    schema_version: Literal[1] = 1
    method: Baseline | Network
    window: int = Field(ge=2)
    channels: tuple[Channel, ...] = Field(min_length=1)
    choice: Choice
    taught: Taught
    files: dict[ForecastFile, FileEntry] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_predictor(self) -> ForecastManifest:
        if self.files and (GRAPH in self.files) == (WEIGHTS in self.files):
            raise ValueError(f"files: exactly one of {GRAPH} and {WEIGHTS} is expected")
        return self


KIND = SealedKind(
    noun="forecast",
    model=ForecastManifest,
    newest=1,
    required=frozenset((ERRORS, GOLDEN)),
    remedy="Copy the forecast again from where it was taught, or teach it again",
)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A verified forecast that can run. ``errors`` float64[parts, channels] of held-out parts."""

    path: Path
    manifest: ForecastManifest
    hash: str
    predictor: Predictor
    errors: Values

    @property
    def channels(self) -> tuple[str, ...]:
        """Their names, in the order of a vector."""
        return tuple(channel.name for channel in self.manifest.channels)

    @property
    def scaling(self) -> Scaling:
        """What predictions and errors are in units of."""
        rows = [(c.centre, c.spread, c.low, c.high) for c in self.manifest.channels]
        return Scaling(*np.array(rows, np.float64).T)

    def running(self) -> Running:
        """Follow a series from its first part on."""
        return Running(self.predictor, self.scaling, self.manifest.window)


def packed_forecast(
    manifest: ForecastManifest,
    predictor: bytes | Linear,
    errors: Values,
    golden: tuple[NDArray[np.float32], NDArray[np.float32]],
    training: bytes | None = None,
) -> dict[str, bytes]:
    """The files of a forecast, by name. ``predictor`` is a graph, or a weighted sum."""
    contents = {
        ERRORS: save({"errors": np.ascontiguousarray(errors)}),
        GOLDEN: save({"windows": golden[0], "next": golden[1]}),
    }
    if isinstance(predictor, Linear):
        contents[WEIGHTS] = save({"weights": predictor.weights, "bias": predictor.bias})
    else:
        contents[GRAPH] = predictor
    if training is not None:
        contents[TRAINING] = training
    return KIND.pack(manifest, contents)


@contextmanager
def writing_forecast(path: Path, files: Mapping[str, bytes]) -> Iterator[Forecast]:
    """Write a packed forecast; it gets its name only when the block ends without error.

    Raises ``BundleError`` when another one is there, ``StorageError``, ``EngineError``.
    """
    with KIND.writing(path, files) as sealed:
        yield _forecast(sealed)


def open_forecast(path: Path) -> Forecast:
    """Open a forecast, verify every byte, and try it on its golden windows.

    Raises ``BundleError`` naming file and remedy; ``EngineError`` where this PC predicts otherwise.
    """
    return _forecast(KIND.open(path))


def _forecast(sealed: Sealed[ForecastManifest]) -> Forecast:
    path, manifest = sealed.path, sealed.manifest
    count, window = len(manifest.channels), manifest.window
    (errors,) = _tensors(path / ERRORS, errors=(None, count))
    windows, wanted = _tensors(path / GOLDEN, windows=(None, window, count), next=(None, count))
    predictor: Predictor
    if WEIGHTS in manifest.files:
        shapes = {"weights": (window * count, count), "bias": (count,)}
        weights, bias = _tensors(path / WEIGHTS, **shapes)
        predictor = Linear(weights, bias)
    else:
        predictor = OnGraph((path / GRAPH).read_bytes())
    worst = float(np.abs(predictor.predict(windows) - wanted).max(initial=0.0))
    if not worst <= PARITY:
        raise EngineError(
            f"{path}: predicts otherwise on this PC than where it was taught (by {worst:.3g})",
            remedy="Teach the forecast again",
        )
    return Forecast(path, manifest, sealed.hash, predictor, errors)


def _tensors(file: Path, **shapes: tuple[int | None, ...]) -> list[NDArray[Any]]:
    """Tensors of these shapes; None is any number."""
    try:
        tensors = load_file(file)
        found = [tensors[name] for name in shapes]
    except (SafetensorError, KeyError) as error:
        raise KIND.damaged(file, "does not hold what it should") from error
    for name, tensor, shape in zip(shapes, found, shapes.values(), strict=True):
        fits = len(shape) == tensor.ndim and all(
            wanted in (None, size) for wanted, size in zip(shape, tensor.shape, strict=True)
        )
        if not fits:
            raise KIND.damaged(file, f"{name}: shape {tensor.shape} contradicts the manifest")
    return found
