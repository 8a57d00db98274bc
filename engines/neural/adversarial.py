"""A generator of good pictures and the critic that it plays against.

Gulrajani et al., "Improved training of Wasserstein GANs", NeurIPS 2017, algorithm 1: the critic
maximises ``D(x) - D(G(z))`` less ``10 (|grad D| - 1)^2`` on lines between both, five steps for each
step of the generator, which maximises ``D(G(z))``. No layer looks across a batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Protocol

import torch
from torch import Tensor, nn

from engines.neural.checkpoint import Checkpoint, moments_of, part_of, prefixed, set_moments
from engines.taught import Progress
from inspector.core.errors import ConfigError

CRITIC_STEPS = 5
PENALTY = 10.0
RATE, BETAS = 2e-4, (0.0, 0.9)


class Generator(nn.Module):
    """Draws a picture float32[N, colours, 16 h, 16 w] from numbers float32[N, latent, 1, 1].

    Its dense layer is a convolution: TensorRT-RTX has no float32 matrix product on Turing.
    """

    def __init__(self, latent: int, width: int, colours: int, cells: tuple[int, int]) -> None:
        super().__init__()
        channels = [8 * width, 4 * width, 2 * width, width]
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(latent, channels[0], cells),
            nn.ReLU(),
            *(
                nn.Sequential(
                    nn.ConvTranspose2d(a, b, 4, stride=2, padding=1), _normal(b), nn.ReLU()
                )
                for a, b in pairwise(channels)
            ),
            nn.ConvTranspose2d(channels[-1], colours, 4, stride=2, padding=1),
        )

    def forward(self, numbers: Tensor) -> Tensor:
        """Pictures in standard levels."""
        drawn: Tensor = self.layers(numbers)
        return drawn


class Critic(nn.Module):
    """Says how good pictures are, float32[N]; on the way, what it looks at."""

    def __init__(self, width: int, colours: int, cells: tuple[int, int]) -> None:
        super().__init__()
        self.features = halvings(colours, width)
        self.verdict = nn.Conv2d(8 * width, 1, cells)

    def forward(self, pictures: Tensor) -> Tensor:
        """Verdicts of a batch; larger is better."""
        verdicts: Tensor = self.verdict(self.features(pictures))
        return verdicts.flatten()


def halvings(colours: int, width: int) -> nn.Sequential:
    """Four halvings to 8 x ``width`` channels."""
    channels = [colours, width, 2 * width, 4 * width, 8 * width]
    return nn.Sequential(
        *(
            nn.Sequential(nn.Conv2d(a, b, 4, stride=2, padding=1), _normal(b), nn.LeakyReLU(0.2))
            for a, b in pairwise(channels)
        )
    )


def _normal(channels: int) -> nn.Module:
    return nn.GroupNorm(1, channels)


class Good(Protocol):
    """Good pictures to play with."""

    waiting: list[int]
    """Indices of pictures that come next."""

    def next(self) -> Tensor:
        """A batch in standard levels, on the networks' device."""


class Game:
    """Both networks, what drives them, and how far they are."""

    def __init__(
        self, generator: Generator, critic: Critic, good: Good, latent: int, random: torch.Generator
    ) -> None:
        self.turns = 0
        self._networks: Mapping[str, nn.Module] = {"generator": generator, "critic": critic}
        self._optimisers = {
            name: torch.optim.Adam(network.parameters(), RATE, BETAS)
            for name, network in self._networks.items()
        }
        self._generator, self._critic = generator, critic
        self._good = good
        self._latent = latent
        self._random = random

    def play(self, turns: int, progress: Progress, checkpoint: Checkpoint | None) -> None:
        """Train both in place, up to so many turns. The checkpoint is kept at the end too.

        ``progress`` may raise. Raises ``ConfigError`` where a loss is no number.
        """
        if checkpoint is not None:
            self._restore(checkpoint)
        while self.turns < turns:
            progress(f"game: turn {self.turns + 1} of {turns}", self.turns / turns)
            self._turn()
            self.turns += 1
            if checkpoint is not None and (checkpoint.due or self.turns == turns):
                self._save(checkpoint)

    def _turn(self) -> None:
        for _ in range(CRITIC_STEPS):
            good = self._good.next()
            with torch.no_grad():
                drawn = self._draw(len(good))
            worth = self._critic(good).mean() - self._critic(drawn).mean()
            steepness = _steepness(self._critic, good, drawn, self._random)
            _step(self._optimisers["critic"], PENALTY * steepness - worth)
        _step(self._optimisers["generator"], -self._critic(self._draw(len(good))).mean())

    def _draw(self, count: int) -> Tensor:
        numbers = torch.randn(count, self._latent, 1, 1, generator=self._random)
        drawn: Tensor = self._generator(numbers.to(next(self._generator.parameters()).device))
        return drawn

    def _save(self, checkpoint: Checkpoint) -> None:
        tensors = {
            "turns": torch.tensor(self.turns),
            "random": self._random.get_state(),
            "waiting": torch.tensor(self._good.waiting, dtype=torch.int64),
        }
        for name, network in self._networks.items():
            tensors |= prefixed(name, network.state_dict())
            tensors |= prefixed(f"{name} optimiser", moments_of(self._optimisers[name]))
        checkpoint.save(tensors, {})

    def _restore(self, checkpoint: Checkpoint) -> None:
        found = checkpoint.load()
        if found is None:
            return
        tensors, _ = found
        self.turns = int(tensors["turns"])
        self._random.set_state(tensors["random"])
        self._good.waiting = tensors["waiting"].tolist()
        for name, network in self._networks.items():
            network.load_state_dict(part_of(tensors, name))
            set_moments(self._optimisers[name], part_of(tensors, f"{name} optimiser"))


def _step(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    if not torch.isfinite(loss):
        raise ConfigError("engine.turns: the game diverges", remedy="Give fewer, or another seed")
    optimiser.zero_grad(set_to_none=True)
    torch.autograd.backward(loss)
    optimiser.step()


def _steepness(critic: Critic, good: Tensor, drawn: Tensor, random: torch.Generator) -> Tensor:
    """Mean squared difference of the critic's slope from 1 on lines between both."""
    share = torch.rand(len(good), 1, 1, 1, generator=random).to(good.device)
    between = torch.lerp(good, drawn, share).requires_grad_()
    (slope,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    lengths = (slope.square().sum((1, 2, 3)) + 1e-12).sqrt()
    return (lengths - 1.0).square().mean()
