"""The set-up that every start shares: a complete ``.venv``, or one clear line why there is none.

Standard library only: this runs before anything is installed. The marker file in ``.venv`` says
whether an earlier set-up ended and what it installed; when it does, a start only compares it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = (3, 11)
NEEDED_GIB = 3.0
OPTIONAL_PINS = "# Extras that no set-up script installs"
FULL_DISK = "The disk is full: free some space and start again."
NO_INDEX = """\
A package could not be fetched: the first start needs a package index, or a folder of wheels that
pip's own configuration names (PIP_FIND_LINKS with PIP_NO_INDEX=1)."""
NOT_OURS = "A file cannot be written: check the owner of this folder."
TROUBLES = {
    "no space left on device|errno 28": FULL_DISK,
    "permission denied|errno 13": NOT_OURS,
    "name resolution|newconnectionerror|max retries|timed out|unreachable|no matching": NO_INDEX,
}


class SetupError(Exception):
    """The set-up cannot go on; the text says why and what to do."""


@dataclass(frozen=True)
class Places:
    """Where things stand in a checkout. ``windows`` is injected by tests."""

    root: Path = ROOT
    windows: bool = os.name == "nt"

    @property
    def venv(self) -> Path:
        """The environment that the scripts own."""
        return self.root / ".venv"

    @property
    def marker(self) -> Path:
        """The file that says what was installed, and whether that ended."""
        return self.venv / "inspector-setup.json"

    @property
    def log(self) -> Path:
        """Everything that pip said."""
        return self.venv / "install.log"

    @property
    def constraints(self) -> Path:
        """Exact versions."""
        return self.root / "scripts" / "constraints.txt"

    def program(self, name: str) -> Path:
        """A program of the environment: ``bin/name``, or ``Scripts/name.exe`` on Windows."""
        return self.venv / ("Scripts" if self.windows else "bin") / (name + ".exe" * self.windows)


@dataclass(frozen=True)
class Marker:
    """What a set-up installed. ``complete`` is false while it runs, and after it was broken off."""

    inputs: str
    root: str
    extras: tuple[str, ...]
    complete: bool

    def covers(self, wanted: Marker) -> bool:
        """True when nothing has to be done for ``wanted``."""
        return (
            self.complete
            and (self.inputs, self.root) == (wanted.inputs, wanted.root)
            and set(self.extras) >= set(wanted.extras)
        )


def wanted_marker(places: Places, extras: Iterable[str]) -> Marker:
    """The marker of a complete set-up of this checkout with these extras."""
    digest = hashlib.sha256()
    for path in (places.root / "setup.cfg", places.constraints):
        digest.update(path.read_bytes())
    return Marker(digest.hexdigest(), str(places.root), tuple(sorted(extras)), complete=True)


