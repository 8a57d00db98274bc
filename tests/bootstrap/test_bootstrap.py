"""The set-up: when it has something to do, and what it says when it cannot."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import bootstrap
from scripts.bootstrap import Marker, Places, SetupError


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A checkout with a whole environment that only looks like one."""
    places = Places(tmp_path, windows=False)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "setup.cfg").write_text("[metadata]\n", encoding="utf-8")
    places.constraints.write_text("numpy==2.4.6\nrich==15.0.0\n", encoding="utf-8")
    bootstrap.write_marker(places, bootstrap.wanted_marker(places, ["demo", "dev"]))
    places.program("python").parent.mkdir()
    places.program("python").touch()
    return places


def test_a_complete_environment_needs_nothing(places: Places) -> None:
    assert bootstrap.is_ready(places, ["demo", "dev"])
    assert bootstrap.is_ready(places, ["demo"])
    assert not bootstrap.must_rebuild(places)
    bootstrap.ensure(places, ["demo"])


@pytest.mark.parametrize("changed", ["setup.cfg", "scripts/constraints.txt"])
def test_other_dependencies_are_brought_up_to_date(places: Places, changed: str) -> None:
    (places.root / changed).write_text("other\n", encoding="utf-8")
    assert not bootstrap.is_ready(places, ["demo"])
    assert not bootstrap.must_rebuild(places)


def test_a_further_extra_is_added(places: Places) -> None:
    assert not bootstrap.is_ready(places, ["gpu"])
    assert not bootstrap.must_rebuild(places)


def test_a_set_up_that_was_broken_off_starts_over(places: Places) -> None:
    half = replace(bootstrap.wanted_marker(places, ["demo"]), complete=False)
    bootstrap.write_marker(places, half)
    assert not bootstrap.is_ready(places, ["demo"])
    assert bootstrap.must_rebuild(places)


def test_a_moved_checkout_starts_over(places: Places) -> None:
    moved = replace(bootstrap.wanted_marker(places, ["demo"]), root="/elsewhere")
    bootstrap.write_marker(places, moved)
    assert not bootstrap.is_ready(places, ["demo"])
    assert bootstrap.must_rebuild(places)


def test_an_environment_without_python_starts_over(places: Places) -> None:
    places.program("python").unlink()
    assert not bootstrap.is_ready(places, ["demo"])
    assert bootstrap.must_rebuild(places)


def test_an_environment_that_someone_else_made_is_kept(places: Places) -> None:
    places.marker.unlink()
    assert not bootstrap.is_ready(places, ["demo"])
    assert not bootstrap.must_rebuild(places)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"inputs": 1, "extras": 2}'])
def test_a_damaged_marker_is_no_marker(places: Places, content: bytes) -> None:
    places.marker.write_bytes(content)
    assert bootstrap.read_marker(places) is None
    assert not bootstrap.is_ready(places, ["demo"])


