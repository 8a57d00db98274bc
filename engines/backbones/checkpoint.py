"""Tensors of a weights file, and whether they are those of a network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from inspector.core.errors import ConfigError
from inspector.durable.files import storage_errors

Tensors = Mapping[str, Tensor]
_COUNTER = "num_batches_tracked"
"""Batch norms count their training steps; it decides nothing, and not every file has it."""


def read_checkpoint(path: Path) -> Tensors:
    """All tensors of a safetensors file; nothing in it is ever run. Raises ``ConfigError``."""
    with storage_errors(path):
        data = path.read_bytes()
    try:
        return load(data)
    except SafetensorError as error:
        raise ConfigError(
            f"{path}: not a safetensors file, or an incomplete one ({error})",
            remedy="Copy it again; have a .pth file saved with safetensors.torch.save_file",
        ) from error


def fill(
    network: nn.Module, given: Tensors, name: str, path: Path, head: tuple[str, ...] = ()
) -> None:
    """Set every tensor of ``network``, named ``name``, from those that a file gives.

    Tensors whose names start with one of ``head`` are passed over; any other that is missing, of
    another shape, not finite or too many raises ``ConfigError`` naming the first.
    """
    wanted = _that_decide(network.state_dict(), head)
    given = _that_decide(given, head)
    for key, tensor in wanted.items():
        if key not in given:
            raise _misfit(path, name, f"tensor {key} is missing")
        if given[key].shape != tensor.shape:
            shapes = f"{tuple(given[key].shape)}, not {tuple(tensor.shape)}"
            raise _misfit(path, name, f"tensor {key} has the shape {shapes}")
        if not (given[key].is_floating_point() and given[key].isfinite().all()):
            raise _misfit(path, name, f"tensor {key} holds values that are not finite numbers")
    if unknown := sorted(set(given) - set(wanted)):
        raise _misfit(path, name, f"tensor {unknown[0]} belongs to another network")
    network.load_state_dict(given, strict=False)


def _that_decide(tensors: Tensors, head: tuple[str, ...]) -> dict[str, Tensor]:
    return {
        key: tensor
        for key, tensor in tensors.items()
        if not key.startswith(head) and not key.endswith(_COUNTER)
    }


def _misfit(path: Path, name: str, problem: str) -> ConfigError:
    return ConfigError(
        f"{path}: not the weights of {name}: {problem}",
        remedy="Name the backbone that it belongs to with --backbone, or bring the right file",
    )
