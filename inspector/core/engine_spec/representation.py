"""Engines that represent each place by its surroundings: what cannot be represented is strange."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from inspector.core.engine_spec.base import FromTheFirstSpec
from inspector.core.engine_spec.field import OnField


class _RepresentedSpec(OnField, FromTheFirstSpec):
    """A place is represented by the cells of the ring around it: outer window less guard."""

    outer: int = Field(13, ge=3, le=255, description="side of the ring's window, cells, odd")
    guard: int = Field(
        5, ge=1, le=253, description="side of the window left out, cells, odd: a defect must fit"
    )
    levels: int = Field(
        1, ge=1, le=3, description="of the pyramid, for pixels and patches; the largest counts"
    )
    cascade: bool = Field(
        True,
        description="patches, features: look exactly only where a quick bound is high; the score "
        "is the same, but below 3/4 of it the map may show the bound",
    )

    @property
    def knows_places(self) -> bool:
        """No: a place is compared with what is around it."""
        return False

    @model_validator(mode="after")
    def _what_fits_together(self) -> Self:
        if self.outer % 2 == 0 or self.guard % 2 == 0 or self.guard >= self.outer:
            raise ValueError(
                f"outer {self.outer} and guard {self.guard}: give odd numbers, the guard smaller"
            )
        if self.tile is not None:
            raise ValueError("tile: an image is taken in one piece; give null")
        if self.levels > 1 and self.on == "features":
            raise ValueError("levels: features have scales of their own; give 'scales'")
        return self


class LrbSpec(_RepresentedSpec):
    """LRB: what the most similar cells around a place cannot represent of it."""

    method: Literal["lrb"] = Field("lrb", description="engine to teach")
    on: Literal["patches", "features"] = Field(
        "patches",
        description="cosine coefficients of each patch, or features of the backbone; of a pixel's "
        "few numbers any neighbours could represent all",
    )
    neighbours: int = Field(8, ge=1, le=64, description="of the ring's cells, the most similar")
    ridge: float = Field(
        0.01, gt=0.0, le=10.0, description="regulariser, as a share of the neighbours' mean square"
    )


class CrdSpec(_RepresentedSpec):
    """CRD: what all cells around a place together cannot represent of it with small weights."""

    method: Literal["crd"] = Field("crd", description="engine to teach")
    cascade: bool = Field(
        False,
        description="patches, features: look exactly only where a quick bound is high; the score "
        "is the same, but the bound is loose: below 3/4 of it the map shows far too much",
    )
    on: Literal["pixels", "patches", "features"] = Field(
        "patches",
        description="patches, features of the backbone: exact, the more unlike a cell, the less "
        "it may say; pixels: fast, all may say as much",
    )
    ridge: float = Field(
        0.1, gt=0.0, le=10.0, description="regulariser, as a share of the ring's mean variance"
    )
