"""The one training loop of all neural engines: validation, early stopping, the best kept."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice

import torch
from torch import Tensor, nn

from engines.neural.allocator import keep_freed_memory
from engines.neural.kept_images import KeptImages
from engines.taught import Progress
from inspector.core.errors import ConfigError

STEPS = 16
"""Steps of an epoch, however many images there are: patience means the same for 20 and 5,000."""
STEP_PIXELS = 16 * 256 * 256
"""Pixels of one step at most: batches of large images are smaller, memory and time stay."""
VALIDATED = 64
"""Images that the validation loss is taken on, at most."""

Loss = Callable[[Tensor, torch.Generator], Tensor]
"""Mean loss of a batch uint8[n, h, w, c]; draws what it needs from the generator alone."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to train; the keys of a recipe that all neural engines share."""

    epochs: int
    patience: int
    batch: int
    learning_rate: float
    seed: int


@dataclass(slots=True)
class Curves:
    """Mean losses of each epoch; ``best`` is the epoch, from 0, whose weights were kept."""

    train: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    best: int = 0

    def to_json(self) -> bytes:
        """The contents of ``training.json``; no times in it, so that equal runs are equal."""
        return (json.dumps(asdict(self), indent=1) + "\n").encode()


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
    images: KeptImages,
    split: tuple[Sequence[int], Sequence[int]],
    *,
    schedule: Schedule,
    progress: Progress,
) -> Curves:
    """Train ``network`` in place and leave it with its best weights, in evaluation mode.

    ``split`` holds the indices to train on and to validate on. Adam, whose rate is halved after
    half the patience without improvement. ``progress`` is told of every step and may raise. Raises
    ``ConfigError`` when the first epoch's loss is no number.
    """
    keep_freed_memory()
    optimiser = torch.optim.Adam(network.parameters(), schedule.learning_rate)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimiser, factor=0.5, patience=max(1, schedule.patience // 2), threshold=0.0
    )
    random = torch.Generator().manual_seed(schedule.seed)
    endless = batches(split[0], schedule.batch, random)
    curves = Curves()
    best, best_weights = math.inf, copy.deepcopy(network.state_dict())
    for epoch in range(schedule.epochs):
        validated = f"validation {curves.validation[-1]:.4f}" if epoch else "first"
        stage = f"train: epoch {epoch + 1}, {validated}"
        network.train()
        losses = []
        for step, indices in enumerate(islice(endless, STEPS)):
            progress(stage, (epoch + step / STEPS) / schedule.epochs)
            optimiser.zero_grad(set_to_none=True)
            value = loss(images.batch(indices), random)
            torch.autograd.backward(value)
            optimiser.step()
            losses.append(value.item())
        found = _validate(network, loss, images, split[1], schedule)
        if not math.isfinite(found + sum(losses)):
            break
        curves.train.append(sum(losses) / len(losses))
        curves.validation.append(found)
        plateau.step(found)
        if found < best:
            best, curves.best = found, epoch
            best_weights = copy.deepcopy(network.state_dict())
        elif epoch - curves.best >= schedule.patience:
            break
    if math.isinf(best):
        raise ConfigError("engine.learning_rate: training diverges", remedy="Give a smaller one")
    network.load_state_dict(best_weights)
    network.eval()
    return curves


def batch_size(wanted: int, pixels: int) -> int:
    """Images of so many pixels that one step takes."""
    return max(1, min(wanted, STEP_PIXELS // pixels))


def batches(indices: Sequence[int], size: int, random: torch.Generator) -> Iterator[list[int]]:
    """Endless full batches of indices: shuffled passes over all images, one joined to the next."""
    waiting: list[int] = []
    while True:
        while len(waiting) < size:
            order = torch.randperm(len(indices), generator=random).tolist()
            waiting += [indices[place] for place in order]
        yield waiting[:size]
        waiting = waiting[size:]


def _validate(
    network: nn.Module,
    loss: Loss,
    images: KeptImages,
    indices: Sequence[int],
    schedule: Schedule,
) -> float:
    """Mean loss on held-out images, with the same random draws in every epoch."""
    network.eval()
    random = torch.Generator().manual_seed(schedule.seed)
    watched = indices[:VALIDATED]
    total = 0.0
    with torch.no_grad():
        for start in range(0, len(watched), schedule.batch):
            part = watched[start : start + schedule.batch]
            total += loss(images.batch(part), random).item() * len(part)
    return total / len(watched)
