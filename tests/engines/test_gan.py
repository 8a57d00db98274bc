"""The game of generator and critic: what it learns, that it goes on where it was stopped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engines.methods import teach_engine
from engines.neural.adversarial import Critic, Game, Generator, _steepness
from engines.neural.checkpoint import Checkpoint
from engines.taught import Folders, Progress, Taught
from inspector.core.engine_spec import GanSpec
from inspector.core.errors import Cancelled, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from tests.engines.pictures import part

FORM = FrameFormat(48, 32, PixelFormat.RGB8)
GOOD = [part(number, height=32, width=48) for number in range(8)]
SPEC = GanSpec(width=4, latent=4, turns=6, epochs=2, batch=4)


class Flat:
    """Pictures of one level."""

    def __init__(self, level: float) -> None:
        self.waiting: list[int] = []
        self._level = level

    def next(self) -> Tensor:
        return torch.full((4, 1, 16, 16), self._level)


def taught(progress: Progress, cache: Path | None) -> Taught:
    return teach_engine(GOOD, FORM, SPEC, progress, Folders(cache=cache))


def test_generator_comes_to_draw_what_is_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.neural.adversarial.RATE", 5e-3)
    torch.manual_seed(0)
    generator, critic = Generator(2, 4, 1, (1, 1)), Critic(4, 1, (1, 1))
    random = torch.Generator().manual_seed(0)
    game = Game(generator, critic, Flat(2.0), 2, random)
    numbers = torch.randn(64, 2, 1, 1, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        before = generator(numbers).mean().item()
    game.play(25, lambda stage, share: None, None)
    with torch.no_grad():
        after = generator(numbers).mean().item()
    assert abs(after - 2.0) < 0.6 * abs(before - 2.0)


def test_steepness_is_that_of_the_slope() -> None:
    class Slope(torch.nn.Module):
        def forward(self, pictures: Tensor) -> Tensor:
            return 3.0 * pictures[:, 0, 0, 0]

    pictures = torch.zeros(2, 1, 4, 4)
    random = torch.Generator().manual_seed(0)
    found = _steepness(Slope(), pictures, pictures + 1.0, random)  # type: ignore[arg-type]  # as a critic
    assert found.item() == pytest.approx((3.0 - 1.0) ** 2)


def test_a_game_that_was_stopped_goes_on_and_ends_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Checkpoint, "due", property(lambda self: True))

    def stop(stage: str, share: float) -> None:
        if "turn 4" in stage:
            raise Cancelled(stage)

    with pytest.raises(Cancelled):
        taught(stop, tmp_path)
    seen: list[str] = []
    again = taught(lambda stage, share: seen.append(stage), tmp_path)
    turns = [stage for stage in seen if "turn" in stage]
    assert turns[0] == "game: turn 4 of 6"
    assert not list((tmp_path / "training").iterdir())
    whole = taught(lambda stage, share: None, None)
    assert again.graph.SerializeToString() == whole.graph.SerializeToString()


def test_a_game_that_is_over_is_not_played_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Checkpoint, "due", property(lambda self: True))

    def stop(stage: str, share: float) -> None:
        if "epoch 2" in stage:
            raise Cancelled(stage)

    with pytest.raises(Cancelled):
        taught(stop, tmp_path)
    seen: list[str] = []
    taught(lambda stage, share: seen.append(stage), tmp_path)
    assert not any("turn" in stage or "epoch 1," in stage for stage in seen)


def test_losses_that_are_no_numbers_end_the_game() -> None:
    generator, critic = Generator(2, 4, 1, (1, 1)), Critic(4, 1, (1, 1))
    game = Game(generator, critic, Flat(np.nan), 2, torch.Generator())
    with pytest.raises(ConfigError, match=r"engine\.turns: the game diverges"):
        game.play(1, lambda stage, share: None, None)
