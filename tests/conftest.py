"""What tests of several packages share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.access import hash_process
from inspector.line.line import Line
from scripts.debian import postgresql_programs
from tests.ledger.plant_server import MISSING, PlantServer


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--failed-to", type=Path, help="write the names of failed tests as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """In the process that reports, not in the workers."""
    told = config.getoption("--failed-to")
    if told is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(FailedTests(told))


class FailedTests:
    """Names each test that failed, for ``scripts/test.py``."""

    def __init__(self, told: Path) -> None:
        self._told = told
        self._names: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._names[report.nodeid] = None

    def pytest_sessionfinish(self) -> None:
        self._told.write_text(json.dumps(list(self._names)))


@pytest.fixture(scope="session", autouse=True)
def _a_busy_pc_is_no_stall() -> Iterator[None]:
    """Tests run side by side: a thread that waits seconds for a core is no fault of the line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Line, "_STALL_NS", 20_000_000_000)
        patch.setattr(hash_process, "LONGEST_S", 60.0)  # its priority is the lowest of all
        yield


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
