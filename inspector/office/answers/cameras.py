"""The line's cameras: what is known of them, and what the one shows that is being set."""

from __future__ import annotations

from inspector.core.errors import RefusedError
from inspector.link.questions.cameras import (
    AskCameras,
    CameraLook,
    KnownCameras,
    LookAtCamera,
    SetLight,
    WatchCamera,
)
from inspector.office.jobs import JobKind, JobKinds
from inspector.office.room import Answers, Room
from inspector.office.watching import watch_camera


def cameras(question: AskCameras, room: Room) -> KnownCameras:
    """By their names in the line's file."""
    del question
    return KnownCameras(tuple(entry.name for entry in room.config.cameras))


def look(question: LookAtCamera, room: Room) -> CameraLook:
    """The newest."""
    return room.viewfinder.newest(anew=question.anew)


def set_light(question: SetLight, room: Room) -> None:
    """It is turned before the next look. Raises ``RefusedError`` where that camera is not seen."""
    found = room.viewfinder.seen(question.camera, 0)
    if found is None or question.setting not in {dial.name for dial in found[0].dials}:
        raise RefusedError(
            f"{question.camera}: {question.setting} cannot be turned from here",
            remedy="Set it at the camera",
        )
    room.viewfinder.wish(question.setting, question.value)


ANSWERS: Answers = {AskCameras: cameras, LookAtCamera: look, SetLight: set_light}

JOBS: JobKinds = {
    WatchCamera: JobKind(watch_camera, "teaching", beside_production=False, halted=True)
}
