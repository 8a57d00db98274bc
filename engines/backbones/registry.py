"""Backbones by the name that recipes use."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from engines.backbones.efficientnet_lite import EfficientNetLite0
from inspector.core.errors import ConfigError

_BACKBONES: dict[str, Callable[[int, int], nn.Module]] = {"efficientnet-lite0": EfficientNetLite0}


def build(name: str, height: int, width: int) -> nn.Module:
    """A backbone for images of one size, in evaluation mode. Raises ``ConfigError``.

    Its ``forward`` takes float32[N, 3, H, W] in 0..255 and returns feature maps, finest first.
    """
    try:
        make = _BACKBONES[name]
    except KeyError as error:
        raise ConfigError(
            f"engine.backbone: unknown backbone {name!r}",
            remedy=f"Known: {', '.join(sorted(_BACKBONES))}",
        ) from error
    return make(height, width).eval()
