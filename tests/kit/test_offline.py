"""The kit on a PC without a network: install, doctor, a run, update, rollback, a run again.

The PC is a network namespace that has nothing, not even a loopback that is up.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts import install, make_kit
from scripts.kit import wheels
from tests.kit.fake_kit import ROOT
from tests.tiny_plant import TinyPlant, make_plant

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

PARTS = 40
NO_NETWORK = ("unshare", "--map-root-user", "--net")
REACHES_NOTHING = """\
import socket
for address in ("192.0.2.1", "127.0.0.1"):
    try:
        socket.create_connection((address, 80), 2)
    except OSError as error:
        print(error.errno)
"""


@dataclass(frozen=True)
class LinePc:
    """A PC without a network, and what is on it."""

    prefix: Path
    plant: TinyPlant

    def cut_off(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command where no network is."""
        done = subprocess.run(
            [*NO_NETWORK, *command],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.prefix.parent,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.prefix.parent),
                "INSPECTOR_DATA": str(self.plant.data_folder),
            },
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done

    def install(self, kit: Path) -> None:
        self.cut_off(
            *("sh", str(kit / "install.sh"), "--no-system", "--prefix", str(self.prefix)),
            *("--data", str(self.plant.data_folder)),
            *("--config", str(self.prefix.parent / "etc")),
            *("--units", str(self.prefix.parent / "units")),
        )

    def inspects(self, version: str) -> None:
        """A run of the installed station with the simulated belt and PLC."""
        figures = self.prefix.parent / f"{version}.json"
        self.cut_off(
            *(str(self.prefix / "bin" / "inspector"), "run", "--headless"),
            *("--line", str(self.plant.line_file), "--parts", str(PARTS), "--rate", "20"),
            *("--json", str(figures)),
        )
        run = json.loads(figures.read_text(encoding="utf-8"))
        assert run["parts"] == run["verdicts"] == run["passed"] + run["rejected"]
        assert run["parts"] >= PARTS
        assert run["by_cause"].get("defect", 0) >= 1
        assert version in self.software()

    def software(self) -> str:
        """Where the program comes from, and its version."""
        code = "import inspector; print(inspector.__file__, inspector.__version__)"
        told = self.cut_off(str(self.prefix / "current" / "bin" / "python"), "-c", code).stdout
        assert str(self.prefix) in told
        return told


@pytest.fixture(scope="module")
def kits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small kit of this checkout, and one of a later version."""
    folder = tmp_path_factory.mktemp("kits")
    refused = subprocess.run([*NO_NETWORK, "true"], capture_output=True, text=True, check=False)
    if refused.returncode:
        pytest.skip(f"no network namespaces here: {refused.stderr.strip()}")
    first, second = folder / "kit1", folder / "kit2"
    make_kit.make(wheels.Wanted(ROOT), first, make_kit._arguments([str(first)]))
    newer = folder / "newer"
    wheels.copy_source(ROOT, newer)
    own = newer / "inspector" / "__init__.py"
    text = own.read_text(encoding="utf-8").partition("__version__")[0]
    own.write_text(f'{text}__version__ = "99.0"\n', encoding="utf-8")
    shutil.copytree(first, second, copy_function=os.link)
    next((second / "wheels").glob("inspector_line-*.whl")).unlink()
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet"]
    subprocess.run([*command, "--wheel-dir", str(second / "wheels"), str(newer)], check=True)
    for name in (install.REQUIREMENTS, install.ABOUT, install.SUMS, "sbom.cdx.json"):
        (second / name).unlink()
    make_kit._describe(wheels.Wanted(ROOT), second, "")
    make_kit.write_sums(second)
    return first, second


def test_a_pc_without_network_installs_runs_updates_and_goes_back(
    kits: tuple[Path, Path], tmp_path: Path
) -> None:
    pc = LinePc(tmp_path / "pc" / "opt", make_plant(tmp_path / "plant"))
    pc.prefix.parent.mkdir()
    assert len(pc.cut_off(sys.executable, "-c", REACHES_NOTHING).stdout.split()) == 2
    first, second = kits
    pc.install(first)
    version = install.about(first)["version"]
    command = str(pc.prefix / "bin" / "inspector")
    told = pc.cut_off(command, "doctor", "--line", str(pc.plant.line_file)).stdout
    assert "openvino" in told
    assert "failure" not in told
    pc.inspects(version)
    pc.install(second)
    pc.inspects("99.0")
    pc.cut_off(str(pc.prefix / "bin" / "inspector-rollback"), "--no-system")
    pc.inspects(version)
    verified = pc.cut_off(command, "ledger", "verify", "--line", str(pc.plant.line_file)).stdout
    assert verified.endswith("intact\n")
