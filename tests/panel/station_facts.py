"""A station as the station screen sees it, for tests and pictures."""

from __future__ import annotations

import dataclasses

from inspector.core.state import Health, Lock, Requirement, StationState
from inspector.link.details import (
    CameraDetail,
    CheckDetail,
    Details,
    EngineDetail,
    GetDetails,
    StoreDetail,
)
from inspector.link.questions.jobs import JobStarted
from inspector.link.questions.station import (
    AskKept,
    AskLog,
    AskStages,
    AskVersions,
    Examine,
    Kept,
    KeptClass,
    LogLine,
    LogLines,
    MakeSupportBundle,
    Package,
    PcFinding,
    Stage,
    Stages,
    Versions,
)
from inspector.link.signals import Connection, GetSignals, ManualTest, Signals
from inspector.panel.translation import Language
from inspector.panel.widgets.bands import MANUAL_TEST
from inspector.plc.registers import Inputs, Outputs
from inspector.station.manual_test import _named
from tests.panel import fakes
from tests.panel import stage as stages

NOON_US = 1_795_000_000_000_000
OUTPUTS = Outputs(
    online=True,
    result_toggle=True,
    plc_may_write=True,
    heartbeat=4711,
    state=2,
    health=3,
    part_id=12480,
    encoder=4_294_000_000,
    cause=1,
    verdicts=12480,
    rejects=61,
)
INPUTS = Inputs(
    trigger_enable=True,
    result_ack=True,
    wants_to_write=True,
    counts_triggers=True,
    heartbeat=60_001,
    trigger_count=12480,
    lot="LOT-2026-118",
    serial="A-0004711",
)
FINDINGS = (
    PcFinding("machine", "python", "ok", "3.11.9"),
    PcFinding("runtime", "tensorrt", "missing", "not installed", "make a kit with --extras gpu"),
    PcFinding("machine", "clock", "warn", "not synchronised", "Install chrony"),
    PcFinding("machine", "disk", "failure", "97 % full", "Free the disk"),
)


def signals(*, test: bool = False) -> Signals:
    gate = Connection(
        "press-3",
        "modbus-client",
        connected=True,
        outputs=_named(OUTPUTS),
        inputs=_named(INPUTS),
        beat_age_s=0.12,
    )
    broker = Connection("mqtt", "mqtt", connected=False, detail="nobody answers")
    testing = ManualTest("sato", "new lamp", 512.0, {"0:gate_pass": 3.4}) if test else None
    return Signals("operator", (gate, broker), testing)


def details() -> Details:
    top = CameraDetail(
        "top",
        "pylon",
        connected=True,
        detail="",
        size="1280 × 1024 Mono8",
        triggers=12_483,
        frames=12_480,
        lost=3,
        rate_hz=8.1,
        latency_ms=12.4,
        temperature_c=48.2,
        incomplete=2,
        resent=17,
        underrun=0,
        missing=1,
        reconnects=1,
    )
    side = CameraDetail(
        "side", "genicam", connected=False, detail="no answer: looked for again", size=""
    )
    engine = EngineDetail(
        "washer",
        "reverse-distillation",
        "openvino",
        "f32",
        "openvino 2026.2 CPU f32 AVX2 4 threads",
        "9f" * 32,
        "3c" * 32,
        "77" * 32,
        "256 × 256 × 3",
        2,
        4,
        NOON_US,
        threshold=1.083,
        promised=0.001,
        bound95=0.0149,
        images=200,
        calibrated_utc_us=NOON_US,
        checks=(CheckDetail("engine", 12.25), CheckDetail("presence", 4.5)),
    )
    store = StoreDetail(
        written=48_120,
        pictures=512,
        waiting=3,
        room=20_000,
        write_ms=4.1,
        longest_ms=88.0,
        dropped_records=0,
        dropped_pictures=2,
        fault="",
        journal_records=120,
        journal_bytes=250_000,
        journal_fault="connection refused",
        signed_records=48_000,
        finding="",
        check_fault="",
        anchor_fault="",
        disk_full=0.84,
        disk_free_bytes=61_200_000_000,
        maintenance_at=0.8,
        shed_at=0.95,
        stop_at=0.98,
    )
    return Details((top, side), engine, store)


STAGES = (
    "arrived",
    "copied",
    "started",
    "prepared",
    "inferred",
    "scored",
    "published",
    "all",
)
LINES = tuple(
    LogLine("2026-11-22T12:03:04.123Z", level, text, more)
    for level, text, more in (
        ("error", "station failed", (("exception", "ValueError: no such frame"),)),
        ("warning", "alarm", (("alarm", "disk"), ("health", "maintenance-required"))),
        ("info", "state", (("old", "ready"), ("new", "continuous-execution"))),
    )
    * 5
)
ANSWERS: dict[type, stages.Answer] = {
    GetSignals: lambda _: signals(),
    GetDetails: lambda _: details(),
    AskStages: lambda _: Stages(
        500,
        tuple(Stage(name, 1.0 + place, 2.0 + place, 9.0) for place, name in enumerate(STAGES)),
    ),
    AskKept: lambda _: Kept(
        (KeptClass("reject", 610, 812_000_000), KeptClass("pass", 1200, 1_400_000_000)),
        48_120,
        96_000_000,
        elsewhere=True,
    ),
    AskVersions: lambda _: Versions(
        "0.9.0",
        "3.11.9",
        "Linux 6.8 x86_64",
        (Package("numpy", "2.2.6", "BSD-3-Clause"), Package("PyQt6", "6.9.1", "GPL-3.0-only")),
    ),
    AskLog: lambda _: LogLines(LINES),
    Examine: lambda _: JobStarted(1),
    MakeSupportBundle: lambda _: JobStarted(2),
}


def on_stage(
    language: Language,
    state: StationState = StationState.HALTED,
    *,
    role: str = "engineer",
    test: bool = False,
    answers: dict[type, stages.Answer] | None = None,
) -> stages.Stage:
    """The screen, with a station in this state."""
    known = {**ANSWERS, GetSignals: lambda _: signals(test=test), **(answers or {})}
    stage = stages.Stage(language, answers=known, role=role)
    tell(stage, state, test=test)
    stage.shell.go("station")
    stage.settle()
    return stage


def tell(stage: stages.Stage, state: StationState, *, test: bool = False) -> None:
    """The station is in another state; in Initialized production is locked."""
    locked = (
        Lock(Requirement.RELEASE, "Not released: nobody did. Release it: inspector release washer"),
        Lock(Requirement.LIMIT_SAMPLES, "Limit samples: none was shown. Show all of them"),
    )
    failure = fakes.alarm(Health.FAILURE, "the PLC's heartbeat stands still")
    words = "Manual test: sato may force outputs to the PLC: new lamp"
    testing = fakes.alarm(Health.CHECK_FUNCTION, words, key=MANUAL_TEST)
    alarms = (failure,) if state is StationState.ERROR else (testing,) if test else ()
    status = fakes.status(state, alarms=alarms)
    if state is StationState.INITIALIZED:
        status = dataclasses.replace(status, locked=locked)
    stage.model.deliver(status, stage.now_s, None, [])
    stage.settle()
