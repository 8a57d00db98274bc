"""The stubs of TensorRT: made of its bindings, valid, and able to refuse what TensorRT lacks."""

from __future__ import annotations

import ast
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from scripts import stubs

ROOT = Path(__file__).parents[2]
RAW = """\
class Dims:
    None: typing.ClassVar[int]
    def size(self, in: collections.abc.Sequence[int]) -> int:
        ...
    def scale(self, input: ITensor, shift: Weights = None, axis: int) -> ILayer:
        ...
    def deserialize_cuda_engine(self, plan: typing_extensions.Buffer) -> ICudaEngine:
        ...
"""


def test_generated_text_is_mended() -> None:
    text = stubs.mended(RAW, "11.4")
    ast.parse(text)
    assert text.startswith("# Generated from 11.4 by")
    assert "None_: typing.ClassVar" in text
    assert "in_: collections" in text
    assert "def scale(self, *_: typing.Any) -> ILayer" in text
    assert "def __iter__(self)" in text
    assert "-> ICudaEngine | None:" in text


def test_text_that_cannot_be_mended_is_an_error() -> None:
    with pytest.raises(SyntaxError):
        stubs.mended("class :\n", "1")


@pytest.mark.slow
def test_mypy_finds_what_tensorrt_does_not_have(tmp_path: Path) -> None:
    site = Path(sysconfig.get_path("purelib"))
    if not all(stubs.is_current(package, site) for package in stubs.PACKAGES):
        pytest.skip("the stubs are not made: python -m scripts.stubs")
    program = tmp_path / "old_tutorial.py"
    program.write_text(
        "import tensorrt as trt\n"
        "def f(config: trt.IBuilderConfig, runtime: trt.Runtime) -> None:\n"
        "    config.set_flag(trt.BuilderFlag.FP16)\n"
        "    config.max_workspace_size = 1\n"
        "    runtime.deserialize_cuda_engine(b'').name\n"
        "    config.clear_flag(trt.BuilderFlag.TF32)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(program)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = [line for line in done.stdout.split("\n") if " error: " in line]
    assert [line.split(":")[1] for line in errors] == ["3", "4", "5"], done.stdout
