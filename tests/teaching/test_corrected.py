"""A product whose images are corrected: taught, taught more, compiled and evaluated alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calibration.artefacts import write_flat_field, write_lens
from engines.bundle import open_bundle
from inspector.core.errors import BundleError, ConfigError
from inspector.core.frame import FrameFormat, PixelFormat
from inspector.core.line_config import RuntimeConfig
from inspector.core.recipe import Recipe
from inspector.durable.images import read_image
from inspector.preparation import Optics, Preparation
from inspector.teaching.bundles import calibration_path
from inspector.teaching.calibrated import Site
from inspector.teaching.compiling import compile_bundle
from inspector.teaching.evaluate import evaluate
from inspector.teaching.lesson import Lesson
from inspector.teaching.prepared import Preparer
from inspector.teaching.teach import teach
from tests.preparation.known_cameras import make_flat, make_lens
from tests.teaching.conftest import recipe, with_cache

FRAME = FrameFormat(64, 64, PixelFormat.RGB8)


def corrected(product: str = "disc") -> Recipe:
    plain = recipe(product=product)
    spec = plain.preparation.model_copy(update={"flat_field": True, "undistort": True})
    return plain.model_copy(update={"preparation": spec})


class Corrected:
    def recipe(self, product: str) -> Recipe:
        return corrected(product)


def calibrated_camera(data: Path, seed: int = 0) -> Optics:
    write_flat_field(data, "S", make_flat(FRAME, seed))
    write_lens(data, make_lens(FRAME))
    return Optics(data, ("S",))


def test_every_use_corrects_alike_or_refuses(mvtec: Path, cache: Path, tmp_path: Path) -> None:
    data = with_cache(tmp_path / "own", cache)
    optics = calibrated_camera(data)
    result = teach(str(mvtec), corrected(), data, optics=optics)
    bundle = open_bundle(result.bundle)
    spec = corrected().preparation
    corrections = optics.corrections(spec)
    preparation = Preparation(spec, FRAME, corrections)
    assert bundle.preparation_hash == result.calibration.preparation_hash == preparation.hash

    # Teaching saw what the station will see.
    path = sorted((mvtec / "train/good").iterdir())[0]
    out = np.empty(preparation.shape, np.uint8)
    image = read_image(path, PixelFormat.RGB8)
    preparation.apply(image, out)
    assert np.array_equal(Preparer(spec, optics).read(path)[0], out)
    assert not np.array_equal(image, out)

    figures = evaluate(result.bundle, str(mvtec), optics=optics)
    assert figures.image_auroc == 1.0
    assert figures.aupro is not None
    runtime = RuntimeConfig(name="onnxruntime")
    done = compile_bundle(result.bundle, data, runtime, Corrected(), optics=optics)
    assert done.calibration.preparation_hash == preparation.hash
    assert Lesson.of(corrected(), Site(data, optics=optics)).preparer.hash == preparation.hash

    words = r"camera S|none named"
    with pytest.raises(ConfigError, match=words):
        evaluate(result.bundle, str(mvtec))
    calibrated_camera(data, seed=1)
    words = "preparation_hash: was taught with another calibration of the camera.*Teach again"
    with pytest.raises(BundleError, match=words):
        evaluate(result.bundle, str(mvtec), optics=optics)
    with pytest.raises(BundleError, match=words):
        compile_bundle(result.bundle, data, runtime, Corrected(), optics=optics)
    with pytest.raises(BundleError, match=words):
        Lesson.of(corrected(), Site(data, optics=optics))
    assert calibration_path(result.bundle, "openvino").exists()


def test_without_artefact_nothing_is_taught(mvtec: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Run: inspector camera flat FOLDER --serial S"):
        teach(str(mvtec), corrected(), tmp_path / "data", optics=Optics(tmp_path / "data", ("S",)))
    assert not (tmp_path / "data/bundles").exists()
