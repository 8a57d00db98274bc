"""What a station knows of its devices, engine and store; for the engineer who looks closer."""

from __future__ import annotations

import msgspec

from inspector.link.command import Command


class GetDetails(Command, frozen=True):
    """Ask for all of it; asked once a second while somebody looks."""


class CameraDetail(msgspec.Struct, frozen=True):
    """One camera. Counts are since it was opened; what nobody tells is None."""

    name: str
    driver: str
    connected: bool
    detail: str
    """Why it is not connected."""
    size: str
    """Such as 1280 x 1024 Mono8; empty while no product is loaded."""
    triggers: int = 0
    frames: int = 0
    lost: int = 0
    rate_hz: float | None = None
    latency_ms: float | None = None
    temperature_c: float | None = None
    incomplete: int | None = None
    resent: int | None = None
    underrun: int | None = None
    missing: int | None = None
    reconnects: int | None = None


class CheckDetail(msgspec.Struct, frozen=True):
    """One check and the threshold that it judges by."""

    name: str
    threshold: float


class EngineDetail(msgspec.Struct, frozen=True):
    """What judges the loaded product."""

    product: str
    method: str
    runtime: str
    precision: str
    fingerprint: str
    bundle: str
    """Hash."""
    recipe: str
    calibration: str
    """Hash; empty without one."""
    size: str
    views: int
    threads: int
    self_test_utc_us: int
    """When it passed: what did not is never loaded."""
    threshold: float | None = None
    """Of the joint score; None without a calibration."""
    promised: float | None = None
    """False-reject rate that was asked for."""
    bound95: float | None = None
    """What the calibration's good images prove at 95 %."""
    images: int = 0
    calibrated_utc_us: int | None = None
    checks: tuple[CheckDetail, ...] = ()


class StoreDetail(msgspec.Struct, frozen=True):
    """Ledger and disk."""

    written: int
    pictures: int
    waiting: int
    room: int
    write_ms: float
    longest_ms: float
    dropped_records: int
    dropped_pictures: int
    fault: str
    journal_records: int
    journal_bytes: int
    journal_fault: str
    signed_records: int
    """Up to which record signatures vouch; 0 for none."""
    finding: str
    """What the check of the chain found first; empty when all is as it was written."""
    check_fault: str
    anchor_fault: str
    disk_full: float
    """Share, 0..1."""
    disk_free_bytes: int
    maintenance_at: float
    shed_at: float
    stop_at: float


class Details(msgspec.Struct, frozen=True, tag=True):
    """Answer to ``GetDetails``. ``engine`` is None while nothing is loaded, ``store`` without a
    ledger.
    """

    cameras: tuple[CameraDetail, ...] = ()
    engine: EngineDetail | None = None
    store: StoreDetail | None = None


AnyDetailCommand = GetDetails
