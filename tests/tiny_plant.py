"""A whole plant that is made in a second: a graph by hand, grey pictures, a line's file.

The engine of the product ``tiny`` is a real bundle on a real runtime; its map is the mean grey of
4x4 pixels, so that a bright square is a defect and its size is known. Greys are 0..255 at any
depth; deep ones have fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import yaml
from onnx import TensorProto, helper

from calibration.threshold import calibrate, write_calibration
from engines.bundle import Manifest, Provenance, pack, packed_hash, writing_bundle
from engines.runtimes import load_engine
from engines.runtimes.onnxruntime import golden_of
from inspector.core.frame import PixelFormat, Pixels
from inspector.core.levels import Levels, level_type, levels_of, pixels_of
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.durable.images import encode_png
from inspector.durable.yaml_files import dump_yaml
from inspector.preparation import NO_OPTICS, Optics, preparation_hash
from inspector.teaching.bundles import bundles_folder, calibration_path, make_current

SIDE = 64
GOOD, DEFECT = 60, 220


@dataclass(frozen=True)
class TinyPlant:
    """Where it lies."""

    line_file: Path
    data_folder: Path
    pictures: Path


def picture(
    number: int, *, defective: bool, pixel_format: PixelFormat = PixelFormat.MONO8
) -> Pixels:
    """A grey part with some noise; a defective one has a bright square of 12 x 12 pixels."""
    random = np.random.default_rng(number)
    levels_per_grey = pixel_format.white / 255
    image = random.normal(GOOD, 2.0, (SIDE, SIDE, 1)) * levels_per_grey
    levels: Levels = image.clip(0, pixel_format.white).astype(level_type(pixel_format))
    if defective:
        x, y = random.integers(4, SIDE - 16, 2)
        levels[y : y + 12, x : x + 12] = DEFECT * levels_per_grey
    return pixels_of(levels)


def mean_grey_graph(pixel_format: PixelFormat = PixelFormat.MONO8) -> bytes:
    """uint8[N, 64, 64, bytes] -> map float32[N, 16, 16], score float32[N]."""
    channels = pixel_format.channels
    low_and_high = [255 / pixel_format.white, 256 * 255 / pixel_format.white][:channels]
    nodes = [
        helper.make_node("Cast", ["image"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["float"], ["nchw"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["nchw", "low_and_high"], ["grey"]),
        helper.make_node("AveragePool", ["grey"], ["pooled"], kernel_shape=[4, 4], strides=[4, 4]),
        helper.make_node("Squeeze", ["pooled", "channel"], ["map"]),
        helper.make_node("ReduceMax", ["map", "places"], ["score"], keepdims=0),
    ]
    batch = "batch"
    shape: list[str | int] = [batch, SIDE, SIDE, channels]
    graph = helper.make_graph(
        nodes,
        "mean-grey",
        [helper.make_tensor_value_info("image", TensorProto.UINT8, shape)],
        [
            helper.make_tensor_value_info("map", TensorProto.FLOAT, [batch, 16, 16]),
            helper.make_tensor_value_info("score", TensorProto.FLOAT, [batch]),
        ],
        [
            helper.make_tensor(
                "low_and_high", TensorProto.FLOAT, [1, channels, 1, 1], low_and_high
            ),
            helper.make_tensor("channel", TensorProto.INT64, [1], [1]),
            helper.make_tensor("places", TensorProto.INT64, [2], [1, 2]),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString(deterministic=True))


def tiny_recipe(pixel_format: PixelFormat = PixelFormat.MONO8, **decision: float) -> Recipe:
    """The recipe of the product ``tiny``."""
    return Recipe.model_validate(
        {
            "product": "tiny",
            "plc_id": 7,
            "title": {"en": "Tiny part", "ja": "小さな部品"},
            "preparation": {"width": SIDE, "height": SIDE, "pixel_format": pixel_format},
            "decision": {"false_reject_rate": 0.05, **decision},
        }
    )


def make_bundle(data_folder: Path, recipe: Recipe, optics: Optics = NO_OPTICS) -> Path:
    """A bundle and its calibration, as teaching leaves them."""
    spec: PreparationSpec = recipe.preparation
    pixel_format = spec.pixel_format
    images = np.stack(
        [picture(number, defective=False, pixel_format=pixel_format) for number in range(40)]
    )
    graph = mean_grey_graph(pixel_format)
    manifest = Manifest(
        product=recipe.product,
        method="mean-grey",
        input_shape=(SIDE, SIDE, pixel_format.channels),
        map_shape=(16, 16),
        preparation=spec,
        preparation_hash=preparation_hash(spec, optics.corrections(spec)),
        provenance=Provenance(dataset="0" * 64, seed=0, parameters={}, versions={}),
    )
    files = pack(manifest, graph, golden_of(graph, images[:2]))
    path = bundles_folder(data_folder, recipe.product) / packed_hash(files)[:12]
    with writing_bundle(path, files) as bundle:
        engine = load_engine(bundle, RuntimeConfig(threads=1))
        scores = np.array([float(engine.infer(image[None]).scores[0]) for image in images])
        calibration = calibrate(
            scores[:, None],
            recipe.decision.false_reject_rate,
            recipe.basis,
            info=engine.info,
            preparation_hash=bundle.preparation_hash,
        )
        engine.close()
    write_calibration(calibration_path(path, "openvino"), calibration)
    make_current(path)
    return path


def make_plant(
    folder: Path,
    *,
    parts: int = 40,
    defective_every: int = 4,
    pixel_format: PixelFormat = PixelFormat.MONO8,
    **line: Any,
) -> TinyPlant:
    """Pictures (every fourth defective), bundle, recipe and line; ``line`` overrides sections."""
    pictures, products = folder / "pictures", folder / "configs" / "products"
    pictures.mkdir(parents=True)
    products.mkdir(parents=True)
    for number in range(parts):
        defective = number % defective_every == defective_every - 1
        name = f"{number:04d}-{'bad' if defective else 'good'}.png"
        pixels = picture(1000 + number, defective=defective, pixel_format=pixel_format)
        (pictures / name).write_bytes(encode_png(levels_of(pixels)))
    recipe = tiny_recipe(pixel_format)
    (products / "tiny.yaml").write_bytes(dump_yaml(recipe))
    data_folder = folder / "data"
    make_bundle(data_folder, recipe)
    config: dict[str, Any] = {
        "station": "test-station",
        "data_folder": str(data_folder),
        "product": "tiny",
        "cameras": [{"driver": "replay", "source": str(pictures), "buffers": 256}],
        "belt": {"parts_per_s": 100.0, "counts_per_part": 100},
        "gate": {"deadline_ms": 5000.0, "distance_counts": 2000, "late_in_row": 100_000},
        "runtime": {"name": "openvino", "threads": 1},
        "capture": {"slots": 64},
        "ledger": {"block_size": 4096},
        "drift": {"defect_share": 0.3},
        "evidence": dict.fromkeys(("maintenance_at", "shed_at", "stop_at"), 1.0),  # however full
        **line,
    }
    line_file = folder / "configs" / "line.yaml"
    line_file.write_text(yaml.safe_dump(config), encoding="utf-8")
    return TinyPlant(line_file, data_folder, pictures)
