"""Who may do what."""

from __future__ import annotations

from inspector.link.question import Question, Reading


class AskRights(Question, frozen=True):
    """Which roles may give each command and ask each question."""


class Rights(Reading, frozen=True):
    """Answer to ``AskRights``: roles by name of command or question; "" is nobody logged in."""

    roles: dict[str, tuple[str, ...]]


AnyRightsQuestion = AskRights
AnyRightsAnswer = Rights
