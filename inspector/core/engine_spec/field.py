"""Engines whose mathematics takes any vectors: of pixels, of patches or of a network's features."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from inspector.core.engine_spec.memory import OnPatches


class OnField(OnPatches):
    """An engine that judges each place of an image by a vector, of whatever it is made.

    ``scales``, ``neighbourhood``, ``backbone`` and ``weights`` concern ``features`` only.
    """

    on: Literal["pixels", "patches", "features"] = Field(
        "patches",
        description="vectors: colours (or grey level and its gradient) of each pixel, cosine "
        "coefficients of each patch, or features of the backbone",
    )
    patch: int | None = Field(
        None,
        ge=2,
        le=256,
        description="patches: side, px; null = a thirty-second of the image's shorter side",
    )

    @model_validator(mode="after")
    def _tiles_are_for_features(self) -> Self:
        if self.tile is not None and self.on != "features":
            raise ValueError(f"tile: on {self.on} an image is taken in one piece")
        return self