def test_an_installation_that_fails_leaves_no_complete_marker(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "_install", fail)
    (places.root / "setup.cfg").write_text("other\n", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        bootstrap.ensure(places, ["demo"])
    marker = bootstrap.read_marker(places)
    assert marker is not None
    assert not marker.complete
    assert bootstrap.must_rebuild(places)


def test_an_environment_keeps_the_extras_that_it_has(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[tuple[str, ...]] = []
    monkeypatch.setattr(bootstrap, "_install", lambda _p, extras, _q: installed.append(extras))
    (places.root / "setup.cfg").write_text("other\n", encoding="utf-8")
    bootstrap.ensure(places, ["demo"])
    assert installed == [("demo", "dev")]
    assert bootstrap.is_ready(places, ["demo", "dev"])


def test_programs_stand_elsewhere_on_windows() -> None:
    root = Path("checkout")
    assert Places(root, windows=False).program("pip") == root / ".venv" / "bin" / "pip"
    assert Places(root, windows=True).program("pip") == root / ".venv" / "Scripts" / "pip.exe"


def test_an_old_python_is_refused_in_words() -> None:
    bootstrap.check_python((3, 11))
    bootstrap.check_python((4, 0))
    with pytest.raises(SetupError, match=r"needs Python 3\.11 or newer; this is 3\.9"):
        bootstrap.check_python((3, 9))


def test_a_full_disk_is_refused_in_words(places: Places) -> None:
    bootstrap.check_room(places, 10 * 2**30)
    with pytest.raises(SetupError, match=r"0\.5 GiB are free"):
        bootstrap.check_room(places, 2**29)


def test_a_python_without_ensurepip_is_named(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(SetupError, match="apt-get install python3-venv"):
        bootstrap._make_venv(places)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ERROR: [Errno 28] No space left on device", "disk is full"),
        ("Failed to establish: Temporary failure in name resolution", "folder of wheels"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "folder of wheels"),
        ("PermissionError: [Errno 13] Permission denied: 'x'", "check the owner"),
        ("Segmentation fault", "pip's last lines"),
    ],
)
def test_what_pip_failed_of_is_said_in_words(line: str, words: str) -> None:
    told = bootstrap.explain_failure(f"Collecting numpy\n{line}\n")
    assert line in told
    assert words in told


def test_progress_never_falls_and_ends_below_a_hundred() -> None:
    collecting = "Collecting numpy\nCollecting rich\n"
    installing = collecting + "Installing collected packages: numpy, rich\n"
    shown = [
        bootstrap.share_done("", 2, 0),
        bootstrap.share_done("Collecting numpy\n", 2, 0),
        bootstrap.share_done(collecting, 2, 0),
        bootstrap.share_done(installing, 2, 1),
        bootstrap.share_done(installing, 2, 2),
    ]
    assert shown == [0, 25, 50, 75, 99]
    assert bootstrap.share_done("Requirement already satisfied: numpy==2.4.6 in x\n", 2, 0) == 25


def test_the_command_replaces_the_script_on_posix(places: Places) -> None:
    became: list[tuple[str, list[str]]] = []

    def replace_by(path: str, command: list[str], _environment: Mapping[str, str]) -> None:
        became.append((path, command))

    bootstrap.hand_over(places, ["/bin/inspector", "run"], {}, replace=replace_by)
    assert became == [("/bin/inspector", ["/bin/inspector", "run"])]


def test_the_exit_code_of_the_command_is_passed_on_on_windows(places: Places) -> None:
    windows = Places(places.root, windows=True)
    assert bootstrap.hand_over(windows, [sys.executable, "-c", "raise SystemExit(3)"]) == 3


@pytest.mark.parametrize(
    ("raised", "code"), [(SetupError("no"), 2), (KeyboardInterrupt(), 130), (OSError("disk"), 2)]
)
def test_no_expected_failure_shows_a_traceback(
    raised: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def main(_arguments: object) -> int:
        raise raised

    assert bootstrap.guarded(main) == code
    assert "Traceback" not in capsys.readouterr().err


def test_a_marker_covers_only_its_own_checkout() -> None:
    done = Marker("abc", "/a", ("demo", "dev"), complete=True)
    assert done.covers(Marker("abc", "/a", ("dev",), complete=True))
    assert not done.covers(Marker("abd", "/a", ("dev",), complete=True))
    assert not replace(done, complete=False).covers(done)


@pytest.mark.slow
def test_a_half_environment_becomes_a_whole_one(tmp_path: Path) -> None:
    """A real venv and a real pip, with a package that needs no other."""
    (tmp_path / "scripts").mkdir()
    places = Places(tmp_path)
    places.constraints.write_text("# none\n", encoding="utf-8")
    (tmp_path / "setup.cfg").write_text(
        "[metadata]\nname = nothing\nversion = 1\n[options]\npy_modules = nothing\n"
        "[options.extras_require]\ndemo =\n",
        encoding="utf-8",
    )
    (tmp_path / "nothing.py").write_text("", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n',
        encoding="utf-8",
    )
    places.venv.mkdir()
    (places.venv / "left-over").touch()
    bootstrap.ensure(places, ["demo"])
    assert bootstrap.is_ready(places, ["demo"])
    assert not (places.venv / "left-over").exists()
    subprocess.run([places.program("python"), "-c", "import nothing"], check=True)
