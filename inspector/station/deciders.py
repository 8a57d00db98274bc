"""What decided on a part, found again by its hash: recipe, bundle, calibration, corrections.

Bundles and the cameras' artefacts are never overwritten. Recipes and calibrations are: so a copy of
each that ever judged on this station is kept in the data folder under ``deciders/``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product as pairs
from pathlib import Path

from calibration.artefacts import FLAT_FIELD, LENS, read_flat_field, read_lens, versions
from calibration.threshold import Calibration, read_calibration, write_calibration
from engines.bundle import Bundle, open_bundle
from inspector.core.errors import BundleError
from inspector.core.recipe import PreparationSpec, Recipe
from inspector.durable.files import write_atomically
from inspector.durable.yaml_files import dump_yaml, load_yaml
from inspector.preparation import Corrections, Optics, preparation_hash, taught_reference
from inspector.teaching.bundles import bundle_paths, bundles_folder

_REMEDY = "Bring it back from a backup of the data folder"


def deciders_folder(data_folder: Path) -> Path:
    """Copies of what may be overwritten."""
    return data_folder / "deciders"


def keep_deciders(data_folder: Path, recipe: Recipe, calibration: Calibration | None) -> None:
    """Keep what judges from now on, once each. Raises ``StorageError``."""
    path = deciders_folder(data_folder) / f"recipe-{recipe.hash}.yaml"
    if not path.exists():
        write_atomically(path, dump_yaml(recipe))
    if calibration is not None:
        path = _calibration_file(data_folder, calibration.hash)
        if not path.exists():
            write_calibration(path, calibration)


def find_recipe(data_folder: Path, digest: str) -> Recipe:
    """A recipe that judged here. Raises ``BundleError``."""
    path = deciders_folder(data_folder) / f"recipe-{digest}.yaml"
    found = load_yaml(path, Recipe) if path.exists() else None
    if found is None or found.hash != digest:
        raise _missing("recipe", digest, path)
    return found


def find_bundle(data_folder: Path, product: str, digest: str) -> Bundle:
    """A bundle of a product, current or not. Raises ``BundleError``."""
    for path in bundle_paths(data_folder, product):
        if digest.startswith(path.name):
            bundle = open_bundle(path)
            if bundle.hash == digest:
                return bundle
    raise _missing("bundle", digest, bundles_folder(data_folder, product))


def find_calibration(data_folder: Path, product: str, digest: str) -> Calibration:
    """A calibration, current or not. Raises ``BundleError``."""
    current = bundles_folder(data_folder, product).glob("*.calibration-*.yaml")
    for path in (_calibration_file(data_folder, digest), *current):
        if path.exists():
            found = read_calibration(path)
            if found.hash == digest:
                return found
    raise _missing("calibration", digest, deciders_folder(data_folder))


def find_corrections(optics: Optics, bundle: Bundle, digest: str) -> Corrections:
    """The camera's artefacts with which a preparation has this hash. Raises ``BundleError``."""
    spec, reference = bundle.manifest.preparation, taught_reference(bundle)
    for corrections in _corrections(optics, spec):
        if preparation_hash(spec, corrections, reference) == digest:
            return corrections
    folder = optics.data_folder or Path("cameras")
    raise _missing("preparation", digest, folder / "cameras")


def _corrections(optics: Optics, spec: PreparationSpec) -> Iterator[Corrections]:
    """As they are now, then as they ever were."""
    yield optics.corrections(spec)
    folder = optics.data_folder
    if folder is None or not (spec.flat_field or spec.undistort):
        return
    (serial,) = optics.serials
    flats = versions(folder, serial, FLAT_FIELD) if spec.flat_field else [""]
    lenses = versions(folder, serial, LENS) if spec.undistort else [""]
    for flat, lens in pairs(flats, lenses):
        yield Corrections(
            serial,
            read_flat_field(folder, serial, flat) if flat else None,
            read_lens(folder, serial, lens) if lens else None,
        )


def _calibration_file(data_folder: Path, digest: str) -> Path:
    return deciders_folder(data_folder) / f"calibration-{digest}.yaml"


def _missing(what: str, digest: str, folder: Path) -> BundleError:
    return BundleError(f"{folder}: no {what} {digest[:12]} that a record names", remedy=_REMEDY)
