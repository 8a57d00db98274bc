"""Graphs of other precisions: where they lie, and whether they are what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from engines.bundle import Bundle
from inspector.core.canonical import sha256_hex
from inspector.core.engine_spec import Digest
from inspector.core.errors import BundleError, ConfigError
from inspector.core.line_config import RuntimeConfig
from inspector.core.section import Section

NVIDIA = ("tensorrt", "rtx")
Kind = Literal["f16", "int8", "int8-signed"]


class VariantManifest(Section):
    """What lies beside a variant's graph. ``graph`` is the SHA-256 of its bytes."""

    schema_version: Literal[1] = 1
    bundle: Digest
    graph: Digest
    kind: Kind
    images: int = Field(ge=0)
    """Good images that ranges were taken from."""
    versions: dict[str, str]


def folder_of(bundle: Bundle, compiled: Path) -> Path:
    """Where what was compiled of a bundle on this PC lies."""
    return compiled / bundle.hash[:12]


def graph_of(bundle: Bundle, runtime: RuntimeConfig, compiled: Path | None) -> bytes:
    """The graph that a runtime compiles: the bundle's own, or its variant of another precision.

    Raises ``ConfigError`` for a precision that the runtime does not have, ``BundleError`` when the
    variant is absent, damaged or made of another bundle.
    """
    if not has_variant(runtime):
        return bundle.graph
    if compiled is None:
        raise BundleError(
            f"{bundle.path}: no folder of compiled graphs is known", remedy="Use precision f32"
        )
    path = path_of(bundle, runtime, compiled)
    try:
        manifest = VariantManifest.model_validate(
            yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))
        )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise BundleError(
            f"{path}: not compiled on this PC",
            remedy=f"Run: inspector compile {bundle.manifest.product} --target {runtime.name} "
            f"--precision {runtime.precision}",
        ) from error
    except (OSError, yaml.YAMLError, UnicodeDecodeError, ValidationError) as error:
        raise BundleError(f"{path}: cannot be read", remedy="Compile it again") from error
    if manifest.bundle != bundle.hash or manifest.graph != sha256_hex(data):
        raise BundleError(f"{path}: differs from its manifest", remedy="Compile it again")
    return data


def has_variant(runtime: RuntimeConfig) -> bool:
    """Whether a runtime takes another graph than the bundle's own.

    OpenVINO makes bfloat16 of the bundle's graph while it compiles. Raises ``ConfigError`` for a
    runtime that does not.
    """
    if runtime.precision == "bf16" and runtime.name != "openvino":
        raise ConfigError(
            f"runtime.precision: {runtime.name} has no bf16",
            remedy="Use f16 on a GPU, f32 or int8 on a CPU",
        )
    return runtime.precision not in {"f32", "bf16"}


def path_of(bundle: Bundle, runtime: RuntimeConfig, compiled: Path) -> Path:
    """Where the variant that a runtime asks for lies; its manifest beside it."""
    return folder_of(bundle, compiled) / f"{kind_of(runtime)}.onnx"


def kind_of(runtime: RuntimeConfig) -> Kind:
    """Which graph a runtime takes. Raises ``ConfigError`` for a precision that it does not have."""
    if runtime.precision == "f16":
        if runtime.name not in NVIDIA:
            raise ConfigError(
                f"runtime.precision: f16 on {runtime.name} would be slower than f32",
                remedy="Use int8 or f32 on a CPU",
            )
        return "f16"
    return "int8-signed" if runtime.name in NVIDIA else "int8"
