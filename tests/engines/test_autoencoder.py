"""Autoencoder: its arithmetic against plain numpy, its graph, its repeatability, its refusals."""

from __future__ import annotations

import json

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from numpy.typing import NDArray

from engines.methods import teach_engine
from engines.neural.autoencoder import teach
from engines.neural.corruption import blotted
from engines.neural.kept_images import KeptImages
from engines.neural.levels import standard_levels
from engines.neural.reconstruction import Reconstructor
from engines.neural.residual import DYNAMIC_RANGE, Kinds, Residuals
from engines.neural.spread import FLOOR, Moments, Spread, StandardisedMap, spread_of
from engines.precision.half import halved
from engines.runtimes.openvino import compile_graph
from engines.taught import NOWHERE, Taught
from inspector.core.engine_spec import AutoencoderSpec
from inspector.core.errors import Cancelled, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from tests.engines.pictures import part

Maps = NDArray[np.float64]

BLACK = -2.5
SPEC = AutoencoderSpec(width=4, latent=8, epochs=8, batch=4, seed=3)
FORM = FrameFormat(76, 60, PixelFormat.RGB8)
"""Neither side can be halved five times."""


def photograph(number: int, form: FrameFormat, *, spot: bool = False) -> Pixels:
    """A rendered part in the bytes of any pixel format."""
    image = part(number, spot=spot, height=form.height, width=form.width)
    if form.pixel_format.colours == 1:
        image = image[:, :, 1:2]
    if form.pixel_format.depth == 8:
        return np.ascontiguousarray(image)
    deep = np.round(image * ((2**form.pixel_format.depth - 1) / 255.0)).astype("<u2")
    raw: Pixels = deep.view(np.uint8).reshape(*form.shape)
    return raw


def taught(form: FrameFormat = FORM, spec: AutoencoderSpec = SPEC) -> Taught:
    images = [photograph(number, form) for number in range(16)]
    return teach(images, form, spec, lambda stage, share: None)


def infer(engine: Taught, images: list[Pixels]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(engine.graph.SerializeToString())
    maps, scores = session.run(["map", "score"], {"image": np.stack(images)})
    return maps, scores


@pytest.fixture(scope="module")
def engine() -> Taught:
    return taught()


def test_graph_casts_first_and_is_sound(engine: Taught) -> None:
    model = engine.graph
    onnx.checker.check_model(model, full_check=True)
    assert model.graph.node[0].op_type == "Cast"
    assert list(model.graph.node[0].input) == ["image"]
    assert [output.name for output in model.graph.output] == ["map", "score"]
    assert model.graph.output[0].type.tensor_type.shape.dim[0].dim_param == "batch"
    # Kernels must be constants: not every runtime computes them on the way.
    constants = {tensor.name for tensor in model.graph.initializer}
    for node in model.graph.node:
        if "Conv" in node.op_type:
            assert node.input[1] in constants


def test_spot_scores_above_every_good_part(engine: Taught) -> None:
    _, good = infer(engine, [photograph(number, FORM) for number in range(50, 62)])
    maps, bad = infer(engine, [photograph(number, FORM, spot=True) for number in range(70, 76)])
    assert good.max() < bad.min()
    row, column = np.unravel_index(maps[0].argmax(), maps[0].shape)
    assert abs(row * 2 - 30) <= 8
    assert abs(column * 2 - 44) <= 8


def test_score_is_the_maximum_of_the_map(engine: Taught) -> None:
    maps, scores = infer(engine, [photograph(number, FORM) for number in range(3)])
    assert maps.shape == (3, *engine.map_shape) == (3, 30, 38)
    assert np.array_equal(scores, maps.max(axis=(1, 2)))


def test_openvino_agrees(engine: Taught) -> None:
    images = np.stack([photograph(number, FORM, spot=number == 1) for number in range(3)])
    maps, scores = compile_graph(engine.graph.SerializeToString(), threads=1)([images])
    reference, _ = infer(engine, list(images))
    assert maps == pytest.approx(reference, abs=1e-3 * float(np.abs(reference).max()))
    assert scores == pytest.approx(reference.max(axis=(1, 2)), rel=1e-3)


def test_half_precision_keeps_the_residuals_exact(engine: Taught) -> None:
    images = np.stack([photograph(number, FORM, spot=number == 1) for number in range(3)])
    half = halved(engine.graph, engine.boundary)
    maps = compile_graph(half.SerializeToString(), threads=1)([images])[0]
    reference, _ = infer(engine, list(images))
    assert maps == pytest.approx(reference, abs=0.02 * float(np.abs(reference).max()))


def test_same_images_and_seed_give_the_same_bytes(engine: Taught) -> None:
    again = taught()
    assert again.graph.SerializeToString(deterministic=True) == engine.graph.SerializeToString(
        deterministic=True
    )
    assert again.files == engine.files


def test_parameters_and_curves_are_recorded(engine: Taught) -> None:
    assert engine.parameters["positional"] == 1
    assert engine.parameters["images"] == 16
    curves = json.loads(engine.files["training.json"])
    assert len(curves["train"]) == len(curves["validation"]) == engine.parameters["epochs_run"]
    assert engine.parameters["best_epoch"] == curves["best"] + 1
    assert min(curves["validation"]) == curves["validation"][curves["best"]]


@pytest.mark.parametrize(
    ("pixel_format", "loss"),
    [(PixelFormat.MONO8, "mse"), (PixelFormat.MONO16, "ssim"), (PixelFormat.MONO12, "both")],
)
def test_grey_and_deep_images(pixel_format: PixelFormat, loss: Kinds) -> None:
    form = FrameFormat(64, 48, pixel_format)
    spec = AutoencoderSpec(width=4, latent=8, epochs=6, batch=4, loss=loss)
    engine = taught(form, spec)
    _, good = infer(engine, [photograph(number, form) for number in range(50, 56)])
    _, bad = infer(engine, [photograph(number, form, spot=True) for number in range(70, 76)])
    assert good.max() < bad.min()


def test_tiles_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"engine\.tile: .*Give null"):
        teach_engine([], FORM, AutoencoderSpec(tile=128), lambda stage, share: None, NOWHERE)


