"""Debian packages of a line PC with a panel, with all that they need."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from scripts import bootstrap, debian

KIOSK = ("cage", "libgl1-mesa-dri", "libpam-systemd", "xwayland")
"""The kiosk's compositor, its drivers and its seat."""
_EVERYWHERE = ("lsb-base", "usrmerge")
"""An empty Debian would want them; an installed one has others in their place."""


def wanted_packages() -> tuple[str, ...]:
    """What a panel needs; of the test tools nothing."""
    return (*debian.JAPANESE_FONTS, *debian.LIBRARIES, *KIOSK)


def fetch(folder: Path) -> list[Path]:
    """The packages and what they depend on, newest versions. Raises ``SetupError``."""
    if shutil.which("apt-get") is None:
        raise bootstrap.SetupError("--with-debs: this is no Debian; make the kit on one")
    with tempfile.TemporaryDirectory(prefix="inspector-debs-") as made:
        work = Path(made)
        (work / "status").touch()
        (work / "archives" / "partial").mkdir(parents=True)
        done = subprocess.run(_command(work), capture_output=True, text=True, check=False)
        if done.returncode:
            raise bootstrap.SetupError(
                f"--with-debs: run apt-get update first; apt-get says:\n{done.stderr[-800:]}"
            )
        folder.mkdir()
        for path in (work / "archives").glob("*.deb"):
            if path.name.split("_")[0] in _EVERYWHERE:
                continue
            shutil.move(path, folder / path.name.replace("%3a", "-"))
    return sorted(folder.glob("*.deb"))


def _command(work: Path) -> list[str]:
    """Resolved as if nothing were installed: another PC may lack what this one has."""
    return [
        *("apt-get", "install", "--yes", "--download-only", "--no-install-recommends"),
        *("-o", f"Dir::State::status={work / 'status'}"),
        *("-o", f"Dir::Cache::archives={work / 'archives'}"),
        *("-o", "Debug::NoLocking=1"),
        *wanted_packages(),
    ]
