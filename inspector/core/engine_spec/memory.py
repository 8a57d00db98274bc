"""Engines that remember what good images look like through a pretrained network."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from inspector.core.engine_spec.base import OnBackbone, Stride


class OnPatches(OnBackbone):
    """An engine that judges each place of an image by its patch vector, at some scales."""

    scales: tuple[tuple[Stride, ...], ...] = Field(
        ((8, 16), (16, 32)),
        min_length=1,
        max_length=3,
        description="a model of good for each entry: the strides whose features a patch joins",
    )
    neighbourhood: Literal[1, 3, 5] = Field(
        3, description="side of the square of cells whose features are averaged"
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


class PatchCoreSpec(OnPatches):
    """PatchCore: distance to the remembered patches of good images."""

    method: Literal["patchcore"] = Field("patchcore", description="engine to teach")
    coreset: int = Field(2000, ge=16, le=100_000, description="patch vectors kept in each memory")
    projection: int = Field(
        0, ge=0, le=4096, description="dimensions that the distance is computed in; 0 = all"
    )
    reweight: bool = Field(
        False, description="weight the score by the neighbourhood of the nearest patch (PatchCore)"
    )

    @property
    def knows_places(self) -> bool:
        """No: a patch may lie anywhere."""
        return False


class PadimSpec(OnPatches):
    """PaDiM: distance to the Gaussian of good patches at the same place of the image."""

    method: Literal["padim"] = Field("padim", description="engine to teach")
    channels: int = Field(
        64, ge=0, le=4096, description="features of a patch that count, drawn by seed; 0 = all"
    )
    shrinkage: float | None = Field(
        None,
        ge=0.0,
        le=1.0,
        description="share of all places' covariance in each place's; null = by number of images",
    )


class DeepRxSpec(OnPatches):
    """RX on deep features: distance to the one Gaussian of good patches, wherever they lie."""

    method: Literal["deep_rx"] = Field("deep_rx", description="engine to teach")
    features: Literal["backbone", "rotation", "cutpaste"] = Field(
        "backbone",
        description="whose: of the backbone as it is, or after it was trained on the product to "
        "tell turned pictures, or pasted ones",
    )
    epochs: int = Field(
        6, ge=1, le=10_000, description="of that training, of 16 steps each, at most"
    )
    per_position: bool = Field(
        False, description="a Gaussian for each place, of all features: needs parts that align"
    )
    components: float = Field(
        1.0,
        gt=0.0,
        le=1.0,
        description="share of the principal components that count, those of least variance first",
    )
    regularisation: float = Field(
        0.001,
        gt=0.0,
        le=1.0,
        description="added to the variance of each component, as a share of a feature's variance",
    )

    @property
    def knows_places(self) -> bool:
        """Whether each place has its own Gaussian."""
        return self.per_position
