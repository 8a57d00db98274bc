"""Every backbone: what it promises, against its oracle, and in the graph as in torch."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from efficientnet_lite_pytorch import EfficientNet
from safetensors.torch import save_file
from torch.nn.functional import conv2d, relu

from engines.backbones.networks import _NETWORKS, _packaged
from engines.backbones.registry import BROUGHT, PACKAGED, build
from engines.backbones.resnet import Basic, Bottleneck
from engines.memory.embedding import Embedding
from engines.memory.features import features_graph
from engines.taught import Folders
from inspector.core.canonical import sha256_hex
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from tests.engines.brought import random_tensors, weights_file
from tests.engines.conftest import FORM
from tests.engines.fake_timm import Tiny, fake_timm
from tests.engines.pictures import part

ALL = (2, 4, 8, 16, 32)
CHANNELS_OF = {
    "efficientnet-lite0": (16, 24, 40, 112, 320),
    "efficientnet-lite1": (16, 24, 40, 112, 320),
    "efficientnet-lite2": (16, 24, 48, 120, 352),
    "resnet18": (64, 64, 128, 256, 512),
    "resnet50": (64, 256, 512, 1024, 2048),
    "vgg16": (128, 256, 512, 512, 512),
}
SIZES = [(128, 1024), (1024, 128), (200, 136), (256, 256)]


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("brought")
    return {name: weights_file(folder / f"{name}.safetensors", name) for name in BROUGHT}


def test_all_names_are_tested() -> None:
    assert set(CHANNELS_OF) == set(_NETWORKS) == {*PACKAGED, *BROUGHT}


@pytest.mark.parametrize("name", CHANNELS_OF)
def test_strides_and_channels_at_any_size(name: str, brought: dict[str, Path]) -> None:
    backbone = build(name, ALL, brought.get(name)).to("meta")
    for height, width in SIZES:
        levels = backbone(torch.empty(2, 3, height, width, device="meta"))
        for stride, channels, level in zip(ALL, CHANNELS_OF[name], levels, strict=True):
            exact = name in PACKAGED or name.startswith("resnet")
            grid = [-(-side // stride) if exact else side // stride for side in (height, width)]
            assert level.shape == (2, channels, *grid)


@pytest.mark.parametrize("name", ["efficientnet-lite0", "resnet18", "vgg16"])
def test_chosen_strides_are_some_of_all(name: str, brought: dict[str, Path]) -> None:
    image = torch.rand(1, 3, 64, 96) * 255
    everything = build(name, ALL, brought.get(name))(image)
    chosen = build(name, (4, 16), brought.get(name))(image)
    assert len(chosen) == 2
    assert torch.equal(chosen[0], everything[1])
    assert torch.equal(chosen[1], everything[3])


@pytest.mark.parametrize("name", PACKAGED)
@pytest.mark.parametrize("size", [(96, 160), (65, 50)])
def test_lite_networks_equal_their_package(name: str, size: tuple[int, int]) -> None:
    oracle: Any = EfficientNet.from_name(name, image_size=size).eval()
    oracle.load_state_dict(torch.load(_packaged(name), weights_only=True))
    image = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(1)) * 255
    with torch.no_grad():
        wanted = oracle._swish(oracle._bn0(oracle._conv_stem((image - 127) / 128)))
        for block in oracle._blocks:
            wanted = block(wanted)
        found = build(name, (32,), None)(image)[0]
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("block", [Basic, Bottleneck])
def test_a_block_is_its_formula(block: type[Basic | Bottleneck]) -> None:
    """The tensors of a checkpoint by their names, by hand: no torchvision is installed."""
    module = block(8, 4, stride=2).eval()
    t = random_tensors(module)
    module.load_state_dict(t, strict=False)
    x = torch.rand(1, 8, 10, 12)

    def normed(y: torch.Tensor, convolution: str, norm: str, stride: int = 1) -> torch.Tensor:
        kernel = t[f"{convolution}.weight"]
        y = conv2d(y, kernel, stride=stride, padding=kernel.shape[2] // 2)
        mean, var, gain, bias = (
            t[f"{norm}.{part}"][:, None, None]
            for part in ("running_mean", "running_var", "weight", "bias")
        )
        return (y - mean) / (var + 1e-5).sqrt() * gain + bias

    if block is Basic:
        y = normed(relu(normed(x, "conv1", "bn1", 2)), "conv2", "bn2")
    else:
        y = relu(normed(relu(normed(x, "conv1", "bn1")), "conv2", "bn2", 2))
        y = normed(y, "conv3", "bn3")
    wanted = relu(y + normed(x, "downsample.0", "downsample.1", 2))
    torch.testing.assert_close(module(x), wanted, rtol=1e-4, atol=1e-5)


def same_after_export(
    spec: PatchCoreSpec, form: FrameFormat, folders: Folders, weights: Path | None = None
) -> None:
    graph = features_graph(spec, form, folders)
    onnx.checker.check_model(graph, full_check=True)
    assert graph.graph.node[0].op_type == "Cast"
    assert "BatchNormalization" not in {node.op_type for node in graph.graph.node}
    images = np.stack([part(n, height=form.height, width=form.width) for n in range(3)])
    images = np.concatenate([images, images], axis=3)[..., : form.pixel_format.channels].copy()
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    found = session.run(None, {"image": images})
    backbone = build(spec.backbone, spec.strides, weights)
    with torch.no_grad():
        wanted = Embedding(form.pixel_format, backbone, spec)(torch.from_numpy(images))
    assert [output.name for output in graph.graph.output] == [
        f"scale{n}" for n in range(len(found))
    ]
    assert len(found) == len(wanted) == len(spec.scales)
    for one, other in zip(found, wanted, strict=True):
        limit = 1e-4 * float(other.abs().max())
        assert float(other.std()) > 10 * limit
        np.testing.assert_allclose(one, other.numpy(), rtol=1e-3, atol=limit)


def test_the_default_graph_equals_torch(cache: Path) -> None:
    same_after_export(PatchCoreSpec(), FORM, Folders(cache=cache))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CHANNELS_OF if name != "efficientnet-lite0"])
def test_every_graph_equals_torch(name: str, brought: dict[str, Path], tmp_path: Path) -> None:
    scales = ((4,), (8, 16, 32))
    path, digest = brought.get(name), None
    if path is not None:
        digest = sha256_hex(path.read_bytes())
        (tmp_path / f"{digest}.safetensors").symlink_to(path)
    spec = PatchCoreSpec(backbone=name, weights=digest, scales=scales, neighbourhood=5)
    form = FrameFormat(136, 200, PixelFormat.MONO8)
    same_after_export(spec, form, Folders(weights=tmp_path), path)


def test_unknown_name_lists_the_known() -> None:
    with pytest.raises(ConfigError, match=r"unknown backbone 'alexnet'.*lite0.*vgg16, timm:NAME"):
        build("alexnet", ALL, None)


@pytest.mark.parametrize("name", [*BROUGHT, "timm:tiny"])
def test_no_weights_and_none_to_download(name: str) -> None:
    with pytest.raises(ConfigError, match=rf"{name} comes without weights.*--weights FILE"):
        build(name, ALL, None)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = []
    monkeypatch.setitem(sys.modules, "timm", fake_timm(asked))
    return asked


@pytest.fixture
def timm_weights(tmp_path: Path) -> Path:
    """As timm's checkpoints: nested names with dots, deeper levels and a classifier as well."""
    tensors = random_tensors(Tiny((0, 1, 2)))
    named = {name.replace("stages_", "stages."): tensor for name, tensor in tensors.items()}
    save_file(named | {"head.fc.weight": torch.zeros(2, 8)}, tmp_path / "tiny.safetensors")
    return tmp_path / "tiny.safetensors"


