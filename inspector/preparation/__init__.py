"""From camera image to engine input: one implementation for teach, calibrate, run and replay."""

from inspector.preparation.alignment import PoseReference, taught_reference
from inspector.preparation.corrections import NO_OPTICS, Corrections, Optics
from inspector.preparation.preparation import Preparation, preparation_hash

__all__ = [
    "NO_OPTICS",
    "Corrections",
    "Optics",
    "PoseReference",
    "Preparation",
    "preparation_hash",
    "taught_reference",
]
