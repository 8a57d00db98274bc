"""Pictures as they travel: small enough, JPEG."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.link.questions.parts import Picture

_QUALITY = 88


def jpeg(shown: NDArray[np.uint8], longest: int = 0) -> Picture:
    """A picture, uint8[h, w, 3] RGB, as a JPEG file with sides of at most ``longest`` (0: any)."""
    height, width = shown.shape[:2]
    if 0 < longest < max(height, width):
        scale = longest / max(height, width)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        shown = np.asarray(cv2.resize(shown, size, interpolation=cv2.INTER_AREA), np.uint8)
        width, height = size
    bgr = np.ascontiguousarray(shown[:, :, ::-1])
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return Picture(data.tobytes(), width, height)
