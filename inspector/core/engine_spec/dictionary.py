"""An engine that writes patches by a dictionary of good ones."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from inspector.core.engine_spec.memory import OnPatches


class DictionarySpec(OnPatches):
    """Patches written by a dictionary of good ones: what it cannot write is strange.

    ``scales``, ``neighbourhood``, ``backbone`` and ``weights`` concern ``features`` only, and
    ``patches`` concerns patches.
    """

    method: Literal["dictionary"] = Field("dictionary", description="engine to teach")
    form: Literal["global", "ksvd", "clusters"] = Field(
        "clusters",
        description="all atoms together, by ridge regression; few of them, learned by K-SVD; or "
        "those of the group of patches that fits best",
    )
    on: Literal["patches", "features"] = Field(
        "patches", description="what is written: raw pixels of patches, or the backbone's features"
    )
    patches: tuple[Literal[8, 16, 32], ...] = Field(
        (8,),
        min_length=1,
        max_length=3,
        description="px; sides of patches, which overlap by half. Those larger than 8 px are seen "
        "at a half or a fourth of the resolution",
    )
    atoms: int = Field(128, ge=8, le=1024, description="patches that all others are made of")
    sparsity: int = Field(
        2, ge=1, le=8, description="ksvd, clusters: atoms that one patch is made of"
    )
    sampling: Literal["random", "grid"] = Field(
        "random", description="global: good patches drawn at random, or evenly over the image"
    )
    ridge: float = Field(
        0.1,
        gt=0.0,
        le=1.0,
        description="global: penalty of the coefficients, as a share of the atoms' mean strength "
        "in a direction",
    )
    per_position: bool = Field(
        True,
        description="what is left is counted by what is usual at each place; needs parts that "
        "align",
    )

    @field_validator("on", mode="before")
    @classmethod
    def _colours_are_no_patches(cls, on: Any) -> Any:
        if on == "pixels":
            raise ValueError("a single pixel is always made of one colour; give patches")
        return on

    @field_validator("patches")
    @classmethod
    def _smallest_first(cls, patches: tuple[int, ...]) -> tuple[int, ...]:
        if list(patches) != sorted(set(patches)):
            raise ValueError("every side once, the smallest first")
        return patches

    @model_validator(mode="after")
    def _tiles_are_for_patches(self) -> Self:
        if self.tile is not None and self.on == "features":
            raise ValueError("tile: on features an image is taken in one piece")
        return self

    @property
    def knows_places(self) -> bool:
        """Whether each place has its own usual residual."""
        return self.per_position
