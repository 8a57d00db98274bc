"""Check everything: ``python3 scripts/test.py [--all] [pytest arguments]``.

Lint, format, types, layer contracts, then the tests (``--all`` adds the slow ones). The set-up is
the one of ``run.py`` with the test tools. ``--apt-list`` prints the Debian packages that it needs,
and those with which it tests more.

The product rejects a part that a stalled PC judges too late, and is right to. So a test that runs
a line in real time can fail on a busy PC for a fault that is not the code's: a few such failures
are repeated once, with the PC to themselves, and the table says so. No other test ever is.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  # said in words before newer syntax is read
    sys.exit("Inspector needs Python 3.11 or newer. Start this script with one, e.g. python3.11.")

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts import bootstrap, debian  # found through the line above

REAL_TIME = ("camera", "cli", "ledger", "line", "link", "office", "panel", "plc", "sim", "station")
"""Folders of tests that run belts, emulated cameras, servers and processes by the PC's clock."""

REPEATED = 4
"""More failures than these are no busy PC."""


@dataclass(frozen=True)
class Step:
    """One check: what it is called and the command that runs it."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    name: str
    code: int
    seconds: float


def steps(
    places: bootstrap.Places, *, slow: bool, arguments: Sequence[str], xvfb: str | None
) -> tuple[Step, ...]:
    """The checks in their order; pytest is the last. ``xvfb`` is the path of xvfb-run, if any."""

    def program(name: str) -> str:
        return str(places.program(name))

    display = (xvfb, "-a", "-s", "-screen 0 1920x1080x24") if xvfb else ()
    # Most tests wait for processes and clocks; two at least, and no more than there are cores.
    side_by_side = ("-n", str(max(os.cpu_count() or 1, 2)), "--dist", "loadfile")
    # A process that crashes fails the run: with another in its place xdist 3.8 waits for ever.
    one_life = ("--max-worker-restart", "0")
    chosen = (*side_by_side, *one_life, *(() if slow else ("-m", "not slow")))
    return (
        Step("ruff check", (program("ruff"), "check", ".")),
        Step("ruff format", (program("ruff"), "format", "--check", ".")),
        Step("stubs", (program("python"), "-m", "scripts.stubs")),  # types of TensorRT, for mypy
        Step("mypy", (program("mypy"),)),
        Step("layers", (program("lint-imports"),)),
        Step("pytest", (*display, program("python"), "-m", "pytest", *chosen, *arguments)),
    )


def environment(xvfb: str | None) -> dict[str, str]:
    """Ours; without a virtual display Qt draws off screen.

    Tests start hundreds of processes: what is compiled is kept, or each would compile the program.
    """
    ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return ours if xvfb else {"QT_QPA_PLATFORM": "offscreen", **ours}


def run_tests(step: Step, root: Path, variables: dict[str, str]) -> Outcome:
    """Run pytest, and what may be repeated of its failures, alone."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "failed.json"
        command = (*step.command, "--failed-to", str(told))
        first = run_step(replace(step, command=command), root, variables)
        again = json.loads(told.read_text()) if first.code == 1 and told.exists() else []
    if not may_be_repeated(again):
        return first
    print(
        f"\n{len(again)} failed that run by the PC's clock; once more, alone:", *again, sep="\n  "
    )
    alone = replace(step, command=(*step.command, "-n", "0", *again))
    second = run_step(replace(alone, name=f"{step.name}, {len(again)} again"), root, variables)
    return replace(second, seconds=first.seconds + second.seconds)


def may_be_repeated(failed: Sequence[str]) -> bool:
    """Whether these tests, as pytest names them, may have failed for want of a core."""
    folders = tuple(f"tests/{name}/" for name in REAL_TIME)
    return 0 < len(failed) <= REPEATED and all(name.startswith(folders) for name in failed)


def run_step(step: Step, root: Path, variables: dict[str, str]) -> Outcome:
    """Run one check; what it prints is passed through."""
    print(f"\n== {step.name}", flush=True)
    began = time.monotonic()
    code = subprocess.run(step.command, cwd=root, env=variables, check=False).returncode
    return Outcome(step.name, code, time.monotonic() - began)


def table(outcomes: Sequence[Outcome]) -> str:
    """The steps with result and seconds."""
    rows = [
        f"{o.name:<16} {'passed' if o.code == 0 else f'FAILED ({o.code})':<12} {o.seconds:6.1f} s"
        for o in outcomes
    ]
    return "\n".join(rows)


def check_system() -> None:
    """Name the system packages that are missing. Raises ``SetupError``."""
    missing = debian.missing_packages() if sys.platform == "linux" else ()
    if missing:
        raise bootstrap.SetupError(
            f"The tests need these packages of the system: {', '.join(missing)}.\n"
            f"Install them: {debian.install_command(missing)}"
        )


def extras() -> list[str]:
    """What to install: everything that this system can have."""
    return [
        "cameras",
        "demo",
        "dev",
        "int8",
        "keyring",
        "plant",
        "plc",
        "rtx",
        "scale",
        *(["aravis"] if debian.can_have_aravis() else []),
    ]


def main(arguments: Sequence[str]) -> int:
    """Set up, run all checks, print the table; 1 when one of them failed."""
    if "--apt-list" in arguments:
        print(*debian.PACKAGES, *debian.ARAVIS, *debian.BROKER, *debian.POSTGRESQL)
        return 0
    check_system()
    places = bootstrap.Places()
    bootstrap.ensure(places, extras())
    xvfb = shutil.which("xvfb-run")
    rest = [argument for argument in arguments if argument != "--all"]
    outcomes = [
        (run_tests if step.name == "pytest" else run_step)(step, places.root, environment(xvfb))
        for step in steps(places, slow="--all" in arguments, arguments=rest, xvfb=xvfb)
    ]
    print(f"\n{table(outcomes)}")
    return int(any(outcome.code for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(bootstrap.guarded(main))
