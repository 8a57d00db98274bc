"""Engines that learn from two networks that play against each other."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inspector.core.engine_spec.neural import RedrawingSpec


class GanSpec(RedrawingSpec):
    """f-AnoGAN: what a generator of good pictures cannot draw is strange. It sees 64 px at most."""

    method: Literal["gan"] = Field("gan", description="engine to teach")
    latent: int = Field(64, ge=2, le=1024, description="numbers that the generator draws from")
    turns: int = Field(
        600, ge=1, le=100_000, description="steps of the generator, each after five of the critic"
    )
    kappa: float = Field(
        1.0, ge=0.0, le=1000.0, description="weight of the critic's features while encoding"
    )
    depth: Literal[4] = Field(4, description="times that the pooled image is halved: fixed")
    batch: int = Field(16, ge=1, le=512, description="images per training step")
