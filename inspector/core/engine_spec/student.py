"""An engine that needs a pretrained network's deep layers only while it is taught."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inspector.core.engine_spec.base import Stride
from inspector.core.engine_spec.memory import OnPatches
from inspector.core.engine_spec.neural import TrainedSpec


class StudentSpec(OnPatches, TrainedSpec):
    """The backbone's first layers, and a small network that learned what its others say."""

    method: Literal["student"] = Field("student", description="engine to teach")
    scales: tuple[tuple[Stride, ...], ...] = Field(
        ((8,), (16, 32)),
        min_length=2,
        max_length=2,
        description="what the backbone's first layers see at stride 8, and what the network "
        "learns of its others at stride 16",
    )
    width: int = Field(128, ge=4, le=1024, description="channels of the network")
    features: int = Field(128, ge=4, le=512, description="of a patch that the network learns")
