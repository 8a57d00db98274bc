"""Nothing phones home: not even the packages that we stand on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_openvino_is_imported_without_its_telemetry(tmp_path: Path) -> None:
    program = (
        "import engines.runtimes.openvino, sys; "
        "loaded = [name for name in sys.modules if name.startswith('openvino_telemetry.')]; "
        "assert not loaded, loaded"
    )
    environment = {**os.environ, "HOME": str(tmp_path)}
    environment.pop("CI", None)  # the package is silent there by itself
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "intel").exists()
