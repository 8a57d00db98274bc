"""Large images in tiles: nothing is judged twice or not at all, and the map stays the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.bundle import Bundle, Manifest, Provenance, Tiling, open_bundle, pack, writing_bundle
from engines.memory.features import features_graph
from engines.memory.head import append_head
from engines.memory.margin import TOLERANCE
from engines.memory.memory import unpack_memories
from engines.memory.patchcore import teach
from engines.memory.patches import Patches, network_of
from engines.methods import teach_engine
from engines.runtimes import load_engine, self_test
from engines.runtimes.onnxruntime import golden_of
from engines.runtimes.openvino import compile_graph
from engines.taught import Folders, Taught
from engines.tiling import OneTileEach, Tiles, tiles_in, tiles_of
from inspector.core.detection import Detection
from inspector.core.engine_spec import (
    AutoencoderSpec,
    DeepRxSpec,
    EngineSpec,
    PadimSpec,
    PatchCoreSpec,
)
from inspector.core.errors import ConfigError, EngineError
from inspector.core.frame import FrameFormat, PixelFormat, Pixels
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import PreparationSpec

FORM = FrameFormat(256, 192, PixelFormat.RGB8)
SPEC = PatchCoreSpec(scales=((4, 8),), coreset=150, tile=128)
"""Fine scales: at this size only they see little enough for tiles."""


def part(number: int, *, spot: bool = False) -> Pixels:
    """Uneven texture, so that tiles differ from each other."""
    random = np.random.default_rng(number)
    coarse = random.normal(0, 30, (7, 9, 3)).astype(np.float32)
    clouds = cv2.resize(coarse, (FORM.width, FORM.height), interpolation=cv2.INTER_CUBIC)
    image = 128 + clouds + random.normal(0, 6, FORM.shape)
    if spot:
        cv2.circle(image, (132, 97), 6, (5.0, 5.0, 5.0), -1)  # where four tiles meet
    return np.clip(image, 0, 255).astype(np.uint8)


def silent(stage: str, share: float) -> None:
    pass


@pytest.fixture(scope="module")
def taught(cache: Path) -> Taught:
    return teach([part(number) for number in range(14)], FORM, SPEC, silent, Folders(cache=cache))


@pytest.fixture(scope="module")
def tiled(taught: Taught, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    manifest = Manifest(
        product="texture",
        method="patchcore",
        input_shape=FORM.shape,
        map_shape=taught.map_shape,
        tiling=taught.tiling,
        preparation=PreparationSpec(width=FORM.width, height=FORM.height),
        preparation_hash="0" * 64,
        provenance=Provenance(
            dataset="1" * 64, seed=0, parameters=taught.parameters, versions={"torch": "2"}
        ),
    )
    graph = taught.graph.SerializeToString(deterministic=True)
    images = np.stack([part(100), part(101, spot=True)])
    golden = golden_of(graph, images, tiles_in(manifest))
    path: Path = tmp_path_factory.mktemp("bundles") / "texture"
    with writing_bundle(path, pack(manifest, graph, golden)):
        pass
    return open_bundle(path)


def in_one_piece(taught: Taught, images: list[Pixels], cache: Path) -> list[np.ndarray]:
    """Maps of the same memories, untiled."""
    memories = unpack_memories(taught.files["memory.safetensors"])
    features = features_graph(SPEC, FORM, Folders(cache=cache))
    grid = (FORM.height // 4, FORM.width // 4)
    run = compile_graph(append_head(features, memories, [grid]).SerializeToString(), threads=1)
    return [run([image[None]])[0][0] for image in images]


def test_map_of_tiles_is_the_map_in_one_piece(tiled: Bundle, taught: Taught, cache: Path) -> None:
    images = [part(number, spot=number == 52) for number in range(50, 53)]
    engine = load_engine(tiled)
    wanted = in_one_piece(taught, images, cache)
    largest = max(float(one.max()) for one in wanted[:2])
    for image, whole in zip(images, wanted, strict=True):
        found = engine.infer(image[None])
        assert found.maps.shape == (1, *whole.shape)
        assert np.abs(found.maps[0] - whole).max() <= TOLERANCE * largest
        assert found.scores[0] == found.maps.max()


def test_without_a_margin_the_maps_differ(taught: Taught, cache: Path) -> None:
    """The test above can fail: the margin is needed, and no wider than needed."""
    assert taught.tiling is not None
    assert 0 < taught.tiling.margin < 64
    assert 0.0 <= float(str(taught.parameters["tile_difference"])) <= TOLERANCE
    image = part(60)
    (whole,) = in_one_piece(taught, [image], cache)
    run = compile_graph(taught.graph.SerializeToString(), threads=1)
    no_margin = tiles_of(FORM.height, FORM.width, Tiling(size=128, margin=0))
    found = no_margin.join(image, lambda some: run([some])[0])
    assert np.abs(found - whole).max() > TOLERANCE * whole.max()


def test_engine_of_tiles_looks_like_any_other(tiled: Bundle) -> None:
    engine = load_engine(tiled, RuntimeConfig(name="onnxruntime"))
    info = engine.info
    assert (info.height, info.width, info.channels) == FORM.shape
    assert (info.map_height, info.map_width) == tiled.manifest.map_shape
    assert info.bundle_hash == tiled.hash
    assert self_test(engine, tiled).images == 2
    assert self_test(load_engine(tiled), tiled).map_difference > 0.0
    batch = np.stack([part(number) for number in range(3)])
    together: Detection = engine.infer(batch)
    for image, score_map, score in zip(batch, together.maps, together.scores, strict=True):
        alone = engine.infer(image[None])
        assert alone.maps[0] == pytest.approx(score_map, abs=1e-4)
        assert alone.scores[0] == pytest.approx(score, abs=1e-4)
    with pytest.raises(EngineError, match=r"takes uint8\[N, 192, 256, 3\]"):
        engine.infer(np.zeros((1, 128, 128, 3), np.uint8))
    engine.close()


def test_spot_where_tiles_meet_is_found_there(tiled: Bundle) -> None:
    engine = load_engine(tiled)
    good = max(engine.infer(part(number)[None]).scores[0] for number in range(70, 80))
    found = engine.infer(part(80, spot=True)[None])
    assert found.scores[0] > good
    row, column = np.unravel_index(found.maps[0].argmax(), found.maps[0].shape)
    assert abs(row * 2 - 97) <= 8
    assert abs(column * 2 - 132) <= 8


def test_image_no_larger_than_a_tile_is_not_cut(cache: Path) -> None:
    spec = SPEC.model_copy(update={"tile": 256})
    images = [part(number) for number in range(6)]
    whole = teach(images, FORM, spec, silent, Folders(cache=cache))
    plain = teach(
        images, FORM, spec.model_copy(update={"tile": None}), silent, Folders(cache=cache)
    )
    assert whole.tiling is None
    assert whole.map_shape == (96, 128)
    assert whole.graph.SerializeToString(deterministic=True) == plain.graph.SerializeToString(
        deterministic=True
    )


@pytest.mark.parametrize(
    ("height", "width", "size", "margin", "count"),
    [
        (192, 256, 128, 0, 4),
        (192, 256, 128, 32, 6),
        (1024, 1024, 256, 64, 49),
        (96, 4096, 256, 96, 61),
        (128, 128, 128, 32, 1),
        (64, 64, 128, 32, 1),
        (160, 128, 128, 32, 2),
        (1056, 608, 512, 224, 30),
    ],
)
def test_every_pixel_is_answered_for_once(
    height: int, width: int, size: int, margin: int, count: int
) -> None:
    tiles = tiles_of(height, width, Tiling(size=size, margin=margin))
    assert len(tiles.all) == count
    answered = np.zeros((height, width), int)
    for tile in tiles.all:
        answered[tile.answers(1)] += 1
        for span, length in ((tile.rows, height), (tile.columns, width)):
            assert span.stop - span.start == min(size, length)
            assert span.start == 0 or span.first - span.start >= margin
            assert span.stop == length or span.stop - span.last >= margin
            assert {place % 32 for place in (span.start, span.first, span.last)} == {0}
    assert (answered == 1).all()


def test_tiles_are_joined_as_they_were_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engines.tiling.AT_ONCE", 4 * 128 * 128)
    tiles: Tiles = tiles_of(192, 352, Tiling(size=128, margin=32))
    image = np.random.default_rng(0).integers(0, 256, (192, 352, 1), np.uint8)
    reused = np.empty((4, 64, 64), np.float32)

    def every_other_pixel(some: Pixels) -> np.ndarray:
        reused[: len(some)] = some[:, ::2, ::2, 0]
        return reused[: len(some)]

    assert len(tiles.all) > len(reused)
    assert np.array_equal(tiles.join(image, every_other_pixel), image[::2, ::2, 0])


def test_every_tile_has_its_turn() -> None:
    tiles = tiles_of(128, 256, Tiling(size=128, margin=0))
    images = [np.full((128, 256, 1), number, np.uint8) for number in range(5)]
    images[3][:, 128:] += 100
    turns = OneTileEach(images, tiles)
    assert [int(tile[0, 0, 0]) for tile in turns] == [0, 1, 2, 103, 4]
    assert len(turns[1:3]) == 2
    assert turns[0].shape == (128, 128, 1)


@pytest.mark.parametrize(("height", "width"), [(190, 256), (192, 300)])
def test_sides_that_cannot_be_cut_are_refused(height: int, width: int, cache: Path) -> None:
    form = FrameFormat(width, height, PixelFormat.RGB8)
    with pytest.raises(ConfigError, match=r"(height: 190 .*160 or 192|width: 300 .*288 or 320)"):
        teach([np.zeros(form.shape, np.uint8)], form, SPEC, silent, Folders(cache=cache))


def test_patches_of_a_tiled_image_come_from_the_tile_that_answers(
    taught: Taught, tiled: Bundle
) -> None:
    bundle = replace(
        tiled, manifest=tiled.manifest.model_copy(update={"boundary": taught.boundary})
    )
    tiles = tiles_in(bundle.manifest)
    assert tiles is not None
    image = part(102)
    (found,) = Patches(bundle, threads=1).of(image)
    assert found.shape[:2] == (48, 64)
    run = compile_graph(network_of(bundle).SerializeToString(), threads=1)
    for tile, pixels in zip(tiles.all, tiles.cut(image), strict=True):
        (features,) = run([pixels[None]])
        wanted = features[0].transpose(1, 2, 0)[tile.core(4)]
        assert np.array_equal(found[tile.answers(4)], wanted)


@pytest.mark.parametrize(
    "spec",
    [AutoencoderSpec(tile=128), PadimSpec(tile=128), DeepRxSpec(tile=128, per_position=True)],
)
def test_positional_engines_are_refused(spec: EngineSpec) -> None:
    with pytest.raises(ConfigError, match=r"engine\.tile.*knows places"):
        teach_engine([], FORM, spec, silent, Folders())


def test_reweighting_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"engine\.reweight"):
        teach([], FORM, SPEC.model_copy(update={"reweight": True}), silent, Folders())


def test_tiles_too_small_for_what_patches_see_are_refused(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engines.memory.margin.TOLERANCE", -1.0)
    images = [part(number) for number in range(6)]
    with pytest.raises(ConfigError, match=r"engine\.tile: at 32 px.*differs.*larger tiles"):
        teach(images, FORM, SPEC, silent, Folders(cache=cache))


@pytest.mark.parametrize(("size", "margin"), [(128, 64), (100, 32), (128, 20)])
def test_a_manifest_names_tiles_that_can_be(size: int, margin: int) -> None:
    with pytest.raises(ValueError, match=r"margin|multiple"):
        Tiling(size=size, margin=margin)
