"""CUDA graphs: a recorded sequence of copies and kernels that one call launches.

pycuda does not offer them; these are the six calls of the CUDA driver that are needed.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from functools import lru_cache

from inspector.core.errors import EngineError

_THREAD_LOCAL = 1  # CU_STREAM_CAPTURE_MODE: other threads may go on allocating meanwhile


class CudaGraph:
    """What ``record`` queues on a stream, recorded and not run. The context must be current.

    Raises ``EngineError`` where something in it cannot be recorded; the stream is usable then.
    """

    def __init__(self, stream: int, record: Callable[[], None]) -> None:
        graph, self._executable = ctypes.c_void_p(), ctypes.c_void_p()
        call("cuStreamBeginCapture_v2", ctypes.c_void_p(stream), ctypes.c_int(_THREAD_LOCAL))
        try:
            record()
        except BaseException:
            _driver().cuStreamEndCapture(ctypes.c_void_p(stream), ctypes.byref(graph))
            raise
        call("cuStreamEndCapture", ctypes.c_void_p(stream), ctypes.byref(graph))
        try:
            flags = ctypes.c_ulonglong(0)
            call("cuGraphInstantiateWithFlags", ctypes.byref(self._executable), graph, flags)
        finally:
            call("cuGraphDestroy", graph)

    def launch(self, stream: int) -> None:
        """Queue all of it on the stream."""
        call("cuGraphLaunch", self._executable, ctypes.c_void_p(stream))

    def close(self) -> None:
        """Free it; no launch of it may be under way."""
        if self._executable:
            call("cuGraphExecDestroy", self._executable)
            self._executable = ctypes.c_void_p()


@lru_cache(maxsize=1)
def _driver() -> ctypes.CDLL:
    name = "nvcuda.dll" if os.name == "nt" else "libcuda.so.1"
    try:
        return ctypes.CDLL(name)  # on 64-bit Windows there is one calling convention
    except OSError as error:
        raise EngineError(
            f"the NVIDIA driver cannot be loaded ({error})", remedy="Install the NVIDIA driver"
        ) from error


def call(name: str, *arguments: object) -> None:
    """A function of the CUDA driver. Raises ``EngineError`` with its words."""
    code = int(getattr(_driver(), name)(*arguments))
    if code:
        text = ctypes.c_char_p()
        _driver().cuGetErrorString(ctypes.c_int(code), ctypes.byref(text))
        said = (text.value or b"unknown").decode(errors="replace")
        raise EngineError(f"{name}: CUDA error {code}, {said}", remedy="Restart the station")
