"""Teach a forecast from a stretch of a series in which all was well; loads torch.

The series is cut in the order of its parts: 60 % are taught, 15 % decide when to stop and which
method is best, and the last 25 % only judge: whether the best network is better than the best plain
baseline, and how large errors of good parts are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from engines.backbones.export import export_head
from engines.graphs import name_nodes
from engines.neural.kept_images import KeptImages
from engines.neural.training import Curves, Schedule, seeded, train
from engines.runtimes.openvino import compile_graph
from engines.taught import Progress
from engines.temporal.artefact import (
    PARITY,
    Candidate,
    Channel,
    Choice,
    ForecastManifest,
    Taught,
    packed_forecast,
)
from engines.temporal.baselines import autoregression, last_value, smoothing
from engines.temporal.forecaster import make_network
from engines.temporal.predicting import Linear, OnGraph, Predictor, Vectors, errors_of, windows_of
from engines.temporal.series import Scaling, Series, Values
from engines.temporal.spec import Baseline, ForecastSpec, Network
from inspector.core.errors import ConfigError, EngineError

LEAST_HELD_OUT = 50
"""Held-out errors that later ones can be compared with at all."""
_TAUGHT, _VALIDATED = 0.6, 0.75
_ROW = 8
"""Windows in a row that are taught together: they share all but a few of their vectors."""
_CERTAIN = 1.645
"""Standard errors by which a network must be better: 95 %, one-sided."""
_COMPARED = 256
"""Windows that runtimes are compared on."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A series in units of its spread, as it is and held within bounds, and where it is cut."""

    scaled: Values
    held: Values
    validation: int
    tail: int

    def errors(self, predictor: Predictor, first: int, end: int, window: int) -> Values:
        """Errors of the parts from ``first`` to before ``end``."""
        parts = slice(first - window, end)
        return errors_of(predictor.predict, self.scaled[parts], self.held[parts], window)


@dataclass(frozen=True, slots=True)
class _Tried:
    """One method after teaching."""

    method: Baseline | Network
    predictor: Predictor
    validation: Values
    tail: Values
    curves: Curves | None = None
    graph: bytes | None = None
    parity: dict[str, float] = field(default_factory=dict)

    @property
    def candidate(self) -> Candidate:
        """What the manifest says of it."""
        validation, tail = (float(np.abs(e).mean()) for e in (self.validation, self.tail))
        return Candidate(method=self.method, validation=validation, held_out=tail)


class _Rows(KeptImages):
    """Stretches of ``window + 8`` vectors in place of images, by the index of their first."""

    def __init__(self, held: Values, length: int) -> None:
        super().__init__(())
        self._all = torch.from_numpy(held.astype(np.float32)).unfold(0, length, 1)

    def batch(self, indices: Sequence[int]) -> Tensor:
        """Stretches float32[n, length, channels] that begin at these parts."""
        return self._all[list(indices)].transpose(1, 2)


def teach_series(
    series: Series,
    spec: ForecastSpec = ForecastSpec(),  # noqa: B008  # frozen
    progress: Progress = lambda stage, share: None,
    *,
    bundle: str | None = None,
) -> dict[str, bytes]:
    """Teach, compare, choose: the packed files of a forecast (`engines.temporal.artefact`).

    Deterministic by ``spec.seed`` on one kind of CPU. ``bundle`` is the hash of the one whose
    scores are among the channels. ``progress`` is told of every step and may raise. Raises
    ``ConfigError`` for a series that is too short or does not move.
    """
    stretch, scaling = _cut(series, spec.window)
    tried = [_try_baseline(name, stretch, spec.window) for name in spec.baselines]
    best = kept = min(tried, key=_on_validation)
    networks = []
    with _one_thread():
        for index, name in enumerate(spec.networks):
            part = _part_of(progress, name, index, len(spec.networks))
            networks.append(_try_network(name, stretch, spec, part))
    better: tuple[float, float] | None = None
    if networks:
        network = min(networks, key=_on_validation)
        better = better_by(best.tail, network.tail)
        if better[0] > _CERTAIN * better[1] or not spec.only_if_better:
            kept = network
    choice = _choice(tried + networks, best, kept, better)
    return _packed(series, spec, (stretch, scaling), kept, choice=choice, bundle=bundle)


