"""Engines that remember what good images look like through a pretrained network."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from inspector.core.engine_spec.base import OnBackbone, Stride


class PatchCoreSpec(OnBackbone):
    """PatchCore: distance to the remembered patches of good images."""

    knows_places: ClassVar[bool] = False

    method: Literal["patchcore"] = Field("patchcore", description="engine to teach")
    scales: tuple[tuple[Stride, ...], ...] = Field(
        ((8, 16), (16, 32)),
        min_length=1,
        max_length=3,
        description="one memory for each entry: the strides whose features a patch joins",
    )
    neighbourhood: Literal[1, 3, 5] = Field(
        3, description="side of the square of cells whose features are averaged"
    )
    coreset: int = Field(2000, ge=16, le=100_000, description="patch vectors kept in each memory")
    projection: int = Field(
        0, ge=0, le=4096, description="dimensions that the distance is computed in; 0 = all"
    )
    reweight: bool = Field(
        False, description="weight the score by the neighbourhood of the nearest patch (PatchCore)"
    )

    @field_validator("scales")
    @classmethod
    def _finest_first(cls, scales: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        if any(not scale or list(scale) != sorted(set(scale)) for scale in scales):
            raise ValueError("every scale lists its strides once, smallest first")
        if list(scales) != sorted(scales):
            raise ValueError("the scale with the smallest stride comes first")
        return scales

    @property
    def strides(self) -> tuple[int, ...]:
        """Every stride of any scale once, smallest first."""
        return tuple(sorted({stride for scale in self.scales for stride in scale}))
