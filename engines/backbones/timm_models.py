"""Models of the optional package ``timm``, at teach time, with weights that a plant brings along.

Nothing is downloaded: timm builds the network, a safetensors file fills it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor, nn

from engines.backbones.checkpoint import fill, read_checkpoint
from engines.backbones.feature_maps import Normalise
from inspector.core.errors import ConfigError


class TimmFeatures(nn.Module):
    """Grey levels, 0..255, as the model was trained to see them; then its own feature maps."""

    def __init__(self, model: nn.Module, normalise: Normalise) -> None:
        super().__init__()
        self.normalise = normalise
        self.model = model

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """One map for each stride that it was built with."""
        return tuple(self.model(self.normalise(image)))


def build_timm(name: str, strides: tuple[int, ...], weights: Path) -> nn.Module:
    """As ``registry.build``, for a model by its name in timm."""
    timm = _timm()
    try:
        levels = timm.create_model(name, pretrained=False, features_only=True).feature_info
        indices = _indices(name, levels.reduction(), strides)
        model = timm.create_model(name, pretrained=False, features_only=True, out_indices=indices)
    except (RuntimeError, NotImplementedError) as error:
        raise ConfigError(
            f"engine.backbone: timm:{name}: {error}",
            remedy="Name a model of timm that offers feature maps",
        ) from error
    model.eval().requires_grad_(requires_grad=False)
    # Where timm cuts a model into levels, it joins names of nested parts with _ instead of a dot.
    own = {key.replace("_", "."): key for key in model.state_dict()}
    given = {key.replace("_", "."): tensor for key, tensor in read_checkpoint(weights).items()}
    wanted = {own[key]: tensor for key, tensor in given.items() if key in own}
    fill(model, wanted, f"timm:{name}", weights)
    mean, deviation = (
        tuple(255.0 * float(value) for value in model.pretrained_cfg[key])
        for key in ("mean", "std")
    )
    return TimmFeatures(model, Normalise(mean, deviation)).eval()


def _timm() -> Any:
    try:
        import timm  # noqa: PLC0415  # optional, and asked for by name only
    except ImportError as error:
        raise ConfigError(
            f"engine.backbone: the package timm cannot be loaded ({error})",
            remedy="Install the extra timm on the PC that teaches, or name another backbone",
        ) from error
    return timm


def _indices(name: str, reductions: list[int], strides: tuple[int, ...]) -> tuple[int, ...]:
    last = {stride: index for index, stride in enumerate(reductions)}
    for stride in strides:
        if stride not in last:
            raise ConfigError(
                f"engine.scales: timm:{name} has no features of stride {stride}",
                remedy=f"Its strides: {', '.join(map(str, sorted(last)))}",
            )
    return tuple(last[stride] for stride in strides)
