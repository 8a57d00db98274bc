"""An engine to calibrate, of which only the identity matters."""

from __future__ import annotations

from inspector.core.detection import EngineInfo

INFO = EngineInfo(
    method="patchcore",
    runtime="openvino",
    fingerprint="openvino 1 f32",
    bundle_hash="a" * 64,
    height=32,
    width=32,
    channels=3,
    map_height=8,
    map_width=8,
)
