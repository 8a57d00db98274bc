"""Full TensorRT without a GPU: the real bindings over empty libraries, and what is said then.

The programs run in processes of their own: what they import must not stay in this one.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from engines.runtimes.tensorrt import tensorrt_sdk
from inspector.core.errors import EngineError
from scripts.stubs import empty_libraries

ROOT = Path(__file__).parents[2]
SHIM = "from tensorrt_bindings import *\nfrom tensorrt_bindings import __version__\n"
"""What the package ``tensorrt`` is: another name for its bindings."""
DRIVER = """
#define NONE(name) int name(void) { return 100; }
NONE(cuStreamBeginCapture_v2) NONE(cuStreamEndCapture) NONE(cuGraphInstantiateWithFlags)
NONE(cuGraphDestroy) NONE(cuGraphLaunch) NONE(cuGraphExecDestroy)
int cuGetErrorString(int code, const char **text) { *text = "no such device"; return 0; }
"""
BUILD = """
from engines.runtimes.nvidia.building import build_plan
from engines.runtimes.tensorrt import tensorrt_sdk
from tests.engines.graphs import tiny
build_plan(tensorrt_sdk(), tiny())
"""
OPEN_GPU = "from engines.runtimes.nvidia.gpu import open_gpu; open_gpu()"


def failure(code: str, folder: Path, *, libraries: bool = True) -> str:
    """The last line of a program that fails, run with ``folder`` before everything else."""
    paths = {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}
    if libraries:
        paths["LD_LIBRARY_PATH"] = str(folder)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **paths},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    return done.stderr.strip().split("\n")[-1]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """TensorRT as it imports where its libraries do nothing."""
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not there")
    if importlib.util.find_spec("tensorrt_bindings") is None:
        pytest.skip("tensorrt-cu13-bindings is not installed")
    if importlib.util.find_spec("tensorrt_libs") is not None:
        pytest.skip("the whole of TensorRT is installed: tests/gpu")
    folder = tmp_path_factory.mktemp("bare")
    empty_libraries(folder, metadata.version("tensorrt-cu13-bindings"))
    (folder / "tensorrt").mkdir()
    (folder / "tensorrt" / "__init__.py").write_text(SHIM, encoding="utf-8")
    return folder


def test_the_real_bindings_are_reached_and_what_fails_there_is_said(bare: Path) -> None:
    said = failure(BUILD, bare)
    assert "EngineError: TensorRT does not start" in said
    assert "factory function returned nullptr" in said
    assert said.endswith("Check the NVIDIA driver")


def test_a_missing_library_is_named(bare: Path) -> None:
    said = failure(BUILD, bare, libraries=False)
    assert "EngineError: tensorrt cannot be imported (libnvonnxparser.so" in said
    assert 'pip install ".[gpu]"' in said


def test_a_missing_package_is_named() -> None:
    if importlib.util.find_spec("tensorrt") is not None:
        pytest.skip("tensorrt is installed")
    with pytest.raises(EngineError, match=r"tensorrt cannot be imported \(No module named"):
        tensorrt_sdk()


def test_missing_pycuda_is_named(tmp_path: Path) -> None:
    if importlib.util.find_spec("pycuda") is not None:
        pytest.skip("pycuda is installed")
    said = failure(OPEN_GPU, tmp_path)
    assert "EngineError: pycuda cannot be imported (No module named 'pycuda')" in said
    assert 'pip install ".[cuda]"' in said


def test_a_missing_driver_is_named(tmp_path: Path) -> None:
    """pycuda is there, the library of the driver is not: as its import ends then."""
    (tmp_path / "pycuda").mkdir()
    (tmp_path / "pycuda" / "__init__.py").touch()
    (tmp_path / "pycuda" / "driver.py").write_text(
        "raise ImportError('libcuda.so.1: cannot open shared object file')", encoding="utf-8"
    )
    said = failure(OPEN_GPU, tmp_path)
    assert "EngineError: the NVIDIA driver cannot be loaded (libcuda.so.1" in said
    assert "Install the NVIDIA driver" in said


def test_an_error_of_the_driver_is_said_with_its_call(tmp_path: Path) -> None:
    if shutil.which("gcc") is None:
        pytest.skip("gcc is not there")
    source, library = tmp_path / "driver.c", tmp_path / "libcuda.so.1"
    source.write_text(DRIVER, encoding="utf-8")
    subprocess.run(["gcc", "-shared", "-fPIC", "-nostdlib", "-o", library, source], check=True)
    code = "from engines.runtimes.nvidia.cuda_graph import CudaGraph; CudaGraph(0, lambda: None)"
    assert "EngineError: cuStreamBeginCapture_v2: CUDA error 100, no such device" in failure(
        code, tmp_path
    )
