"""The one training loop of all neural engines: validation, early stopping, the best kept."""

from __future__ import annotations

import copy
import json
import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Protocol

import torch
from torch import Tensor, nn

from engines.neural.allocator import keep_freed_memory
from engines.neural.checkpoint import Checkpoint, moments_of, part_of, prefixed, set_moments
from engines.taught import Progress
from inspector.core.errors import ConfigError

STEPS = 16
"""Steps of an epoch, however many images there are: patience means the same for 20 and 5,000."""
STEP_PIXELS = 16 * 256 * 256
"""Pixels of one step at most: batches of large images are smaller, memory and time stay."""
VALIDATED = 64
"""Images that the validation loss is taken on, at most."""


class Kept(Protocol):
    """What is trained on: images uint8[n, h, w, c], or features of them."""

    def batch(self, indices: Sequence[int]) -> Tensor:
        """Those of these indices, in this order."""


Loss = Callable[[Tensor, torch.Generator], Tensor]
"""Mean loss of a batch of what is kept; draws what it needs from the generator alone."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to train; the keys of a recipe that all neural engines share.

    ``steps`` of an epoch and images ``validated`` after it are the same for all engines.
    """

    epochs: int
    patience: int
    batch: int
    learning_rate: float
    seed: int
    steps: int = STEPS
    validated: int = VALIDATED


@dataclass(slots=True)
class Curves:
    """Mean losses of each epoch; ``best`` is the epoch, from 0, whose weights were kept."""

    train: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    best: int = 0

    def to_json(self) -> bytes:
        """The contents of ``training.json``; no times in it, so that equal runs are equal."""
        return (json.dumps(asdict(self), indent=1) + "\n").encode()


def training_device() -> torch.device:
    """The GPU where torch sees one, else the CPU.

    A GPU is told, for the whole process, to add in the same order every time and in float32: the
    seed decides there as well.
    """
    if not torch.cuda.is_available():
        return torch.device("cpu")
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.backends.cudnn.allow_tf32 = False
    return torch.device("cuda")


def hold_out(count: int, share: float, seed: int) -> tuple[list[int], list[int]]:
    """Indices to train on and to validate on, drawn by seed; at least one of each.

    Raises ``ConfigError`` with fewer than two images.
    """
    if count < 2:
        raise ConfigError(f"{count} teaching images are too few", remedy="Give at least 10")
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed)).tolist()
    held = min(max(1, round(share * count)), count - 1)
    return sorted(order[held:]), sorted(order[:held])


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Make new modules' weights depend on the seed alone; torch's own state stays as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


def train(
    network: nn.Module,
    loss: Loss,
    images: Kept,
    split: tuple[Sequence[int], Sequence[int]],
    *,
    schedule: Schedule,
    progress: Progress,
    checkpoint: Checkpoint | None = None,
) -> Curves:
    """Train ``network`` in place and leave it with its best weights, to be used, on the CPU.

    ``split`` holds the indices to train on and to validate on. Adam, whose rate is halved after
    half the patience without improvement; on a GPU where there is one. ``progress`` is told of
    every step and may raise; then ``checkpoint`` knows the last whole epochs, and the next call
    with it goes on from there. Raises ``ConfigError`` when the first epoch's loss is no number.
    """
    keep_freed_memory()
    device = training_device()
    network.to(device)
    run = _Run(network, split[0], schedule)
    if checkpoint is not None:
        run.restore(checkpoint)
    for epoch in range(len(run.curves.train), schedule.epochs):
        if run.patience_is_over:
            break
        last = f"validation {run.curves.validation[-1]:.4f}" if epoch else "first"
        stage = f"train: epoch {epoch + 1}, {last}"
        network.train()
        losses = []
        for step, indices in enumerate(islice(run.batches, schedule.steps)):
            progress(stage, (epoch + step / schedule.steps) / schedule.epochs)
            run.optimiser.zero_grad(set_to_none=True)
            value = loss(images.batch(indices).to(device), run.random)
            torch.autograd.backward(value)
            run.optimiser.step()
            losses.append(value.item())
        found = _validate(network, loss, images, split[1], schedule)
        if not math.isfinite(found + sum(losses)):
            break
        run.take(sum(losses) / len(losses), found)
        if checkpoint is not None and checkpoint.due:
            run.save(checkpoint)
    if math.isinf(run.best):
        raise ConfigError("engine.learning_rate: training diverges", remedy="Give a smaller one")
    network.load_state_dict(run.best_weights)
    network.eval().cpu()
    if checkpoint is not None:
        checkpoint.remove()
    return run.curves


