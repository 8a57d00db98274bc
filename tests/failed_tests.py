"""Which tests failed, for ``scripts/test.py``; loads nothing of the program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--failed-to", type=Path, help="write the names of failed tests as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """In the process that reports, not in the workers."""
    told = config.getoption("--failed-to")
    if told is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(FailedTests(told))


class FailedTests:
    """Names each test that failed; none where a process crashed: that is no busy PC."""

    def __init__(self, told: Path) -> None:
        self._told = told
        self._names: dict[str, None] = {}
        self._crashed = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, error: object | None) -> None:
        """Of pytest-xdist; after it, tests are left that nobody ran."""
        self._crashed = self._crashed or error is not None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._names[report.nodeid] = None

    def pytest_sessionfinish(self) -> None:
        self._told.write_text(json.dumps([] if self._crashed else list(self._names)))
