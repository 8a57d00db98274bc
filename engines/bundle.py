"""The artefact on disk: an immutable folder with a manifest that hashes every file in it.

::

    manifest.yaml         what it is, how it was made, sha256 and size of the files below
    engine.onnx           uint8[N, H, W, C] -> map float32[N, h, w], score float32[N]
    golden.safetensors    a few prepared images with the reference runtime's maps and scores
    memory.safetensors    what incremental teaching starts from (engines that remember patches)
    training.json         loss curves (engines that are trained)
    pose.safetensors      the part in its taught pose (recipes that align, or check presence)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from inspector.core.canonical import sha256_hex
from inspector.core.engine_spec import Digest
from inspector.core.errors import BundleError
from inspector.core.frame import Pixels
from inspector.core.recipe import PreparationSpec, ProductName
from inspector.durable.files import new_folder, sha256_of_file

SCHEMA_VERSION = 2
MANIFEST, GRAPH, GOLDEN = "manifest.yaml", "engine.onnx", "golden.safetensors"
MEMORY, TRAINING, POSE = "memory.safetensors", "training.json", "pose.safetensors"
_REMEDY = "Copy the bundle again from where it was taught, or teach the product again"

Positive = Annotated[int, Field(gt=0)]
BundleFile = Literal[
    "engine.onnx", "golden.safetensors", "memory.safetensors", "training.json", "pose.safetensors"
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileEntry(_Strict):
    """Identity of one file."""

    sha256: Digest
    size: int = Field(ge=0)


class Provenance(_Strict):
    """What the engine was made of, and with."""

    dataset: Digest
    """Hash of the manifest of the teaching images."""
    seed: int
    parameters: dict[str, str | int | float]
    versions: dict[str, str]
    parent: Digest | None = None
    """Hash of the bundle that this one was made from by incremental teaching."""
    change: Literal["taught", "add-good", "missed"] = "taught"


class Tiling(_Strict):
    """How a large image is cut: square tiles of ``size`` px, ``margin`` px of them for context."""

    size: int = Field(gt=0, multiple_of=32)
    margin: int = Field(ge=0, multiple_of=32)

    @model_validator(mode="after")
    def _leaves_a_core(self) -> Tiling:
        if 2 * self.margin >= self.size:
            raise ValueError("margins leave nothing of the tile")
        return self


class Manifest(_Strict):
    """The contents of ``manifest.yaml``."""

    schema_version: Literal[1, 2] = 2
    product: ProductName
    method: str
    input_shape: tuple[Positive, Positive, Positive]
    """Height, width, channels of one prepared image."""
    map_shape: tuple[Positive, Positive]
    tiling: Tiling | None = None
    """None: the graph takes the image in one piece."""
    boundary: tuple[str, ...] = ()
    """Tensors of the graph where the network ends: what follows stays float32 everywhere."""
    preparation: PreparationSpec
    preparation_hash: Digest
    provenance: Provenance
    files: dict[BundleFile, FileEntry] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Golden:
    """Prepared images uint8[n, H, W, C], and what the reference runtime says of them."""

    images: Pixels
    maps: NDArray[np.float32]
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified bundle. ``hash`` is the SHA-256 of its manifest, and so of everything in it."""

    path: Path
    manifest: Manifest
    hash: str

    @property
    def preparation_hash(self) -> str:
        """Identity of the preparation that it was taught with."""
        return self.manifest.preparation_hash

    @property
    def graph(self) -> bytes:
        """The ONNX graph."""
        return (self.path / GRAPH).read_bytes()

    def golden(self) -> Golden:
        """The golden vectors. Raises ``BundleError`` when they do not fit the manifest."""
        try:
            tensors = load_file(self.path / GOLDEN)
            golden = Golden(tensors["images"], tensors["maps"], tensors["scores"])
        except (SafetensorError, KeyError) as error:
            raise _damaged(self.path / GOLDEN, "not golden vectors") from error
        count = len(golden.images)
        shapes = (golden.images.shape, golden.maps.shape, golden.scores.shape)
        manifest = self.manifest
        if shapes != ((count, *manifest.input_shape), (count, *manifest.map_shape), (count,)):
            raise _damaged(self.path / GOLDEN, f"shapes {shapes} contradict the manifest")
        return golden


