"""Engines that are networks trained on good images."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inspector.core.engine_spec.base import TaughtSpec


class TrainedSpec(TaughtSpec):
    """An engine whose network is trained on the product."""

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


class RedrawingSpec(TrainedSpec):
    """An engine that draws the image again as a good one: what it cannot draw is strange."""

    width: int = Field(16, ge=4, le=256, description="channels of the first layer")
    depth: int = Field(5, ge=1, le=8, description="times that the image is halved on its way in")
    loss: Literal["mse", "ssim", "both"] = Field(
        "both", description="residual: squared error, 1 - structural similarity, or both"
    )


class AutoencoderSpec(RedrawingSpec):
    """Convolutional autoencoder: what it cannot reconstruct is strange."""

    method: Literal["autoencoder"] = Field("autoencoder", description="engine to teach")
    latent: int = Field(64, ge=1, le=1024, description="channels of the narrowest layer")
