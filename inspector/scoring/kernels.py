"""Background kernels as a recipe names them, sized for the image that they look at."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from engines.background.cascade import Cascade
from engines.background.local import LocalCollaborative, LocalRx, LocalZScore
from engines.background.patches import patches_for
from engines.background.pictures import Kernel
from engines.background.pyramid import Pyramid
from engines.background.representation import Collaborative, LocalRepresentation
from engines.background.ring import Ring
from engines.background.windows import windows_for
from inspector.core.check_spec import (
    CrdCheckSpec,
    LocalCheckSpec,
    LrbCheckSpec,
    RxCheckSpec,
)

KernelSpec = LocalCheckSpec | RxCheckSpec | LrbCheckSpec | CrdCheckSpec


@lru_cache(maxsize=64)
def kernel_for(spec: KernelSpec, height: int, width: int, colours: int) -> Kernel:
    """The kernel of a check for images [height, width, colours]; with scales their pyramid.

    Raises ``ConfigError`` for windows that a kernel refuses.
    """
    kernels = []
    for _ in range(spec.scales):
        kernels.append(_one_scale(spec, height, width, colours))
        height, width = (height + 1) // 2, (width + 1) // 2
    return kernels[0] if len(kernels) == 1 else Pyramid(tuple(kernels))


def _one_scale(spec: KernelSpec, height: int, width: int, colours: int) -> Kernel:
    if isinstance(spec, LrbCheckSpec | CrdCheckSpec):
        represent = LocalRepresentation if isinstance(spec, LrbCheckSpec) else Collaborative
        exact = represent(patches_for(height, width), Ring(**spec.sides))
        return Cascade(exact) if spec.cascade else exact
    windows = replace(windows_for(height, width), **spec.sides)
    if isinstance(spec, RxCheckSpec):
        return LocalRx(windows)
    return LocalCollaborative(windows) if colours > 1 else LocalZScore(windows)
