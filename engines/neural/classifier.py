"""Supervised classifier: how likely a part shows a defect of a kind that was shown.

A hidden layer and a linear one on the features of a frozen pretrained network, averaged over the
image (Lin, Chen & Yan, "Network in network", ICLR 2014), so that the linear layer at each place is
a map of its class (Zhou et al., "Learning deep features for discriminative localization", CVPR
2016). Classes weigh alike, however many images each has: a loss is weighted by ``n / (K n_k)``.

A network that was trained on few images is too sure of itself. So the odds of being defective are
calibrated (Platt, "Probabilistic outputs for support vector machines", 1999) on images that were
left out in turn, stratified by class; the same judgements tell how good the classifier is. The
score is ``-log(1 - p)`` of the calibrated probability p: in nats, and still told apart where p is
0.999999. The map is where the odds come from, scaled so that its maximum is the score.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engines.backbones.export import export_head
from engines.backbones.feature_maps import Normalise
from engines.bundle import TRAINING
from engines.graphs import chained, without_outputs
from engines.memory.features import features_graph
from engines.memory.seen import grids_of, widths_of
from engines.neural.checkpoint import checkpoint_of
from engines.neural.on_features import (
    KeptFeatures,
    kept_features,
    room_for,
    some_of,
)
from engines.neural.training import Curves, Schedule, seeded, train
from engines.taught import Defects, Folders, Images, Progress, Taught
from inspector.core.canonical import Json
from inspector.core.engine_spec import ClassifierSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat

LEAST_OF_CLASS = 5
"""Images of a kind of defect that can be learned; kinds with fewer are joined as ``other``."""
LEAST_DEFECTS = 10
OTHER = "other"
LEAST_SLOPE = 1e-2
SEEN_LEAST = 1e-3
"""Odds of a place at least, before the map is scaled: there is a largest place in every image."""


def teach(
    images: Images,
    form: FrameFormat,
    spec: ClassifierSpec,
    progress: Progress,
    folders: Folders,
    *,
    defects: Defects,
) -> Taught:
    """Learn from prepared good images and named defective ones, uint8[h, w, c] of one form.

    Deterministic by ``spec.seed`` on one machine. Raises ``ConfigError`` for too few images of
    defects, and whatever ``progress`` raises.
    """
    named = _named(defects)
    progress("backbone", 0.0)
    features = features_graph(spec, form, folders)
    shown = [image for some in named.values() for image in some]
    room = room_for(features) - len(shown)
    if room < len(named):
        raise ConfigError(
            f"engine.scales: the features of {len(shown)} defective images do not fit",
            remedy="Give larger strides, or a smaller preparation.width and height",
        )
    good = some_of(images, room, spec.seed)
    (kept,) = kept_features(features, [*good, *shown], progress)
    labels = np.repeat(np.arange(len(named) + 1), [len(good), *map(len, named.values())])
    course = _Course(kept, labels, spec, form, folders)
    out_of_fold, epochs = course.cross_validated(progress)
    slope, offset = platt(out_of_fold, labels > 0)
    head, curves = course.taught(np.arange(len(labels)), "all", progress, epochs=epochs)
    calibrated = _Calibrated(head, slope, offset)
    names = tuple(named)
    hidden = [f"class {name}" for name in names]
    shape = (widths_of(features)[0], *grids_of(features)[0])
    progress("graph", 0.0)
    graph = chained(
        features,
        export_head(calibrated.eval(), {"scale0": shape}, ("map", "score", *hidden)),
    )
    without_outputs(graph, hidden)
    chance = probability(slope * out_of_fold + offset)
    parameters: dict[str, Json] = {
        "backbone": spec.backbone,
        "strides": "+".join(map(str, spec.scales[0])),
        "neighbourhood": spec.neighbourhood,
        "width": spec.width,
        "dropout": spec.dropout,
        "images": len(good),
        "defects": " ".join(f"{name}:{len(some)}" for name, some in named.items()),
        "epochs": epochs,
        "left_out_brier": float(np.mean((chance - (labels > 0)) ** 2)),
        "positional": 1,
    }
    return Taught(
        graph=graph,
        map_shape=grids_of(features)[0],
        parameters=parameters,
        files={TRAINING: _to_json(curves, out_of_fold, labels)},
        boundary=("scale0",),
        explains={f"class {name}": f"class {name}" for name in names},
        classes=names,
    )


def _named(defects: Defects) -> Mapping[str, Images]:
    """Kinds of defects that can be learned, sorted; rare ones together."""
    large = {name: some for name, some in defects.items() if len(some) >= LEAST_OF_CLASS}
    rare = [image for name, some in sorted(defects.items()) if name not in large for image in some]
    total = len(rare) + sum(map(len, large.values()))
    if total < LEAST_DEFECTS:
        raise ConfigError(
            f"engine.method: a classifier learns from named defects; {total} are too few",
            remedy=f"Give at least {LEAST_DEFECTS} in train/<defect>, or another engine",
        )
    named = dict(sorted(large.items()))
    return named | {OTHER: [*named.get(OTHER, []), *rare]} if rare else named


class Head(nn.Module):
    """Features float32[N, d, h, w] to logits of good and each kind of defect, at each place."""

    def __init__(self, standard: Normalise, width: int, kinds: int, dropout: float) -> None:
        super().__init__()
        self.standard = standard
        self.layers = nn.Sequential(
            nn.Conv2d(standard.mean.numel(), width, 1), nn.ReLU(), nn.Conv2d(width, kinds, 1)
        )
        self._dropout = dropout

    def forward(self, features: Tensor) -> Tensor:
        """float32[N, kinds, h, w]; the mean over places is the image's."""
        logits: Tensor = self.layers(self.standard(features))
        return logits

    def thinned(self, features: Tensor, random: torch.Generator) -> Tensor:
        """The same without some features, others in each image (Srivastava et al., JMLR 2014)."""
        usual = self.standard(features)
        drawn = torch.rand(*usual.shape[:2], 1, 1, generator=random).to(usual.device)
        logits: Tensor = self.layers(usual * (drawn >= self._dropout) / (1.0 - self._dropout))
        return logits


