"""Weights that a plant brings along: kept in the data folder by their hash."""

from __future__ import annotations

from pathlib import Path

from engines.backbones.registry import build
from engines.taught import Folders
from inspector.core.canonical import sha256_hex
from inspector.core.errors import ConfigError
from inspector.durable.files import sha256_of_file, storage_errors, write_atomically


def import_weights(file: Path, backbone: str, strides: tuple[int, ...], folder: Path) -> str:
    """Take a safetensors file into ``folder``; its sha256, lower-case hex.

    It is tried first: the backbone is built with it, for features of ``strides``. Raises
    ``ConfigError`` where that fails, naming the first tensor that does not fit, and keeps nothing;
    ``StorageError``. Loads torch.
    """
    if not file.is_file():
        raise ConfigError(f"--weights {file}: no such file", remedy="Give a safetensors file")
    build(backbone, strides, file)
    with storage_errors(file):
        data = file.read_bytes()
    digest = sha256_hex(data)
    target = _path(folder, digest)
    if not target.is_file() or sha256_of_file(target) != digest:
        write_atomically(target, data)
    return digest


def find_weights(digest: str, folders: Folders) -> Path:
    """The kept file of a hash, verified. Raises ``ConfigError``."""
    remedy = "Bring the file along again: inspector teach --weights FILE"
    if folders.weights is None or not (path := _path(folders.weights, digest)).is_file():
        raise ConfigError(f"engine.weights: no file {digest[:12]}... was imported", remedy=remedy)
    with storage_errors(path):
        if sha256_of_file(path) != digest:
            raise ConfigError(f"{path}: damaged: its contents are not its name", remedy=remedy)
    return path


def _path(folder: Path, digest: str) -> Path:
    return folder / f"{digest}.safetensors"