def better_by(baseline: Values, network: Values) -> tuple[float, float]:
    """By how much a network's absolute errors are less, and the standard error of that.

    Both float64[parts, channels]. Diebold & Mariano (1995), with the variance of Newey & West
    (1987): what two methods do wrong on neighbouring parts is related.
    """
    gains = np.abs(baseline).mean(axis=1) - np.abs(network).mean(axis=1)
    count, off = len(gains), gains - gains.mean()
    lags = round(count ** (1.0 / 3.0))
    variance = float(off @ off)
    for lag in range(1, lags + 1):
        variance += 2.0 * (1.0 - lag / (lags + 1)) * float(off[lag:] @ off[:-lag])
    return float(gains.mean()), max(variance, 0.0) ** 0.5 / count


def _cut(series: Series, window: int) -> tuple[_Stretch, Scaling]:
    count = len(series)
    validation, tail = round(_TAUGHT * count), round(_VALIDATED * count)
    if count - tail < LEAST_HELD_OUT or validation < 3 * window + _ROW:
        wanted = max(
            round(LEAST_HELD_OUT / (1.0 - _VALIDATED)), round((3 * window + _ROW) / _TAUGHT)
        )
        raise ConfigError(
            f"series: {count} parts are too few for a window of {window}",
            remedy=f"Give at least {wanted + 1} parts, or a smaller window",
        )
    scaling = Scaling.of(Series(series.channels, series.values[:tail]))
    scaled = scaling.scaled(series.values)
    return _Stretch(scaled, scaling.held(scaled), validation, tail), scaling


def _try_baseline(name: Baseline, stretch: _Stretch, window: int) -> _Tried:
    held, validation = stretch.held[: stretch.tail], stretch.validation
    predictor = {
        "last": lambda: last_value(window, held.shape[1]),
        "smoothing": lambda: smoothing(held[:validation], window),
        "autoregression": lambda: autoregression(
            held, stretch.scaled[: stretch.tail], validation, window
        ),
    }[name]()
    return _judged(name, predictor, stretch, window)


