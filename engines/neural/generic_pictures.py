"""Pictures of nothing in particular: what a network sees that must know more than one product.

Dead leaves: shapes of all sizes that cover each other, as things in photographs do, with grain and
blur. Networks trained on such learn features that serve on photographs (Baradad et al., "Learning
to see by looking at noise", NeurIPS 2021).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]

SHAPES = 20, 150
"""Least and most shapes of a picture."""
SHARE = 1.5
"""Exponent of the law that sizes follow: many small ones, few large."""


def dead_leaves(shape: tuple[int, int], colours: int, random: np.random.Generator) -> Picture:
    """One picture float32[colours, height, width] in grey levels 0..255."""
    height, width = shape
    picture: Picture = np.full((height, width, colours), random.uniform(0, 255), np.float32)
    for _ in range(int(random.integers(*SHAPES))):
        _leaf(picture, random)
    cells = int(2 ** random.uniform(1, 6))
    noise = random.normal(0.0, random.uniform(0, 40), (cells, cells, colours))
    clouds = cv2.resize(noise.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    grain = random.normal(0.0, random.uniform(0, 12), picture.shape)
    picture += clouds.reshape(picture.shape) + grain.astype(np.float32)
    if random.random() < 0.5:
        sigma = random.uniform(0.4, 2.0)
        blurred = cv2.GaussianBlur(picture, (0, 0), sigma)
        picture = np.asarray(blurred, np.float32).reshape(picture.shape)
    return np.ascontiguousarray(np.clip(picture, 0, 255).transpose(2, 0, 1))


def _leaf(picture: Picture, random: np.random.Generator) -> None:
    """Draw an ellipse, a rectangle or a line of one colour."""
    height, width, colours = picture.shape
    radius = min(2 + 4 * random.pareto(SHARE), min(height, width) / 3)
    colour = (255.0 * random.random((colours,))).tolist()
    x, y = int(random.integers(width)), int(random.integers(height))
    angle, narrow = random.uniform(0, 180), random.uniform(0.1, 1)
    kind = random.integers(3)
    if kind == 0:
        axes = int(radius) + 1, int(radius * narrow) + 1
        cv2.ellipse(picture, (x, y), axes, angle, 0, 360, colour, -1)
    elif kind == 1:
        corners = cv2.boxPoints(((x, y), (2 * radius, 2 * radius * narrow), angle))
        cv2.fillPoly(picture, [corners.astype(np.int32)], colour)
    else:
        dx, dy = (4 * radius * random.normal(size=2)).astype(int)
        cv2.line(picture, (x, y), (x + int(dx), y + int(dy)), colour, int(random.integers(1, 5)))
