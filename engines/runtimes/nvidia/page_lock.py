"""Memory of the host whose pages stay where they are: the GPU copies from it by itself.

pycuda's own ``register_host_memory`` fails for arrays of other memory than numpy's, as a ring of
whole pages is (its issue 459): these are the two calls of the CUDA driver under it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

import structlog

from engines.runtimes.nvidia.cuda_graph import call
from engines.runtimes.nvidia.gpu import Gpu
from inspector.core.errors import EngineError
from inspector.core.frame import Pixels

_log = structlog.get_logger(__name__)


def page_lock(gpu: Gpu) -> Callable[[Pixels], Callable[[], None]]:
    """What locks the pages of an array, and hands back what unlocks them. Any thread.

    An array that cannot be locked (the system limits how much may be) stays as it is, with a
    warning: copies from it are slower, and right.
    """

    def lock(array: Pixels) -> Callable[[], None]:
        address, size = ctypes.c_void_p(array.ctypes.data), ctypes.c_size_t(array.nbytes)
        try:
            with gpu.current():
                call("cuMemHostRegister_v2", address, size, ctypes.c_uint(0))
        except EngineError as error:
            _log.warning("not page-locked", bytes=array.nbytes, reason=error.problem)
            return lambda: None

        def unlock(_kept: Pixels = array) -> None:
            with gpu.current():
                call("cuMemHostUnregister", address)

        return unlock

    return lock
