"""GenTL producers, which camera makers install: found by the variable that GenTL prescribes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from inspector.doctor.finding import Finding, Status

GENTL_PATH = "GENICAM_GENTL64_PATH"


def gentl_producers(environment: Mapping[str, str] | None = None) -> Finding:
    """The .cti files in the folders of ``GENICAM_GENTL64_PATH``; none is loaded."""
    environment = os.environ if environment is None else environment
    folders = [Path(name) for name in environment.get(GENTL_PATH, "").split(os.pathsep) if name]
    files = sorted(file for folder in folders if folder.is_dir() for file in folder.glob("*.cti"))
    if files:
        return Finding("camera", "GenTL producers", Status.OK, ", ".join(map(str, files)))
    found = f"no .cti file in {GENTL_PATH}" if folders else f"{GENTL_PATH} is not set"
    remedy = "Only for cameras by driver: genicam: install their maker's GenTL producer"
    return Finding("camera", "GenTL producers", Status.MISSING, found, remedy)