def pack(
    manifest: Manifest, graph: bytes, golden: Golden, others: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """The files of a bundle, by name; the same engine always gives the same bytes.

    ``others`` are the files that not every bundle has.
    """
    tensors: dict[str, NDArray[Any]] = {
        "images": golden.images,
        "maps": golden.maps,
        "scores": golden.scores,
    }
    contents = {GRAPH: graph, GOLDEN: save(tensors), **(others or {})}
    files = {
        name: FileEntry(sha256=sha256_hex(data), size=len(data)) for name, data in contents.items()
    }
    listed = manifest.model_copy(update={"files": files}).model_dump(mode="json")
    text: str = yaml.safe_dump(listed, sort_keys=False, allow_unicode=True)
    return {MANIFEST: text.encode(), **contents}


def packed_hash(files: Mapping[str, bytes]) -> str:
    """The hash that a packed bundle will have."""
    return sha256_hex(files[MANIFEST])


@contextmanager
def writing_bundle(path: Path, files: Mapping[str, bytes]) -> Iterator[Bundle]:
    """Write a packed bundle; it takes its name ``path`` only when the block ends without error.

    Yields the bundle under its temporary name, so that it can be tried first. A bundle that is
    there already is opened as it is. Raises ``BundleError`` when another one is, ``StorageError``.
    """
    if path.exists():
        bundle = open_bundle(path)
        if bundle.hash != packed_hash(files):
            raise BundleError(f"{path}: another bundle is there", remedy="Give a new folder")
        yield bundle
        return
    with new_folder(path) as work:
        for name, data in files.items():
            (work / name).write_bytes(data)
        yield open_bundle(work)


def open_bundle(path: Path) -> Bundle:
    """Open a bundle and verify every byte of it. Raises ``BundleError`` naming file and remedy."""
    try:
        text = (path / MANIFEST).read_bytes()
    except OSError as error:
        raise BundleError(
            f"{path}: not a bundle ({MANIFEST}: {error.strerror})", remedy="Give a bundle's folder"
        ) from error
    manifest = _parse(path / MANIFEST, text)
    _verify_names(path, manifest)
    for name, entry in manifest.files.items():
        file = path / name
        if file.stat().st_size != entry.size or sha256_of_file(file) != entry.sha256:
            raise _damaged(file, "contents differ from the manifest")
    return Bundle(path, manifest, sha256_hex(text))


def _parse(path: Path, text: bytes) -> Manifest:
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _damaged(path, "not YAML") from error
    version = content.get("schema_version") if isinstance(content, dict) else None
    if not isinstance(version, int):
        raise _damaged(path, "schema_version: missing")
    if version > SCHEMA_VERSION:
        raise BundleError(
            f"{path}: schema_version: {version} is newer than this program's {SCHEMA_VERSION}",
            remedy="Update Inspector on this PC",
        )
    try:
        return Manifest.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise _damaged(path, f"{key}: {first['msg']}") from error


def _verify_names(path: Path, manifest: Manifest) -> None:
    """Exactly the listed files, all of them plain: no links, no folders, nothing beside them."""
    listed = {MANIFEST, *manifest.files}
    if not {GRAPH, GOLDEN} <= listed:
        raise _damaged(path / MANIFEST, f"files: must list {GRAPH} and {GOLDEN}")
    present = {entry.name: entry for entry in path.iterdir()}
    for name in sorted(listed - set(present)):
        raise _damaged(path / name, "missing")
    for name in sorted(set(present) - listed):
        raise _damaged(path / name, "not part of the bundle")
    for entry in present.values():
        if entry.is_symlink() or not entry.is_file():
            raise _damaged(entry, "not a plain file")


def _damaged(path: Path, problem: str) -> BundleError:
    return BundleError(f"{path}: {problem}", remedy=_REMEDY)
