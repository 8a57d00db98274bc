"""What every question to the office is."""

from __future__ import annotations

import msgspec


class Question(msgspec.Struct, frozen=True, tag=True):
    """Base of every question: it changes nothing, and its answer may take a while."""


class JobQuestion(Question, frozen=True):
    """Base of what takes longer: answered ``JobStarted`` at once, then told of in ``News``."""


class Reading(msgspec.Struct, frozen=True, tag=True):
    """Base of every answer."""
