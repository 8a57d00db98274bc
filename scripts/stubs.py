"""Type stubs of TensorRT and TensorRT-RTX, made from the packages' own bindings.

NVIDIA ships no stubs. The bindings document their signatures, but full TensorRT's are a thin
library over shared libraries that come with a GPU's installation: here they are imported over
empty ones that gcc makes. The stubs go into the environment, where mypy looks for them::

    .venv/bin/python -m scripts.stubs
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

FACTORIES = (
    "createInferBuilder_INTERNAL",
    "createInferRuntime_INTERNAL",
    "createInferRefitter_INTERNAL",
    "createNvOnnxParser_INTERNAL",
    "createNvOnnxParserRefitter_INTERNAL",
    "getNvOnnxParserVersion",
    "initLibNvInferPlugins",
    "getPluginRegistry",
    "getBuilderPluginRegistry",
)
LIBRARIES = ("nvinfer", "nvinfer_plugin", "nvonnxparser")
MENDED = (
    (r"\bin: (?=collections)", "in_: "),  # a keyword as a parameter's name
    (r"^    None: ", "    None_: "),  # and as a member's
    # What returns null on failure says so in no signature.
    (
        r"(def (?:build_serialized_network|deserialize_cuda_engine)\b.*) -> (\w+):",
        r"\1 -> \2 | None:",
    ),
    (r"(def create_execution_context\w*\(.*) -> (\w+):", r"\1 -> \2 | None:"),
    # What Python finds by other ways than a method of that name.
    (r"^class IHostMemory:$", r"\g<0>\n    def __buffer__(self, flags: int, /) -> memoryview: ..."),
    (r"^class Dims:$", r"\g<0>\n    def __iter__(self) -> collections.abc.Iterator[int]: ..."),
)


@dataclass(frozen=True)
class Package:
    """One package: as it is imported, as its compiled module and its distribution are called."""

    name: str
    bindings: str
    distribution: str

    @property
    def version(self) -> str:
        """What is installed."""
        return metadata.version(self.distribution)


PACKAGES = (
    Package("tensorrt", "tensorrt_bindings.tensorrt", "tensorrt-cu13-bindings"),
    Package("tensorrt_rtx", "tensorrt_rtx_bindings.tensorrt_rtx", "tensorrt-rtx-cu13-bindings"),
)


def empty_libraries(folder: Path, version: str) -> None:
    """Shared libraries by the names that the bindings want; every factory returns null."""
    source = folder / "empty.c"
    source.write_text("".join(f"void *{name}(void) {{ return 0; }}\n" for name in FACTORIES))
    major = version.partition(".")[0]
    for name in LIBRARIES:
        file = f"lib{name}.so.{major}"
        command = ["gcc", "-shared", "-fPIC", "-nostdlib", "-o", str(folder / file), str(source)]
        subprocess.run([*command, f"-Wl,-soname,{file}"], check=True)


def mended(stub: str, version: str) -> str:
    """The generated text as valid Python that says what may be None."""
    for pattern, replacement in MENDED:
        stub = re.sub(pattern, replacement, stub, flags=re.MULTILINE)
    lines = stub.split("\n")
    while (wrong := _syntax_error(lines)) is not None:
        # Optional parameters before needed ones: nothing that we call.
        lines[wrong] = re.sub(r"\(self, .*\) ->", "(self, *_: typing.Any) ->", lines[wrong])
    return "\n".join((_first_line(version), *lines, "__version__: str", ""))


def _first_line(version: str) -> str:
    return f"# Generated from {version} by scripts/stubs.py"


def _syntax_error(lines: list[str]) -> int | None:
    try:
        ast.parse("\n".join(lines))
    except SyntaxError as error:
        number = (error.lineno or 0) - 1
        if "(self, *_: typing.Any)" in lines[number] or "(self, " not in lines[number]:
            raise
        return number
    return None


def generate(package: Package, folder: Path) -> None:
    """Write the stub package of one package into ``folder``."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if package.name == "tensorrt":
            empty_libraries(work, package.version)
        paths = os.pathsep.join(filter(None, (name, os.environ.get("LD_LIBRARY_PATH"))))
        module = package.bindings.partition(".")[0]
        subprocess.run(
            [sys.executable, "-m", "pybind11_stubgen", module, "--ignore-all-errors", "-o", name],
            env={**os.environ, "LD_LIBRARY_PATH": paths},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,  # hundreds of names that it cannot place; none is used here
            check=True,
        )
        stub = (work / f"{package.bindings.replace('.', '/')}.pyi").read_text(encoding="utf-8")
    target = folder / f"{package.name}-stubs"
    target.mkdir(exist_ok=True)
    (target / "__init__.pyi").write_text(mended(stub, package.version), encoding="utf-8")


def is_current(package: Package, folder: Path) -> bool:
    """True when the stubs of the installed version are there."""
    stub = folder / f"{package.name}-stubs" / "__init__.pyi"
    if not stub.exists():
        return False
    with stub.open(encoding="utf-8") as file:
        return file.readline().rstrip() == _first_line(package.version)


def main() -> int:
    """Make what is not there yet; 2, in words, where that cannot be done."""
    folder = Path(sysconfig.get_path("purelib"))
    for package in PACKAGES:
        try:
            if not is_current(package, folder):
                generate(package, folder)
        except metadata.PackageNotFoundError:
            print(f"{package.distribution} is not installed: pip install '.[dev,rtx]'")
            return 2
        except FileNotFoundError:
            print("gcc is needed to import TensorRT's bindings: sudo apt-get install gcc")
            return 2
        except subprocess.CalledProcessError as error:
            print(f"{package.name}: no stubs could be made: {error}")
            return 2
        print(f"{package.name} {package.version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
