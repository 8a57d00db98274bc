"""The student: what it learns from, its network, what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from engines.memory.embedding import embedding_of
from engines.methods import teach_engine
from engines.neural.distillation import COPIES, lesson_of, principal
from engines.neural.generic_pictures import dead_leaves
from engines.neural.kept_images import KeptImages
from engines.neural.patch_network import PatchNetwork
from engines.taught import NOWHERE
from inspector.core.engine_spec import StudentSpec
from inspector.core.errors import Cancelled, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from tests.engines.pictures import part

FORM = FrameFormat(64, 64, PixelFormat.RGB8)
SHORT: dict[str, Any] = {"width": 8, "features": 8, "epochs": 1, "batch": 2}


@pytest.mark.parametrize("cells", [(8, 8), (7, 10), (5, 3), (1, 1)])
def test_deep_features_lie_at_twice_the_stride(cells: tuple[int, int]) -> None:
    network = PatchNetwork(3, 8, 5).eval()
    rows, columns = (-(-side // 2) for side in cells)
    assert network(torch.zeros(2, 3, *cells)).shape == (2, 5, rows, columns)


@pytest.mark.parametrize("scales", [[[8, 16], [16, 32]], [[8], [32]]])
def test_what_is_not_seen_at_8_and_learned_at_16_is_refused(scales: list[list[int]]) -> None:
    """When it is taught: a recipe of before goes on running its bundle."""
    spec = StudentSpec.model_validate({"scales": scales})
    with pytest.raises(ConfigError, match=r"engine\.scales: .* learns from 16 on") as told:
        teach_engine([part(0), part(1)], FORM, spec, lambda stage, share: None, NOWHERE)
    assert "[[8], [16, 32]]" in str(told.value.remedy)


def test_the_first_layers_see_in_the_graph_what_the_student_learned_from() -> None:
    images = [part(number) for number in range(4)]
    kept, spec = KeptImages(images), StudentSpec(**SHORT)
    lesson = lesson_of(
        kept, range(4), form=FORM, spec=spec, folders=NOWHERE, progress=lambda stage, share: None
    )
    near = spec.model_copy(update={"scales": spec.scales[:1]})
    (seen,) = embedding_of(near, FORM.pixel_format, NOWHERE)(torch.from_numpy(np.stack(images)))
    assert lesson.good.near.shape == (4, 40, 8, 8)
    assert lesson.good.deep.shape == (4, 8, 4, 4)
    np.testing.assert_allclose(lesson.good.near.numpy(), seen.detach().numpy(), atol=1e-3)
    assert lesson.damaged.near.shape == (4 * COPIES, 40, 8, 8)
    assert (lesson.damaged.near != lesson.good.near.repeat(COPIES, 1, 1, 1)).any()
    assert lesson.generic.near.shape == lesson.good.near.shape


@pytest.mark.parametrize("colours", [1, 3])
def test_generic_pictures_differ_and_come_from_the_seed(colours: int) -> None:
    first, again = (dead_leaves((40, 56), colours, np.random.default_rng(2)) for _ in range(2))
    other = dead_leaves((40, 56), colours, np.random.default_rng(3))
    assert first.shape == (colours, 40, 56)
    assert first.dtype == np.float32
    assert np.array_equal(first, again)
    assert np.abs(first - other).mean() > 5.0
    assert first.min() >= 0.0
    assert first.max() <= 255.0
    assert first.std() > 5.0


def test_components_are_uncorrelated_and_small_ones_count() -> None:
    random = torch.Generator().manual_seed(0)
    mixing = torch.randn(6, 6, generator=random, dtype=torch.float64)
    vectors = mixing @ torch.randn(6, 20_000, generator=random, dtype=torch.float64) + 3.0
    found = principal(vectors.shape[1], vectors.sum(1), vectors @ vectors.T, 4)
    white = found(vectors.float()[None, :, None])[0, :, 0]
    covariance = torch.cov(white).numpy()
    assert white.mean(1).abs().max() < 1e-2
    off = covariance - np.diag(np.diag(covariance))
    assert np.abs(off).max() < 1e-2 * covariance.max()
    values = torch.linalg.eigvalsh(torch.corrcoef(vectors)).flip(0)[:4].sqrt().numpy()
    assert np.diag(covariance) == pytest.approx(values, rel=0.05)


def test_tiles_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"engine\.tile: student knows places"):
        teach_engine([], FORM, StudentSpec(tile=128), lambda stage, share: None, NOWHERE)


def test_weights_that_are_not_there_are_refused() -> None:
    spec = StudentSpec(backbone="resnet18", **SHORT)
    images = [part(number) for number in range(4)]
    with pytest.raises(ConfigError, match=r"engine\.weights: resnet18 comes without weights"):
        teach_engine(images, FORM, spec, lambda stage, share: None, NOWHERE)


@pytest.mark.parametrize("stage", ["look", "components", "features: generic", "graph"])
def test_progress_can_stop_the_teaching(stage: str) -> None:
    def stop(name: str, share: float) -> None:
        assert 0.0 <= share <= 1.0
        if name.startswith(stage):
            raise Cancelled(name)

    images = [part(number) for number in range(3)]
    with pytest.raises(Cancelled, match=stage):
        teach_engine(images, FORM, StudentSpec(**SHORT), stop, NOWHERE)
