"""What a bundle says of the kernel that computes it, where no graph does.

Kernels are NumPy and OpenCV (`engines.background`), on the CPU of every line
(`engines.runtimes.kernel`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engines.sealed_folder import Strict

Positive = Annotated[int, Field(gt=0)]


class PatchGrid(Strict):
    """Patches of an image as `engines.background.patches.Patches` cuts and describes them, px."""

    side: Positive
    stride: Positive
    order: Positive


class _RingKernel(Strict):
    """A kernel that holds each cell against the ring of cells around it.

    ``outer`` and ``guard`` are cells, ``levels`` those of the pyramid.
    """

    outer: Positive
    guard: Positive
    ridge: float = Field(gt=0.0)
    levels: int = Field(1, ge=1, le=3)

    @property
    def needs_graph(self) -> bool:
        """Whether the bundle's graph gives what it looks at."""
        return False


class _VectorKernel(_RingKernel):
    """A cell is a patch of the image.

    Without ``patches`` it is a place of the bundle's graph, whose outputs ``scale0``, ... are
    float32[N, D, h, w].
    """

    patches: PatchGrid | None
    cascade: bool

    @property
    def needs_graph(self) -> bool:
        """Where the image is not cut into patches."""
        return self.patches is None


class LrbKernel(_VectorKernel):
    """`engines.background.representation.LocalRepresentation`."""

    name: Literal["lrb"] = "lrb"
    neighbours: Positive


class CrdKernel(_VectorKernel):
    """`engines.background.representation.Collaborative`."""

    name: Literal["crd"] = "crd"


class UniformCrdKernel(_RingKernel):
    """`engines.background.local.LocalCollaborative`; a cell is ``step`` px wide."""

    name: Literal["crd-uniform"] = "crd-uniform"
    step: Positive


Kernel = Annotated[LrbKernel | CrdKernel | UniformCrdKernel, Field(discriminator="name")]
"""A kernel and its parameters, told apart by ``name``."""
