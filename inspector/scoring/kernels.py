"""Background kernels as a recipe names them, sized for the image that they look at."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from engines.background.cascade import Cascade
from engines.background.local import LocalCollaborative, LocalRx, LocalZScore
from engines.background.patches import patches_for
from engines.background.pictures import Kernel
from engines.background.pyramid import SMALLEST, Pyramid
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
def kernel_for(
    spec: KernelSpec, height: int, width: int, colours: int, gains: tuple[float, ...] = ()
) -> Kernel:
    """The kernel of a check for images [height, width, colours]; with scales their pyramid.

    All scales have the same windows in pixels: at half the size they cover twice as much of the
    part. ``gains`` are what good parts taught of the scales. Raises ``ConfigError`` for windows
    that a kernel refuses.
    """
    if spec.scales == 1:
        return _one_scale(spec, height, width, colours)[0]
    return pyramid_for(spec, height, width, colours, gains)


def pyramid_for(
    spec: KernelSpec, height: int, width: int, colours: int, gains: tuple[float, ...] = ()
) -> Pyramid:
    """The same, also where there is but one scale."""
    one, guard = _one_scale(spec, height, width, colours)
    return Pyramid((one,) * spec.scales, max(SMALLEST, guard), gains)


def _one_scale(spec: KernelSpec, height: int, width: int, colours: int) -> tuple[Kernel, int]:
    """A kernel, and the pixels that its guard window takes."""
    if isinstance(spec, LrbCheckSpec | CrdCheckSpec):
        represent = LocalRepresentation if isinstance(spec, LrbCheckSpec) else Collaborative
        patches, ring = patches_for(height, width), Ring(**spec.sides)
        exact = represent(patches, ring)
        guard = ring.guard * patches.stride + patches.side
        return (Cascade(exact) if spec.cascade else exact), guard
    windows = replace(windows_for(height, width), **spec.sides)
    guard = windows.guard * windows.step
    if isinstance(spec, RxCheckSpec):
        return LocalRx(windows), guard
    return (LocalCollaborative(windows) if colours > 1 else LocalZScore(windows)), guard
