"""What tests of several packages share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of exported graphs for all tests: an export is most of a teaching."""
    return tmp_path_factory.mktemp("cache")
