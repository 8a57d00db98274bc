"""PatchCore: its graph, its reproducibility, and its parts against plain arithmetic."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from engines.bundle import GRAPH, Bundle
from engines.memory.head import NEIGHBOUR, append_head, spacing
from engines.memory.patchcore import teach
from engines.memory.selection import Reservoir, greedy_coreset
from engines.runtimes import load_engine
from engines.taught import Folders
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.errors import Cancelled, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from tests.engines.conftest import FORM, taught
from tests.engines.pictures import part


def test_graph_casts_first_and_is_sound(bundle: Bundle) -> None:
    model = onnx.load_from_string(bundle.graph)
    onnx.checker.check_model(model, full_check=True)
    assert model.graph.node[0].op_type == "Cast"
    assert list(model.graph.node[0].input) == ["image"]
    assert [output.name for output in model.graph.output] == ["map", "score"]
    assert model.graph.input[0].type.tensor_type.elem_type == onnx.TensorProto.UINT8
    assert b"/site-packages/" not in bundle.graph


def test_same_images_and_seed_give_the_same_bytes(engine_files: dict[str, bytes]) -> None:
    assert taught().graph.SerializeToString(deterministic=True) == engine_files[GRAPH]


def test_spot_scores_above_every_good_part(bundle: Bundle) -> None:
    engine = load_engine(bundle)
    good = [engine.infer(part(n, height=64, width=96)[None]).scores[0] for n in range(50, 70)]
    bad = [
        engine.infer(part(n, spot=True, height=64, width=96)[None]).scores[0] for n in range(70, 80)
    ]
    assert max(good) < min(bad)


def test_map_is_highest_at_the_spot(bundle: Bundle) -> None:
    found = load_engine(bundle).infer(part(80, spot=True, height=64, width=96)[None])
    row, column = np.unravel_index(found.maps[0].argmax(), found.maps[0].shape)
    assert abs(row * 4 - 32) <= 8
    assert abs(column * 4 - 54) <= 8


def test_grey_input(bundle: Bundle) -> None:
    images = [part(n)[:, :, :1].copy() for n in range(10)]
    engine = teach(
        images,
        FrameFormat(64, 64, PixelFormat.MONO8),
        PatchCoreSpec(coreset=50),
        lambda stage, share: None,
        Folders(),
    )
    shape = engine.graph.graph.input[0].type.tensor_type.shape
    assert [dim.dim_value for dim in shape.dim[1:]] == [64, 64, 1]


def test_unknown_backbone_is_named() -> None:
    with pytest.raises(ConfigError, match=r"engine\.backbone.*efficientnet-lite0"):
        teach([], FORM, PatchCoreSpec(backbone="nothing"), lambda stage, share: None, Folders())


def test_progress_can_stop_the_teaching() -> None:
    def stop(stage: str, share: float) -> None:
        raise Cancelled(stage)

    with pytest.raises(Cancelled, match="backbone"):
        teach([part(0)], FrameFormat(64, 64, PixelFormat.RGB8), PatchCoreSpec(), stop, Folders())


def test_reservoir_is_uniform_and_bounded() -> None:
    counts = np.zeros(400)
    for seed in range(300):
        reservoir = Reservoir(100, seed)
        for start in range(0, 400, 40):
            reservoir.add(np.arange(start, start + 40, dtype=np.float32)[:, None])
        kept = reservoir.vectors[:, 0].astype(int)
        assert len(kept) == 100
        counts[kept] += 1
    # Each of 400 is kept with probability 1/4: 75 of 300 times, standard deviation 7.5.
    assert np.abs(counts.reshape(10, 40).mean(axis=1) - 75).max() < 4


def test_short_stream_is_kept_whole() -> None:
    reservoir = Reservoir(100, 0)
    reservoir.add(np.arange(30, dtype=np.float32)[:, None])
    assert np.array_equal(reservoir.vectors[:, 0], np.arange(30))


def test_coreset_covers_every_cluster() -> None:
    random = np.random.default_rng(0)
    centres = random.normal(0, 100, (20, 8))
    vectors = (np.repeat(centres, 50, axis=0) + random.normal(0, 1, (1000, 8))).astype(np.float32)
    chosen = greedy_coreset(vectors, 20, 0, lambda share: None)
    assert sorted(chosen // 50) == list(range(20))
    assert np.array_equal(chosen, greedy_coreset(vectors, 20, 0, lambda share: None))


def test_coreset_never_repeats_a_vector() -> None:
    chosen = greedy_coreset(np.zeros((30, 4), np.float32), 50, 0, lambda share: None)
    assert sorted(chosen) == list(range(30))


def test_spacing_is_the_distance_to_the_neighbour() -> None:
    bank = np.random.default_rng(4).normal(0, 1, (1500, 12)).astype(np.float32)
    by_hand = np.sort(np.linalg.norm(bank[7] - bank, axis=1))[9]
    assert spacing(bank)[7] == pytest.approx(by_hand, rel=1e-4)


def test_spacing_of_equal_patches_is_not_zero() -> None:
    assert (spacing(np.ones((20, 4), np.float32)) > 0).all()


def test_map_is_the_geometric_mean_of_both_scales() -> None:
    random = np.random.default_rng(5)
    dims, grids = {"fine": 6, "coarse": 9}, {"fine": (33, 21), "coarse": (17, 11)}
    banks = {name: random.normal(0, 1, (40, d)).astype(np.float32) for name, d in dims.items()}
    graph = append_head(_identity(dims, grids), banks, list(grids.values()))
    # One patch everywhere, so that smoothing and the resizing leave each scale as it is.
    patches = {name: random.normal(0, 2, d).astype(np.float32) for name, d in dims.items()}
    features = {
        f"in_{name}": np.broadcast_to(patch[None, :, None, None], (1, len(patch), *grids[name]))
        for name, patch in patches.items()
    }
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    found, score = session.run(["map", "score"], features)
    wanted = np.sqrt(np.prod([_relative(patches[name], banks[name]) for name in dims]))
    assert found.shape == (1, 66, 42)
    assert found == pytest.approx(wanted, rel=1e-4)
    assert score == pytest.approx(wanted, rel=1e-4)


def _relative(patch: np.ndarray, bank: np.ndarray) -> float:
    between = np.linalg.norm(bank[:, None] - bank, axis=2)
    return float((np.linalg.norm(patch - bank, axis=1) / np.sort(between)[:, NEIGHBOUR]).min())


def _identity(dims: dict[str, int], grids: dict[str, tuple[int, int]]) -> onnx.ModelProto:
    """A graph that hands its inputs on as the features of both scales."""

    def value(prefix: str, name: str) -> onnx.ValueInfoProto:
        shape: list[str | int] = ["batch", dims[name], *grids[name]]
        return helper.make_tensor_value_info(prefix + name, TensorProto.FLOAT, shape)

    nodes = [helper.make_node("Identity", [f"in_{name}"], [name]) for name in dims]
    graph = helper.make_graph(
        nodes, "features", [value("in_", name) for name in dims], [value("", name) for name in dims]
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
