"""The two packages behind one face: same classes, another module, another kind of plan."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from inspector.core.errors import EngineError

if TYPE_CHECKING:
    import tensorrt as trt

NewContext = Callable[[], "trt.IExecutionContext | None"]
"""Makes an execution context of one plan, or None where that fails."""
Kind = Literal["tensorrt", "rtx"]
SUFFIXES: dict[Kind, str] = {"tensorrt": ".trtplan", "rtx": ".rtxplan"}
ROWS = 50
"""Rows of the log that are kept."""


class Api(Protocol):
    """What is used of either package, in the types of full TensorRT."""

    Builder: type[trt.Builder]
    BuilderFlag: type[trt.BuilderFlag]
    DataType: type[trt.DataType]
    Dims: type[trt.Dims]
    ILogger: type[trt.ILogger]
    NetworkDefinitionCreationFlag: type[trt.NetworkDefinitionCreationFlag]
    OnnxParser: type[trt.OnnxParser]
    Runtime: type[trt.Runtime]
    TensorIOMode: type[trt.TensorIOMode]


@dataclass(frozen=True, slots=True)
class Sdk:
    """One of the packages, imported.

    ``aim`` tells a build which SM architectures (86 = 8.6) the plan is for. The package wants one
    logger for the whole process.
    """

    kind: Kind
    title: str
    version: str
    api: Api
    logger: trt.ILogger
    rows: deque[str]
    """The warnings and errors that it logged since the last ``clear``, oldest first."""
    aim: Callable[[trt.IBuilderConfig, Sequence[int]], None]
    opener: Callable[[trt.ICudaEngine], NewContext]
    architectures: tuple[int, ...] = ()
    """Those that it runs on, where it knows only some."""

    @property
    def suffix(self) -> str:
        """How the names of its plans end."""
        return SUFFIXES[self.kind]

    def check_runs_on(self, name: str, architecture: int) -> None:
        """Raise ``EngineError`` for a GPU that the package has no kernels for."""
        if self.architectures and architecture not in self.architectures:
            known = ", ".join(map(str, self.architectures))
            raise EngineError(
                f"{self.title} {self.version} runs on SM {known}; the {name} is SM {architecture}",
                remedy="Use runtime.name: tensorrt, or openvino",
            )

    def failure(self, problem: str, remedy: str) -> EngineError:
        """The error that says ``problem`` and what the package logged about it, in one line."""
        said = "; ".join(" ".join(row.split()) for row in self.rows)
        return EngineError(f"{self.title} {problem}{f': {said}' if said else ''}", remedy=remedy)


def new_logger(api: Api, rows: deque[str]) -> trt.ILogger:
    """A logger of the package that keeps warnings and errors in ``rows``; called on any thread."""

    class Keeper(api.ILogger):  # type: ignore[misc, name-defined]  # which package: known at run time
        def __init__(self) -> None:
            api.ILogger.__init__(self)

        def log(self, severity: trt.ILogger.Severity, msg: str) -> None:
            if severity.name in {"INTERNAL_ERROR", "ERROR", "WARNING"}:
                rows.append(msg)

    return Keeper()


def absent(package: str, extra: str, error: Exception) -> EngineError:
    """The error for a package that is not there, or that lacks a library of its own."""
    return EngineError(
        f"{package} cannot be imported ({error})",
        remedy=f'Install it on this PC: pip install ".[{extra}]"',
    )
