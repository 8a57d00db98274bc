"""ResNet. He et al., CVPR 2016; the stride stands at the 3x3 convolution of a bottleneck.

Tensors are named as in torchvision's checkpoints.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from engines.backbones.feature_maps import Network

IMAGENET_MEAN = (123.675, 116.28, 103.53)
IMAGENET_DEVIATION = (58.395, 57.12, 57.375)
"""Of red, green and blue in 0..255."""


class Basic(nn.Module):
    """Two 3x3 convolutions, added to their input."""

    expansion = 1

    def __init__(self, channels: int, inner: int, stride: int) -> None:
        super().__init__()
        self.conv1 = _conv(channels, inner, 3, stride)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = _conv(inner, inner, 3)
        self.bn2 = nn.BatchNorm2d(inner)
        self.downsample = _shortcut(channels, inner, stride)

    def forward(self, x: Tensor) -> Tensor:
        """One block."""
        y = functional.relu(self.bn1(self.conv1(x)))
        sum_: Tensor = self.bn2(self.conv2(y)) + self.downsample(x)
        return functional.relu(sum_)


class Bottleneck(nn.Module):
    """A 3x3 convolution between two 1x1, added to their input."""

    expansion = 4

    def __init__(self, channels: int, inner: int, stride: int) -> None:
        super().__init__()
        wanted = inner * self.expansion
        self.conv1 = _conv(channels, inner, 1)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = _conv(inner, inner, 3, stride)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3 = _conv(inner, wanted, 1)
        self.bn3 = nn.BatchNorm2d(wanted)
        self.downsample = _shortcut(channels, wanted, stride)

    def forward(self, x: Tensor) -> Tensor:
        """One block."""
        y = functional.relu(self.bn1(self.conv1(x)))
        y = functional.relu(self.bn2(self.conv2(y)))
        sum_: Tensor = self.bn3(self.conv3(y)) + self.downsample(x)
        return functional.relu(sum_)


class ResNet(Network):
    """``counts`` blocks at strides 4, 8, 16 and 32: 64, 128, 256, 512 channels times expansion."""

    head = ("fc.",)
    mean = IMAGENET_MEAN
    deviation = IMAGENET_DEVIATION

    def __init__(self, block: type[Basic | Bottleneck], counts: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.conv1 = _conv(3, 64, 7, 2)
        self.bn1 = nn.BatchNorm2d(64)
        channels = 64
        for index, count in enumerate(counts):
            blocks = nn.Sequential()
            for number in range(count):
                stride = 2 if index and number == 0 else 1
                blocks.append(block(channels, 64 * 2**index, stride))
                channels = 64 * 2**index * block.expansion
            self.add_module(f"layer{index + 1}", blocks)

    def stages(self) -> dict[int, nn.Module]:
        """The first convolution alone is of stride 2."""
        pool = nn.MaxPool2d(3, stride=2, padding=1)
        return {
            2: nn.Sequential(self.conv1, self.bn1, nn.ReLU()),
            4: nn.Sequential(pool, self.get_submodule("layer1")),
            8: self.get_submodule("layer2"),
            16: self.get_submodule("layer3"),
            32: self.get_submodule("layer4"),
        }


def _conv(channels: int, wanted: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(channels, wanted, kernel, stride, padding=kernel // 2, bias=False)


def _shortcut(channels: int, wanted: int, stride: int) -> nn.Module:
    if stride == 1 and channels == wanted:
        return nn.Identity()
    return nn.Sequential(_conv(channels, wanted, 1, stride), nn.BatchNorm2d(wanted))
