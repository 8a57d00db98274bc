"""RX as an engine: its forms against plain arithmetic and other people's, its refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError
from sklearn.covariance import oas
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.preprocessing import KernelCenterer

from engines.background.fields import field_graph
from engines.background.kernel_rx import WIDTH, append_kernels, kernel_gaussian
from engines.background.local import LocalRx
from engines.background.patches import patches_for
from engines.background.pyramid import Pyramid
from engines.background.relative import forgetting, less_lines_above, less_ring_means
from engines.background.ring_rx import append_ring_rx
from engines.background.rx import fit_background, fit_rx
from engines.background.windows import Windows
from engines.memory.gaussian import LEAST_SPREAD, Gaussian, Moments, shrinkage_of
from engines.methods import teach_engine
from engines.runtimes.onnxruntime import open_session
from engines.taught import NOWHERE, Folders, Taught
from inspector.core.engine_spec import DeepRxSpec, RxSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from tests.engines.background.images import textured
from tests.engines.background.test_fields import picture, raw
from tests.engines.conftest import FORM
from tests.engines.pictures import part

GREY = FrameFormat(96, 80, PixelFormat.MONO8)


def silent(stage: str, share: float) -> None:
    """Nobody asks."""


def run(graph: Any, images: Any, *names: str) -> list[Any]:
    session = open_session(graph.SerializeToString(), 1)
    return list(session.run(list(names), {"image": np.stack(images)}))


def taught(images: Any, frame: FrameFormat, **options: Any) -> Taught:
    return teach_engine(images, frame, RxSpec(**options), silent, NOWHERE)


def surfaces(count: int, first: int = 0) -> list[NDArray[np.uint8]]:
    return [textured((80, 96), seed)[..., None] for seed in range(first, first + count)]


def test_global_rx_of_patches_ranks_as_the_check_does() -> None:
    good = surfaces(10)
    engine = taught(good, GREY, form="global")
    check = fit_rx(patches_for(80, 96), (image[..., 0] for image in good))
    image = surfaces(1, 50)[0]
    image[40:43, 30:60] += 35
    graph_map, _ = run(engine.graph, [image], "map", "score")
    found = check(image[..., 0])
    halves = graph_map[0].reshape(found.shape[0], 2, found.shape[1], 2).mean(axis=(1, 3))
    assert np.corrcoef(halves.ravel(), found.ravel())[0, 1] > 0.9
    assert np.unravel_index(found.argmax(), found.shape) == pytest.approx(
        np.unravel_index(halves.argmax(), found.shape), abs=1
    )


def test_good_vectors_have_one_on_average() -> None:
    good = surfaces(8)
    for options in ({"form": "global"}, {"form": "streaming"}, {"form": "kernel"}):
        engine = taught(good, GREY, **options)
        maps, _ = run(engine.graph, good, "map", "score")
        assert np.sqrt((maps**2).mean()) == pytest.approx(1.0, abs=0.15)


def test_on_features_it_is_deep_rx(cache: Path) -> None:
    folders = Folders(cache=cache)
    images = [part(number, height=FORM.height, width=FORM.width) for number in range(4)]
    one, other = (
        teach_engine(images, FORM, spec, silent, folders)
        for spec in (RxSpec(on="features", regularisation=0.01), DeepRxSpec(regularisation=0.01))
    )
    assert one.graph == other.graph
    assert one.parameters == other.parameters


@pytest.mark.parametrize("pixel_format", [PixelFormat.MONO8, PixelFormat.MONO16, PixelFormat.RGB8])
@pytest.mark.parametrize(
    ("size", "windows"),
    [
        ((33, 47), Windows(9, 3, 1)),
        ((64, 64), Windows(9, 3, 4)),
        ((50, 61), Windows(7, 1, 3)),
    ],
)
def test_local_rx_of_pixels_is_that_of_the_kernel(
    pixel_format: PixelFormat, size: tuple[int, int], windows: Windows
) -> None:
    form = FrameFormat(size[1], size[0], pixel_format)
    levels = picture(form)
    field = field_graph(RxSpec(on="pixels"), form, NOWHERE)
    graph = append_ring_rx(field, form, windows, 1.0 / pixel_format.white)
    found, score = run(graph, [raw(levels), raw(levels[::-1])], "map", "score")
    for one, image in zip(found, (levels, levels[::-1]), strict=True):
        wanted = LocalRx(windows)(image)
        np.testing.assert_allclose(one, wanted, rtol=5e-3, atol=2e-3)
    assert score == pytest.approx(found.max(axis=(1, 2)))


def test_levels_are_those_of_the_pyramid() -> None:
    form, windows = FrameFormat(96, 80, PixelFormat.MONO8), Windows(9, 3, 2)
    image = textured((80, 96), 5)
    image[30:50, 40:60] += 12  # too large for the guard of the finest
    field = field_graph(RxSpec(on="pixels"), form, NOWHERE)
    graph = append_ring_rx(field, form, windows, 1.0 / 255, levels=3)
    (found,) = run(graph, [raw(image)], "map")
    wanted = Pyramid((LocalRx(windows),) * 3)(image.astype(np.float64))
    np.testing.assert_allclose(found[0], wanted, rtol=0.01, atol=0.01)


def test_local_rx_is_spectrals_on_cells_of_one_pixel() -> None:
    spectral = pytest.importorskip("spectral")
    form = FrameFormat(40, 32, PixelFormat.RGB8)
    levels = np.random.default_rng(4).integers(40, 200, form.shape).astype(np.uint8)
    theirs = spectral.rx(levels.astype(np.float64), window=(3, 9))
    field = field_graph(RxSpec(on="pixels"), form, NOWHERE)
    graph = append_ring_rx(field, form, Windows(9, 3, 1), 1e-6)
    (found,) = run(graph, [levels], "map")
    # theirs divides by n - 1 and moves windows inwards at the borders
    inner = np.s_[4:-4, 4:-4]
    ours = found[0][inner] ** 2 * 3 * (71 / 72)
    np.testing.assert_allclose(ours, theirs[inner], rtol=2e-3)


def test_a_bright_field_beside_a_dark_one_leaves_no_rounding() -> None:
    form = FrameFormat(64, 64, PixelFormat.MONO16)
    random = np.random.default_rng(0)
    levels = np.where(np.arange(64) < 32, 2000, 64000) + random.normal(0, 3, (64, 64))
    image = np.rint(levels).astype(np.uint16)
    engine = taught([raw(image)], form, form="local", on="pixels")
    found, _ = run(engine.graph, [raw(image)], "map", "score")
    wanted = LocalRx(Windows(9, 3, 1))(image)
    away = np.abs(np.arange(64) - 31.5) > 6  # rings that see both fields know neither
    np.testing.assert_allclose(found[0][:, away], wanted[:, away], rtol=0.02, atol=0.02)


def test_local_rx_needs_no_image_and_expects_the_ring() -> None:
    form = FrameFormat(64, 64, PixelFormat.MONO8)
    engine = teach_engine((), form, RxSpec(form="local", on="pixels"), silent, NOWHERE)
    assert not RxSpec(form="local", on="pixels").learns
    assert RxSpec(form="local").learns
    image = np.full((64, 64, 1), 70, np.uint8)
    image[30, 30] = 200
    found, score = run(engine.graph, [image], "map", "score")
    assert np.unravel_index(found[0].argmax(), (64, 64)) == (30, 30)
    assert score[0] > 8.0
    from engines.graphs import with_outputs

    graph = engine.graph
    with_outputs(graph, ["expected"])
    (expected,) = run(graph, [image], "expected")
    assert expected.shape == (1, 1, 64, 64)
    assert expected[0, 0, 30, 30] == pytest.approx(70, abs=0.01)


def test_each_place_can_have_its_own_gaussian() -> None:
    def striped(seed: int, *, moved: bool = False) -> NDArray[np.uint8]:
        image = np.random.default_rng(seed).normal(100, 3, (80, 96, 1))
        image[20:40] += 60
        if moved:  # what is usual above is not usual below
            image[50:60, 40:50] += 60
        return np.clip(np.rint(image), 0, 255).astype(np.uint8)

    good = [striped(seed) for seed in range(20)]
    ratios = {}
    for per_position in (False, True):
        graph = taught(good, GREY, on="pixels", per_position=per_position).graph
        (other,) = run(graph, [striped(40)], "score")
        (bad,) = run(graph, [striped(41, moved=True)], "score")
        ratios[per_position] = bad[0] / other[0]
    assert ratios[True] > 2.0 * ratios[False]
    assert RxSpec(per_position=True).knows_places
    with pytest.raises(ValidationError, match="per_position"):
        RxSpec(form="kernel", per_position=True)


def test_vectors_less_their_ring_are_those_of_plain_loops() -> None:
    form = FrameFormat(40, 32, PixelFormat.MONO8)
    field = field_graph(RxSpec(patch=8), form, NOWHERE)
    image = textured((32, 40), 1)[..., None]
    (plain,) = run(field, [image], "scale0")
    (found,) = run(less_ring_means(field, Windows(5, 3)), [image], "scale0")
    pads = ((0, 0), (2, 2), (2, 2))
    wide = 2 * np.pad(plain[0], pads, mode="edge") - np.pad(plain[0], pads, mode="reflect")
    _, _, rows, columns = plain.shape
    for row in range(rows):
        for column in range(columns):
            window = wide[:, row : row + 5, column : column + 5]
            mean = (window.sum(axis=(1, 2)) - window[:, 1:4, 1:4].sum(axis=(1, 2))) / 16
            wanted = plain[0, :, row, column] - mean
            np.testing.assert_allclose(found[0, :, row, column], wanted, atol=1e-5)


def test_vectors_less_the_lines_above_are_those_of_a_plain_loop() -> None:
    form = FrameFormat(24, 40, PixelFormat.MONO8)
    field = field_graph(RxSpec(on="pixels"), form, NOWHERE)
    image = textured((40, 24), 2)[..., None]
    (plain,) = run(field, [image], "scale0")
    mean = np.array([0.4, 0.0, 0.01])
    (found,) = run(less_lines_above(field, [mean], 0.2), [image], "scale0")
    kept = np.exp(-1.0 / (0.2 * 40))
    for row in range(40):
        np.testing.assert_allclose(found[0, :, row], plain[0, :, row] - mean[:, None], atol=1e-5)
        mean = kept * mean + (1.0 - kept) * plain[0, :, row].mean(axis=1)
    weights, first = forgetting(40, 8.0)
    np.testing.assert_allclose(weights.sum(axis=1) + first, 1.0)


def test_kernel_rx_with_all_landmarks_is_the_exact_one() -> None:
    random = np.random.default_rng(0)
    angles = random.uniform(0, np.pi, 60)
    arc = np.stack([np.cos(angles), np.sin(angles)], 1) + random.normal(0, 0.05, (60, 2))
    good = arc.astype(np.float32)
    others = np.array([[0.0, 0.3], [3.0, 0.0], [0.0, 1.0]], np.float32)
    probes = np.concatenate([good[:5], others])
    white = Gaussian(np.zeros((1, 2), np.float32), np.eye(2, dtype=np.float32)[None])
    ridge = 0.05
    model = kernel_gaussian(good, white, 60, ridge)
    # in the dual: (k(x,x) - k_x (K + n r)^-1 k_x) / r of centred kernels
    steepness = 0.5 / WIDTH**2
    centre = KernelCenterer().fit(rbf_kernel(good, gamma=steepness))
    gram = centre.transform(rbf_kernel(good, gamma=steepness))
    against = rbf_kernel(probes, good, gamma=steepness)
    between = centre.transform(against)
    own = 1.0 - 2.0 * against.mean(axis=1) + rbf_kernel(good, gamma=steepness).mean()
    inverse = np.linalg.inv(gram + len(good) * ridge * np.eye(len(good)))
    wanted = np.sqrt((own - np.einsum("ni,ij,nj->n", between, inverse, between)) / ridge)
    found = model.distances(probes) / model.unit
    np.testing.assert_allclose(found, wanted, rtol=0.01)
    assert (model.distances(good) ** 2).mean() == pytest.approx(1.0, rel=1e-3)
    sharp = kernel_gaussian(good, white, 60, 0.001)
    assert sharp.distances(probes)[5] > 1.3 * sharp.distances(good).max()  # beneath the arc
    cloud = fit_background([good], noise=1e-3)  # which no ellipse can follow
    assert cloud.distances(probes)[5] < cloud.distances(good).max()


def test_the_graph_of_kernels_computes_what_numpy_does() -> None:
    form = FrameFormat(48, 48, PixelFormat.MONO8)
    field = field_graph(RxSpec(on="pixels"), form, NOWHERE)
    image = textured((48, 48), 3)[..., None]
    (plain,) = run(field, [image], "scale0")
    vectors = plain[0].reshape(3, -1).T
    white = Gaussian(
        vectors.mean(axis=0)[None], np.diag(1.0 / vectors.std(axis=0) / np.sqrt(3))[None]
    )
    model = kernel_gaussian(vectors[::7], white, 64, 0.001)
    graph = append_kernels(field, [model], [(48, 48)], (48, 48))
    from engines.graphs import with_outputs

    with_outputs(graph, ["scale0_distance"])
    (found,) = run(graph, [image], "scale0_distance")
    np.testing.assert_allclose(found[0, 0].ravel(), model.distances(vectors), rtol=2e-3)


def test_shrinkage_is_the_oracle_approximating_one() -> None:
    random = np.random.default_rng(1)
    for count, size in ((12, 6), (400, 8)):
        vectors = random.normal(size=(count, size)) @ random.normal(size=(size, size))
        moments = Moments(1, size)
        moments.add(vectors.astype(np.float32)[None])
        variances = np.diag(moments.pooled)
        spreads = np.sqrt(variances + LEAST_SPREAD**2 * variances.mean())
        _, share = oas((vectors - vectors.mean(axis=0)) / spreads, assume_centered=True)
        assert shrinkage_of(moments) == pytest.approx(share / (1.0 - share), rel=1e-4)


def test_a_smear_within_shading_is_found_by_the_local_form() -> None:
    def shaded(seed: int, *, smear: bool = False) -> NDArray[np.uint8]:
        random = np.random.default_rng(seed)
        slope = random.uniform(-50, 50) * np.linspace(-1, 1, 96)[:, None]
        image = 120 + slope + random.normal(0, 3, (96, 96))
        if smear:
            image[40:45, 40:45] += 9
        return np.clip(np.rint(image), 0, 255).astype(np.uint8)[..., None]

    form = FrameFormat(96, 96, PixelFormat.MONO8)
    good = [shaded(seed) for seed in range(20)]
    others = [shaded(seed) for seed in range(40, 50)]
    bad = [shaded(seed, smear=True) for seed in range(60, 70)]
    apart = {}
    for kind in ("global", "local"):
        graph = taught(good, form, form=kind, patch=6).graph
        apart[kind] = run(graph, bad, "score")[0].mean() / run(graph, others, "score")[0].mean()
    assert apart["local"] > 1.2 * apart["global"]


def test_copies_of_one_flat_image_are_no_division_by_zero() -> None:
    flat = np.full((80, 96, 1), 90, np.uint8)
    spot = flat.copy()
    spot[40:44, 40:44] = 120
    for form in ("global", "local", "kernel", "streaming"):
        for on in ("pixels", "patches"):
            graph = taught([flat] * 3, GREY, form=form, on=on, landmarks=16).graph
            maps, scores = run(graph, [flat, spot], "map", "score")
            assert np.isfinite(maps).all()
            assert scores[0] < 0.5 * scores[1]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValidationError, match="outer and guard"):
        RxSpec(outer=5, guard=5)
    with pytest.raises(ValidationError, match="levels"):
        RxSpec(form="local", levels=2)
    with pytest.raises(ValidationError, match="tile: form local"):
        RxSpec(form="local", on="features", tile=128)
    assert RxSpec(on="features", tile=128).tile == 128
    with pytest.raises(ConfigError, match=r"engine\.outer: 63 cells around each of 10x12 cells"):
        taught(surfaces(2), GREY, form="local", outer=63, patch=16)
