"""What a part should look like."""

from __future__ import annotations

from inspector.link.question import Question, Reading


class NearestNormal(Question, frozen=True):
    """The good image that is nearest to a recorded part, as the part was seen by one camera.

    The part's pictures must have been kept. ``longest`` is the longest side in px (0: as it is).
    """

    part: int
    view: int = 0
    longest: int = 0


class Nearest(Reading, frozen=True):
    """Answer to ``NearestNormal``: the part's field as it was seen, and the good one beside it.

    JPEG files of one size. ``among`` good images were looked at; ``apart`` is the mean difference
    from the part in grey levels of 8 bits, places that differ most left out. With ``explains`` the
    engine that judged can tell more: ``AskExplanation``.
    """

    part: bytes
    normal: bytes
    among: int
    apart: float
    explains: bool = False


class AskExplanation(Question, frozen=True):
    """What the engine that judged a part expected to see, and what its map is made of."""

    part: int
    view: int = 0
    longest: int = 0


class Explained(Reading, frozen=True):
    """Answer to ``AskExplanation``, JPEG files: the part's field, and as it would be if it were
    good (empty from engines that draw nothing).

    ``heats``: the part with each map that the engine's is made of, by its name; red where that one
    is strongest, for each has its own unit.
    """

    part: bytes
    expected: bytes
    heats: tuple[tuple[str, bytes], ...]


AnyComparingQuestion = NearestNormal | AskExplanation
AnyComparingAnswer = Nearest | Explained
