"""From camera image to engine input: one implementation for teach, calibrate, run and replay."""

from inspector.preparation.preparation import Preparation, preparation_hash

__all__ = ["Preparation", "preparation_hash"]
