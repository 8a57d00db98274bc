from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines.background.windows import Windows, windows_for
from inspector.core.errors import ConfigError

ODD = st.integers(0, 4).map(lambda half: 2 * half + 1)


@st.composite
def windows(draw: st.DrawFn) -> Windows:
    guard = draw(ODD)
    return Windows(guard + 2 * draw(st.integers(1, 4)), guard, draw(st.integers(1, 5)))


def ring_sums(values: NDArray[Any], w: Windows) -> NDArray[np.float64]:
    """Sums over the ring of each cell of an image."""
    down = np.add.reduceat(values, np.arange(0, len(values), w.step), axis=0)
    return w.ring_sums(w.sums_across(down))


def ring_of_cell(
    values: NDArray[np.float32], w: Windows, row: int, column: int
) -> NDArray[np.float32]:
    """The pixels of a cell's ring, by asking of each where it lies."""
    r, c = (index // w.step for index in np.indices(values.shape))
    away = np.maximum(abs(r - row), abs(c - column))
    ring: NDArray[np.float32] = values[(away <= w.outer // 2) & (away > w.guard // 2)]
    return ring


@given(w=windows(), height=st.integers(1, 40), width=st.integers(1, 40), seed=st.integers(0, 99))
def test_rings_are_summed_and_counted_exactly(
    w: Windows, height: int, width: int, seed: int
) -> None:
    values = np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.float32)
    sums = ring_sums(values**2, w)
    counts = w.ring_counts(height, width)
    assert sums.shape == counts.shape == w.cells(height, width)
    for row, column in np.ndindex(counts.shape):
        ring = ring_of_cell(values, w, row, column)
        assert counts[row, column] == ring.size
        assert sums[row, column] == (ring.astype(float) ** 2).sum()


def test_sums_of_bright_deep_images_stay_exact() -> None:
    """Where float32 would be wrong by thousands."""
    w = Windows(9, 3, 4)
    values = np.full((64, 64), 65535.0)
    counts = w.ring_counts(64, 64)
    np.testing.assert_array_equal(ring_sums(values**2, w), counts * 65535.0**2)


@pytest.mark.parametrize(
    ("outer", "guard", "step"), [(8, 3, 1), (9, 2, 1), (3, 3, 1), (3, 5, 1), (9, -1, 1), (9, 3, 0)]
)
def test_windows_that_are_none_are_refused(outer: int, guard: int, step: int) -> None:
    with pytest.raises(ConfigError, match="windows"):
        Windows(outer, guard, step)


def test_windows_keep_their_share_of_the_image() -> None:
    for side in (256, 512, 1024):
        w = windows_for(side, 2 * side)
        assert 0.04 < w.guard * w.step / side < 0.06
        assert 0.12 < w.outer * w.step / side < 0.16
    assert windows_for(5, 5).step == 1
