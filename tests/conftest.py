"""What tests of several packages share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.access import hash_process
from inspector.line.line import Line
from scripts.debian import postgresql_programs
from tests.failed_tests import pytest_addoption, pytest_configure  # noqa: F401  # hooks of pytest
from tests.ledger.plant_server import MISSING, PlantServer


@pytest.fixture(scope="session", autouse=True)
def _a_busy_pc_is_no_stall() -> Iterator[None]:
    """Tests run side by side: a thread that waits seconds for a core is no fault of the line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Line, "_STALL_NS", 20_000_000_000)
        patch.setattr(hash_process, "LONGEST_S", 60.0)  # its priority is the lowest of all
        yield


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """One folder of exported graphs for all workers: an export is most of a teaching."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "cache"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def plant_server() -> Iterator[PlantServer]:
    """One PostgreSQL server for all tests; whoever stops it starts it again."""
    if postgresql_programs() is None:
        pytest.skip(MISSING)
    server = PlantServer()
    yield server
    server.remove()
