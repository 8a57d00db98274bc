"""Weights files as a plant would bring them along: the right tensors, with random values."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from engines.backbones.networks import _NETWORKS


def random_tensors(network: nn.Module, seed: int = 0) -> dict[str, Tensor]:
    """Values that keep the features of a deep network finite and alive."""
    source = torch.Generator().manual_seed(seed)
    found: dict[str, Tensor] = {}
    for name, tensor in network.state_dict().items():
        if name.endswith("running_var"):
            found[name] = 0.5 + torch.rand(tensor.shape, generator=source)
        elif tensor.is_floating_point():
            spread = (2.0 / max(tensor[0].numel(), 1)) ** 0.5 if tensor.ndim > 1 else 0.1
            found[name] = spread * torch.randn(tensor.shape, generator=source)
            if tensor.ndim == 1 and name.endswith("weight"):
                found[name] += 0.5
    return found


def weights_file(path: Path, name: str, seed: int = 0) -> Path:
    """A safetensors file for a backbone; with a classifier, as checkpoints have."""
    network = _NETWORKS[name]()
    tensors = random_tensors(network, seed) | {f"{network.head[-1]}weight": torch.zeros(2, 4)}
    save_file(tensors, path)
    return path
