"""Quantiles against those of scipy.stats, and who loads that."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy.stats import binom, chi2

from calibration.quantiles import binomial_quantile, chi_square_quantile


@pytest.mark.parametrize("freedom", [1, 4, 99])
@pytest.mark.parametrize("level", [0.025, 0.9, 0.975])
def test_chi_square(level: float, freedom: int) -> None:
    assert chi_square_quantile(level, freedom) == pytest.approx(chi2.ppf(level, freedom), rel=1e-12)


@pytest.mark.parametrize("chance", [1e-6, 0.001, 0.02, 0.3, 0.5, 0.99])
@pytest.mark.parametrize("level", [0.00135, 0.5, 0.99865])
def test_binomial(level: float, chance: float) -> None:
    trials = np.array([1, 2, 3, 10, 50, 400, 5000, 3_000_000])
    found = binomial_quantile(level, trials, chance)
    assert np.array_equal(found, binom.ppf(level, trials, chance))


def test_no_command_loads_what_only_tests_and_reports_need() -> None:
    """Each start of the station, of its office and of every command would pay for it."""
    loaded = "import sys, inspector.cli.app; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert not {"scipy.stats", "scipy.optimize", "torch", "alembic"} & set(run.stdout.split())
