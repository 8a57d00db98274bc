"""Small rendered parts: a bright disc on grey ground with grain, some with a dark spot."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.core.frame import Pixels


def part(number: int, *, spot: bool = False, height: int = 64, width: int = 64) -> Pixels:
    random = np.random.default_rng(number)
    image = np.full((height, width, 3), 90, np.uint8)
    centre = (width // 2 + int(random.integers(-2, 3)), height // 2 + int(random.integers(-2, 3)))
    cv2.circle(image, centre, min(height, width) // 3, (180, 170, 160), -1)
    if spot:
        cv2.circle(image, (centre[0] + 6, centre[1]), 5, (20, 30, 20), -1)
    return np.clip(image + random.normal(0, 4, image.shape), 0, 255).astype(np.uint8)
