"""The engine that measures a picture by figures that an engineer knows."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from inspector.core.engine_spec.base import Stride
from inspector.core.engine_spec.memory import OnPatches

FeatureKind = Literal[
    "level", "contrast", "edges", "brightest", "darkest", "sharpest", "abundance", "variation"
]
CELLS = {"whole": 4, "cells": 8}
"""Cells along each side of the image where the recipe does not say."""


class MtSpec(OnPatches):
    """Mahalanobis-Taguchi: how far the figures of a picture are from good ones', all together.

    ``scales``, ``neighbourhood``, ``backbone`` and ``weights`` concern ``features`` only.
    """

    method: Literal["mt"] = Field("mt", description="engine to teach")
    on: Literal["pixels", "features"] = Field(
        "pixels", description="figures: of the picture itself, or means of the backbone's features"
    )
    form: Literal["whole", "cells"] = Field(
        "whole",
        description="one distance for the picture, which has no map; or one for each cell by its "
        "own figures, of which the largest counts",
    )
    grid: int | None = Field(
        None, ge=2, le=32, description="cells along each side; null = 4, or 8 where form is cells"
    )
    features: tuple[FeatureKind, ...] | None = Field(
        None, min_length=1, description="pixels: kinds of figures that count; null = all but lines"
    )
    scales: tuple[tuple[Stride, ...], ...] = Field(
        ((16, 32),),
        min_length=1,
        max_length=3,
        description="features: the strides whose features are averaged over the image",
    )

    @property
    def cells(self) -> int:
        """Along each side of the image."""
        return self.grid or CELLS[self.form]

    @property
    def has_map(self) -> bool:
        """Only a distance for each cell says where."""
        return self.form == "cells"

    @model_validator(mode="after")
    def _of_pixels(self) -> Self:
        asked = [name for name in ("grid", "features") if getattr(self, name) is not None]
        asked += ["form: cells"] if self.form == "cells" else []
        if self.on == "features" and asked:
            raise ValueError(f"{', '.join(asked)}: only on pixels")
        return self
