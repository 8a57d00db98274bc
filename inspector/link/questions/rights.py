"""Who may do what."""

from __future__ import annotations

from inspector.link.question import Question, Reading


class AskRights(Question, frozen=True):
    """Which roles may give each command and ask each question."""


class Rights(Reading, frozen=True):
    """Answer to ``AskRights``: roles by name of command or question; "" is nobody logged in."""

    roles: dict[str, tuple[str, ...]]
    one_panel: tuple[str, ...] = ()
    """Commands that of several panels only the one in control may give."""


AnyRightsQuestion = AskRights
AnyRightsAnswer = Rights
