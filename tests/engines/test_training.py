"""The training loop of all neural engines: what it keeps, when it stops, what it repeats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from engines.neural.kept_images import KeptImages
from engines.neural.training import (
    STEP_PIXELS,
    STEPS,
    Batches,
    Curves,
    Schedule,
    batch_size,
    hold_out,
    seeded,
    train,
)
from inspector.core.errors import Cancelled, ConfigError
from inspector.core.frame import Pixels

IMAGES = [np.full((4, 4, 1), value, np.uint8) for value in range(20)]


class Rigged(nn.Module):
    """One weight that every step lowers; the validation losses are written down beforehand."""

    def __init__(self, validation: Sequence[float]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(()))
        self.after: list[float] = []
        self._validation = iter(validation)

    def loss(self, batch: Tensor, random: torch.Generator) -> Tensor:
        if self.training:
            return self.weight + batch.float().mean()
        self.after.append(self.weight.item())
        return torch.tensor(next(self._validation))


def run(network: Rigged, schedule: Schedule) -> Curves:
    return train(
        network,
        network.loss,
        KeptImages(IMAGES),
        ([*range(15)], [15, 16, 17]),
        schedule=schedule,
        progress=lambda stage, share: None,
    )


def schedule(epochs: int = 50, patience: int = 3) -> Schedule:
    return Schedule(epochs, patience, batch=8, learning_rate=0.01, seed=0)


def test_stops_early_and_keeps_the_best_weights() -> None:
    network = Rigged([5.0, 4.0, 1.0, 2.0, 3.0, 1.5, 0.0])
    curves = run(network, schedule())
    assert curves.validation == [5.0, 4.0, 1.0, 2.0, 3.0, 1.5]
    assert curves.best == 2
    assert network.weight.item() == network.after[2] != network.after[-1]
    assert not network.training


def test_ends_after_the_last_epoch() -> None:
    curves = run(Rigged([3.0, 2.0, 1.0, 0.0]), schedule(epochs=3))
    assert (len(curves.train), len(curves.validation), curves.best) == (3, 3, 2)


def test_rate_is_halved_on_a_plateau() -> None:
    network = Rigged([1.0] * 10)
    run(network, schedule(patience=8))
    steps = -np.diff(network.after)
    assert steps[-1] == pytest.approx(steps[0] / 2, rel=0.05)


def test_losses_that_are_no_numbers_are_named() -> None:
    with pytest.raises(ConfigError, match=r"engine\.learning_rate: training diverges"):
        run(Rigged([float("nan")] * 9), schedule())


def test_divergence_after_a_good_epoch_keeps_that_one() -> None:
    network = Rigged([2.0, float("nan"), 1.0])
    curves = run(network, schedule())
    assert (curves.validation, curves.best) == ([2.0], 0)
    assert network.weight.item() == network.after[0]


def test_curves_are_json() -> None:
    curves = Curves([0.5, 0.25], [1.0, 0.75], 1)
    assert json.loads(curves.to_json()) == {
        "train": [0.5, 0.25],
        "validation": [1.0, 0.75],
        "best": 1,
    }


def test_progress_names_epoch_and_loss_and_stops_the_training() -> None:
    seen: list[tuple[str, float]] = []

    def stop_in_third(stage: str, share: float) -> None:
        seen.append((stage, share))
        if "epoch 3" in stage:
            raise Cancelled(stage)

    network = Rigged([0.5, 0.25])
    with pytest.raises(Cancelled):
        train(
            network,
            network.loss,
            KeptImages(IMAGES),
            ([0], [1]),
            schedule=schedule(epochs=4),
            progress=stop_in_third,
        )
    assert seen[-1] == ("train: epoch 3, validation 0.2500", 0.5)
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert len(shares) == 2 * STEPS + 1


def test_hold_out_is_disjoint_complete_and_drawn_by_seed() -> None:
    trained, held = hold_out(40, 0.15, seed=1)
    assert sorted(trained + held) == list(range(40))
    assert len(held) == 6
    assert hold_out(40, 0.15, seed=1) == (trained, held)
    assert hold_out(40, 0.15, seed=2) != (trained, held)


@pytest.mark.parametrize(("count", "share"), [(2, 0.01), (2, 0.49), (5, 0.15)])
def test_hold_out_leaves_one_of_each(count: int, share: float) -> None:
    trained, held = hold_out(count, share, seed=0)
    assert trained
    assert held


def test_one_image_cannot_be_split() -> None:
    with pytest.raises(ConfigError, match="1 teaching images are too few"):
        hold_out(1, 0.15, seed=0)


def test_batches_are_full_and_use_every_image_equally() -> None:
    found = list(islice(Batches([3, 5, 7], 8, torch.Generator().manual_seed(0)), 3))
    assert [len(batch) for batch in found] == [8, 8, 8]
    counts = np.unique(np.concatenate(found), return_counts=True)
    assert counts[0].tolist() == [3, 5, 7]
    assert counts[1].tolist() == [8, 8, 8]


def test_large_images_come_in_smaller_batches() -> None:
    assert batch_size(8, 64 * 64) == 8
    assert batch_size(64, 1024 * 1024) * 1024 * 1024 <= STEP_PIXELS
    assert batch_size(8, 100 * STEP_PIXELS) == 1


def test_seeded_weights_leave_the_global_state_alone() -> None:
    torch.manual_seed(7)
    before = torch.random.get_rng_state()
    with seeded(3):
        first = nn.Linear(2, 2).weight
    assert torch.equal(torch.random.get_rng_state(), before)
    with seeded(3):
        assert torch.equal(nn.Linear(2, 2).weight, first)


class Counted(list[Pixels]):
    """Counts how often images are read."""

    reads = 0

    def __getitem__(self, index: int) -> Pixels:  # type: ignore[override]  # no slices here
        self.reads += 1
        return super().__getitem__(index)


def test_images_are_read_once_within_the_budget() -> None:
    source = Counted(IMAGES)
    kept = KeptImages(source, budget=5 * IMAGES[0].nbytes)
    for _ in range(3):
        batch = kept.batch(range(7))
        assert batch.dtype == torch.uint8
        assert batch[:, 0, 0, 0].tolist() == list(range(7))
    assert source.reads == 7 + 2 * 2
