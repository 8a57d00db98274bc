"""The whole examination, in the order in which it is read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.doctor import machine
from inspector.doctor.finding import Finding
from inspector.doctor.packages import package_findings
from inspector.doctor.producers import gentl_producers

if TYPE_CHECKING:
    from inspector.core.line_config import LineConfig


def examine(line: LineConfig | None) -> tuple[Finding, ...]:
    """Look at this PC; seconds. Nothing is changed, and no device is touched.

    ``line`` names the data folder; without it the usual one is looked at.
    """
    from inspector.core.line_config import LineConfig  # noqa: PLC0415  # has a panel wait

    usual = str(LineConfig.model_fields["data_folder"].default)
    folder = Path(line.data_folder if line else usual).expanduser()
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
