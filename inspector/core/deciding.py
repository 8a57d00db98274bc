"""The tuple of hashes that decides on a part: what is released, checked and recorded."""

from __future__ import annotations

from pydantic import Field

from inspector.core.section import Section


class DecidingTuple(Section):
    """Everything that decides, by hash (hex); the same tuple gives the same verdicts."""

    recipe: str
    preparation: str
    bundle: str
    calibration: str = Field(description="empty: provisional, never calibrated")
    fingerprint: str = Field(description="runtime, version, device and precision, in words")
    software: str = Field(description="version of Inspector")

    def differences(self, other: DecidingTuple) -> tuple[str, ...]:
        """Names of what differs."""
        mine, theirs = self.model_dump(), other.model_dump()
        return tuple(key for key in mine if mine[key] != theirs[key])
