"""Engines whose network learns, on good images alone, to tell what was done to them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inspector.core.engine_spec.base import OnBackbone
from inspector.core.engine_spec.neural import TrainedSpec


class SelfSupervisedSpec(OnBackbone, TrainedSpec):
    """A pretrained network whose deep layers are trained on the product. It has no map."""

    epochs: int = Field(
        6, ge=1, le=10_000, description="of 16 steps each, at most; early stopping ends sooner"
    )
    patience: int = Field(3, ge=1, description="epochs without improvement before it stops")
    batch: int = Field(
        4, ge=1, le=512, description="images per training step, each in all its views"
    )
    learning_rate: float = Field(3e-4, gt=0.0, le=1.0, description="of the Adam optimiser")

    @property
    def strides(self) -> tuple[int, ...]:
        """Those whose features are averaged over the image."""
        return (16, 32)

    @property
    def has_map(self) -> bool:
        """No: it judges the image as a whole."""
        return False


class RotationSpec(SelfSupervisedSpec):
    """Rotation prediction: how sure the network is of which way round the part lies."""

    method: Literal["rotation"] = Field("rotation", description="engine to teach")


class CutPasteSpec(SelfSupervisedSpec):
    """CutPaste: distance to what good images look like to a network that learned to find pastes."""

    method: Literal["cutpaste"] = Field("cutpaste", description="engine to teach")
    regularisation: float = Field(
        0.01,
        gt=0.0,
        le=1.0,
        description="added to the variance of each component, as a share of a feature's variance",
    )