class _Run:
    """All that changes while a network is trained."""

    def __init__(self, network: nn.Module, indices: Sequence[int], schedule: Schedule) -> None:
        self.curves = Curves()
        self.best = math.inf
        self.best_weights = copy.deepcopy(network.state_dict())
        self.random = torch.Generator().manual_seed(schedule.seed)
        self.batches = Batches(indices, schedule.batch, self.random)
        self.optimiser = torch.optim.Adam(network.parameters(), schedule.learning_rate)
        self._network = network
        self._patience = schedule.patience
        self._plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
            self.optimiser, factor=0.5, patience=max(1, schedule.patience // 2), threshold=0.0
        )

    @property
    def patience_is_over(self) -> bool:
        """Whether the best epoch is too long ago."""
        done = len(self.curves.validation)
        return done > 0 and done - 1 - self.curves.best >= self._patience

    def take(self, trained: float, validated: float) -> None:
        """An epoch ended with these mean losses."""
        if self._follow(trained, validated):
            self.best_weights = copy.deepcopy(self._network.state_dict())

    def save(self, checkpoint: Checkpoint) -> None:
        """Between two epochs."""
        tensors = {
            **prefixed("network", self._network.state_dict()),
            **prefixed("best", self.best_weights),
            **prefixed("optimiser", moments_of(self.optimiser)),
            "random": self.random.get_state(),
            "waiting": torch.tensor(self.batches.waiting, dtype=torch.int64),
        }
        curves = {"train": self.curves.train, "validation": self.curves.validation}
        checkpoint.save(tensors, curves)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from what was saved, if anything was."""
        found = checkpoint.load()
        if found is None:
            return
        tensors, curves = found
        self._network.load_state_dict(part_of(tensors, "network"))
        self.best_weights = part_of(tensors, "best")
        set_moments(self.optimiser, part_of(tensors, "optimiser"))
        self.random.set_state(tensors["random"])
        self.batches.waiting = tensors["waiting"].tolist()
        for trained, validated in zip(curves["train"], curves["validation"], strict=True):
            self._follow(trained, validated)

    def _follow(self, trained: float, validated: float) -> bool:
        """Lengthen the curves and set the rate; whether it was the best epoch so far."""
        self.curves.train.append(trained)
        self.curves.validation.append(validated)
        self._plateau.step(validated)
        if validated >= self.best:
            return False
        self.best, self.curves.best = validated, len(self.curves.validation) - 1
        return True


def batch_size(wanted: int, pixels: int) -> int:
    """Images of so many pixels that one step takes."""
    return max(1, min(wanted, STEP_PIXELS // pixels))


class Batches(Iterator[list[int]]):
    """Endless full batches of indices: shuffled passes over all images, one joined to the next."""

    def __init__(self, indices: Sequence[int], size: int, random: torch.Generator) -> None:
        self.waiting: list[int] = []
        self._indices = indices
        self._size = size
        self._random = random

    def __next__(self) -> list[int]:
        while len(self.waiting) < self._size:
            order = torch.randperm(len(self._indices), generator=self._random).tolist()
            self.waiting += [self._indices[place] for place in order]
        batch, self.waiting = self.waiting[: self._size], self.waiting[self._size :]
        return batch


def _validate(
    network: nn.Module,
    loss: Loss,
    images: Kept,
    indices: Sequence[int],
    schedule: Schedule,
) -> float:
    """Mean loss on held-out images, with the same random draws in every epoch."""
    network.eval()
    device = training_device()
    random = torch.Generator().manual_seed(schedule.seed)
    watched = indices[: schedule.validated]
    total = 0.0
    with torch.no_grad():
        for start in range(0, len(watched), schedule.batch):
            part = watched[start : start + schedule.batch]
            total += loss(images.batch(part).to(device), random).item() * len(part)
    return total / len(watched)