@pytest.mark.parametrize("stage", ["levels", "train", "spread: held out", "graph"])
def test_progress_can_stop_the_teaching(stage: str) -> None:
    def stop(name: str, share: float) -> None:
        assert 0.0 <= share <= 1.0
        if name.startswith(stage):
            raise Cancelled(name)

    images = [photograph(number, FORM) for number in range(4)]
    spec = AutoencoderSpec(width=4, latent=4, epochs=1, batch=2)
    with pytest.raises(Cancelled, match=stage):
        teach(images, FORM, spec, stop)


@pytest.mark.parametrize("size", [(32, 32), (33, 47), (128, 60), (256, 4)])
def test_reconstruction_has_the_size_of_the_image(size: tuple[int, int]) -> None:
    network = Reconstructor(3, size, width=4, latent=2, depth=5).eval()
    assert network(torch.zeros(1, 3, *size)).shape == (1, 3, *size)


def test_residuals_are_those_of_a_plain_computation() -> None:
    random = np.random.default_rng(1)
    image = random.normal(0.0, 1.0, (1, 3, 21, 18))
    drawn = 0.6 * image + random.normal(0.0, 0.3, image.shape)
    arguments = [torch.from_numpy(values).float() for values in (image, drawn)]
    found = Residuals("both", BLACK)(*arguments).numpy()[0]
    wanted = np.stack([_by_hand(image[0], drawn[0], row, 9) for row in range(0, 21, 2)], axis=1)
    assert found.shape == (2, 11, 9)
    assert found == pytest.approx(wanted, abs=1e-5)
    for index, kind in enumerate[Kinds](("mse", "ssim")):
        assert Residuals(kind, BLACK)(*arguments).numpy()[0, 0] == pytest.approx(
            found[index], abs=1e-6
        )


def _by_hand(image: Maps, drawn: Maps, row: int, columns: int) -> Maps:
    """Squared error and 1 - SSIM of one row of cells, window by window."""
    line = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
    window = np.outer(line, line) / line.sum() ** 2
    c1, c2 = (0.01 * DYNAMIC_RANGE) ** 2, (0.03 * DYNAMIC_RANGE) ** 2
    error = ((image - drawn) ** 2).mean(axis=0)
    found = []
    for column in range(0, 2 * columns, 2):
        x, y, e = (
            np.pad(values, 5, mode="edge")[row : row + 11, column : column + 11]
            for values in (image.mean(axis=0), drawn.mean(axis=0), error)
        )
        mx, my = (window * x).sum(), (window * y).sum()
        vx, vy = (window * (x - mx) ** 2).sum(), (window * (y - my) ** 2).sum()
        cov = (window * (x - mx) * (y - my)).sum()
        lx, ly = mx - BLACK, my - BLACK
        similarity = (2 * lx * ly + c1) * (2 * cov + c2)
        similarity /= (lx**2 + ly**2 + c1) * (vx + vy + c2)
        found.append([(window * e).sum(), 1.0 - similarity])
    return np.array(found).T


