"""Calibrations that were worked out and wait for a signature: nothing runs by them.

``proposed/<product>/<file of the calibration>/<hash>.yaml`` in the data folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from calibration.threshold import Calibration, read_calibration, write_calibration
from inspector.core.errors import RefusedError
from inspector.durable.files import storage_errors
from inspector.teaching.bundles import current_bundle
from inspector.teaching.looks import keep_looks, looks_path
from inspector.teaching.outcome import Calibrated

_PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Proposed:
    """One of them: where it lies, and what it would take the place of."""

    path: Path
    file: Path
    calibration: Calibration

    def adopt(self) -> None:
        """Let the line run by it from its next load on. Raises ``StorageError``."""
        write_calibration(self.file, self.calibration)
        with storage_errors(self.path):
            self.path.unlink(missing_ok=True)


def propose(made: Calibrated, data_folder: Path) -> Path:
    """Keep a calibration for `proposed`. Looks lie under its hash: they change nothing."""
    product, digest = made.recipe.product, made.calibration.hash
    path = data_folder / _PROPOSED / product / made.file.name / f"{digest}.yaml"
    keep_looks(looks_path(made.bundle.path, made.calibration), made.looks)
    write_calibration(path, made.calibration)
    return path


def proposed(data_folder: Path, product: str, digest: str) -> Proposed | None:
    """What waits under this hash, if it does. Raises ``RefusedError``, ``BundleError``."""
    if not digest.isalnum():
        return None
    folder = data_folder / _PROPOSED / product
    names = sorted(folder.iterdir()) if folder.is_dir() else ()
    path = next((one for name in names if (one := name / f"{digest}.yaml").is_file()), None)
    if path is None:
        return None
    calibration, current = read_calibration(path), current_bundle(data_folder, product)
    of_it = current is not None and path.parent.name.startswith(f"{current.name}.")
    if current is None or not of_it or calibration.hash != digest:
        raise RefusedError(
            f"{product}: was taught anew since this was worked out", remedy="Calibrate it again"
        )
    return Proposed(path, current.parent / path.parent.name, calibration)
