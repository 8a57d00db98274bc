"""Who may do what, as the one table says."""

from __future__ import annotations

from inspector.access.permissions import ONE_PANEL, PERMISSIONS, QUESTIONS, Role
from inspector.link.questions.rights import AskRights, Rights
from inspector.office.room import Answers, Room


def rights(question: AskRights, room: Room) -> Rights:
    """The whole table: it is no secret, and the station decides by it anyway."""
    del question, room
    order = [None, *Role]
    return Rights(
        {
            name: tuple(role or "" for role in order if role in roles)
            for name, roles in (PERMISSIONS | QUESTIONS).items()
        },
        ONE_PANEL,
    )


ANSWERS: Answers = {AskRights: rights}