def test_a_model_of_timm(asked: list[dict[str, Any]], timm_weights: Path) -> None:
    backbone = build("timm:tiny", (2, 4), timm_weights)
    image = torch.rand(1, 3, 32, 48) * 255
    levels = backbone(image)
    assert [level.shape for level in levels] == [(1, 4, 16, 24), (1, 6, 8, 12)]
    plain = Tiny((0, 1))
    plain.load_state_dict(
        {k: v for k, v in random_tensors(Tiny((0, 1, 2))).items() if "_2" not in k}
    )
    mean, deviation = (torch.tensor(v)[:, None, None] for v in ((0.5, 0.4, 0.3), (0.2, 0.2, 0.1)))
    wanted = plain((image / 255 - mean) / deviation)
    torch.testing.assert_close(levels[1], wanted[1], rtol=1e-4, atol=1e-4)
    assert asked
    assert all(how == {"pretrained": False, "features_only": True} for how in asked)


@pytest.mark.slow
@pytest.mark.usefixtures("asked")
def test_a_graph_of_timm_equals_torch(timm_weights: Path, tmp_path: Path) -> None:
    digest = sha256_hex(timm_weights.read_bytes())
    timm_weights.rename(kept := tmp_path / f"{digest}.safetensors")
    spec = PatchCoreSpec(backbone="timm:tiny", weights=digest, scales=((2,), (4, 8)))
    same_after_export(spec, FrameFormat(48, 64, PixelFormat.RGB16), Folders(weights=tmp_path), kept)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("name", "strides", "words"),
    [
        ("huge", (2,), r"timm:huge: Unknown model \(huge\)"),
        ("tiny", (8, 16), r"no features of stride 16.*Its strides: 2, 4, 8"),
    ],
)
def test_what_timm_cannot_do(
    name: str, strides: tuple[int, ...], words: str, timm_weights: Path
) -> None:
    with pytest.raises(ConfigError, match=words):
        build(f"timm:{name}", strides, timm_weights)


@pytest.mark.usefixtures("asked")
def test_weights_of_another_model_of_timm(brought: dict[str, Path]) -> None:
    with pytest.raises(ConfigError, match=r"not the weights of timm:tiny: tensor stages_0\.weight"):
        build("timm:tiny", (4,), brought["resnet18"])


def test_timm_is_absent(monkeypatch: pytest.MonkeyPatch, timm_weights: Path) -> None:
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(ConfigError, match=r"package timm cannot be loaded.*Install the extra timm"):
        build("timm:tiny", (4,), timm_weights)
