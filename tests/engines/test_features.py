"""The cache of exported graphs: hit, miss and damage; and the forms that patch vectors take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import Tensor, nn

from engines.backbones import export as exporting
from engines.memory import embedding, features
from engines.memory.embedding import Embedding
from engines.memory.features import features_graph
from engines.taught import Folders
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.frame import FrameFormat, PixelFormat
from tests.engines.conftest import FORM

SPEC = PatchCoreSpec()


@pytest.fixture
def exports(monkeypatch: pytest.MonkeyPatch) -> list[FrameFormat]:
    """Every export, which is only noted here: a real one takes seconds."""
    done: list[FrameFormat] = []

    def export(module: nn.Module, form: FrameFormat, outputs: tuple[str, ...]) -> onnx.ModelProto:
        done.append(form)
        return onnx.ModelProto(producer_name="test", doc_string=" ".join(outputs))

    monkeypatch.setattr(exporting, "export", export)
    monkeypatch.setattr(embedding, "build", lambda name, strides, weights: nn.Identity())
    return done


def test_the_second_time_it_is_found(exports: list[FrameFormat], tmp_path: Path) -> None:
    first = features_graph(SPEC, FORM, Folders(cache=tmp_path))
    again = features_graph(SPEC, FORM, Folders(cache=tmp_path))
    assert again == first
    assert first.doc_string == "scale0 scale1"
    assert exports == [FORM]


def test_without_a_cache_nothing_is_kept(exports: list[FrameFormat]) -> None:
    for _ in range(2):
        features_graph(SPEC, FORM, Folders())
    assert len(exports) == 2


def test_what_was_learnt_does_not_matter(exports: list[FrameFormat], tmp_path: Path) -> None:
    for spec in (SPEC, PatchCoreSpec(seed=9, coreset=50, projection=32, reweight=True)):
        features_graph(spec, FORM, Folders(cache=tmp_path))
    assert len(exports) == 1


@pytest.mark.parametrize(
    ("spec", "form"),
    [
        (PatchCoreSpec(backbone="efficientnet-lite1"), FORM),
        (PatchCoreSpec(neighbourhood=1), FORM),
        (PatchCoreSpec(scales=((8, 16),)), FORM),
        (SPEC, FrameFormat(FORM.height, FORM.width, FORM.pixel_format)),
        (SPEC, FrameFormat(FORM.width, FORM.height, PixelFormat.RGB16)),
        (SPEC, FrameFormat(FORM.width, FORM.height, PixelFormat.MONO8)),
    ],
)
def test_another_graph_is_another_file(
    exports: list[FrameFormat], spec: PatchCoreSpec, form: FrameFormat, tmp_path: Path
) -> None:
    features_graph(SPEC, FORM, Folders(cache=tmp_path))
    features_graph(spec, form, Folders(cache=tmp_path))
    assert exports == [FORM, form]


def version_of_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.memory.features.metadata.version", lambda name: "0.0")


def own_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "_code", lambda: "changed")


@pytest.mark.parametrize("change", [version_of_torch, own_code])
def test_another_program_exports_anew(
    exports: list[FrameFormat],
    change: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    features_graph(SPEC, FORM, Folders(cache=tmp_path))
    change(monkeypatch)
    features_graph(SPEC, FORM, Folders(cache=tmp_path))
    assert len(exports) == 2


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: b"", lambda data: b"x" * 99]
)
def test_a_damaged_file_is_made_anew(
    exports: list[FrameFormat], damage: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    first = features_graph(SPEC, FORM, Folders(cache=tmp_path))
    (file,) = (tmp_path / "features").iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert features_graph(SPEC, FORM, Folders(cache=tmp_path)) == first
    assert file.read_bytes() == whole
    assert len(exports) == 2


class Levels(nn.Module):
    """A backbone of two levels: the image's means over 2 x 2 and 4 x 4 pixels."""

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        return nn.functional.avg_pool2d(image, 2), nn.functional.avg_pool2d(image, 4)


def vectors(scales: tuple[tuple[int, ...], ...], neighbourhood: int = 1) -> tuple[Tensor, ...]:
    spec = PatchCoreSpec.model_validate({"scales": scales, "neighbourhood": neighbourhood})
    ramp = np.tile(np.arange(0, 160, 10, dtype=np.uint8)[None, None, :, None], (1, 8, 1, 3))
    found: tuple[Tensor, ...] = Embedding(PixelFormat.RGB8, Levels(), spec)(torch.from_numpy(ramp))
    return found


def test_a_scale_of_one_stride_is_not_joined() -> None:
    (fine, coarse) = vectors(((2,), (4,)))
    assert fine.shape == (1, 3, 4, 8)
    assert coarse.shape == (1, 3, 2, 4)
    assert fine[0, 0, 0].tolist() == [5, 25, 45, 65, 85, 105, 125, 145]


def test_a_joined_scale_has_the_grid_of_its_finest_stride() -> None:
    (joined,) = vectors(((2, 4),))
    assert joined.shape == (1, 6, 4, 8)
    assert joined[0, 3, 0].tolist() == [15, 25, 45, 65, 85, 105, 125, 135]


@pytest.mark.parametrize(
    ("neighbourhood", "wanted"),
    [(1, [5, 25, 45]), (3, [15, 25, 45]), (5, [25, 35, 45])],
)
def test_neighbourhood_means_end_at_the_border(neighbourhood: int, wanted: list[float]) -> None:
    fine, _ = vectors(((2,), (4,)), neighbourhood)
    assert fine[0, 0, 0, :3].tolist() == pytest.approx(wanted)
