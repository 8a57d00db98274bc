"""Engines that write patches of good images as sums of few atoms."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from inspector.core.engine_spec.neural import TrainedSpec


class ListaSpec(TrainedSpec):
    """Sparse codes of patches by a learned ISTA: what no few atoms make is strange."""

    method: Literal["lista"] = Field("lista", description="engine to teach")
    epochs: int = Field(
        15, ge=1, le=10_000, description="of 16 steps each, at most; early stopping ends sooner"
    )
    patch: Literal[4, 8, 16] = Field(8, description="px; side of a patch, which overlap by half")
    atoms: int = Field(128, ge=8, le=1024, description="patches that all others are made of")
    steps: int = Field(6, ge=1, le=32, description="of the learned iteration")
    penalty: float = Field(
        0.1, gt=0.0, lt=1.0, description="of a code's size, as a share of the usual best match"
    )
    dictionary: Literal["ksvd", "random"] = Field(
        "ksvd", description="atoms fitted to good patches, or good patches drawn at random"
    )
    sparsity: int = Field(4, ge=1, le=32, description="atoms of a patch while K-SVD fits them")

    per_position: bool = Field(
        True,
        description="error and effort are counted in their spread at each place; needs parts "
        "that align",
    )

    @property
    def knows_places(self) -> bool:
        """Whether each place has its own spread."""
        return self.per_position
