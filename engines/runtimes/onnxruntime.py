"""ONNX Runtime on the CPU: the reference that golden vectors come from, and the fallback."""

from __future__ import annotations

import numpy as np
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf

from engines.bundle import Bundle, Golden
from engines.runtimes.checks import check_batch, check_finite, info_of, precision_mark
from engines.tiling import Tiles
from inspector.core.detection import Detection, EngineInfo
from inspector.core.errors import EngineError
from inspector.core.frame import Pixels, ScoreMap


class OnnxRuntimeEngine:
    """An `Engine` on ONNX Runtime's CPU provider. Raises ``EngineError``."""

    def __init__(self, bundle: Bundle, graph: bytes, precision: str, threads: int) -> None:
        self._session = open_session(graph, threads)
        mark = precision_mark(precision, graph)
        fingerprint = f"onnxruntime {onnxruntime.__version__} {mark} cpu"
        self.info: EngineInfo = info_of(bundle, "onnxruntime", fingerprint, precision)

    def infer(self, batch: Pixels) -> Detection:
        """Judge uint8[N, H, W, C] prepared images."""
        check_batch(batch, self.info)
        try:
            maps, scores = self._session.run(["map", "score"], {"image": batch})
        except (Fail, RuntimeError) as error:
            raise EngineError(f"onnxruntime: {error}", remedy="Restart the station") from error
        return check_finite(Detection(maps, scores))

    def close(self) -> None:
        """Nothing to free before the object goes."""


def open_session(graph: bytes, threads: int) -> onnxruntime.InferenceSession:
    """A quiet CPU session on a graph."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, InvalidProtobuf) as error:
        raise EngineError(
            f"onnxruntime cannot load the graph: {error}", remedy="Teach the product again"
        ) from error


def golden_of(graph: bytes, images: Pixels, tiles: Tiles | None = None) -> Golden:
    """What the reference runtime says of prepared images uint8[n, H, W, C], one at a time."""
    session = open_session(graph, threads=0)
    if tiles is not None:

        def maps_of(some: Pixels) -> ScoreMap:
            return np.asarray(session.run(["map"], {"image": some})[0])

        joined = np.stack([tiles.join(image, maps_of) for image in images])
        return Golden(images, joined, joined.max(axis=(1, 2)))
    found = [session.run(["map", "score"], {"image": image[None]}) for image in images]
    maps, scores = (np.concatenate(part) for part in zip(*found, strict=True))
    return Golden(images, maps, scores)
