"""Teaching at the panel: pictures, what is looked at in them, methods, the teaching itself."""

from __future__ import annotations

from typing import Literal

import msgspec

from inspector.link.question import JobQuestion, Question, Reading


class ListDraft(Question, frozen=True):
    """The pictures that a product will be taught from, and what its recipe says until now.

    ``rate`` is the share of good parts that may be rejected. ``product`` may be a new one.
    """

    product: str
    rate: float = 0.01


class DraftPicture(msgspec.Struct, frozen=True):
    """One picture, by its name, and what is noticed in it."""

    name: str
    hints: tuple[str, ...] = ()
    """Beside the others it is: blurred, other-light, same."""


class PictureSource(msgspec.Struct, frozen=True):
    """Pictures that lie ready; ``key`` is for ``FetchPictures``."""

    key: str
    kind: Literal["stick", "folder", "taught"]
    title: str
    pictures: int


class DrawnZone(msgspec.Struct, frozen=True):
    """A polygon in camera pixels."""

    name: str
    use: Literal["include", "exclude", "zone"]
    polygon: tuple[tuple[float, float], ...]
    sensitivity: float = 1.0


class Draft(Reading, frozen=True):
    """Answer to ``ListDraft``. ``size`` is that of the first picture, px; (0, 0) without any.

    ``least`` pictures can be taught; with ``wanted`` the threshold is measured, not estimated.
    """

    product: str
    pictures: tuple[DraftPicture, ...]
    remarks: tuple[str, ...]
    """What holds for many: few, alike, too-bright, too-dark, flat, sizes."""
    least: int
    wanted: int
    size: tuple[int, int]
    sources: tuple[PictureSource, ...]
    known: bool
    """There is a recipe; what follows is of it."""
    title: str = ""
    rate: float = 0.01
    region: tuple[int, int, int, int] | None = None
    zones: tuple[DrawnZone, ...] = ()
    method: str = "patchcore"


class ShowDraft(Question, frozen=True):
    """Some of the pictures, each with sides of at most ``longest`` (0: as they are)."""

    product: str
    names: tuple[str, ...]
    longest: int = 200


class Shown(Reading, frozen=True):
    """Answer to ``ShowDraft``: JPEG files in the order of the names; empty for one that is gone."""

    pictures: tuple[bytes, ...]


class LeaveOut(Question, frozen=True):
    """Lay pictures aside, or take them back; answered with nothing. They are never deleted."""

    product: str
    names: tuple[str, ...]
    back: bool = False


class TakePictures(JobQuestion, frozen=True):
    """Let the line's cameras take ``count`` more pictures of parts as they come.

    Settings of a new product are those of the product ``like``. Only while the station is halted,
    for then the cameras are free.
    """

    product: str
    like: str
    count: int = 20


class FetchPictures(JobQuestion, frozen=True):
    """Copy the pictures of a source that ``Draft`` names."""

    product: str
    source: str


class PicturesAdded(Reading, frozen=True):
    """Result of both; ``known`` were there already."""

    added: int
    known: int = 0


class Lesson(msgspec.Struct, frozen=True):
    """What is decided before teaching; ``region`` is left, top, width, height in camera pixels."""

    product: str
    title: str
    like: str
    rate: float
    region: tuple[int, int, int, int] | None = None
    zones: tuple[DrawnZone, ...] = ()


class TryMethods(JobQuestion, frozen=True):
    """Teach several candidates for a while, and rank them by defects painted on good pictures."""

    lesson: Lesson


class Candidate(msgspec.Struct, frozen=True):
    """One way to teach: ``side`` is the engine's input, px. Time of one image, 95 % of them."""

    method: str
    side: int
    found: int
    painted: int
    p95_ms: float
    in_time: bool


class Tried(Reading, frozen=True):
    """Result of ``TryMethods``, best first; defects were ``defect_px`` and larger."""

    candidates: tuple[Candidate, ...]
    defect_px: float
    budget_ms: float


class TeachProduct(JobQuestion, frozen=True):
    """Teach, calibrate, and keep the recipe. Nothing remains of one that is cancelled."""

    lesson: Lesson
    method: str = "patchcore"
    side: int = 0
    """Engine input, px; 0: the recipe's own."""


class Strange(msgspec.Struct, frozen=True):
    """A good picture held out: its score in units of the threshold, and a JPEG file."""

    name: str
    score: float
    picture: bytes


class TaughtProduct(Reading, frozen=True):
    """Result of ``TeachProduct``. Scores are of held-out good pictures, in units of the threshold.

    ``promised`` share of good parts rejected, ``expected``, and at most ``proved`` at 95 %.
    """

    product: str
    taught: int
    scores: tuple[float, ...]
    promised: float
    expected: float
    proved: float
    wants: int
    """So many more good pictures could prove what is promised."""
    extrapolated: bool
    strangest: tuple[Strange, ...]
    seconds: float


AnyTeachingQuestion = (
    ListDraft | ShowDraft | LeaveOut | TakePictures | FetchPictures | TryMethods | TeachProduct
)
AnyTeachingAnswer = Draft | Shown | PicturesAdded | Tried | TaughtProduct
