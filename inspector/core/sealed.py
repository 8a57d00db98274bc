"""Artefacts that carry their own hash, so that a later change of the file shows."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field

from inspector.core.canonical import hash_of
from inspector.core.section import Section

_UNSEALED = "0" * 64


class Sealed(Section):
    """A value with the SHA-256 of its canonical form. Not signed: see the ledger for who."""

    hash: str = Field(_UNSEALED, pattern=r"^[0-9a-f]{64}$")

    @classmethod
    def sealed(cls, **fields: Any) -> Self:
        """The value of these fields, with its hash."""
        value = cls.model_validate(fields)
        return value.model_copy(update={"hash": value.content_hash})

    @property
    def content_hash(self) -> str:
        """What ``hash`` must be."""
        return hash_of(self.model_dump(mode="json", exclude={"hash"}))

    @property
    def intact(self) -> bool:
        """False when something was changed after sealing."""
        return self.hash == self.content_hash
