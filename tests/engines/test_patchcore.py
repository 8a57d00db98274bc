"""PatchCore: its graph, its reproducibility, and its parts against plain arithmetic."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from engines.bundle import GRAPH, MEMORY, Bundle
from engines.memory.head import RIVALS, append_head
from engines.memory.memory import (
    NEIGHBOUR,
    SHORTEST,
    Memory,
    pack_memories,
    remember,
    spacing,
    unpack_memories,
)
from engines.memory.patchcore import teach
from engines.memory.reference import TorchPatchCore
from engines.memory.selection import Reservoir, greedy_coreset
from engines.runtimes import load_engine
from engines.runtimes.parity import TOLERANCES
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


def test_spacing_stays_above_what_float32_makes_of_copies() -> None:
    ones = np.ones((200, 4), np.float32)
    bank = np.concatenate([ones, 10 * ones[:1], 30 * ones[:100]])
    found = spacing(bank)
    assert (found >= 0.999 * SHORTEST * np.linalg.norm(bank, axis=1)).all()
    others = np.random.default_rng(4).normal(0, 1, (300, 12)).astype(np.float32)
    between = np.linalg.norm(others[:, None] - others, axis=2)
    assert spacing(others) == pytest.approx(np.sort(between)[:, NEIGHBOUR], rel=1e-4)


DIMS, GRIDS = (6, 9, 4), ((33, 21), (17, 11), (9, 6))


def memories(count: int, **options: Any) -> list[Memory]:
    random = np.random.default_rng(5)
    spec = PatchCoreSpec(coreset=40, **options)
    samples = [random.normal(0, 1, (300, d)).astype(np.float32) for d in DIMS[:count]]
    return [remember(sample, spec, lambda share: None) for sample in samples]


def heads(known: list[Memory], maps: list[np.ndarray], **options: Any) -> list[np.ndarray]:
    """What the head says of feature maps float32[1, D, h, w]."""
    graph = append_head(_identity(len(known)), known, GRIDS[: len(known)], **options)
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    inputs = {f"in{index}": feature for index, feature in enumerate(maps)}
    return [np.asarray(found) for found in session.run(["map", "score"], inputs)]


def everywhere(vectors: list[np.ndarray]) -> list[np.ndarray]:
    """One patch everywhere, so that smoothing and resizing leave each scale as it is."""
    return [
        np.tile(vector[None, :, None, None], (1, 1, *grid)).astype(np.float32)
        for vector, grid in zip(vectors, GRIDS, strict=False)
    ]


@pytest.mark.parametrize("scales", [1, 2, 3])
@pytest.mark.parametrize("projection", [0, 3])
def test_map_is_the_geometric_mean_of_the_scales(scales: int, projection: int) -> None:
    known = memories(scales, projection=projection)
    vectors = [np.random.default_rng(6).normal(0, 2, d) for d in DIMS[:scales]]
    found, score = heads(known, everywhere(vectors))
    wanted = np.prod([_relative(*pair) for pair in zip(vectors, known, strict=True)]) ** (
        1 / scales
    )
    assert found.shape == (1, 66, 42)
    assert found == pytest.approx(wanted, rel=1e-4)
    assert score == pytest.approx(wanted, rel=1e-4)


def test_missed_defects_lift_the_map_where_they_are_seen_again() -> None:
    (good,) = memories(1)
    defect = np.full(DIMS[0], 3.0, np.float32)
    (point,) = good.project(defect[None])
    known = replace(good, missed=point[None], radius=np.array([2.0], np.float32))
    near = defect + np.eye(DIMS[0])[0]  # 1 away: half of the radius
    for vector, lift in ((defect, 10.0), (near, 5.0), (-defect, 0.0)):
        maps = everywhere([vector])
        plain, _ = heads([good], maps)
        lifted, score = heads([known], maps, gain=10.0)
        assert lifted - plain == pytest.approx(lift, abs=0.01)
        assert score == lifted.max()


def test_reweighting_is_the_papers_equation() -> None:
    (known,) = memories(1)
    maps = [np.random.default_rng(7).normal(0, 1, (1, DIMS[0], *GRIDS[0])).astype(np.float32)]
    maps[0][0, :, 20, 10] = 4.0
    plain, _ = heads([known], maps)
    weighted, _ = heads([known], maps, reweight=True)
    (query,) = known.project(maps[0][0, :, 20, 10][None])
    relative = np.linalg.norm(query - known.bank, axis=1) / known.spacing
    closest = relative.argmin()
    rivals = np.argsort(np.linalg.norm(known.bank - known.bank[closest], axis=1))[:RIVALS]
    factor = 1 - np.exp(relative[closest]) / np.exp(relative[rivals]).sum()
    assert weighted == pytest.approx(plain * factor, rel=1e-3)


def test_memories_survive_their_file() -> None:
    known = memories(2, projection=3)
    again = unpack_memories(pack_memories(known))
    for before, after in zip(known, again, strict=True):
        for name in Memory.__slots__:
            assert np.array_equal(getattr(before, name), getattr(after, name))
    with pytest.raises(ValueError, match="not the memories"):
        unpack_memories(b"nonsense")


def test_projection_keeps_the_directions_that_vary() -> None:
    random = np.random.default_rng(8)
    flat = random.normal(0, 1, (500, 8)) * [5, 4, 3, 0, 0, 0, 0, 0]
    turned = (flat @ np.linalg.qr(random.normal(0, 1, (8, 8)))[0]).astype(np.float32)
    spec = PatchCoreSpec(coreset=50, projection=3)
    known = remember(turned, spec, lambda share: None)
    assert known.bank.shape == (50, 3)
    whole = remember(turned, PatchCoreSpec(coreset=500), lambda share: None)
    probe = turned[:20] + np.float32(0.1)
    near = np.linalg.norm(known.project(probe)[:, None] - known.project(turned), axis=2)
    wanted = np.linalg.norm(whole.project(probe)[:, None] - whole.project(turned), axis=2)
    assert near == pytest.approx(wanted, abs=0.35)  # what lies outside of the three directions


def test_reach_is_the_farthest_taught_patch() -> None:
    (known,) = memories(1)
    sample = np.random.default_rng(5).normal(0, 1, (300, DIMS[0])).astype(np.float32)
    assert known.distances(known.project(sample)).max() == pytest.approx(known.reach[0])


def _relative(vector: np.ndarray, known: Memory) -> float:
    point = known.project(vector[None].astype(np.float32))
    between = np.linalg.norm(known.bank[:, None] - known.bank, axis=2)
    lengths = np.sort(between)[:, NEIGHBOUR]
    return float((np.linalg.norm(point - known.bank, axis=1) / lengths).min())


def _identity(scales: int) -> onnx.ModelProto:
    """A graph that hands its inputs on as the features of each scale."""

    def value(prefix: str, index: int) -> onnx.ValueInfoProto:
        shape: list[str | int] = ["batch", DIMS[index], *GRIDS[index]]
        return helper.make_tensor_value_info(f"{prefix}{index}", TensorProto.FLOAT, shape)

    nodes = [helper.make_node("Identity", [f"in{n}"], [f"scale{n}"]) for n in range(scales)]
    inputs, outputs = ([value(prefix, n) for n in range(scales)] for prefix in ("in", "scale"))
    graph = helper.make_graph(nodes, "features", inputs, outputs)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


@pytest.mark.parametrize("projection", [0, 16])
def test_graph_computes_what_plain_torch_does(cache: Path, projection: int) -> None:
    spec = PatchCoreSpec(coreset=150, projection=projection)
    images = [part(number, height=64, width=96) for number in range(8)]
    engine = teach(images, FORM, spec, lambda stage, share: None, Folders(cache=cache))
    reference = TorchPatchCore(spec, FORM, unpack_memories(engine.files[MEMORY]))
    batch = np.stack([part(n, spot=n % 2 == 0, height=64, width=96) for n in range(20, 24)])
    session = onnxruntime.InferenceSession(engine.graph.SerializeToString())
    maps, scores = session.run(["map", "score"], {"image": batch})
    found = reference.infer(batch)
    assert np.abs(found.maps - maps).max() <= TOLERANCES["f32"].cell * maps.max()
    assert np.abs(found.scores - scores).max() <= TOLERANCES["f32"].score * maps.max()
