"""Questions to the office, answers, and news of its jobs: the panel's other wire.

A file for each subject; its questions and answers join the two unions here by one line each.
"""

from __future__ import annotations

import msgspec

from inspector.link.messages import Refused
from inspector.link.question import JobQuestion, Question, Reading
from inspector.link.questions.audit import AnyAuditAnswer, AnyAuditQuestion
from inspector.link.questions.cameras import AnyCamerasAnswer, AnyCamerasQuestion
from inspector.link.questions.comparing import AnyComparingAnswer, AnyComparingQuestion
from inspector.link.questions.drafts import AnyDraftsAnswer, AnyDraftsQuestion
from inspector.link.questions.gauge import AnyGaugeAnswer, AnyGaugeQuestion
from inspector.link.questions.jobs import AnyJobsAnswer, AnyJobsQuestion, JobState
from inspector.link.questions.lessons import AnyLessonsAnswer, AnyLessonsQuestion
from inspector.link.questions.live import AnyLiveAnswer, AnyLiveQuestion
from inspector.link.questions.noise import AnyNoiseAnswer, AnyNoiseQuestion
from inspector.link.questions.optics import AnyOpticsAnswer, AnyOpticsQuestion
from inspector.link.questions.parts import AnyPartsAnswer, AnyPartsQuestion
from inspector.link.questions.products import AnyProductsAnswer, AnyProductsQuestion
from inspector.link.questions.reports import AnyReportsAnswer, AnyReportsQuestion
from inspector.link.questions.reviewing import AnyReviewingAnswer, AnyReviewingQuestion
from inspector.link.questions.rights import AnyRightsAnswer, AnyRightsQuestion
from inspector.link.questions.station import AnyStationAnswer, AnyStationQuestion
from inspector.link.questions.teaching import AnyTeachingAnswer, AnyTeachingQuestion
from inspector.link.questions.thresholds import AnyThresholdsAnswer, AnyThresholdsQuestion
from inspector.link.questions.trends import AnyTrendsAnswer, AnyTrendsQuestion
from inspector.link.questions.what_if import AnyWhatIfAnswer, AnyWhatIfQuestion

__all__ = [
    "AnyAnswer",
    "AnyQuestion",
    "Asked",
    "JobQuestion",
    "JobState",
    "News",
    "Question",
    "Reading",
    "Told",
]

AnyQuestion = (
    AnyJobsQuestion  # jobs
    | AnyAuditQuestion
    | AnyCamerasQuestion
    | AnyComparingQuestion
    | AnyDraftsQuestion
    | AnyLessonsQuestion
    | AnyGaugeQuestion
    | AnyNoiseQuestion
    | AnyLiveQuestion
    | AnyOpticsQuestion
    | AnyPartsQuestion
    | AnyProductsQuestion
    | AnyReportsQuestion
    | AnyReviewingQuestion
    | AnyRightsQuestion
    | AnyStationQuestion
    | AnyTeachingQuestion
    | AnyThresholdsQuestion
    | AnyTrendsQuestion
    | AnyWhatIfQuestion
)

AnyAnswer = (
    AnyJobsAnswer  # jobs
    | AnyAuditAnswer
    | AnyCamerasAnswer
    | AnyComparingAnswer
    | AnyDraftsAnswer
    | AnyLessonsAnswer
    | AnyGaugeAnswer
    | AnyNoiseAnswer
    | AnyLiveAnswer
    | AnyOpticsAnswer
    | AnyPartsAnswer
    | AnyProductsAnswer
    | AnyReportsAnswer
    | AnyReviewingAnswer
    | AnyRightsAnswer
    | AnyStationAnswer
    | AnyTeachingAnswer
    | AnyThresholdsAnswer
    | AnyTrendsAnswer
    | AnyWhatIfAnswer
    | None
)


class Asked(msgspec.Struct, frozen=True):
    """One question on the wire, for the session of this token."""

    id: int
    question: AnyQuestion
    token: str = ""


class Told(msgspec.Struct, frozen=True, tag=True):
    """An answer."""

    id: int
    data: AnyAnswer = None


class News(msgspec.Struct, frozen=True, tag=True):
    """Event, once a second and at changes: jobs that run, and the last that ended.

    ``run`` changes when the office was started again: what was asked before is never answered.
    """

    run: str
    jobs: tuple[JobState, ...] = ()


Heard = Told | Refused | News