def odds(logits: Tensor) -> Tensor:
    """Logarithm of the odds of any defect against good, float32[N, 1, ...] of [N, kinds, ...]."""
    return logits[:, 1:].logsumexp(1, keepdim=True) - logits[:, :1]


class _Calibrated(nn.Module):
    """Map, score and the map of each class."""

    def __init__(self, head: Head, slope: float, offset: float) -> None:
        super().__init__()
        self.head = head
        self._slope, self._offset = slope, offset

    def forward(self, features: Tensor) -> tuple[Tensor, ...]:
        logits = self.head(features)
        of_image = self._slope * odds(logits.mean((2, 3), keepdim=True)) + self._offset
        score = functional.softplus(of_image)  # -log(1 - p)
        seen = functional.relu(odds(logits)) + SEEN_LEAST
        score_map = (score * seen / seen.amax((2, 3), keepdim=True)).squeeze(1)
        classes = (logits[:, 1:] - logits[:, :1]).split(1, dim=1)
        return score_map, score_map.amax((1, 2)), *(one.squeeze(1) for one in classes)


@dataclass(frozen=True)
class _Course:
    """What is taught from: features of all images, and what each image is; 0 is good."""

    kept: KeptFeatures
    labels: NDArray[np.intp]
    spec: ClassifierSpec
    form: FrameFormat
    folders: Folders

    def cross_validated(self, progress: Progress) -> tuple[NDArray[np.float64], int]:
        """Log odds of each image by a network that did not see it; and the usual best epoch."""
        folds = stratified(self.labels, self.spec.folds, self.spec.seed)
        found = np.zeros(len(self.labels))
        best = []
        for fold in range(self.spec.folds):
            inside = np.flatnonzero(folds != fold)
            network, curves = self.taught(inside, f"fold {fold + 1}", progress)
            best.append(curves.best + 1)
            with torch.no_grad():
                for index in np.flatnonzero(folds == fold).tolist():
                    logits = network(self.kept.batch([index])).mean((2, 3))
                    found[index] = odds(logits).item()
        return found, math.ceil(float(np.median(best)))

    def taught(
        self, indices: NDArray[np.intp], name: str, progress: Progress, epochs: int | None = None
    ) -> tuple[Head, Curves]:
        """A network trained on some images; where ``epochs`` are not known, the best of all."""
        spec = self.spec
        inner = stratified(self.labels[indices], 2 + spec.folds, spec.seed)
        held = indices[inner == 0].tolist()
        split = (indices[inner != 0].tolist(), held) if epochs is None else (indices.tolist(), held)
        with seeded(spec.seed):
            head = Head(
                self.kept.standard(split[0]), spec.width, int(self.labels.max()) + 1, spec.dropout
            )
        weights = self._weights(split[0])

        def loss(batch: Tensor, random: torch.Generator) -> Tensor:
            features, labels = batch[:, :-1], batch[:, -1, 0, 0].long()
            cells = head.thinned(features, random) if head.training else head(features)
            logits = cells.mean((2, 3))
            return functional.cross_entropy(logits, labels, weights.to(batch.device))

        schedule = Schedule(
            spec.epochs if epochs is None else epochs,
            spec.patience,
            spec.batch,
            spec.learning_rate,
            spec.seed,
        )
        labelled = Labelled(self.kept, self.labels)
        checkpoint = checkpoint_of(self.folders, labelled, self.form, spec, name)
        curves = train(
            head,
            loss,
            labelled,
            split,
            schedule=schedule,
            progress=lambda stage, share: progress(f"{name}: {stage}", share),
            checkpoint=checkpoint,
        )
        return head, curves

    def _weights(self, indices: Sequence[int]) -> Tensor:
        counts = np.bincount(self.labels[indices], minlength=int(self.labels.max()) + 1)
        shares = len(indices) / (len(counts) * np.maximum(counts, 1))
        return torch.from_numpy(shares.astype(np.float32))


