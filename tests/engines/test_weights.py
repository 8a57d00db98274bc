"""Weights that a plant brings along: taken when they fit, refused in one line when not."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from engines.backbones.registry import build
from engines.backbones.weights import find_weights, import_weights
from engines.taught import Folders
from inspector.core.errors import ConfigError
from tests.engines.brought import weights_file

STRIDES = (8, 16)


@pytest.fixture(scope="module")
def resnet18(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return weights_file(tmp_path_factory.mktemp("weights") / "r18.safetensors", "resnet18")


def test_a_file_is_kept_by_its_hash(resnet18: Path, tmp_path: Path) -> None:
    digest = import_weights(resnet18, "resnet18", STRIDES, tmp_path / "weights")
    kept = find_weights(digest, Folders(weights=tmp_path / "weights"))
    assert kept == tmp_path / "weights" / f"{digest}.safetensors"
    assert kept.read_bytes() == resnet18.read_bytes()
    assert import_weights(resnet18, "resnet18", STRIDES, tmp_path / "weights") == digest
    assert list((tmp_path / "weights").iterdir()) == [kept]


def test_the_weights_are_those_of_the_file(tmp_path: Path) -> None:
    image = torch.rand(1, 3, 64, 64) * 255
    one, same, other = (
        build("resnet18", (8,), weights_file(tmp_path / "w.safetensors", "resnet18", seed))(image)
        for seed in (1, 1, 2)
    )
    assert torch.equal(one[0], same[0])
    assert not torch.allclose(one[0], other[0], rtol=0.1)


def test_lite_takes_a_file_as_well(tmp_path: Path) -> None:
    file = weights_file(tmp_path / "lite.safetensors", "efficientnet-lite0")
    image = torch.rand(1, 3, 64, 64) * 255
    brought = build("efficientnet-lite0", (8,), file)(image)[0]
    assert not torch.allclose(brought, build("efficientnet-lite0", (8,), None)(image)[0], rtol=0.1)


def test_half_precision_files(resnet18: Path, tmp_path: Path) -> None:
    halves = {name: tensor.to(torch.bfloat16) for name, tensor in load_file(resnet18).items()}
    save_file(halves, tmp_path / "half.safetensors")
    image = torch.rand(1, 3, 64, 64) * 255
    assert build("resnet18", (8,), tmp_path / "half.safetensors")(image)[0].dtype == torch.float32


def refused(file: Path, backbone: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        import_weights(file, backbone, STRIDES, tmp_path / "weights")
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "weights").exists()


@pytest.mark.parametrize(
    ("backbone", "words"),
    [
        ("resnet50", r"not the weights of resnet50: tensor layer1\.0\.conv1\.weight has the shape"),
        ("vgg16", r"not the weights of vgg16: tensor features\.0\.weight is missing.*--backbone"),
        ("efficientnet-lite0", r"tensor _conv_stem\.weight is missing"),
    ],
)
def test_another_architecture(resnet18: Path, backbone: str, words: str, tmp_path: Path) -> None:
    refused(resnet18, backbone, words, tmp_path)


def changed(resnet18: Path, tmp_path: Path, **changes: torch.Tensor) -> Path:
    tensors = load_file(resnet18) | {name.replace("__", "."): t for name, t in changes.items()}
    save_file(tensors, tmp_path / "changed.safetensors")
    return tmp_path / "changed.safetensors"


def test_a_deeper_network_of_the_same_names(resnet18: Path, tmp_path: Path) -> None:
    file = changed(resnet18, tmp_path, layer1__2__conv1__weight=torch.zeros(64, 64, 3, 3))
    refused(file, "resnet18", r"tensor layer1\.2\.conv1\.weight belongs to another", tmp_path)


def test_not_a_number(resnet18: Path, tmp_path: Path) -> None:
    file = changed(resnet18, tmp_path, bn1__bias=torch.full((64,), torch.nan))
    refused(file, "resnet18", r"tensor bn1\.bias holds values that are not finite", tmp_path)


def test_a_truncated_file(resnet18: Path, tmp_path: Path) -> None:
    file = tmp_path / "short.safetensors"
    file.write_bytes(resnet18.read_bytes()[:-100])
    refused(file, "resnet18", r"not a safetensors file, or an incomplete one", tmp_path)


class Bomb:
    """Tells when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("it was unpickled",))


def test_a_pickled_file_is_never_unpickled(tmp_path: Path) -> None:
    file = tmp_path / "resnet18.pth"
    torch.save({"conv1.weight": Bomb()}, file)
    refused(file, "resnet18", r"resnet18\.pth: not a safetensors file.*save_file", tmp_path)
    file.write_bytes(pickle.dumps(Bomb()))
    refused(file, "resnet18", r"resnet18\.pth: not a safetensors file", tmp_path)


def test_no_file(tmp_path: Path) -> None:
    refused(tmp_path / "absent.safetensors", "resnet18", "absent.*no such file", tmp_path)


def test_a_damaged_kept_file_is_refused_and_mended(resnet18: Path, tmp_path: Path) -> None:
    digest = import_weights(resnet18, "resnet18", STRIDES, tmp_path)
    kept = find_weights(digest, Folders(weights=tmp_path))
    kept.write_bytes(kept.read_bytes()[:-4] + b"\0\0\1\0")
    with pytest.raises(ConfigError, match=r"damaged.*inspector teach --weights FILE"):
        find_weights(digest, Folders(weights=tmp_path))
    import_weights(resnet18, "resnet18", STRIDES, tmp_path)
    assert find_weights(digest, Folders(weights=tmp_path)) == kept


@pytest.mark.parametrize("kept", [False, True])
def test_a_hash_without_a_file(kept: bool, tmp_path: Path) -> None:
    folders = Folders(weights=tmp_path if kept else None)
    with pytest.raises(ConfigError, match=r"engine\.weights: no file aaaaaaaaaaaa\.\.\. was imp"):
        find_weights("a" * 64, folders)
