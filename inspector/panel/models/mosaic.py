"""Where the views of a part stand beside each other."""

from __future__ import annotations

import math


def places(
    count: int, aspect: float, width: float, height: float, gap: float = 0.0
) -> list[tuple[float, float, float, float]]:
    """Left, top, width and height for each of ``count`` views of one ``aspect`` (width / height).

    As many columns as make them largest; every view has the same room, rows are filled in order.
    """

    def room(columns: int) -> tuple[float, float]:
        rows = max(1, math.ceil(count / columns))
        return (width - gap * (columns - 1)) / columns, (height - gap * (rows - 1)) / rows

    def scale(columns: int) -> float:
        across, down = room(columns)
        return min(across / aspect, down)

    columns = max(range(1, count + 1), key=scale, default=1)
    across, down = room(columns)
    return [
        ((i % columns) * (across + gap), (i // columns) * (down + gap), across, down)
        for i in range(count)
    ]
