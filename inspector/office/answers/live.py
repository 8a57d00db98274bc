"""The live picture for panels on other PCs: read from the mailbox, and handed on thinned out."""

from __future__ import annotations

from inspector.link.questions.live import AskLive, LiveContent
from inspector.office.room import Answers, Room


def newest(question: AskLive, room: Room) -> LiveContent:
    """The newest one, or nothing."""
    number, content = room.showing.newest()
    return LiveContent(number, content if number != question.after else b"")


ANSWERS: Answers = {AskLive: newest}
