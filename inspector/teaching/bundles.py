"""Where bundles lie in the data folder, and which one is current."""

from __future__ import annotations

from pathlib import Path

from engines.bundle import MANIFEST, Bundle
from inspector.core.errors import BundleError
from inspector.core.recipe import PreparationSpec
from inspector.durable.files import write_atomically


def bundles_folder(data_folder: Path, product: str) -> Path:
    """All bundles of a product; each lies in a folder named by the start of its hash."""
    return data_folder / "bundles" / product


def bundle_paths(data_folder: Path, product: str) -> list[Path]:
    """Every bundle of a product, by name."""
    folder = bundles_folder(data_folder, product)
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] != ".")


def current_bundle(data_folder: Path, product: str) -> Path | None:
    """The bundle that runs, or None when the product was never taught."""
    pointer = bundles_folder(data_folder, product) / "current"
    if not pointer.exists():
        return None
    path = pointer.parent / pointer.read_text(encoding="utf-8").strip()
    if path.parent != pointer.parent or not path.is_dir():
        raise BundleError(f"{pointer}: names no bundle", remedy="Teach the product again")
    return path


def make_current(bundle: Path) -> None:
    """Let a bundle be the one that runs from the next start on."""
    write_atomically(bundle.parent / "current", f"{bundle.name}\n".encode())


def check_preparation(bundle: Bundle, spec: PreparationSpec, identity: str) -> None:
    """Raise ``BundleError`` unless images are prepared as the bundle was taught.

    ``identity`` is the hash of the preparation by ``spec`` and the camera's artefacts.
    """
    if bundle.preparation_hash == identity:
        return
    if (spec.flat_field or spec.undistort) and spec == bundle.manifest.preparation:
        problem = "was taught with another calibration of the camera than it has now"
        remedy = "Teach again: the pictures are corrected otherwise"
    else:
        problem = "was taught with another preparation than the recipe has now"
        remedy = "Teach again, or undo the change of 'preparation' in the recipe"
    raise BundleError(f"{bundle.path / MANIFEST}: preparation_hash: {problem}", remedy=remedy)


def compiled_folder(data_folder: Path) -> Path:
    """What was compiled on this PC: plans, and graphs of other precisions."""
    return data_folder / "compiled"


def calibration_path(bundle: Path, runtime: str) -> Path:
    """Where the calibration of a bundle on a runtime lies: beside the immutable folder."""
    return bundle.with_name(f"{bundle.name}.calibration-{runtime}.yaml")
