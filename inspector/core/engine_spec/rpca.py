"""Engines that write good images as a low-rank matrix, and look at what is sparse beside it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from inspector.core.engine_spec.base import FromTheFirstSpec
from inspector.core.engine_spec.field import OnField


class RpcaSpec(OnField, FromTheFirstSpec):
    """Robust PCA: what few good images are made of stays away, what is left is strange."""

    method: Literal["rpca"] = Field("rpca", description="engine to teach")
    on: Literal["pixels", "patches", "features"] = Field(
        "pixels",
        description="numbers of the matrix: grey levels or colours of pixels, cosine coefficients "
        "of patches, or features of the backbone; of the latter two RX judges what is left",
    )
    form: Literal["taught", "single"] = Field(
        "taught",
        description="low rank: of good images, or of the judged image alone (periodic textures; "
        "nothing is taught)",
    )
    matrix: Literal["images", "patches", "hankel"] = Field(
        "images",
        description="a column for each image that aligns, each patch, or each window along a row",
    )
    patch: int | None = Field(
        None,
        ge=4,
        le=256,
        description="side of a patch or length of a window, px; null = a sixteenth (hankel: an "
        "eighth; on patches: a thirty-second) of the image's shorter side",
    )
    rank: int = Field(8, ge=1, le=20, description="axes that the background is drawn with, at most")
    fit: Literal["pursuit", "godec"] = Field(
        "pursuit",
        description="taught: principal component pursuit, which finds the background's rank, or "
        "GoDec, which takes it from rank",
    )
    steps: int = Field(
        3, ge=1, le=8, description="of soft thresholding on an image, 2 to 5 are usual"
    )

    @property
    def learns(self) -> bool:
        """Whether good images make it what it is."""
        return self.form == "taught"

    @property
    def knows_places(self) -> bool:
        """Whether a column is a whole image."""
        return self.matrix == "images"

    @model_validator(mode="after")
    def _takes_an_image_in_one_piece(self) -> Self:
        if self.tile is not None:
            raise ValueError("tile: rpca takes an image in one piece; give null")
        return self

    @model_validator(mode="after")
    def _has_a_matrix(self) -> Self:
        if self.matrix == "hankel" and self.on != "pixels":
            raise ValueError("matrix: hankel is made of pixels; give on: pixels, or patches")
        if self.form == "single" and (self.on != "pixels" or self.matrix == "images"):
            raise ValueError("form: single takes on: pixels and matrix: patches, or hankel")
        return self
