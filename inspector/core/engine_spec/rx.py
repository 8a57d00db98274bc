"""RX: the Mahalanobis distance from what is usual, in its forms."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from inspector.core.engine_spec.base import FromTheFirstSpec
from inspector.core.engine_spec.field import OnField


class RxSpec(OnField, FromTheFirstSpec):
    """RX: distance to the Gaussian of what is usual, over all good parts or around each place."""

    method: Literal["rx"] = Field("rx", description="engine to teach")
    form: Literal["global", "local", "kernel", "streaming"] = Field(
        "global",
        description="what is usual: good vectors, the ring around a place, good vectors however "
        "their cloud is bent, or the lines above, forgotten by and by",
    )
    per_position: bool = Field(
        False, description="a Gaussian for each place: needs parts that align; not with kernel"
    )
    outer: int = Field(9, ge=3, le=63, description="local: side of the outer window, cells; odd")
    guard: int = Field(3, ge=1, le=61, description="local: side of the window left out, cells; odd")
    levels: int = Field(
        1, ge=1, le=3, description="local, of pixels: of the pyramid; the largest counts"
    )
    landmarks: int = Field(
        256, ge=8, le=4096, description="kernel: good vectors that all others are held against"
    )
    memory: float = Field(
        0.25,
        gt=0.0,
        le=10.0,
        description="streaming: share of the image's height after which a line is forgotten to 1/e",
    )
    regularisation: float = Field(
        0.001,
        gt=0.0,
        le=1.0,
        description="added to the variance of each component, as a share of a number's variance",
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.outer % 2 == 0 or self.guard % 2 == 0 or self.guard >= self.outer:
            raise ValueError("outer and guard: give odd numbers, the guard smaller than the outer")
        if self.levels > 1 and self.learns:
            raise ValueError("levels: they are for form local on pixels")
        if self.per_position and (self.form == "kernel" or not self.learns):
            raise ValueError(f"per_position: form {self.form} on {self.on} has none for each place")
        if self.tile is not None and self.form != "global":
            raise ValueError(f"tile: form {self.form} takes an image in one piece")
        return self

    @property
    def knows_places(self) -> bool:
        """Whether each place has its own Gaussian."""
        return self.per_position

    @property
    def learns(self) -> bool:
        """Whether it has to be taught; the ring around a pixel says all by itself."""
        return not (self.form == "local" and self.on == "pixels")
