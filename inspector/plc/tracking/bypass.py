"""What a person may order at the gate: always with a name and a reason."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.core.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Bypass:
    """All parts go through, whatever is found on them; none of them counts as good.

    Raises ``RefusedError`` without a name or a reason.
    """

    who: str
    why: str

    def __post_init__(self) -> None:
        if not (self.who.strip() and self.why.strip()):
            raise RefusedError(
                "a bypass needs the name of who orders it and the reason", remedy="Give both"
            )

    def __str__(self) -> str:
        return f"{self.who}: {self.why}"


@dataclass(frozen=True, slots=True)
class Override:
    """One part goes through, or is ejected, by order. It counts as good in neither case."""

    trigger_count: int
    let_pass: bool
    signed: Bypass
