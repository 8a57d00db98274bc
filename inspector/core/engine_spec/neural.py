"""Engines that are networks trained on good images."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from inspector.core.engine_spec.base import TaughtSpec

Size = Annotated[int, Field(ge=1, le=4096)]


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
    loss: Literal["mse", "ssim", "both", "bce"] = Field(
        "both",
        description="residual: squared error, 1 - structural similarity, or both; bce = squared "
        "error, trained by the binary cross-entropy of grey levels",
    )


class AutoencoderSpec(RedrawingSpec):
    """Convolutional autoencoder: what it cannot reconstruct is strange."""

    method: Literal["autoencoder"] = Field("autoencoder", description="engine to teach")
    latent: int = Field(
        64, ge=1, le=1024, description="channels of the narrowest layer; its numbers where dense"
    )
    latent_form: Literal["convolutional", "dense"] = Field(
        "convolutional",
        description="narrowest layer: places with channels, or one list of numbers for the image",
    )
    hidden: tuple[Size, ...] = Field(
        (), max_length=4, description="numbers of the dense layers on the way to a dense latent"
    )
    channels: tuple[Size, ...] | None = Field(
        None,
        min_length=1,
        max_length=8,
        description="channels after each halving; null = by width and depth",
    )
    kernel: Literal[3, 4] = Field(4, description="side of the convolutions, px")
    mend: bool = Field(
        True, description="train it to draw whole images from copies with blobs over them"
    )

    @model_validator(mode="after")
    def _hidden_are_dense(self) -> Self:
        if self.hidden and self.latent_form != "dense":
            raise ValueError("hidden: dense layers need latent_form: dense")
        return self


class VaeSpec(RedrawingSpec):
    """Variational autoencoder: what it cannot draw, or finds unlikely, is strange."""

    method: Literal["vae"] = Field("vae", description="engine to teach")
    latent: int = Field(16, ge=1, le=1024, description="channels of the narrowest layer")
    beta: float = Field(
        1.0, ge=0.0, le=1000.0, description="weight of the divergence from the prior; 1 = ELBO"
    )
    mend: bool = Field(
        False, description="train it to draw whole images from copies with blobs over them"
    )


class MaskedSpec(RedrawingSpec):
    """Draws what is hidden from its surroundings, or finds where each piece belongs."""

    method: Literal["masked"] = Field("masked", description="engine to teach")
    task: Literal["inpaint", "jigsaw"] = Field(
        "inpaint",
        description="draw hidden tiles from what is around them, or arrange and draw a jigsaw",
    )
    hidden_px: int = Field(
        32, ge=4, le=256, description="inpaint: side of a hidden tile, px of the prepared image"
    )
    passes: Literal[2, 3, 4] = Field(
        3, description="inpaint: turns in which every tile is hidden once"
    )
    latent: int = Field(
        64, ge=1, le=1024, description="jigsaw: numbers that describe a piece of 2^depth px"
    )
