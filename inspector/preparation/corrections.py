"""Which artefacts of the station correct a camera's pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from calibration.artefacts import Lens, StoredFlatField, read_flat_field, read_lens
from inspector.core.errors import ConfigError
from inspector.core.recipe import PreparationSpec

_COMMANDS = {"flat_field": "flat", "undistort": "lens"}


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is known of one camera, as far as a spec asks for it."""

    serial: str = ""
    flat_field: StoredFlatField | None = None
    lens: Lens | None = None

    def hashes(self, spec: PreparationSpec) -> dict[str, str]:
        """Identities of the artefacts that a spec uses; ``ConfigError`` for a missing one."""
        flat_field = self.flat_field.record if self.flat_field else None
        artefacts = {"flat_field": flat_field, "undistort": self.lens}
        found: dict[str, str] = {}
        for key, artefact in artefacts.items():
            if not getattr(spec, key):
                continue
            if artefact is None:
                command = f"inspector camera {_COMMANDS[key]} FOLDER --serial"
                raise ConfigError(
                    f"preparation.{key}: true, but this station has no such calibration of camera "
                    f"{self.serial or '(none named)'}",
                    remedy=f"Run: {command} {self.serial or 'SERIAL'}, or set preparation.{key}: "
                    "false",
                )
            found[key] = artefact.hash
        return found


NO_CORRECTIONS = Corrections()


@dataclass(frozen=True, slots=True)
class Optics:
    """The cameras of a station, by serial number, and the folder of what is known of them."""

    data_folder: Path | None = None
    serials: tuple[str, ...] = ()

    def corrections(self, spec: PreparationSpec) -> Corrections:
        """What a spec asks for. Raises ``ConfigError`` (several cameras) or ``BundleError``.

        All views of a part are prepared alike, and a picture to teach with does not say which
        camera took it: so corrections need a line with one camera.
        """
        wanted = [key for key in _COMMANDS if getattr(spec, key)]
        if not wanted or self.data_folder is None or not self.serials:
            return Corrections()
        if len(self.serials) > 1:
            raise ConfigError(
                f"preparation.{wanted[0]}: true on a line with {len(self.serials)} cameras",
                remedy=f"Set preparation.{wanted[0]}: false, or run a station for each camera",
            )
        (serial,) = self.serials
        return Corrections(
            serial,
            read_flat_field(self.data_folder, serial) if spec.flat_field else None,
            read_lens(self.data_folder, serial) if spec.undistort else None,
        )


NO_OPTICS = Optics()
"""For specs that correct nothing."""
