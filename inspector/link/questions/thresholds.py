"""Thresholds: what good images prove, and what would change."""

from __future__ import annotations

import msgspec

from inspector.link.question import JobQuestion, Question, Reading
from inspector.link.questions.teaching import PictureSource


class Proof(msgspec.Struct, frozen=True):
    """A threshold, and what the good images say that it was made from.

    ``promised``: the recipe's false-reject rate; ``expected``: the rate to expect; ``proved``: what
    the images prove at 95 %; ``wants``: so many more could prove the promise; ``extrapolated``:
    beyond all that was seen. ``scores`` are joint ones, ascending. ``calibration`` is its hash.
    """

    threshold: float
    promised: float
    expected: float
    proved: float
    images: int
    wants: int
    extrapolated: bool
    scores: tuple[float, ...]
    calibration: str


class AskThreshold(Question, frozen=True):
    """What a product is judged by now, and where good images lie to calibrate it from."""

    product: str


class ThresholdInForce(Reading, frozen=True):
    """Answer to ``AskThreshold``. ``stored`` good images were held out when it was taught."""

    product: str
    proof: Proof | None
    stored: int
    sources: tuple[PictureSource, ...]


class CalibrateProduct(JobQuestion, frozen=True):
    """Work a threshold out from good images; nothing runs by it before ``ChangeThreshold``.

    ``source``: ``stored``, or the key of a source of ``ThresholdInForce``.
    """

    product: str
    source: str = "stored"


class ThresholdFound(Reading, frozen=True):
    """Result of ``CalibrateProduct``. Images that were taught, and copies, were left out."""

    product: str
    new: Proof
    before: Proof | None
    taught: int
    copies: int
    comparable: bool
    """Scores of both are of the same scale."""


AnyThresholdsQuestion = AskThreshold | CalibrateProduct
AnyThresholdsAnswer = ThresholdInForce | ThresholdFound
