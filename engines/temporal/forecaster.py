"""The networks: a window of vectors in, the change to the next vector out.

Each predicts the next vector as the last one and a change to it, so that an untaught one is the
last-value baseline and only what is better than that need be learnt.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

_HEADS = 2


class Recurrent(nn.Module):
    """LSTM (Hochreiter & Schmidhuber 1997) or GRU (Cho et al. 2014), one layer.

    ``h_t = cell(x_t, h_{t-1})``, ``next = x_T + W h_T + b``.
    """

    def __init__(self, cell: type[nn.LSTM | nn.GRU], channels: int, width: int) -> None:
        super().__init__()
        self.cell = cell(channels, width, batch_first=True)
        self.head = _silent(nn.Linear(width, channels))

    def forward(self, window: Tensor) -> Tensor:
        """From float32[n, window, channels] to float32[n, channels]."""
        states, _ = self.cell(window)
        change: Tensor = self.head(states[:, -1])
        return window[:, -1] + change


class Transformer(nn.Module):
    """Causal self-attention (Vaswani et al. 2017), two blocks, learnt places, norms first."""

    def __init__(self, window: int, channels: int, width: int) -> None:
        super().__init__()
        self.lift = nn.Linear(channels, width)
        self.places = nn.Parameter(0.02 * torch.randn(1, window, width))
        self.blocks = nn.ModuleList(Block(window, width) for _ in range(2))
        self.norm = nn.LayerNorm(width)
        self.head = _silent(nn.Linear(width, channels))

    def forward(self, window: Tensor) -> Tensor:
        """From float32[n, window, channels] to float32[n, channels]."""
        tokens = self.lift(window) + self.places
        for block in self.blocks:
            tokens = block(tokens)
        change: Tensor = self.head(self.norm(tokens[:, -1]))
        return window[:, -1] + change


class Block(nn.Module):
    """``x + attention(norm x)``, then ``x + mlp(norm x)``; no place sees a later one."""

    mask: Tensor

    def __init__(self, window: int, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.queries_keys_values = nn.Linear(width, 3 * width)
        self.joined = nn.Linear(width, width)
        self.widened, self.narrowed = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        later = torch.full((window, window), -1e9).triu(1)
        self.register_buffer("mask", later, persistent=False)

    def forward(self, tokens: Tensor) -> Tensor:
        """Of float32[n, window, width]."""
        window, width = tokens.shape[1:]
        shape = (-1, window, 3, _HEADS, width // _HEADS)
        parts = self.queries_keys_values(self.first(tokens)).reshape(shape)
        queries, keys, values = parts.permute(2, 0, 3, 1, 4)
        alike = queries @ keys.transpose(-1, -2) / math.sqrt(width // _HEADS)
        seen = functional.softmax(alike + self.mask, dim=-1) @ values
        tokens = tokens + self.joined(seen.transpose(1, 2).reshape(-1, window, width))
        widened = functional.gelu(self.widened(self.second(tokens)))
        return tokens + torch.as_tensor(self.narrowed(widened))


def make_network(method: str, window: int, channels: int, width: int) -> nn.Module:
    """An untaught network: ``lstm``, ``gru`` or ``transformer``."""
    if method == "transformer":
        return Transformer(window, channels, width)
    return Recurrent({"lstm": nn.LSTM, "gru": nn.GRU}[method], channels, width)


def _silent(layer: nn.Linear) -> nn.Linear:
    """A layer that says nothing at first."""
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer
