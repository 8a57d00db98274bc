"""From camera image to engine input: one implementation for teach, calibrate, run and replay."""

from inspector.preparation.corrections import NO_OPTICS, Corrections, Optics
from inspector.preparation.preparation import Preparation, preparation_hash

__all__ = ["NO_OPTICS", "Corrections", "Optics", "Preparation", "preparation_hash"]
