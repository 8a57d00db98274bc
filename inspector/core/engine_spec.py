"""Which engine judges a product and how it is taught: the ``engine`` section of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator

from inspector.core.section import Section

Stride = Literal[2, 4, 8, 16, 32]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Taught(Section):
    """What every engine's recipe says."""

    seed: int = Field(0, ge=0, description="seed of every random choice while teaching")
    tile: int | None = Field(
        None, ge=64, le=1024, multiple_of=32, description="px; null = the image in one piece"
    )


class PatchCoreSpec(_Taught):
    """PatchCore: distance to the remembered patches of good images."""

    method: Literal["patchcore"] = Field("patchcore", description="engine to teach")
    backbone: str = Field("efficientnet-lite0", description="feature extractor, by registry name")
    weights: Digest | None = Field(
        None, description="sha256 of the backbone's own weights file; null = those of its package"
    )
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


class AutoencoderSpec(_Taught):
    """Convolutional autoencoder: what it cannot reconstruct is strange."""

    method: Literal["autoencoder"] = Field("autoencoder", description="engine to teach")
    width: int = Field(16, ge=4, le=256, description="channels of the first layer")
    latent: int = Field(64, ge=1, le=1024, description="channels of the narrowest layer")
    depth: int = Field(5, ge=1, le=8, description="times that the image is halved on its way in")
    loss: Literal["mse", "ssim", "both"] = Field(
        "both", description="residual: squared error, 1 - structural similarity, or both"
    )
    epochs: int = Field(
        40, ge=1, le=10_000, description="of 16 steps each, at most; early stopping ends sooner"
    )
    patience: int = Field(15, ge=1, description="epochs without improvement before it stops")
    batch: int = Field(
        8, ge=1, le=512, description="images per training step; fewer where they are large"
    )
    learning_rate: float = Field(2e-3, gt=0.0, le=1.0, description="of the Adam optimiser")
    validation_share: float = Field(
        0.15, gt=0.0, lt=0.5, description="share of the teaching images that early stopping watches"
    )


class NoEngineSpec(Section):
    """No engine: background checks judge alone, from the first part on."""

    method: Literal["none"] = Field("none", description="engine to teach")
    seed: int = Field(0, ge=0, description="of the draw of calibration images")


def _method(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("method", "patchcore"))
    return str(getattr(value, "method", ""))


EngineSpec = Annotated[
    Annotated[PatchCoreSpec, Tag("patchcore")]
    | Annotated[AutoencoderSpec, Tag("autoencoder")]
    | Annotated[NoEngineSpec, Tag("none")],
    Discriminator(_method),
]
"""The engine of a recipe, told apart by ``method``; ``patchcore`` where it is not said."""
