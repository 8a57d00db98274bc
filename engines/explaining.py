"""Why an engine's map is as it is: what it expected to see, and the parts that the map is made of.

It is asked for one part, by a person who looks at it; the line never waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import onnx

from engines.bundle import Bundle
from engines.graphs import with_outputs
from engines.runtimes.kernel import expected_by
from engines.runtimes.onnxruntime import open_session
from engines.tiling import tiles_in
from inspector.core.errors import EngineError
from inspector.core.frame import Pixels, ScoreMap

EXPECTED = "expected"
"""The picture among what an engine explains, grey levels float32[N, colours, H, W] in its graph."""
CONTRIBUTIONS = "contributions"
"""What each of the manifest's ``features`` adds to the score, float32[N, k] in its graph."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an engine tells of one image.

    ``expected`` is the image as a good one would be, uint8[H, W] or [H, W, 3]; None from engines
    that draw nothing. ``parts`` are maps float32[h, w] by what they measure (a residual, a scale of
    features); each has its own unit. ``contributions`` are what named features add to the score,
    largest first; none from engines that judge by none that have names.
    """

    expected: Pixels | None
    parts: Mapping[str, ScoreMap]
    contributions: Mapping[str, float] = field(default_factory=dict)


def explain(bundle: Bundle, image: Pixels) -> Explanation:
    """Ask a bundle about one prepared image uint8[H, W, C]; on one core, without torch.

    Raises ``EngineError`` where the image does not fit the bundle.
    """
    shape = bundle.manifest.input_shape
    if image.dtype != np.uint8 or image.shape != shape:
        raise EngineError(
            f"{bundle.path}: got {image.dtype}{list(image.shape)}, takes uint8{list(shape)}",
            remedy="Prepare the image with the bundle's own preparation",
        )
    named = bundle.manifest.explains
    if not named:
        return Explanation(None, {})
    kernel = bundle.manifest.kernel
    if kernel is not None:
        white = bundle.manifest.preparation.pixel_format.white
        return Explanation(expected_by(kernel, image, white), {})
    model = onnx.load_from_string(bundle.graph)
    with_outputs(model, dict.fromkeys(named.values()))
    session = open_session(model.SerializeToString(), threads=1)
    tiles = tiles_in(bundle.manifest)

    def part(tensor: str) -> ScoreMap:
        def maps_of(batch: Pixels) -> ScoreMap:
            found = np.asarray(session.run([tensor], {"image": batch})[0], np.float32)
            return found[:, 0] if found.ndim == 4 else found

        return maps_of(image[None])[0] if tiles is None else tiles.join(image, maps_of)

    others = {EXPECTED, CONTRIBUTIONS}
    parts = {name: part(tensor) for name, tensor in named.items() if name not in others}
    contributions = {}
    if CONTRIBUTIONS in named:
        added = np.asarray(session.run([named[CONTRIBUTIONS]], {"image": image[None]})[0])[0]
        features = zip(bundle.manifest.features, added.tolist(), strict=True)
        contributions = dict(sorted(features, key=lambda one: -one[1]))
    expected = None
    if EXPECTED in named:
        drawn = np.asarray(session.run([named[EXPECTED]], {"image": image[None]})[0])[0]
        levels = np.clip(np.rint(drawn), 0, 255).astype(np.uint8)
        grey = len(levels) == 1
        expected = levels[0] if grey else np.ascontiguousarray(levels.transpose(1, 2, 0))
    return Explanation(expected, parts, contributions)