def read_marker(places: Places) -> Marker | None:
    """The marker that is there; None when there is none or it cannot be read."""
    try:
        content = json.loads(places.marker.read_text(encoding="utf-8"))
        return Marker(
            str(content["inputs"]),
            str(content["root"]),
            tuple(content["extras"]),
            bool(content["complete"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_marker(places: Places, marker: Marker) -> None:
    """Put the marker down in one step."""
    places.venv.mkdir(exist_ok=True)
    part = places.marker.with_suffix(".part")
    part.write_text(json.dumps(vars(marker)), encoding="utf-8")
    part.replace(places.marker)


def is_ready(places: Places, extras: Sequence[str]) -> bool:
    """True when the environment is complete for this checkout and these extras."""
    found = read_marker(places)
    return (
        found is not None
        and found.covers(wanted_marker(places, extras))
        and places.program("python").exists()
    )


def must_rebuild(places: Places) -> bool:
    """True when the environment is of no use: broken off half-way, moved, or without a Python.

    A whole environment is kept and only brought up to date, also one that someone else made.
    """
    found = read_marker(places)
    if found is not None and not (found.complete and found.root == str(places.root)):
        return True
    return not places.program("python").exists()


class Progress:
    """One tidy line per step: rewritten in place on a terminal, sparse in a log file."""

    def __init__(self, steps: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._steps = steps
        self._step = 0
        self._title = ""
        self._clock = clock
        self._began = clock()
        self._shown = ""

    def begin(self, title: str) -> None:
        """Start the next step."""
        self._step += 1
        self._title = title
        self._began = self._clock()
        self.show("")

    def show(self, detail: str) -> None:
        """Say how far the step is. Without a terminal only its end is printed."""
        if sys.stdout.isatty():
            self._print(detail, end="")

    def end(self, detail: str = "done") -> None:
        """Close the step's line."""
        self._print(detail, end="\n")

    def _print(self, detail: str, end: str) -> None:
        seconds = self._clock() - self._began
        line = f"[{self._step}/{self._steps}] {self._title} {detail:<24} {seconds:5.0f} s"
        back = "\r" if sys.stdout.isatty() else ""
        print(back + line, end=end, flush=True)


def expected_packages(places: Places) -> int:
    """About how many packages a full set-up fetches, for the percentage."""
    usual = places.constraints.read_text(encoding="utf-8").split(OPTIONAL_PINS)[0]
    return max(1, len(re.findall(r"^[\w.-]+==", usual, flags=re.MULTILINE)))


def share_done(log: str, expected: int, installed: int) -> int:
    """Per cent of pip's work that its log and the count of installed packages show."""
    to_install = re.search(r"^Installing collected packages: (.+)$", log, flags=re.MULTILINE)
    if to_install:
        total = to_install[1].count(",") + 1
        return min(99, 50 + 50 * installed // total)
    found = re.findall(
        r"^(?:Collecting|Requirement already satisfied:) ([\w.-]+)", log, flags=re.MULTILINE
    )
    return min(50, 50 * len(set(found)) // expected)


def explain_failure(log: str) -> str:
    """What went wrong, in words, with pip's last lines."""
    last = "\n".join(f"    {line}" for line in log.strip().splitlines()[-12:])
    for pattern, words in TROUBLES.items():
        if re.search(pattern, log, flags=re.IGNORECASE):
            return f"{last}\n{words}"
    return f"{last}\nThe packages could not be installed; pip's last lines stand above."


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Refuse a Python that is too old, in words."""
    if version < OLDEST_PYTHON:
        raise SetupError(
            f"Inspector needs Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer; this is "
            f"{version[0]}.{version[1]}. Start the script with a newer one, e.g. python3.11."
        )


def check_room(places: Places, free_bytes: int) -> None:
    """Refuse a disk on which the packages will not fit."""
    if free_bytes < NEEDED_GIB * 2**30:
        raise SetupError(
            f"{places.root}: {free_bytes / 2**30:.1f} GiB are free, the packages need about "
            f"{NEEDED_GIB:.0f} GiB. Free some space and start again."
        )


def _make_venv(places: Places) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupError(
            "Python's venv module is not complete. Install it: sudo apt-get install python3-venv"
        )
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(places.venv)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise SetupError(f"{places.venv} cannot be made:\n{made.stdout}{made.stderr}".strip())


def _install(places: Places, extras: Sequence[str], progress: Progress) -> None:
    command = [
        *(str(places.program("python")), "-m", "pip", "install", "--no-input"),
        *("--progress-bar=off", "--disable-pip-version-check"),
        *("--constraint", str(places.constraints)),
        *("--editable", f".[{','.join(extras)}]"),
    ]
    expected = expected_packages(places)
    before = _count_installed(places)
    with places.log.open("w", encoding="utf-8") as log:
        pip = subprocess.Popen(command, cwd=places.root, stdout=log, stderr=subprocess.STDOUT)
        try:
            while pip.poll() is None:
                time.sleep(0.5)
                new = _count_installed(places) - before
                progress.show(f"{share_done(_read(places.log), expected, new)} %")
        finally:
            if pip.poll() is None:
                pip.terminate()
                pip.wait()
    if pip.returncode:
        progress.end("failed")
        raise SetupError(f"{explain_failure(_read(places.log))}\nEverything it said: {places.log}")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _count_installed(places: Places) -> int:
    """Names only, of one folder: pip moves the others about meanwhile."""
    folders = [*places.venv.glob("lib/python*/site-packages"), places.venv / "Lib/site-packages"]
    there = [path for folder in folders if folder.is_dir() for path in folder.iterdir()]
    return sum(path.name.endswith(".dist-info") for path in there)


def ensure(places: Places, extras: Sequence[str]) -> None:
    """Make the environment complete. Raises ``SetupError``; interrupted, it starts over next time.

    An environment that is there keeps the extras that it has.
    """
    check_python()
    if is_ready(places, extras):
        return
    found = read_marker(places)
    rebuild = must_rebuild(places)
    if rebuild:
        check_room(places, shutil.disk_usage(places.root).free)
    wanted = wanted_marker(places, {*extras, *(found.extras if found and not rebuild else ())})
    print("Setting Inspector up in .venv; this is done once.", flush=True)
    progress = Progress(steps=1 + rebuild)
    if rebuild:
        progress.begin("Python environment")
        shutil.rmtree(places.venv, ignore_errors=True)
    write_marker(places, Marker(wanted.inputs, wanted.root, wanted.extras, complete=False))
    if rebuild:
        _make_venv(places)
        progress.end()
    progress.begin("Packages")
    _install(places, wanted.extras, progress)
    progress.end()
    write_marker(places, wanted)


def hand_over(
    places: Places,
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    replace: Callable[[str, list[str], Mapping[str, str]], object] = os.execve,
) -> int:
    """Become the command; its exit code is ours.

    On POSIX the process is replaced, so that signals (Ctrl-C, SIGTERM) meet the command itself.
    Windows has no such thing: there the console tells both of Ctrl-C, and we wait.
    """
    environment = os.environ if environment is None else environment
    if not places.windows:
        sys.stdout.flush()
        replace(command[0], list(command), environment)
        return 0
    child = subprocess.Popen(command, env=environment)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def guarded(main: Callable[[Sequence[str]], int]) -> int:
    """Run a script's main with every expected failure in words: 2 bad set-up, 130 Ctrl-C."""
    try:
        return main(sys.argv[1:])
    except SetupError as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. The next start begins the unfinished set-up anew.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"\nThe set-up cannot go on: {error}", file=sys.stderr)
        return 2
