"""Who answers what: a file for each subject, a line for each file in one of the two tables."""

from __future__ import annotations

from inspector.office.answers import (
    auditing,
    cameras,
    changing,
    comparing,
    drafts,
    gauge,
    lessons,
    live,
    noise,
    one_product,
    optics,
    parts,
    products,
    reporting,
    reviewing,
    rights,
    station,
    support,
    teaching,
    thresholds,
    trends,
    verifying,
    what_if,
)
from inspector.office.jobs import JobKinds
from inspector.office.room import Answers

ANSWERS: Answers = {
    **auditing.ANSWERS,
    **cameras.ANSWERS,
    **changing.ANSWERS,
    **comparing.ANSWERS,
    **drafts.ANSWERS,
    **lessons.ANSWERS,
    **gauge.ANSWERS,
    **noise.ANSWERS,
    **live.ANSWERS,
    **one_product.ANSWERS,
    **optics.ANSWERS,
    **parts.ANSWERS,
    **products.ANSWERS,
    **reviewing.ANSWERS,
    **rights.ANSWERS,
    **station.ANSWERS,
    **teaching.ANSWERS,
    **thresholds.ANSWERS,
    **trends.ANSWERS,
}

JOBS: JobKinds = {
    **cameras.JOBS,
    **drafts.JOBS,
    **lessons.JOBS,
    **gauge.JOBS,
    **noise.JOBS,
    **optics.JOBS,
    **reporting.JOBS,
    **station.JOBS,
    **support.JOBS,
    **teaching.JOBS,
    **thresholds.JOBS,
    **verifying.JOBS,
    **what_if.JOBS,
}
