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
    from the part in grey levels of 8 bits, places that differ most left out.
    """

    part: bytes
    normal: bytes
    among: int
    apart: float


AnyComparingQuestion = NearestNormal
AnyComparingAnswer = Nearest
