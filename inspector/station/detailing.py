"""What the station tells of its devices, engine and store to an engineer who looks closer."""

from __future__ import annotations

import contextlib
import shutil

import msgspec

from engines.runtimes.trial import resolved
from inspector.core.line_config import LineConfig
from inspector.core.ports import Camera
from inspector.link.details import (
    CameraDetail,
    CheckDetail,
    Details,
    EngineDetail,
    StoreDetail,
)
from inspector.station.disk_guard import disk_share
from inspector.station.judging import Judging
from inspector.station.loaded import LoadedProduct
from inspector.station.rooms import Rooms
from inspector.teaching.bundles import calibration_path


def details(rooms: Rooms, loaded: LoadedProduct | None, loaded_utc_us: int) -> Details:
    """All of it. Any thread; some hundred microseconds."""
    present = {camera.name: camera for camera in loaded.eyes.cameras} if loaded else {}
    return Details(
        cameras=tuple(
            _camera(entry.name, entry.driver, present.get(entry.name))
            for entry in rooms.config.cameras
        ),
        engine=_engine(loaded.judging, rooms.config, loaded_utc_us) if loaded else None,
        store=_store(rooms),
    )


def _camera(name: str, driver: str, camera: Camera | None) -> CameraDetail:
    if camera is None:
        return CameraDetail(name, driver, connected=False, detail="", size="")
    health, form = camera.health(), camera.format
    told = CameraDetail(
        name,
        driver,
        health.connected,
        health.detail,
        f"{form.width} × {form.height} {form.pixel_format}",
        health.triggers,
        health.frames,
        health.lost,
    )
    link = health.link
    if link is None:
        return told
    return msgspec.structs.replace(
        told,
        rate_hz=link.rate_hz,
        latency_ms=link.latency_ms,
        temperature_c=link.temperature_c,
        incomplete=link.failed,
        resent=link.resent,
        underrun=link.underrun,
        missing=link.missing,
        reconnects=link.reconnects,
    )


def _engine(judging: Judging, config: LineConfig, tested_utc_us: int) -> EngineDetail:
    info, identity, calibration = judging.engine.info, judging.identity, judging.calibration
    conditions = identity.conditions
    told = EngineDetail(
        identity.product,
        judging.recipe.engine.method,
        info.runtime,
        info.precision,
        info.fingerprint,
        identity.bundle,
        identity.recipe,
        identity.calibration,
        f"{info.width} × {info.height} × {info.channels}",
        conditions.batch if conditions else 1,
        conditions.threads if conditions else 0,
        tested_utc_us,
    )
    if calibration is None:
        return told
    label = info.runtime if info.precision == "f32" else f"{info.runtime}-{info.precision}"
    if judging.bundle.manifest.kernel is not None:
        label = resolved(config.runtime, judging.bundle, None).label
    made_us = None
    with contextlib.suppress(OSError):
        file = calibration_path(judging.bundle.path, label)
        made_us = file.stat().st_mtime_ns // 1000
    return msgspec.structs.replace(
        told,
        threshold=calibration.threshold,
        promised=calibration.promised,
        bound95=calibration.bound95,
        images=calibration.images,
        calibrated_utc_us=made_us,
        checks=tuple(CheckDetail(one.name, one.threshold) for one in calibration.checks),
    )


def _store(rooms: Rooms) -> StoreDetail | None:
    writer, proof, levels = rooms.writer, rooms.proof, rooms.config.evidence
    if writer is None:
        return None
    figures, journal = writer.figures, writer.journal
    newest = proof.newest if proof else None
    usage = shutil.disk_usage(rooms.data_folder)
    return StoreDetail(
        written=figures.written,
        pictures=figures.pictures,
        waiting=writer.backlog,
        room=writer.room,
        write_ms=figures.write_ms,
        longest_ms=figures.longest_ms,
        dropped_records=writer.dropped_records,
        dropped_pictures=writer.dropped_evidence,
        fault=writer.fault or "",
        journal_records=journal.records,
        journal_bytes=journal.bytes,
        journal_fault=journal.fault or "",
        signed_records=newest.sequence if newest else 0,
        finding=(proof.finding if proof else None) or "",
        check_fault=(proof.check_fault if proof else None) or "",
        anchor_fault=(proof.anchor_fault if proof else None) or "",
        disk_full=disk_share(rooms.data_folder),
        disk_free_bytes=usage.free,
        maintenance_at=levels.maintenance_at,
        shed_at=levels.shed_at,
        stop_at=levels.stop_at,
    )
