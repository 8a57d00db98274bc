"""Who sets cameras, and who works thresholds out: every role against every question."""

from __future__ import annotations

import pytest

from inspector.access.permissions import PERMISSIONS, QUESTIONS, Role

TECHNICIANS = {Role.TECHNICIAN, Role.ENGINEER, Role.ADMINISTRATOR}
ENGINEERS = {Role.ENGINEER, Role.ADMINISTRATOR}


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("AskCameras", TECHNICIANS),
        ("WatchCamera", TECHNICIANS),
        ("LookAtCamera", TECHNICIANS),
        ("ListStills", TECHNICIANS),
        ("TakeStill", TECHNICIANS),
        ("LayStillsAside", TECHNICIANS),
        ("CorrectCamera", ENGINEERS),
        ("AskThreshold", set(Role)),
        ("CalibrateProduct", ENGINEERS),
        ("ChangeThreshold", ENGINEERS),
        ("SetLight", TECHNICIANS),
        ("ChangeLight", ENGINEERS),
        ("KeepCorrection", ENGINEERS),
        ("AskNoise", TECHNICIANS),
        ("MeasureNoise", TECHNICIANS),
        ("AskGauge", TECHNICIANS),
        ("TakeShow", TECHNICIANS),
        ("LayShowsAside", TECHNICIANS),
        ("StudyGauge", TECHNICIANS),
    ],
)
@pytest.mark.parametrize("role", [None, *Role])
def test_each_role(name: str, roles: set[Role], role: Role | None) -> None:
    assert (role in (PERMISSIONS | QUESTIONS)[name]) == (role in roles)
