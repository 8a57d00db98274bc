"""An engine that needs no pretrained network while it runs, only while it is taught."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inspector.core.engine_spec.base import Stride
from inspector.core.engine_spec.memory import OnPatches
from inspector.core.engine_spec.neural import TrainedSpec


class StudentSpec(OnPatches, TrainedSpec):
    """A small network that learns from the backbone what it says of this product."""

    method: Literal["student"] = Field("student", description="engine to teach")
    scales: tuple[tuple[Stride, ...], ...] = Field(
        ((8, 16), (16, 32)),
        min_length=2,
        max_length=2,
        description="features of the backbone that the network learns at stride 8, and at 16",
    )
    epochs: int = Field(
        25, ge=1, le=10_000, description="of 16 steps each, at most; early stopping ends sooner"
    )
    width: int = Field(
        32, ge=4, le=256, description="channels of the network at stride 4, more further in"
    )
    features: int = Field(64, ge=4, le=256, description="of a patch at each scale")
