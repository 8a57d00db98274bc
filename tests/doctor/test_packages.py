"""Packages that are there, that are not, and that cannot be imported."""

from __future__ import annotations

import configparser
import sys
from pathlib import Path

import pytest

from inspector.doctor.finding import Status
from inspector.doctor.packages import (
    PACKAGES,
    Package,
    aravis,
    finding_of,
    package_findings,
    try_python,
    version_of,
)

PRESENT = Package("runtime", "numpy", "numpy", "gpu", trial="numpy")
ABSENT = Package("runtime", "nowhere", "nowhere_at_all", "gpu", trial="nowhere_at_all")


def fine(_code: str) -> str:
    return ""


def test_what_is_there_has_its_version() -> None:
    finding = finding_of(PRESENT, fine)
    assert finding.status is Status.OK
    assert finding.found == version_of(PRESENT)
    assert finding.remedy == ""


def test_what_is_not_there_is_not_imported_and_has_a_remedy() -> None:
    def never(_code: str) -> str:
        raise AssertionError("was tried")

    finding = finding_of(ABSENT, never)
    assert finding.status is Status.MISSING
    assert ".[gpu]" in finding.remedy


def test_what_every_station_needs_is_a_failure_without() -> None:
    assert (
        finding_of(Package("runtime", "nowhere", "nowhere_at_all"), fine).status is Status.FAILURE
    )


def test_an_import_that_fails_is_told_in_one_line() -> None:
    finding = finding_of(PRESENT, lambda _: "ImportError: libcuda.so.1: cannot open")
    assert finding.status is Status.WARN
    assert "ImportError: libcuda.so.1: cannot open" in finding.found
    assert finding.remedy


def test_a_trial_runs_in_a_process_of_its_own() -> None:
    assert try_python("import sys; sys.modules['left'] = sys") == ""
    assert "left" not in sys.modules
    assert try_python("import nowhere_at_all") == (
        "ModuleNotFoundError: No module named 'nowhere_at_all'"
    )
    assert try_python("raise SystemExit(4)") == "exit code 4"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_an_import_that_crashes_is_survived() -> None:
    crash = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    assert try_python(crash) == "the import ended the process (signal 11)"


def test_an_import_that_hangs_is_given_up() -> None:
    assert try_python("import time; time.sleep(60)", timeout_s=0.2) == "no answer within 0.2 s"


def test_all_packages_are_reported_once() -> None:
    findings = package_findings([PRESENT, ABSENT])
    assert [finding.name for finding in findings] == ["numpy", "nowhere", "aravis"]


def test_aravis_comes_with_the_system() -> None:
    there = aravis(fine)
    assert there.status is Status.OK
    assert there.found.startswith("0.8, PyGObject ")
    missing = aravis(lambda _: "ValueError: Namespace Aravis not available")
    assert "apt-get install gir1.2-aravis" in missing.remedy


def test_every_camera_sdk_has_a_line() -> None:
    cameras = {package.distribution for package in PACKAGES if package.topic == "camera"}
    assert cameras == {"genicam", "harvesters", "opencv-python", "pypylon"}
    assert not any(package.trial for package in PACKAGES if package.topic == "camera")


def test_every_extra_that_is_named_exists() -> None:
    setup = configparser.ConfigParser(interpolation=None)
    setup.read(Path(__file__).parents[2] / "setup.cfg", encoding="utf-8")
    extras = setup["options.extras_require"]
    for package in PACKAGES:
        wanted = extras[package.extra] if package.extra else setup["options"]["install_requires"]
        assert package.distribution in wanted, package
