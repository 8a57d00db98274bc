"""Which engine judges a product and how it is taught: the ``engine`` section of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import Discriminator, Field, Tag

from inspector.core.engine_spec.adversarial import GanSpec
from inspector.core.engine_spec.base import Digest, FromTheFirstSpec, OnBackbone, TaughtSpec
from inspector.core.engine_spec.dictionary import DictionarySpec
from inspector.core.engine_spec.memory import DeepRxSpec, OnPatches, PadimSpec, PatchCoreSpec
from inspector.core.engine_spec.mt import MtSpec
from inspector.core.engine_spec.neural import (
    AutoencoderSpec,
    MaskedSpec,
    RedrawingSpec,
    TrainedSpec,
    VaeSpec,
)
from inspector.core.engine_spec.one_class import FlowSpec, SvddSpec, TrainedOnPatches
from inspector.core.engine_spec.representation import CrdSpec, LrbSpec
from inspector.core.engine_spec.rpca import RpcaSpec
from inspector.core.engine_spec.rx import RxSpec
from inspector.core.engine_spec.self_supervised import (
    CutPasteSpec,
    RotationSpec,
    SelfSupervisedSpec,
)
from inspector.core.engine_spec.sparse import ListaSpec
from inspector.core.engine_spec.student import StudentSpec
from inspector.core.engine_spec.supervised import ClassifierSpec
from inspector.core.section import Section

__all__ = [
    "METHODS",
    "AutoencoderSpec",
    "ClassifierSpec",
    "CrdSpec",
    "CutPasteSpec",
    "DeepRxSpec",
    "DictionarySpec",
    "Digest",
    "EngineSpec",
    "FlowSpec",
    "FromTheFirstSpec",
    "GanSpec",
    "ListaSpec",
    "LrbSpec",
    "MaskedSpec",
    "MtSpec",
    "NoEngineSpec",
    "OnBackbone",
    "OnPatches",
    "PadimSpec",
    "PatchCoreSpec",
    "RedrawingSpec",
    "RotationSpec",
    "RpcaSpec",
    "RxSpec",
    "SelfSupervisedSpec",
    "StudentSpec",
    "SvddSpec",
    "TaughtSpec",
    "TrainedOnPatches",
    "TrainedSpec",
    "VaeSpec",
]


class NoEngineSpec(Section):
    """No engine: background checks judge alone, from the first part on."""

    method: Literal["none"] = Field("none", description="engine to teach")
    seed: int = Field(0, ge=0, description="of the draw of calibration images")

    @property
    def learns(self) -> bool:
        """No."""
        return False


def _method(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("method", "patchcore"))
    return str(getattr(value, "method", ""))


EngineSpec = Annotated[
    Annotated[PatchCoreSpec, Tag("patchcore")]
    | Annotated[PadimSpec, Tag("padim")]
    | Annotated[DeepRxSpec, Tag("deep_rx")]
    | Annotated[GanSpec, Tag("gan")]
    | Annotated[SvddSpec, Tag("svdd")]
    | Annotated[FlowSpec, Tag("flow")]
    | Annotated[AutoencoderSpec, Tag("autoencoder")]
    | Annotated[VaeSpec, Tag("vae")]
    | Annotated[MaskedSpec, Tag("masked")]
    | Annotated[RotationSpec, Tag("rotation")]
    | Annotated[CutPasteSpec, Tag("cutpaste")]
    | Annotated[ListaSpec, Tag("lista")]
    | Annotated[StudentSpec, Tag("student")]
    | Annotated[ClassifierSpec, Tag("classifier")]
    | Annotated[MtSpec, Tag("mt")]
    | Annotated[LrbSpec, Tag("lrb")]
    | Annotated[CrdSpec, Tag("crd")]
    | Annotated[DictionarySpec, Tag("dictionary")]
    | Annotated[RpcaSpec, Tag("rpca")]
    | Annotated[RxSpec, Tag("rx")]
    | Annotated[NoEngineSpec, Tag("none")],
    Discriminator(_method),
]
"""The engine of a recipe, told apart by ``method``; ``patchcore`` where it is not said."""

METHODS: tuple[str, ...] = tuple(
    member.__metadata__[0].tag for member in get_args(get_args(EngineSpec)[0])
)
"""The names of all engines, as a recipe gives them."""
