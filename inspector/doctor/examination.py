"""The whole examination, in the order in which it is read."""

from __future__ import annotations

from pathlib import Path

from inspector.core.line_config import LineConfig
from inspector.doctor import machine
from inspector.doctor.finding import Finding
from inspector.doctor.packages import package_findings
from inspector.doctor.producers import gentl_producers

USUAL_DATA_FOLDER = str(LineConfig.model_fields["data_folder"].default)


def examine(line: LineConfig | None) -> tuple[Finding, ...]:
    """Look at this PC; seconds. Nothing is changed, and no device is touched.

    ``line`` names the data folder; without it the usual one is looked at.
    """
    folder = Path(line.data_folder if line else USUAL_DATA_FOLDER).expanduser()
    return (
        machine.python(),
        machine.operating_system(),
        machine.cpu(),
        machine.memory(),
        machine.gpu(),
        machine.clock(),
        machine.data_folder(folder),
        *package_findings(),
        gentl_producers(),
        machine.display(),
        machine.japanese_font(),
    )
