"""What the recipes of all engines say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from inspector.core.section import Section

Stride = Literal[2, 4, 8, 16, 32]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class TaughtSpec(Section):
    """An engine that is taught from good images."""

    seed: int = Field(0, ge=0, description="seed of every random choice while teaching")
    tile: int | None = Field(
        None, ge=64, le=1024, multiple_of=32, description="px; null = the image in one piece"
    )

    @property
    def supervised(self) -> bool:
        """Whether it is shown defects as well."""
        return False

    @property
    def knows_places(self) -> bool:
        """Whether each place of the image is compared with that place of good images.

        Such an engine takes an image in one piece.
        """
        return True

    @property
    def has_map(self) -> bool:
        """Whether it says where a part is strange; else it judges the image as a whole."""
        return True

    @property
    def learns(self) -> bool:
        """Whether it has to be taught; else it judges from the first part on."""
        return True


class FromTheFirstSpec(TaughtSpec):
    """An engine that holds each place against its surroundings, and learns nothing."""

    provisional_threshold: float = Field(
        8.0, gt=0.0, description="local standard deviations, until the engine is calibrated"
    )

    @property
    def learns(self) -> bool:
        """No."""
        return False


class OnBackbone(TaughtSpec):
    """An engine that sees by a pretrained network."""

    backbone: str = Field("efficientnet-lite0", description="feature extractor, by registry name")
    weights: Digest | None = Field(
        None, description="sha256 of the backbone's own weights file; null = those of its package"
    )

    @property
    def strides(self) -> tuple[int, ...]:
        """Every stride whose features are asked for once, smallest first."""
        raise NotImplementedError
