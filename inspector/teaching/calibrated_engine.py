"""A bundle as the line runs it: prepared for, loaded, self-tested and calibrated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from calibration.threshold import Calibration, load_calibration
from engines.bundle import open_bundle
from engines.runtimes import load_engine, self_test
from engines.runtimes.trial import resolved
from inspector.core.line_config import RuntimeConfig
from inspector.core.ports import Engine
from inspector.preparation import Optics
from inspector.teaching.bundles import calibration_path
from inspector.teaching.prepared import Preparer, preparer_of


@dataclass(frozen=True, slots=True)
class CalibratedEngine:
    """What judges image files by a bundle's calibration on one runtime."""

    engine: Engine
    preparer: Preparer
    calibration: Calibration
    runtime: str
    """Its label."""


@contextmanager
def calibrated_engine(
    bundle_path: Path, runtime: RuntimeConfig, compiled: Path | None, optics: Optics
) -> Iterator[CalibratedEngine]:
    """Load a bundle with its calibration; ``compiled`` is the folder of what this PC compiled.

    Raises ``BundleError`` or ``EngineError``.
    """
    bundle = open_bundle(bundle_path)
    preparer = preparer_of(bundle, bundle.manifest.preparation, optics)
    runtime = resolved(runtime, bundle, compiled)
    with closing(load_engine(bundle, runtime, compiled)) as engine:
        self_test(engine, bundle)
        calibration = load_calibration(calibration_path(bundle_path, runtime.label), engine.info)
        yield CalibratedEngine(engine, preparer, calibration, runtime.label)