def test_equal_images_have_no_residual() -> None:
    image = torch.rand(1, 1, 16, 16)
    assert Residuals("both", BLACK)(image, image).abs().max() < 1e-5


def test_spread_pools_trained_residuals_at_the_level_of_held_out_ones() -> None:
    random = np.random.default_rng(2)
    usual = random.uniform(1.0, 2.0, (1, 24, 20))
    images = usual + random.normal(0.0, 0.2, (400, 1, 24, 20))
    trained, held_out = Moments(), Moments()
    trained.add((images[:300] / 2.0).astype(np.float32))
    held_out.add(images[300:].astype(np.float32))
    found = spread_of(trained, held_out)
    assert found.mean == pytest.approx(images.mean(axis=0), abs=0.02)
    smooth = cv2.GaussianBlur(
        images[:, 0].var(axis=0, ddof=1), (0, 0), 2.0, borderType=cv2.BORDER_REPLICATE
    )
    assert found.deviation[0] == pytest.approx(np.sqrt(smooth), rel=0.03)


def test_spread_is_floored() -> None:
    maps = np.zeros((50, 2, 40, 40), np.float32)
    maps[:, 0, :, :30] = np.random.default_rng(3).normal(1.0, 0.5, (50, 40, 30))
    moments = Moments()
    moments.add(maps)
    deviation = spread_of(moments, moments).deviation
    assert deviation[0, :, 39] == pytest.approx(FLOOR * deviation[0].mean(), rel=0.1)
    assert (deviation > 0).all()


def test_map_is_the_root_mean_square_of_spreads() -> None:
    random = np.random.default_rng(4)
    mean, deviation = random.uniform(1, 2, (2, 32, 40)), random.uniform(0.5, 1, (2, 32, 40))
    residuals = random.uniform(0, 8, (3, 2, 32, 40))
    maps, scores = StandardisedMap(Spread(mean, deviation))(torch.from_numpy(residuals).float())
    squares = (((residuals - mean) / deviation) ** 2).mean(axis=1)
    for found, values in zip(maps.numpy(), squares, strict=True):
        smooth = cv2.GaussianBlur(values, (13, 13), 2.0, borderType=cv2.BORDER_REPLICATE)
        assert found == pytest.approx(np.sqrt(smooth), rel=1e-4)
    assert np.array_equal(scores.numpy(), maps.numpy().max(axis=(1, 2)))


def test_levels_are_standardised_whatever_the_contrast() -> None:
    form = FrameFormat(64, 64, PixelFormat.MONO16)
    faint = [photograph(number, form) // np.array([1, 16], np.uint8) for number in range(8)]
    images = KeptImages(faint)
    levels = standard_levels(images, range(8), form.pixel_format, lambda stage, share: None)
    values = levels(images.batch(range(8)))
    assert values.mean().item() == pytest.approx(0.0, abs=1e-4)
    assert values.std().item() == pytest.approx(1.0, abs=1e-3)


def test_equal_images_of_one_level_are_no_division_by_zero() -> None:
    flat = [np.full((64, 64, 1), 7, np.uint8)] * 4
    form = FrameFormat(64, 64, PixelFormat.MONO8)
    engine = teach(
        flat,
        form,
        AutoencoderSpec(width=4, latent=2, epochs=1, batch=2),
        lambda stage, share: None,
    )
    maps, _ = infer(engine, flat)
    assert np.isfinite(maps).all()


def test_blobs_are_drawn_by_the_generator_and_leave_most_as_it_is() -> None:
    images = torch.zeros(8, 1, 64, 64)
    images[:, :, ::2] = 1.0
    first, again, other = (
        blotted(images, torch.Generator().manual_seed(seed)) for seed in (5, 5, 6)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    changed = (first != images).float().mean().item()
    assert 0.005 < changed < 0.2
