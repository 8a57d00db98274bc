"""Gauge studies at the panel: shows, the study, and those before."""

from __future__ import annotations

import time

import msgspec

from inspector.link.questions.gauge import (
    AskGauge,
    GaugeFound,
    LayShowsAside,
    StudyGauge,
    TakeShow,
)
from inspector.office.apart import run_apart
from inspector.office.jobs import Job, JobKind, JobKinds
from inspector.office.room import Answers, Room
from inspector.office.shows import ask_gauge, folder_of, keep_study, lay_shows_aside, take_show
from inspector.teaching.gauge import shown_parts


def _study(question: StudyGauge, room: Room, job: Job) -> GaugeFound:
    shown_parts(folder_of(question.product, question.source, room))  # refused at once
    result = run_apart("inspector.office.gauged_apart:study", question, room, job)
    assert isinstance(result, GaugeFound)
    now_us = time.time_ns() // 1000
    found = msgspec.structs.replace(result, utc_us=now_us, user=job.asker.user)
    keep_study(found, room)
    return found


ANSWERS: Answers = {AskGauge: ask_gauge, TakeShow: take_show, LayShowsAside: lay_shows_aside}

JOBS: JobKinds = {StudyGauge: JobKind(_study, "correcting", beside_production=False)}
