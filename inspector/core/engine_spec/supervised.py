"""Engines that are shown defects, with their names."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inspector.core.engine_spec.one_class import TrainedOnPatches


class ClassifierSpec(TrainedOnPatches):
    """Supervised network on a pretrained one: how likely a part shows a kind of defect it knows."""

    method: Literal["classifier"] = Field("classifier", description="engine to teach")
    scales: tuple[tuple[Literal[2, 4, 8, 16, 32], ...]] = Field(
        ((16, 32),), description="one entry: the strides whose features are classified"
    )
    width: int = Field(64, ge=4, le=1024, description="channels of the hidden layer")
    dropout: float = Field(0.3, ge=0.0, lt=1.0, description="share of features left out at a time")
    folds: int = Field(5, ge=2, le=20, description="parts that are left out in turn to judge it")
    learning_rate: float = Field(1e-3, gt=0.0, le=1.0, description="of the Adam optimiser")
    batch: int = Field(16, ge=1, le=512, description="images per training step")

    @property
    def supervised(self) -> bool:
        """It is."""
        return True
