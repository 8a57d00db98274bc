"""What golden vectors come from: ONNX Runtime, or the kernel that a bundle names."""

from __future__ import annotations

from engines.bundle import Golden, Manifest
from engines.runtimes.kernel import golden_by
from engines.runtimes.onnxruntime import golden_of
from engines.tiling import tiles_in
from inspector.core.frame import Pixels


def reference_of(manifest: Manifest, graph: bytes, images: Pixels) -> Golden:
    """Golden vectors of a bundle that is not packed yet, of prepared images uint8[n, H, W, C]."""
    if manifest.kernel is not None:
        return golden_by(manifest.kernel, graph, images)
    return golden_of(graph, images, tiles_in(manifest))
