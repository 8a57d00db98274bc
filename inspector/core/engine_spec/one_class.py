"""Engines that learn what good patches are like from good ones alone, by a small network."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inspector.core.engine_spec.memory import OnPatches
from inspector.core.engine_spec.neural import TrainedSpec


class TrainedOnPatches(OnPatches, TrainedSpec):
    """An engine that trains a small network for each scale of a pretrained one's features."""


class SvddSpec(TrainedOnPatches):
    """Deep SVDD: distance from the centre that all good patches are drawn to."""

    method: Literal["svdd"] = Field("svdd", description="engine to teach")
    width: int = Field(128, ge=8, le=1024, description="channels of the hidden layer")
    embedding: int = Field(32, ge=2, le=512, description="dimensions that the centre lies in")
    learning_rate: float = Field(1e-3, gt=0.0, le=1.0, description="of the Adam optimiser")


class FlowSpec(TrainedOnPatches):
    """Normalizing flow: how unlikely a patch is among good ones."""

    method: Literal["flow"] = Field("flow", description="engine to teach")
    blocks: int = Field(4, ge=1, le=32, description="coupling blocks, one after another")
    width: int = Field(32, ge=4, le=1024, description="hidden channels of each block")
    learning_rate: float = Field(1e-3, gt=0.0, le=1.0, description="of the Adam optimiser")
