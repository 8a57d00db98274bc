"""What a check learned from good parts, as a calibration keeps it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator
from safetensors import SafetensorError
from safetensors.numpy import load, save

from inspector.core.canonical import sha256_hex
from inspector.core.errors import BundleError

Arrays = dict[str, NDArray[Any]]

FOLDS = 20
"""Parts of the calibration images, each scored by what the others taught."""


class Learned(BaseModel):
    """Arrays by name, and which good images they were learned from.

    ``teach``: images that calibrate nothing. ``calibrate``: the calibration images themselves,
    cut into ``folds`` runs of neighbours (`folds_of`): each image is scored by what the others
    taught, and the arrays, for parts to come, are learned from all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Literal["teach", "calibrate"]
    images: int = Field(gt=0)
    folds: int | None = Field(None, ge=2)
    features: tuple[str, ...] = ()
    """Names of what is measured, where the arrays are about several findings."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of the decoded arrays."""
    arrays: str
    """Base64 of a safetensors file."""

    @classmethod
    def of(
        cls,
        arrays: Mapping[str, NDArray[Any]],
        *,
        images: int,
        folds: int | None = None,
        features: tuple[str, ...] = (),
    ) -> Learned:
        """Pack arrays that were learned: with ``folds`` from calibration images."""
        data = save({name: np.asarray(array, order="C") for name, array in arrays.items()})
        return cls(
            source="calibrate" if folds else "teach",
            images=images,
            folds=folds,
            features=features,
            sha256=sha256_hex(data),
            arrays=base64.b64encode(data).decode(),
        )

    @model_validator(mode="after")
    def _whole(self) -> Learned:
        try:
            data = base64.b64decode(self.arrays, validate=True)
        except binascii.Error as error:
            raise ValueError("arrays are damaged: not base64") from error
        if sha256_hex(data) != self.sha256:
            raise ValueError("arrays are damaged: their SHA-256 is another")
        return self

    def unpacked(self) -> Arrays:
        """The arrays. Raises ``BundleError``."""
        try:
            return load(base64.b64decode(self.arrays))
        except SafetensorError as error:
            raise BundleError(
                "learned arrays are not those of a check", remedy="Calibrate the product again"
            ) from error


def folds_of(images: int) -> NDArray[np.intp]:
    """Number of the fold of each image, ascending: neighbours, which look alike, stay together."""
    return np.arange(images) * min(FOLDS, images) // images
