"""The live picture, for panels on other PCs."""

from __future__ import annotations

from inspector.link.question import Question, Reading


class AskLive(Question, frozen=True):
    """Ask for the newest live picture, unless it is the one of this number."""

    after: int = 0


class LiveContent(Reading, frozen=True):
    """Answer to ``AskLive``: as in a slot of the mailbox, thinned out; empty: none is newer."""

    number: int
    content: bytes = b""


AnyLiveQuestion = AskLive
AnyLiveAnswer = LiveContent
