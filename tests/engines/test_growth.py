"""Memories that grow: nothing known is judged more harshly, and only what is new counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
import pytest

from engines.bundle import Bundle
from engines.graphs import name_nodes
from engines.memory.growth import (
    COPY,
    RADIUS,
    Growth,
    lengths_to,
    with_good,
    with_missed,
    with_narrower,
)
from engines.memory.incremental import learn_good, learn_missed
from engines.memory.memory import Memory, remember
from engines.memory.patches import Patches, memories_of
from engines.memory.selection import Vectors
from inspector.core.engine_spec import PatchCoreSpec
from inspector.core.errors import BundleError, Cancelled
from inspector.core.frame import Pixels
from tests.engines.pictures import part

WIDTH = 6


def cloud(seed: int, count: int, centre: float = 0.0) -> Vectors:
    points = np.random.default_rng(seed).normal(centre, 1.0, (count, WIDTH))
    return points.astype(np.float32)


@pytest.fixture(scope="module")
def known() -> Memory:
    return remember(cloud(0, 400), PatchCoreSpec(coreset=60), lambda share: None)


def reach(memory: Memory) -> float:
    return float(memory.reach[0])


def test_new_patches_are_known_afterwards(known: Memory) -> None:
    new = cloud(1, 300, centre=4.0)
    assert (known.distances(new) > reach(known)).any()
    grown = with_good(known, new, reach(known), limit=200)
    assert grown.distances(new).max() <= reach(known)
    assert 0 < len(grown.bank) - len(known.bank) < 200


def test_what_was_known_keeps_its_place_and_spacing(known: Memory) -> None:
    grown = with_good(known, cloud(1, 300, centre=4.0), reach(known), limit=200)
    count = len(known.bank)
    assert np.array_equal(grown.bank[:count], known.bank)
    assert np.array_equal(grown.spacing[:count], known.spacing)
    assert (grown.spacing[count:] <= np.median(known.spacing)).all()
    assert (grown.spacing[count:] > 0).all()


def test_distances_only_fall_and_only_near_to_what_is_new(known: Memory) -> None:
    grown = with_good(known, cloud(1, 300, centre=6.0), reach(known), limit=200)
    probes = np.concatenate([cloud(2, 200), cloud(3, 200, centre=6.0)])
    before, after = known.distances(probes), grown.distances(probes)
    assert (after <= before + 1e-4).all()
    assert after[:200] == pytest.approx(before[:200], abs=1e-4)
    assert (after[200:] < before[200:]).mean() > 0.9


def test_what_is_in_reach_adds_nothing(known: Memory) -> None:
    inside = known.bank + np.float32(1e-3)
    assert with_good(known, inside, reach(known), limit=10).bank is known.bank
    assert not Growth(known, with_good(known, inside, reach(known), 10)).changed


def test_the_farthest_come_first_where_room_is_short(known: Memory) -> None:
    new = np.concatenate([cloud(1, 50, centre=3.0), np.full((1, WIDTH), 30.0, np.float32)])
    grown = with_good(known, new, reach(known), limit=3)
    assert len(grown.bank) == len(known.bank) + 3
    assert np.array_equal(grown.bank[len(known.bank)], new[-1])


def test_growing_can_be_stopped(known: Memory) -> None:
    def stop(share: float) -> None:
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        with_good(known, cloud(1, 50, centre=5.0), reach(known), 10, stop)


def test_missed_patches_reach_most_of_the_way_to_good_ones(known: Memory) -> None:
    defect = cloud(4, 5, centre=5.0)
    to_good = lengths_to(defect, known.bank)
    by_hand = np.linalg.norm(defect[:, None] - known.bank, axis=2).min(axis=1)
    assert to_good == pytest.approx(by_hand, rel=1e-4)
    taught = with_missed(known, defect, to_good, limit=10)
    assert sorted(taught.radius) == pytest.approx(sorted(RADIUS * by_hand), rel=1e-4)
    assert taught.bank is known.bank
    more = with_missed(taught, cloud(5, 40, centre=-5.0), np.ones(40, np.float32), limit=10)
    assert len(more.missed) == 15
    assert np.array_equal(more.missed[:5], taught.missed)


def test_no_points_change_nothing(known: Memory) -> None:
    nothing = np.empty((0, WIDTH), np.float32)
    assert not Growth(known, with_missed(known, nothing, np.empty(0, np.float32), 10)).changed


def test_copies_of_good_patches_are_no_defect(known: Memory) -> None:
    defect = cloud(6, 3, centre=8.0)
    to_good = np.array([1.0, 0.5 * COPY, 0.0], np.float32) * known.spacing.mean()
    taught = with_missed(known, defect, to_good, limit=10)
    assert np.array_equal(taught.missed, defect[:1])
    assert not Growth(known, with_missed(known, defect[1:], to_good[1:], 10)).changed


def test_missed_patches_give_way_to_good_ones(known: Memory) -> None:
    defect = cloud(4, 3, centre=5.0)
    taught = with_missed(known, defect, np.full(3, 4.0, np.float32), limit=10)
    narrower = with_narrower(taught, np.array([np.inf, 2.0, 0.0], np.float32))
    assert narrower.radius == pytest.approx([4.0 * RADIUS, 2.0 * RADIUS])
    assert np.array_equal(narrower.missed, taught.missed[:2])
    growth = Growth(taught, narrower)
    assert (growth.good, growth.missed, growth.changed) == (0, -1, True)


def test_a_bundles_own_network_and_memories_give_its_graph_again(bundle: Bundle) -> None:
    patches = Patches(bundle, threads=1)
    made = patches.with_memories(memories_of(bundle), gain=0.0, reweight=False)
    known = onnx.load_from_string(bundle.graph)
    name_nodes(known)
    for field in ("name", "node", "initializer", "input", "output"):
        assert getattr(made.graph, field) == getattr(known.graph, field)


def test_an_engine_without_memories_is_refused(bundle: Bundle) -> None:
    manifest = bundle.manifest.model_copy(update={"method": "autoencoder", "boundary": ()})
    with pytest.raises(BundleError, match=r"the engine autoencoder keeps no memory.*patchcore"):
        memories_of(replace(bundle, manifest=manifest))


def test_patches_of_an_image_have_the_grids_of_the_scales(bundle: Bundle) -> None:
    found = Patches(bundle, threads=1).of(part(1, height=64, width=96))
    assert [features.shape[:2] for features in found] == [(8, 12), (4, 6)]


def test_good_images_and_defects_reach_the_memories(bundle: Bundle) -> None:
    patches, memories = Patches(bundle, threads=1), memories_of(bundle)
    spot = part(200, spot=True, height=64, width=96)
    beyond = [reach(memory) for memory in memories]

    def silent(stage: str, share: float) -> None:
        pass

    grown = learn_good(patches, memories, [spot], beyond=beyond, limit=40, progress=silent)
    assert all(growth.good > 0 and growth.left == 0 for growth in grown)
    cut = learn_good(patches, memories, [spot], beyond=beyond, limit=1, progress=silent)
    assert all(growth.good == 1 for growth in cut)
    assert sum(growth.left for growth in cut) > 0

    good = [part(number, height=64, width=96) for number in range(4)]
    held_out = [part(number, height=64, width=96) for number in range(100, 106)]

    def middle(grid: tuple[int, int]) -> np.ndarray:
        cells = np.zeros(grid, bool)
        cells[grid[0] // 2, grid[1] // 2] = True
        return cells

    def missed(image: Pixels) -> list[Growth]:
        return learn_missed(
            patches,
            memories,
            image,
            middle,
            good=good,
            held_out=held_out,
            limit=40,
            progress=silent,
        )

    taught = missed(spot)
    assert [growth.missed for growth in taught] == [1, 1]
    # A patch that was taught as good is no defect.
    assert not any(growth.changed for growth in missed(good[0]))
    # Who said missed and then good is believed the last time.
    after = [growth.after for growth in taught]
    back = learn_good(patches, after, [spot], beyond=beyond, limit=40, progress=silent)
    assert [growth.missed for growth in back] == [-1, -1]
