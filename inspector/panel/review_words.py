"""What is said of parts that are judged again, in the operator's language."""

from __future__ import annotations

from datetime import UTC, datetime

from PyQt6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.link.questions.reviewing import PartCheck
from inspector.panel.station_words import station_words
from inspector.panel.words import check_name, short_cause

_FINDINGS = {
    ("good", False): QT_TRANSLATE_NOOP("Finding", "False reject"),
    ("defect", False): QT_TRANSLATE_NOOP("Finding", "True defect"),
    ("good", True): QT_TRANSLATE_NOOP("Finding", "Good"),
    ("defect", True): QT_TRANSLATE_NOOP("Finding", "Missed defect"),
    ("unsure", False): QT_TRANSLATE_NOOP("Finding", "Unsure"),
    ("unsure", True): QT_TRANSLATE_NOOP("Finding", "Unsure"),
}
_USUAL = 0.5
"""Half of the good parts look stranger: nothing to speak of."""


def finding_words(finding: str, *, passed: bool) -> str:
    """What a person said of a part that the line passed, or rejected."""
    return QCoreApplication.translate("Finding", _FINDINGS.get((finding, passed), finding))


def reason_words(reason: str) -> str:
    """Why a part was rejected: a check, what it found, or a cause."""
    check, _, finding = reason.partition(": ")
    cause = short_cause(reason)
    words = station_words(finding) if finding else cause if cause != reason else check_name(check)
    return words[:1].upper() + words[1:]


def moment_words(utc_us: int) -> str:
    """Time of day; of another day its date as well."""
    at = datetime.fromtimestamp(utc_us // 1_000_000, UTC).astimezone()
    today = at.date() == datetime.now(UTC).astimezone().date()
    return f"{at:%H:%M:%S}" if today else f"{at:%m-%d %H:%M}"


def score_words(check: PartCheck) -> str:
    """A check's score against its limit."""
    if check.finding:
        return station_words(check.finding)
    if check.score is None:
        return QCoreApplication.translate("CheckWords", "no score")
    text = QCoreApplication.translate("CheckWords", "{score}, limit {limit}")
    return text.format(score=f"{check.score:.3g}", limit=f"{check.threshold:.3g}")


def chance_words(check: PartCheck) -> str:
    """A p-value: how seldom a good part looks so strange."""
    if not check.p_value:
        return QCoreApplication.translate("CheckWords", "not calibrated")
    if check.p_value >= _USUAL:
        return QCoreApplication.translate("CheckWords", "looks as good parts do")
    text = QCoreApplication.translate("CheckWords", "1 in {number} good parts looks so strange")
    return text.format(number=f"{1 / check.p_value:,.0f}")
