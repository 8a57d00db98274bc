"""The graph from raw images to patch vectors: exported once, then found in the cache.

An export takes longer than all the rest of a teaching, and needs torch; what is found does not.
"""

from __future__ import annotations

from functools import cache
from importlib import metadata
from pathlib import Path

import onnx

from engines.backbones.registry import check_backbone, origin_of
from engines.taught import Folders
from inspector.core.canonical import hash_of, sha256_hex
from inspector.core.engine_spec import OnPatches
from inspector.core.frame import FrameFormat
from inspector.durable.files import storage_errors, write_atomically

_EXPORTER = ("torch", "onnx", "onnx-ir", "onnxscript")
_DIGEST = 64
"""A cached file begins with the hex SHA-256 of the graph that follows."""


def features_graph(spec: OnPatches, form: FrameFormat, folders: Folders) -> onnx.ModelProto:
    """Input ``image`` uint8[batch, height, width, channels]; an output for each of ``spec.scales``.

    They are ``scale0``, ``scale1``, ...: float32[batch, D, h, w], finest first. Torch is loaded
    only when ``folders.cache`` does not hold the graph yet; a damaged one there is made anew.
    Raises ``ConfigError`` for the backbone or its weights, ``StorageError``.
    """
    check_backbone(spec.backbone, spec.weights)
    path = folders.cache and folders.cache / "features" / f"{_key(spec, form)}.graph"
    data = None if path is None else _read(path)
    if data is None:
        data = _exported(spec, form, folders)
        if path is not None:
            write_atomically(path, sha256_hex(data).encode() + data)
    return onnx.load_from_string(data)


def _key(spec: OnPatches, form: FrameFormat) -> str:
    """Hash of all that the graph depends on."""
    return hash_of(
        {
            "backbone": origin_of(spec.backbone, spec.weights),
            "form": [*form.shape, form.pixel_format.value],
            "scales": [list(scale) for scale in spec.scales],
            "neighbourhood": spec.neighbourhood,
            "exporter": {name: metadata.version(name) for name in _EXPORTER},
            "code": _code(),
        }
    )


@cache
def _code() -> str:
    """Hash of the sources that make the graph, so that no change of them can be forgotten."""
    engines = Path(__file__).parents[1]
    sources = [
        *sorted((engines / "backbones").glob("*.py")),
        engines / "memory" / "embedding.py",
        engines / "pixels.py",
    ]
    return sha256_hex(b"".join(source.read_bytes() for source in sources))


def _read(path: Path) -> bytes | None:
    """The graph of a cached file, or None where there is none or it is damaged."""
    if not path.is_file():
        return None
    with storage_errors(path):
        content = path.read_bytes()
    digest, data = content[:_DIGEST], content[_DIGEST:]
    return data if sha256_hex(data).encode() == digest else None


def _exported(spec: OnPatches, form: FrameFormat, folders: Folders) -> bytes:
    from engines.backbones.export import export  # noqa: PLC0415  # loads torch
    from engines.memory.embedding import embedding_of  # noqa: PLC0415  # loads torch

    embedding = embedding_of(spec, form.pixel_format, folders)
    names = tuple(f"scale{index}" for index in range(len(spec.scales)))
    data: bytes = export(embedding, form, names).SerializeToString(deterministic=True)
    return data
