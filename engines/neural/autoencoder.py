"""Convolutional autoencoder: what it cannot reconstruct is strange."""

from __future__ import annotations

from engines.taught import Images, Progress, Taught
from inspector.core.engine_spec import AutoencoderSpec
from inspector.core.errors import ConfigError
from inspector.core.frame import FrameFormat


def teach(images: Images, form: FrameFormat, spec: AutoencoderSpec, progress: Progress) -> Taught:
    """Learn from prepared good images."""
    raise ConfigError("engine.method: autoencoder is not there yet", remedy="Use patchcore")
