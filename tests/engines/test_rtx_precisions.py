"""The taught engines at every precision are parsed and built by TensorRT-RTX."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import onnx
import pytest

pytest.importorskip("tensorrt_rtx", reason="the extra rtx is not installed")

from engines.precision.half import halved
from engines.precision.int8 import quantised, with_signed_bytes
from engines.runtimes.nvidia.building import build_plan
from engines.runtimes.rtx import rtx_sdk
from engines.taught import Folders, Taught
from inspector.core.engine_spec import AutoencoderSpec
from inspector.core.frame import Pixels
from tests.engines.conftest import FORM, ON_PATCHES
from tests.engines.conftest import taught as on_patches
from tests.engines.pictures import part
from tests.engines.test_autoencoder import taught as autoencoder


def int8(engine: Taught, images: list[Pixels]) -> onnx.ModelProto:
    return with_signed_bytes(quantised(engine.graph, engine.boundary, images))


PRECISIONS: dict[str, Callable[[Taught, list[Pixels]], onnx.ModelProto]] = {
    "f32": lambda engine, images: engine.graph,
    "f16": lambda engine, images: halved(engine.graph, engine.boundary),
    "int8": int8,
}


@pytest.fixture(scope="module", params=[*ON_PATCHES, "autoencoder"])
def engine(request: pytest.FixtureRequest, cache: Path) -> Taught:
    if request.param in ON_PATCHES:
        return on_patches(folders=Folders(cache=cache), spec=ON_PATCHES[request.param])
    return autoencoder(FORM, AutoencoderSpec(width=4, latent=8, epochs=1))


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_taught_engine_is_built(engine: Taught, precision: str) -> None:
    images = [part(number, height=FORM.height, width=FORM.width) for number in range(8)]
    graph = PRECISIONS[precision](engine, images).SerializeToString()
    sdk = rtx_sdk()
    plan = build_plan(sdk, graph, architectures=(75, 86, 89, 120))
    assert plan.startswith(b"vtrt")
    assert not sdk.rows  # unsigned bytes, for one, would only be warned of
