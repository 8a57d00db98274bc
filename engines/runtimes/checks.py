"""What every runtime refuses: input that the engine does not take, results that are no numbers."""

from __future__ import annotations

import numpy as np

from engines.bundle import Bundle
from inspector.core.canonical import sha256_hex
from inspector.core.detection import Detection, EngineInfo
from inspector.core.errors import EngineError
from inspector.core.frame import Pixels


def info_of(bundle: Bundle, runtime: str, fingerprint: str, precision: str = "f32") -> EngineInfo:
    """What a bundle's engine takes and offers on a runtime."""
    manifest = bundle.manifest
    height, width, channels = manifest.input_shape
    return EngineInfo(
        method=manifest.method,
        runtime=runtime,
        fingerprint=fingerprint,
        bundle_hash=bundle.hash,
        height=height,
        width=width,
        channels=channels,
        map_height=manifest.map_shape[0],
        map_width=manifest.map_shape[1],
        precision=precision,
        has_map=manifest.has_map,
        supervised=bool(manifest.classes),
        classes=manifest.classes,
        explains=tuple(manifest.explains),
    )


def precision_mark(precision: str, graph: bytes) -> str:
    """Precision for fingerprints, with the graph's own hash where it is not the bundle's."""
    return precision if precision in {"f32", "bf16"} else f"{precision} {sha256_hex(graph)[:12]}"


def check_batch(batch: Pixels, info: EngineInfo) -> None:
    """Raise ``EngineError`` unless the batch is contiguous uint8[N, H, W, C], N at least 1."""
    wanted = (info.height, info.width, info.channels)
    if batch.dtype != np.uint8 or batch.ndim != 4 or batch.shape[1:] != wanted or not len(batch):
        raise EngineError(
            f"engine got {batch.dtype}{list(batch.shape)}, takes uint8[N, {str(list(wanted))[1:]}",
            remedy="Prepare images with the bundle's own preparation",
        )
    if not batch.flags.c_contiguous:
        raise EngineError("engine got a batch that is not contiguous", remedy="Copy it first")


def check_finite(detection: Detection) -> Detection:
    """The detection itself; raises ``EngineError`` when a map or score holds NaN or infinity."""
    if not (np.isfinite(detection.scores).all() and np.isfinite(detection.maps).all()):
        raise EngineError(
            "the engine returned a score that is not a number", remedy="Run the self-test"
        )
    return detection
