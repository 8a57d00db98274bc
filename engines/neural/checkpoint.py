"""Where a training that was stopped goes on: one file, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

import inspector
from engines.taught import Folders
from inspector.core.canonical import hash_of
from inspector.core.engine_spec import TaughtSpec
from inspector.core.frame import FrameFormat
from inspector.durable.files import write_atomically

EVERY_S = 10.0
"""Seconds between two checkpoints, at least: what an interruption costs."""
KEPT = 4
"""Trainings that were not finished whose checkpoints are kept; older ones go."""

Tensors = dict[str, Tensor]


class Digested(Protocol):
    """What is trained on."""

    def digest(self) -> str:
        """Hash of all of it."""


@dataclass(slots=True)
class Checkpoint:
    """The state of one training. A training that goes on from it ends as if it never stopped."""

    path: Path
    every_s: float = EVERY_S
    _saved: float = field(default_factory=time.monotonic)

    def load(self) -> tuple[Tensors, dict[str, list[float]]] | None:
        """Tensors and curves that were saved last; None where nothing usable was."""
        if not self.path.is_file():
            return None
        try:
            with safe_open(self.path, "pt") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no mapping
                return tensors, json.loads(file.metadata()["curves"])
        except (SafetensorError, KeyError, TypeError, ValueError):
            return None

    @property
    def due(self) -> bool:
        """Whether the last one is old enough."""
        return time.monotonic() - self._saved >= self.every_s

    def save(self, tensors: Mapping[str, Tensor], curves: Mapping[str, list[float]]) -> None:
        """Replace what was saved before. Raises ``StorageError``."""
        own = {
            name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
            for name, value in tensors.items()
        }
        write_atomically(self.path, save(own, {"curves": json.dumps(dict(curves))}))
        files = sorted(
            self.path.parent.glob("*.safetensors"), key=lambda file: file.stat().st_mtime
        )
        for old in files[:-KEPT]:
            old.unlink(missing_ok=True)
        self._saved = time.monotonic()

    def remove(self) -> None:
        """The training is done."""
        self.path.unlink(missing_ok=True)


def digest_over(parts: Iterable[NDArray[np.generic]]) -> str:
    """SHA-256 over arrays, in order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.tobytes())
    return digest.hexdigest()


def checkpoint_of(
    folders: Folders, images: Digested, form: FrameFormat, spec: TaughtSpec, part: str = ""
) -> Checkpoint | None:
    """The checkpoint of these images taught this way by this version; None without a cache.

    ``part`` tells the trainings of an engine apart that has several.
    """
    if folders.cache is None:
        return None
    key = hash_of(
        {
            "images": images.digest(),
            "form": [*form.shape, form.pixel_format.value],
            "spec": spec.model_dump(mode="json"),
            "part": part,
            "versions": {"inspector": inspector.__version__, "torch": str(torch.__version__)},
        }
    )
    return Checkpoint(folders.cache / "training" / f"{key}.safetensors")


def prefixed(prefix: str, tensors: Mapping[str, Tensor]) -> Tensors:
    """Tensors under names that begin with a prefix and a colon."""
    return {f"{prefix}:{name}": value for name, value in tensors.items()}


def part_of(tensors: Mapping[str, Tensor], prefix: str) -> Tensors:
    """Those that begin with it, without it."""
    head = f"{prefix}:"
    return {name[len(head) :]: value for name, value in tensors.items() if name.startswith(head)}


def moments_of(optimiser: torch.optim.Optimizer) -> Tensors:
    """What an optimiser remembers of each parameter, by ``<parameter>.<name>``."""
    state = optimiser.state_dict()["state"]
    return {f"{at}.{name}": value for at, own in state.items() for name, value in own.items()}


def set_moments(optimiser: torch.optim.Optimizer, moments: Mapping[str, Tensor]) -> None:
    """Let an optimiser remember what `moments_of` said."""
    state: dict[int, Tensors] = {}
    for name, value in moments.items():
        at, _, key = name.partition(".")
        state.setdefault(int(at), {})[key] = value
    optimiser.load_state_dict(optimiser.state_dict() | {"state": state})
