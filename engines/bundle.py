"""The artefact on disk: an immutable folder with a manifest that hashes every file in it.

::

    manifest.yaml         what it is, how it was made, sha256 and size of the files below
    engine.onnx           uint8[N, H, W, C] -> map float32[N, h, w], score float32[N]; where the
                          manifest names a kernel: what it looks at, or absent
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
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from engines import sealed_folder
from engines.kernels import Kernel, Positive
from engines.sealed_folder import FileEntry, Listing, Sealed, SealedKind, Strict
from inspector.core.engine_spec import Digest
from inspector.core.frame import Pixels
from inspector.core.recipe import PreparationSpec, ProductName

SCHEMA_VERSION = 4
MANIFEST, GRAPH, GOLDEN = sealed_folder.MANIFEST, "engine.onnx", "golden.safetensors"
MEMORY, TRAINING, POSE = "memory.safetensors", "training.json", "pose.safetensors"

BundleFile = Literal[
    "engine.onnx", "golden.safetensors", "memory.safetensors", "training.json", "pose.safetensors"
]


class Provenance(Strict):
    """What the engine was made of, and with."""

    dataset: Digest
    """Hash of the manifest of the teaching images."""
    seed: int
    parameters: dict[str, str | int | float]
    versions: dict[str, str]
    parent: Digest | None = None
    """Hash of the bundle that this one was made from by incremental teaching."""
    change: Literal["taught", "add-good", "missed"] = "taught"


class Tiling(Strict):
    """How a large image is cut: square tiles of ``size`` px, ``margin`` px of them for context."""

    size: int = Field(gt=0, multiple_of=32)
    margin: int = Field(ge=0, multiple_of=32)

    @model_validator(mode="after")
    def _leaves_a_core(self) -> Tiling:
        if 2 * self.margin >= self.size:
            raise ValueError("margins leave nothing of the tile")
        return self


class Manifest(Listing):
    """The contents of ``manifest.yaml``."""

    schema_version: Literal[1, 2, 3, 4] = 4
    product: ProductName
    method: str
    input_shape: tuple[Positive, Positive, Positive]
    """Height, width, channels of one prepared image."""
    map_shape: tuple[Positive, Positive]
    tiling: Tiling | None = None
    """None: the graph takes the image in one piece."""
    kernel: Kernel | None = None
    """What computes map and score; None: the graph does."""
    boundary: tuple[str, ...] = ()
    """Tensors of the graph where the network ends: what follows stays float32 everywhere."""
    explains: dict[str, str] = Field(default_factory=dict)
    """Tensors of the graph that tell why a map is as it is, by what they show; or its kernel."""
    classes: tuple[str, ...] = ()
    """Kinds of defects that a supervised engine was shown."""
    features: tuple[str, ...] = ()
    """What the ``contributions`` among ``explains`` are of, in their order."""
    preparation: PreparationSpec
    preparation_hash: Digest
    provenance: Provenance
    files: dict[BundleFile, FileEntry] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _has_its_graph(self) -> Manifest:
        needed = self.kernel is None or self.kernel.needs_graph
        if self.files and (GRAPH in self.files) != needed:
            raise ValueError(f"must {'list' if needed else 'not list'} {GRAPH}")
        return self

    @property
    def has_map(self) -> bool:
        """False: the one cell of the map is the score, and says nothing of places."""
        return self.map_shape != (1, 1)


_KIND = SealedKind(
    noun="bundle",
    model=Manifest,
    newest=SCHEMA_VERSION,
    required=frozenset((GOLDEN,)),
    remedy="Copy the bundle again from where it was taught, or teach the product again",
)

packed_hash = sealed_folder.packed_hash
"""The hash that a packed bundle will have."""


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
        """The ONNX graph; empty where a kernel needs none."""
        return (self.path / GRAPH).read_bytes() if GRAPH in self.manifest.files else b""

    def golden(self) -> Golden:
        """The golden vectors. Raises ``BundleError`` when they do not fit the manifest."""
        try:
            tensors = load_file(self.path / GOLDEN)
            golden = Golden(tensors["images"], tensors["maps"], tensors["scores"])
        except (SafetensorError, KeyError) as error:
            raise _KIND.damaged(self.path / GOLDEN, "not golden vectors") from error
        count = len(golden.images)
        shapes = (golden.images.shape, golden.maps.shape, golden.scores.shape)
        manifest = self.manifest
        if shapes != ((count, *manifest.input_shape), (count, *manifest.map_shape), (count,)):
            raise _KIND.damaged(self.path / GOLDEN, f"shapes {shapes} contradict the manifest")
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
    contents = {GOLDEN: save(tensors), **(others or {})}
    if graph:
        contents = {GRAPH: graph, **contents}
    return _KIND.pack(manifest, contents)


@contextmanager
def writing_bundle(path: Path, files: Mapping[str, bytes]) -> Iterator[Bundle]:
    """Write a packed bundle; it takes its name ``path`` only when the block ends without error.

    Yields the bundle under its temporary name, so that it can be tried first. A bundle that is
    there already is opened as it is. Raises ``BundleError`` when another one is, ``StorageError``.
    """
    with _KIND.writing(path, files) as sealed:
        yield _bundle(sealed)


def open_bundle(path: Path) -> Bundle:
    """Open a bundle and verify every byte of it. Raises ``BundleError`` naming file and remedy."""
    return _bundle(_KIND.open(path))


def _bundle(sealed: Sealed[Manifest]) -> Bundle:
    return Bundle(sealed.path, sealed.manifest, sealed.hash)
