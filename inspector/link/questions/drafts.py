"""Drafts: recipes that somebody proposed, and what one would have decided on the archive."""

from __future__ import annotations

import msgspec

from inspector.link.question import JobQuestion, Question, Reading


class ListDrafts(Question, frozen=True):
    """Drafts that nobody has taken up or discarded yet, newest first."""


class DraftEntry(msgspec.Struct, frozen=True):
    """One draft. ``draft`` is its name, ``when`` an ISO time, ``basis`` what it rests on.

    ``now`` and ``rate`` are shares of good parts that may be rejected: the recipe's, and its own.
    ``problem`` says why it cannot be taken up.
    """

    draft: str
    product: str
    title: dict[str, str]
    now: float
    rate: float
    who: str
    when: str
    why: str
    basis: str
    problem: str = ""


class Drafts(Reading, frozen=True):
    """Answer to ``ListDrafts``."""

    entries: tuple[DraftEntry, ...]


class TryDraft(JobQuestion, frozen=True):
    """Decide on the recorded scores of all parts as this draft would."""

    draft: str


class DraftTried(Reading, frozen=True):
    """Result of ``TryDraft``: counts of ``parts`` that were judged by comparable scores.

    ``rejects`` as recorded, ``would`` by the draft; ``to_reject`` passed and ``to_pass`` were
    rejected. Of the latter people called ``defects`` true and ``saved`` false rejects. With
    ``extrapolated`` its ``images`` good images are too few for the rate.
    """

    draft: str
    parts: int
    rejects: int
    would: int
    to_reject: int
    to_pass: int
    defects: int
    saved: int
    images: int
    extrapolated: bool


AnyDraftsQuestion = ListDrafts | TryDraft
AnyDraftsAnswer = Drafts | DraftTried
