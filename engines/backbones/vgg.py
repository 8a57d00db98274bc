"""VGG16 without batch norms. Simonyan & Zisserman, ICLR 2015.

Tensors are named as in torchvision's checkpoints.
"""

from __future__ import annotations

from torch import nn

from engines.backbones.feature_maps import Network
from engines.backbones.resnet import IMAGENET_DEVIATION, IMAGENET_MEAN

_CHANNELS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""3x3 convolutions before each of the five poolings."""


class Vgg16(Network):
    """128, 256, 512, 512 and 512 channels at strides 2 to 32; the last is the pooling alone."""

    head = ("classifier.",)
    mean = IMAGENET_MEAN
    deviation = IMAGENET_DEVIATION

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential()
        channels = 3
        for group in _CHANNELS:
            for wanted in group:
                self.features.append(nn.Conv2d(channels, wanted, 3, padding=1))
                self.features.append(nn.ReLU())
                channels = wanted
            self.features.append(nn.MaxPool2d(2))

    def stages(self) -> dict[int, nn.Module]:
        """A stage ends before the next pooling."""
        pools = [i for i, layer in enumerate(self.features) if isinstance(layer, nn.MaxPool2d)]
        starts, ends = [0, *pools[1:]], [*pools[1:], len(self.features)]
        return {
            2 ** (index + 1): self.features[start:end]
            for index, (start, end) in enumerate(zip(starts, ends, strict=True))
        }
