"""What the two commands run, and which system packages they ask for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import debian, run, test
from scripts.bootstrap import ROOT, Places, SetupError

PLACES = Places(Path("/here"), windows=False)


def test_run_starts_the_solar_demo() -> None:
    assert run.command_line(PLACES, ["--headless", "--parts", "9"]) == [
        "/here/.venv/bin/inspector",
        *("run", "--demo", "solar", "--headless", "--parts", "9"),
    ]


@pytest.mark.parametrize(
    "chosen", [["--demo", "sim"], ["--demo=sim"], ["--line", "l.yaml"], ["--product", "x"]]
)
def test_run_passes_another_choice_on(chosen: list[str]) -> None:
    assert run.command_line(PLACES, chosen)[1:] == ["run", *chosen]


def test_tests_run_last_and_without_the_slow_ones() -> None:
    quick = test.steps(PLACES, slow=False, arguments=["-x"], xvfb="/usr/bin/xvfb-run")
    assert [step.name for step in quick] == [
        *("ruff check", "ruff format", "stubs", "mypy", "layers", "pytest"),
    ]
    assert quick[-1].command[0] == "/usr/bin/xvfb-run"
    assert quick[-1].command[-3:] == ("-m", "not slow", "-x")
    slow = test.steps(PLACES, slow=True, arguments=[], xvfb=None)
    assert slow[-1].command[:4] == ("/here/.venv/bin/python", "-m", "pytest", "-n")
    assert "not slow" not in slow[-1].command


def test_qt_draws_off_screen_only_without_a_virtual_display(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert "QT_QPA_PLATFORM" not in test.environment("/usr/bin/xvfb-run")
    assert test.environment(None)["QT_QPA_PLATFORM"] == "offscreen"


def test_processes_of_tests_keep_what_they_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in test.environment(None)


def test_a_failed_step_fails_the_script(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def steps(_places: Places, **_: object) -> tuple[test.Step, ...]:
        return (
            test.Step("good", (sys.executable, "-c", "")),
            test.Step("bad", (sys.executable, "-c", "raise SystemExit(5)")),
            test.Step("after", (sys.executable, "-c", "")),
        )

    monkeypatch.setattr(test, "check_system", lambda: None)
    monkeypatch.setattr("scripts.bootstrap.ensure", lambda *_: None)
    monkeypatch.setattr(test, "steps", steps)
    assert test.main([]) == 1
    shown = capsys.readouterr().out
    assert "FAILED (5)" in shown
    assert shown.index("good") < shown.index("bad") < shown.rindex("after")


FLAKY = """
from pathlib import Path
def test_flaky():
    seen = Path(__file__).with_name("seen")
    before = seen.exists()
    seen.touch()
    assert before
"""


@pytest.mark.parametrize(
    ("folder", "tests", "code"),
    [
        ("station", FLAKY, 0),
        ("engines", FLAKY, 1),
        ("station", "def test_bad(): assert 0", 1),
        ("station", FLAKY + "".join(f"def test_{n}(): assert 0\n" for n in range(4)), 1),
        ("station", "raise ValueError", 2),
    ],
    ids=["of the clock", "of arithmetic", "fails again", "too many", "not collected"],
)
def test_only_a_few_tests_that_run_by_the_clock_are_repeated(
    folder: str, tests: str, code: int, tmp_path: Path
) -> None:
    where = tmp_path / "tests" / folder
    where.mkdir(parents=True)
    shutil.copy(ROOT / "tests/failed_tests.py", tmp_path / "tests/conftest.py")
    (where / "test_it.py").write_text(tests)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider")
    command = (sys.executable, "-m", "pytest", "-q", "-p", "xdist", "tests")
    ours = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    outcome = test.run_tests(test.Step("pytest", command), tmp_path, ours)
    assert outcome.code == code


CRASH = """
import os
from pathlib import Path
def test_crash():
    seen = Path(__file__).with_name("seen")
    if not seen.exists():
        seen.touch()
        os.abort()
"""


def test_a_process_that_crashes_fails_the_run_and_is_not_repeated(tmp_path: Path) -> None:
    where = tmp_path / "tests" / "camera"
    where.mkdir(parents=True)
    shutil.copy(ROOT / "tests/failed_tests.py", tmp_path / "tests/conftest.py")
    passes = "".join(f"def test_{number}(): pass\n" for number in range(5))
    (where / "test_crash.py").write_text(passes + CRASH)
    for number in range(4):
        (where / f"test_{number}.py").write_text(passes)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider")
    step = test.steps(PLACES, slow=False, arguments=["tests"], xvfb=None)[-1]
    command = (sys.executable, *step.command[1:])
    variables = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "xdist"}
    outcome = test.run_tests(test.Step("pytest", command), tmp_path, variables)
    assert (outcome.name, outcome.code) == ("pytest", 1)


def test_a_missing_package_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(debian, "missing_packages", lambda: ("libegl1", "xvfb"))
    with pytest.raises(SetupError, match=r"--no-install-recommends libegl1 xvfb$"):
        test.check_system()


def test_packages_are_found_by_what_they_bring() -> None:
    assert debian.missing_packages(lambda _: True, lambda _: True, lambda _: True) == ()
    lacking = debian.missing_packages(
        lambda library: library != "libEGL.so.1",
        lambda program: program != "xvfb-run",
        lambda _: False,
    )
    assert lacking == ("fonts-vlgothic", "libegl1", "xvfb")
    assert debian.missing_packages(lambda _: False, lambda _: False, lambda _: False) == (
        debian.PACKAGES
    )


def test_aravis_is_installed_where_the_system_has_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in debian.ARAVIS.values():
        assert not debian.can_have_aravis(tmp_path)
        path = tmp_path / name.replace("*", "x86_64-linux-gnu")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert debian.can_have_aravis(tmp_path)
    for has in (True, False):
        monkeypatch.setattr(debian, "can_have_aravis", lambda has=has: has)
        assert ("aravis" in test.extras()) is has


def test_the_package_list_is_printed_without_a_set_up() -> None:
    listed = subprocess.run(
        [sys.executable, "scripts/test.py", "--apt-list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout.split() == [
        *debian.PACKAGES,
        *debian.ARAVIS,
        *debian.BROKER,
        *debian.POSTGRESQL,
    ]


@pytest.mark.parametrize("name", ["bootstrap", "debian", "run", "test"])
def test_the_scripts_need_nothing_but_python(name: str) -> None:
    """``-S -I``: no site-packages at all."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import scripts.{name}"
    subprocess.run([sys.executable, "-S", "-I", "-c", code], check=True)
