"""What tests of several packages share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.line.line import Line
from scripts.debian import postgresql_programs
from tests.ledger.plant_server import MISSING, PlantServer


@pytest.fixture(autouse=True)
def _a_busy_pc_is_no_stall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run side by side: a thread that waits seconds for a core is no fault of the line."""
    monkeypatch.setattr(Line, "_STALL_NS", 20_000_000_000)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of exported graphs for all tests: an export is most of a teaching."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def plant_server() -> Iterator[PlantServer]:
    """One PostgreSQL server for all tests; whoever stops it starts it again."""
    if postgresql_programs() is None:
        pytest.skip(MISSING)
    server = PlantServer()
    yield server
    server.remove()