class Labelled:
    """Features with each image's label as one more channel, so that batches are one tensor."""

    def __init__(self, kept: KeptFeatures, labels: NDArray[np.intp]) -> None:
        self._kept = kept
        self._labels = torch.from_numpy(labels)

    def batch(self, indices: Sequence[int]) -> Tensor:
        """float32[n, d + 1, h, w]."""
        features = self._kept.batch(indices)
        labels = self._labels[list(indices)].float()[:, None, None, None]
        return torch.cat([features, labels.expand(-1, 1, *features.shape[2:])], dim=1)

    def digest(self) -> str:
        """Of features and labels."""
        return f"{self._kept.digest()} {self._labels.tolist()}"


def stratified(labels: NDArray[np.intp], folds: int, seed: int) -> NDArray[np.intp]:
    """The fold of each image, as many of each label in each as can be; drawn by seed."""
    random = np.random.default_rng(seed)
    found = np.zeros(len(labels), np.intp)
    for label in np.unique(labels):
        own = random.permutation(np.flatnonzero(labels == label))
        found[own] = (np.arange(len(own)) + random.integers(folds)) % folds
    return found


def platt(log_odds: NDArray[np.float64], defective: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope, above 0, and offset that make log odds a probability.

    Targets are drawn in by one image of each class, as Platt does; Newton's method with steps that
    are halved until they help (Lin, Lin & Weng, Machine Learning 68, 2007).
    """
    positive, negative = int(defective.sum()), int((~defective).sum())
    target = np.where(defective, (positive + 1) / (positive + 2), 1 / (negative + 2))
    design = np.stack([log_odds, np.ones_like(log_odds)], axis=1)

    def misfit(line: NDArray[np.float64]) -> float:
        known = design @ line
        return float(np.sum(np.logaddexp(0.0, known) - target * known))

    line = np.array([0.0, math.log((positive + 1) / (negative + 1))])
    for _ in range(100):
        chance = probability(design @ line)
        gradient = design.T @ (chance - target)
        curvature = (design.T * (chance * (1.0 - chance))) @ design + 1e-12 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        share = 1.0
        while share > 1e-10 and misfit(line - share * step) > misfit(line):
            share /= 2.0
        line = line - share * step
        if share <= 1e-10 or np.abs(gradient).max() < 1e-8:
            break
    return max(float(line[0]), LEAST_SLOPE), float(line[1])


def probability(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)), for any x."""
    found: NDArray[np.float64] = np.exp(-np.logaddexp(0.0, -log_odds))
    return found


def _to_json(curves: Curves, left_out: NDArray[np.float64], labels: NDArray[np.intp]) -> bytes:
    """Curves, and what each image was judged by a network that did not see it; 0 is good."""
    found = asdict(curves) | {"left_out": left_out.tolist(), "labels": labels.tolist()}
    return (json.dumps(found, indent=1) + "\n").encode()
