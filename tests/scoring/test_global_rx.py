"""What a calibration keeps of good patches, and which calibrations are refused."""

from __future__ import annotations

import numpy as np
import pytest

from engines.background.rx import fit_background
from inspector.core.errors import BundleError
from inspector.scoring.global_rx import Backgrounds, from_arrays, global_map, to_arrays, vectors_of

IMAGE = np.random.default_rng(3).random((64, 64, 1)).astype(np.float32)


def learned(scales: int) -> Backgrounds:
    return tuple(fit_background([own]) for own in vectors_of(IMAGE, scales))


@pytest.mark.parametrize("scales", [1, 3])
def test_what_was_learned_judges_as_before(scales: int) -> None:
    made = learned(scales)
    again = from_arrays(to_arrays(made))
    assert len(again) == scales
    np.testing.assert_array_equal(global_map(again, IMAGE), global_map(made, IMAGE))


def test_scales_that_were_learned_of_other_patches_are_refused() -> None:
    """Calibrations of before have no form, and are the same with one scale alone."""
    before = {name: array for name, array in to_arrays(learned(2)).items() if name != "form"}
    with pytest.raises(BundleError, match="rx-global: its scales were learned of patches") as told:
        from_arrays(before)
    assert "Calibrate the product again" in str(told.value.remedy)
    one = {name: array for name, array in before.items() if name.startswith("0.")}
    assert len(from_arrays(one)) == 1