def _try_network(
    name: Network, stretch: _Stretch, spec: ForecastSpec, progress: Progress
) -> _Tried:
    window, channels = spec.window, stretch.held.shape[1]
    with seeded(spec.seed):
        network = make_network(name, window, channels, spec.width)
    length = window + _ROW
    rows = _Rows(stretch.held[: stretch.tail], length)
    taught = range(stretch.validation - length + 1)
    validated = range(stretch.validation - window, stretch.tail - length + 1)
    step = max(len(validated) // 64, 1)
    curves = train(
        network,
        lambda batch, _: _loss(network, batch, window),
        rows,
        (taught, validated[::step]),
        schedule=Schedule(spec.epochs, spec.patience, spec.batch, spec.learning_rate, spec.seed),
        progress=progress,
    )
    model = export_head(network, {"window": (window, channels)}, ("next",))
    name_nodes(model)
    graph = model.SerializeToString(deterministic=True)
    judged = _judged(name, OnGraph(graph), stretch, window)
    parity = _parity(network, graph, windows_of(stretch.held[stretch.tail - window :], window))
    return _Tried(name, judged.predictor, judged.validation, judged.tail, curves, graph, parity)


def _loss(network: nn.Module, rows: Tensor, window: int) -> Tensor:
    """Huber's loss of every window in rows float32[n, window + 8, channels]."""
    windows = rows[:, :-1].unfold(1, window, 1).transpose(2, 3)
    found = network(windows.reshape(-1, window, rows.shape[2]))
    wanted = rows[:, window:].reshape(-1, rows.shape[2])
    return functional.smooth_l1_loss(found, wanted)


def _judged(
    method: Baseline | Network, predictor: Predictor, stretch: _Stretch, window: int
) -> _Tried:
    validation = stretch.errors(predictor, stretch.validation, stretch.tail, window)
    tail = stretch.errors(predictor, stretch.tail, len(stretch.held), window)
    return _Tried(method, predictor, validation, tail)


def _parity(network: nn.Module, graph: bytes, windows: Vectors) -> dict[str, float]:
    """Largest difference of each runtime from torch. Raises ``EngineError`` beyond `PARITY`."""
    some = windows[:: max(len(windows) // _COMPARED, 1)]
    with torch.no_grad():
        wanted = network(torch.from_numpy(some)).numpy()
    found = {
        "onnxruntime": OnGraph(graph).predict(some),
        "openvino": compile_graph(graph, threads=1)([some])[0],
    }
    differences = {name: float(np.abs(of - wanted).max()) for name, of in found.items()}
    for name, difference in differences.items():
        if not difference <= PARITY:
            raise EngineError(
                f"forecast: {name} predicts otherwise than torch, by {difference:.3g}",
                remedy="Teach with method autoregression",
            )
    return differences


def _on_validation(tried: _Tried) -> float:
    return tried.candidate.validation


def _choice(
    tried: list[_Tried], best: _Tried, kept: _Tried, better: tuple[float, float] | None
) -> Choice:
    candidates = tuple(one.candidate for one in tried)
    if better is None:
        return Choice(candidates=candidates, words=f"{kept.method}: no network was tried")
    network = min((one for one in tried if one.graph), key=_on_validation)
    words = f"{kept.method} is kept"
    if kept is network and better[0] <= _CERTAIN * better[1]:
        words += ", as was asked"
    words += (
        f": on held-out parts {network.method} is wrong by {better[0]:.3g} ± {better[1]:.2g} "
        f"spreads less than {best.method}"
    )
    return Choice(candidates=candidates, better_by=better[0], standard_error=better[1], words=words)


def _packed(
    series: Series,
    spec: ForecastSpec,
    cut: tuple[_Stretch, Scaling],
    kept: _Tried,
    *,
    choice: Choice,
    bundle: str | None,
) -> dict[str, bytes]:
    stretch, scaling = cut
    residual, related = kept.validation.std(axis=0), dependence(kept.tail)
    channels = tuple(
        Channel(
            name=name,
            centre=scaling.centre[i],
            spread=scaling.spread[i],
            low=scaling.low[i],
            high=scaling.high[i],
            residual=residual[i] * scaling.spread[i],
            dependence=related[i],
        )
        for i, name in enumerate(series.channels)
    )
    parts = (stretch.validation, stretch.tail - stretch.validation, len(series) - stretch.tail)
    packages = ("numpy", "onnx", "onnxruntime", "torch")
    manifest = ForecastManifest(
        method=kept.method,
        window=spec.window,
        channels=channels,
        choice=choice,
        taught=Taught(
            series=series.digest,
            parts=parts,
            spec=spec,
            versions={package: version(package) for package in packages},
            parity=kept.parity,
            bundle=bundle,
        ),
    )
    golden = windows_of(stretch.held[stretch.tail - spec.window :], spec.window)[:16]
    predictor = kept.graph if kept.graph is not None else kept.predictor
    assert isinstance(predictor, bytes | Linear)
    return packed_forecast(
        manifest,
        predictor,
        kept.tail,
        (golden, kept.predictor.predict(golden)),
        kept.curves.to_json() if kept.curves is not None else None,
    )


def dependence(errors: Values) -> Values:
    """Correlation of neighbours in errors float64[parts, channels], by their ranks."""
    ranks = errors.argsort(axis=0).argsort(axis=0).astype(np.float64)
    ranks -= ranks.mean(axis=0)
    return np.asarray((ranks[1:] * ranks[:-1]).sum(axis=0) / (ranks**2).sum(axis=0))


def _part_of(progress: Progress, name: str, index: int, count: int) -> Progress:
    return lambda stage, share: progress(f"{name}: {stage}", (index + share) / count)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Networks this small are slower on more, and then depend on the number of cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
