"""PaDiM and Deep RX: their arithmetic against plain numpy, their graphs, their refusals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray
from torch.nn import functional

from engines.bundle import MEMORY, Bundle
from engines.memory.gaussian import LEAST_SPREAD, Moments, gaussian_of
from engines.memory.gaussian_head import append_gaussians
from engines.memory.margin import TOLERANCE
from engines.memory.patches import memories_of
from engines.memory.reference import _blurred
from engines.methods import teach_engine
from engines.runtimes import load_engine
from engines.runtimes.openvino import compile_graph
from engines.taught import Folders
from engines.tiling import tiles_of
from inspector.core.engine_spec import DeepRxSpec, PadimSpec
from inspector.core.errors import BundleError, Cancelled, ConfigError
from tests.engines.conftest import FORM, ON_PATCHES, PatchSpec, taught
from tests.engines.pictures import part
from tests.engines.test_patchcore import _identity
from tests.engines.test_tiling import FORM as WIDE
from tests.engines.test_tiling import part as texture

GAUSSIANS = {name: spec for name, spec in ON_PATCHES.items() if name != "patchcore"}
GRIDS = ((33, 21), (17, 11))
DIMS = (6, 9)


def silent(stage: str, share: float) -> None:
    pass


def vectors(places: int, count: int, size: int, seed: int = 0) -> NDArray[np.float32]:
    """float32[places, n, d], far from 0, each place with a covariance of its own."""
    random = np.random.default_rng(seed)
    mixing = random.normal(0, 1, (places, size, size))
    drawn = random.normal(0, 1, (places, count, size)) @ mixing
    return (drawn + random.normal(30, 5, (places, 1, size))).astype(np.float32)


def moments_of(known: NDArray[np.float32], *ends: int) -> Moments:
    moments = Moments(len(known), known.shape[2])
    for some in np.split(known, list(ends), axis=1):
        moments.add(some)
    return moments


@pytest.mark.parametrize("places", [1, 5])
def test_moments_are_those_of_all_vectors_at_once(
    places: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engines.memory.gaussian._ENTRIES", 2 * 7**2)  # two places at a time
    known = vectors(places, 40, 7)
    moments = moments_of(known, 1, 4, 30)
    assert moments.count == 40
    assert moments.mean == pytest.approx(known.mean(axis=1), rel=1e-5)
    found = np.concatenate([some for _, some in moments.covariances()])
    for one, own in zip(found, known, strict=True):
        wanted = np.cov(own.T.astype(np.float64), bias=True)
        assert one == pytest.approx(wanted, abs=1e-4 * max(1.0, wanted.max()))
    assert moments.pooled == pytest.approx(found.mean(axis=0))


def test_distance_is_that_of_mahalanobis() -> None:
    known = vectors(1, 5000, 6)
    probe = vectors(1, 8, 6, seed=1)
    found = gaussian_of(moments_of(known), shared=0.0, added=1e-9).distances(probe)[0]
    away = probe[0].astype(np.float64) - known[0].mean(axis=0)
    inverse = np.linalg.inv(np.cov(known[0].T.astype(np.float64), bias=True))
    wanted = np.sqrt(np.einsum("ni,ij,nj->n", away, inverse, away) / 6)
    assert found == pytest.approx(wanted, rel=1e-3)
    good = gaussian_of(moments_of(known), shared=0.0, added=1e-9).distances(known)
    assert (good**2).mean() == pytest.approx(1.0, rel=1e-3)


def test_places_are_helped_by_all_others() -> None:
    known = vectors(4, 3, 5)  # fewer vectors than dimensions: no place can do it alone
    shared, added = 0.3, 0.01
    found = gaussian_of(moments_of(known), shared=shared, added=added)
    own = np.stack([np.cov(one.T.astype(np.float64), bias=True) for one in known])
    pooled = own.mean(axis=0)
    variance = np.diag(pooled) + known.mean(axis=1).var(axis=0)
    spreads = np.sqrt(variance + LEAST_SPREAD**2 * variance.mean())
    whole = (1 - shared) * own + shared * pooled + added * np.diag(spreads**2)
    for white, covariance in zip(found.whitening.astype(np.float64), whole, strict=True):
        inverse = np.linalg.inv(covariance) / 5
        assert white.T @ white == pytest.approx(inverse, rel=1e-3, abs=1e-4 * inverse.max())


def test_components_of_least_variance_are_kept() -> None:
    random = np.random.default_rng(2)
    spreads = np.array([9.0, 1.0, 1.0, 1.0])  # the first two move together: one large component
    known = random.normal(0, spreads, (1, 4000, 4)).astype(np.float32)
    known[..., 1] = known[..., 0] + 0.1 * known[..., 1]
    gaussian = gaussian_of(moments_of(known), shared=0.0, added=1e-6, components=0.25)
    assert gaussian.whitening.shape == (1, 1, 4)
    along, across = np.array([[[9, 9, 0, 0]], [[1, -1, 0, 0]]], np.float32)
    mean = gaussian.mean[None]
    assert gaussian.distances(mean + along[None])[0, 0] < 0.5
    assert gaussian.distances(mean + across[None])[0, 0] > 10


@pytest.mark.parametrize("components", [0.4, 1.0])
@pytest.mark.parametrize("by_place", [False, True])
def test_graph_computes_what_numpy_does(by_place: bool, components: float) -> None:
    random = np.random.default_rng(5)
    gaussians, maps, wanted = [], [], []
    for (rows, columns), size in zip(GRIDS, DIMS, strict=True):
        places = rows * columns if by_place else 1
        drawn = np.sort(random.choice(size, 4, replace=False))
        known = moments_of(vectors(places, 30, 4))
        gaussian = gaussian_of(known, shared=0.2, added=0.01, components=components)
        gaussians.append((drawn, gaussian))
        maps.append(random.normal(30, 6, (3, size, rows, columns)).astype(np.float32))
        seen = maps[-1][:, drawn].reshape(3, 4, -1)
        asked = seen.transpose(2, 0, 1) if by_place else seen.transpose(0, 2, 1).reshape(1, -1, 4)
        cells = gaussian.distances(np.ascontiguousarray(asked))
        cells = cells.T if by_place else cells
        smooth = _blurred(torch.from_numpy(cells.reshape(3, 1, rows, columns).copy()))
        wanted.append(functional.interpolate(smooth, size=(66, 42), mode="bilinear")[:, 0])
    graph = append_gaussians(_identity(2), gaussians, GRIDS)
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    found, scores = session.run(
        ["map", "score"], {f"in{index}": feature for index, feature in enumerate(maps)}
    )
    assert found == pytest.approx(torch.stack(wanted).prod(0).sqrt().numpy(), rel=1e-3)
    assert np.array_equal(scores, found.max(axis=(1, 2)))


@pytest.mark.parametrize("name", GAUSSIANS)
def test_same_images_and_seed_give_the_same_bytes(name: str, cache: Path) -> None:
    first, again, other = (
        taught(6, Folders(cache=cache), spec).graph.SerializeToString(deterministic=True)
        for spec in (
            GAUSSIANS[name],
            GAUSSIANS[name],
            GAUSSIANS[name].model_copy(update={"seed": 9}),
        )
    )
    assert first == again
    assert (first != other) == (name == "padim")  # it alone draws anything


def test_graph_casts_first_and_is_sound(any_bundle: Bundle) -> None:
    model = onnx.load_from_string(any_bundle.graph)
    onnx.checker.check_model(model, full_check=True)
    assert model.graph.node[0].op_type == "Cast"
    assert [output.name for output in model.graph.output] == ["map", "score"]
    assert any_bundle.manifest.boundary == ("scale0", "scale1")


def test_spot_scores_above_every_good_part_and_is_found(any_bundle: Bundle) -> None:
    engine = load_engine(any_bundle)
    good = [engine.infer(part(n, height=64, width=96)[None]).scores[0] for n in range(50, 58)]
    spotted = (part(n, spot=True, height=64, width=96)[None] for n in range(70, 78))
    found = [engine.infer(image).maps[0].copy() for image in spotted]
    assert max(good) < min(one.max() for one in found)
    row, column = np.unravel_index(found[-1].argmax(), found[-1].shape)
    assert abs(row * 4 - 32) <= 8
    assert abs(column * 4 - 54) <= 8


@pytest.mark.parametrize("name", GAUSSIANS)
@pytest.mark.parametrize("stage", ["backbone", "features", "gaussians"])
def test_progress_can_stop_the_teaching(name: str, stage: str, cache: Path) -> None:
    def stop(now: str, share: float) -> None:
        if now == stage:
            raise Cancelled(now)

    images = [part(n, height=64, width=96) for n in range(2)]
    with pytest.raises(Cancelled, match=stage):
        teach_engine(images, FORM, GAUSSIANS[name], stop, Folders(cache=cache))


@pytest.mark.parametrize("name", GAUSSIANS)
def test_copies_of_one_image_are_no_division_by_zero(name: str, cache: Path) -> None:
    for image in (part(0, height=64, width=96), np.full(FORM.shape, 7, np.uint8)):
        engine = teach_engine([image] * 3, FORM, GAUSSIANS[name], silent, Folders(cache=cache))
        session = onnxruntime.InferenceSession(engine.graph.SerializeToString())
        spot = part(0, spot=True, height=64, width=96)
        maps, _ = session.run(["map", "score"], {"image": np.stack([image, spot])})
        assert np.isfinite(maps).all()
        assert maps[0].max() < 0.5 * maps[1].max()


@pytest.mark.parametrize("spec", [PadimSpec(channels=0), DeepRxSpec(per_position=True)])
def test_covariances_without_bound_are_refused(
    spec: PatchSpec, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engines.memory.places.MOST_BYTES", 2**20)
    with pytest.raises(ConfigError, match=r"120 places would take \d+ MiB; .*fewer channels"):
        teach_engine([part(0)], FORM, spec, silent, Folders(cache=cache))


def test_nothing_can_be_taught_more(any_bundle: Bundle) -> None:
    if any_bundle.manifest.method == "patchcore":
        assert memories_of(any_bundle)
        return
    assert MEMORY not in any_bundle.manifest.files
    words = rf"the engine {any_bundle.manifest.method} keeps no memory.*patchcore"
    with pytest.raises(BundleError, match=words):
        memories_of(any_bundle)


def test_deep_rx_takes_tiles_that_give_its_map_in_one_piece(cache: Path) -> None:
    images = [texture(number) for number in range(14)]
    spec = DeepRxSpec(scales=((4, 8),))
    whole, tiled = (
        teach_engine(images, WIDE, spec.model_copy(update=tile), silent, Folders(cache=cache))
        for tile in ({}, {"tile": 128})
    )
    assert tiled.tiling is not None
    assert tiled.tiling.margin > 0
    assert tiled.map_shape == whole.map_shape
    assert 0.0 <= float(str(tiled.parameters["tile_difference"])) <= TOLERANCE
    image = texture(52, spot=True)
    tiles = tiles_of(WIDE.height, WIDE.width, tiled.tiling)
    of_tile, in_one = (
        compile_graph(engine.graph.SerializeToString(), threads=1) for engine in (tiled, whole)
    )
    (wanted,) = in_one([image[None]])[0]
    found = tiles.join(image, lambda some: of_tile([some])[0])
    assert np.abs(found - wanted).max() <= 2 * TOLERANCE * wanted.max()


def test_shrinkage_and_regularisation_are_taken_from_the_recipe(cache: Path) -> None:
    for spec, key, value in (
        (GAUSSIANS["padim"], "shrinkage", 0.9),
        (GAUSSIANS["deep_rx"], "regularisation", 0.5),
    ):
        other = taught(6, Folders(cache=cache), spec.model_copy(update={key: value}))
        plain = taught(6, Folders(cache=cache), spec)
        assert other.parameters[key] == value
        assert other.graph != plain.graph
