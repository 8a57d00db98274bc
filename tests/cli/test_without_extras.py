"""Every command is there with the packages of a bare installation; extras are asked for by need."""

from __future__ import annotations

import subprocess
import sys

EXTRAS = [
    "asyncua",
    "gi",
    "genicam",
    "harvesters",
    "nncf",
    "paho",
    "prometheus_client",
    "psycopg",
    "pyarrow",
    "pymodbus",
    "pypylon",
    "ray",
    "serial",
    "snap7",
    "tensorrt",
    "tensorrt_rtx",
    "pycuda",
    "torch",
    "onnxscript",
]

BARE = f"""
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {EXTRAS}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
from inspector.cli import main
sys.argv = ["inspector", *sys.argv[1:]]
raise SystemExit(main())
"""


def bare(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BARE, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_program_starts_and_knows_its_commands() -> None:
    run = bare("--help")
    assert run.returncode == 0, run.stderr
    for command in ("run", "teach", "simulate", "users", "camera", "ledger"):
        assert f" {command} " in run.stdout


def test_what_needs_an_extra_says_which() -> None:
    run = bare("simulate", "configs/plants/loopback.yaml", "--serve", "5020")
    assert run.returncode == 2, run.stderr
    assert "pip install inspector-line[plc]" in run.stderr
    assert "Traceback" not in run.stderr
