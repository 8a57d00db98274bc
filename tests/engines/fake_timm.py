"""A stand-in for the optional package ``timm``: one model, which says how it was asked for."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from torch import Tensor, nn

CHANNELS = (4, 6, 8)
"""At strides 2, 4 and 8; timm counts reductions alike."""


class _Info:
    def __init__(self, reductions: list[int]) -> None:
        self._reductions = reductions

    def reduction(self) -> list[int]:
        return self._reductions


class Tiny(nn.Module):
    """Like timm's feature extractors: nested parts are joined with _, deeper ones are cut off."""

    def __init__(self, indices: tuple[int, ...]) -> None:
        super().__init__()
        self._indices = indices
        self.feature_info = _Info([2 ** (index + 1) for index in indices])
        self.pretrained_cfg = {"mean": (0.5, 0.4, 0.3), "std": (0.2, 0.2, 0.1)}
        for index, (before, after) in enumerate(zip((3, *CHANNELS), CHANNELS, strict=False)):
            if index <= indices[-1]:
                self.add_module(f"stages_{index}", nn.Conv2d(before, after, 3, 2, padding=1))

    def forward(self, x: Tensor) -> list[Tensor]:
        maps = []
        for index, stage in enumerate(self.children()):
            x = stage(x).relu()
            if index in self._indices:
                maps.append(x)
        return maps


def fake_timm(asked: list[dict[str, Any]]) -> ModuleType:
    """The module; each ``create_model`` is noted in ``asked``."""

    def create_model(name: str, *, out_indices: tuple[int, ...] = (0, 1, 2), **how: Any) -> Tiny:
        asked.append(how)
        if name != "tiny":
            raise RuntimeError(f"Unknown model ({name})")
        return Tiny(out_indices)

    module = ModuleType("timm")
    module.__dict__["create_model"] = create_model
    return module
