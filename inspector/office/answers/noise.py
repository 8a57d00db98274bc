"""Noise of a camera at the panel."""

from __future__ import annotations

from inspector.link.questions.noise import AskNoise, MeasureNoise
from inspector.office.jobs import JobKind, JobKinds
from inspector.office.noise import known, measure
from inspector.office.room import Answers

ANSWERS: Answers = {AskNoise: known}

JOBS: JobKinds = {MeasureNoise: JobKind(measure, "correcting", beside_production=False)}
