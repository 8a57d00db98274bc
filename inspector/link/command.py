"""What every command is, and how one is signed."""

from __future__ import annotations

from typing import Literal

import msgspec

Meaning = Literal["authorship", "review", "approval", "responsibility"]
"""What a signature means (21 CFR 11.50)."""


class Command(msgspec.Struct, frozen=True, tag=True):
    """Base of every command."""


class Signature(msgspec.Struct, frozen=True):
    """One electronic signature: who, proven anew by the password, and what it means."""

    user: str
    password: str
    meaning: Meaning = "approval"

    def __repr__(self) -> str:
        return f"Signature(user={self.user!r}, password=..., meaning={self.meaning!r})"


Signatures = tuple[Signature, ...]
