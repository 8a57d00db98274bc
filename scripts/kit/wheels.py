"""The wheelhouse: everything that pip would fetch, built where there are no wheels."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts import bootstrap

SOURCE = ("setup.cfg", "pyproject.toml", "README.md", "inspector", "engines", "calibration")
NOT_PASSED_ON = {
    "demo": "its photographs are for evaluation only (CC BY-NC-SA 4.0)",
    "dev": "it is for checks and tests",
}
BUILT_THERE = {
    "cuda": ("nvcc", "pycuda is built from source: make this kit where the CUDA toolkit is"),
    "aravis": ("pkg-config", "PyGObject is built from source: see scripts/debian.py, ARAVIS"),
}
OWN_TERMS = {
    "gpu": "TensorRT and pycuda: NVIDIA's terms",
    "rtx": "TensorRT-RTX: NVIDIA's terms",
    "cameras": "pypylon and genicam: terms of Basler and of EMVA",
}


@dataclass(frozen=True)
class Wanted:
    """What the wheelhouse is to hold. ``links`` are folders of wheels that go before any index."""

    source: Path
    extras: tuple[str, ...] = ()
    links: tuple[Path, ...] = field(default=())
    no_index: bool = False


def check_extras(extras: Sequence[str]) -> list[str]:
    """Notes for who passes the kit on. Raises ``SetupError`` for what cannot be in it."""
    for extra in extras:
        if extra in NOT_PASSED_ON:
            raise bootstrap.SetupError(f"--extras {extra}: {NOT_PASSED_ON[extra]}")
        if extra == "gpu" and "cuda" not in extras:
            check_extras(["cuda"])
        program, why = BUILT_THERE.get(extra, ("", ""))
        if program and shutil.which(program) is None:
            raise bootstrap.SetupError(f"--extras {extra}: {program} is not here. {why}")
    return [f"{OWN_TERMS[extra]}: read them first" for extra in extras if extra in OWN_TERMS]


def build(wanted: Wanted, folder: Path) -> None:
    """Fill ``folder`` with wheels of Inspector, all that it needs, and pip. ``SetupError``."""
    with tempfile.TemporaryDirectory(prefix="inspector-source-") as made:
        source = Path(made) / "source"
        copy_source(wanted.source, source)
        extras = f"[{','.join(wanted.extras)}]" if wanted.extras else ""
        command = [
            *(sys.executable, "-m", "pip", "wheel", "--no-input", "--progress-bar=off"),
            *("--disable-pip-version-check", "--wheel-dir", str(folder)),
            *("--constraint", str(wanted.source / "scripts" / "constraints.txt")),
            *(f"--find-links={link}" for link in wanted.links),
            *(["--no-index"] if wanted.no_index else []),
            *(f"{source}{extras}", "pip"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise bootstrap.SetupError(bootstrap.explain_failure(done.stdout + done.stderr))


def copy_source(root: Path, target: Path) -> None:
    """What the wheel is built of, away from the checkout, which stays clean."""
    target.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in (*SOURCE, "configs"):
        if (root / name).is_dir():
            shutil.copytree(root / name, target / name, ignore=ignored)
        else:
            shutil.copy2(root / name, target / name)
