"""The words of reports in English and Japanese. What was recorded is printed as it was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.reports.japanese import JAPANESE
from inspector.reports.request import Language

_CAUSES = {
    "good": "Good",
    "defect": "Defect",
    "late": "Verdict too late",
    "expired": "Not inspected: no time left",
    "overrun": "Not inspected: parts too fast",
    "frame-lost": "Not inspected: no picture",
    "fault": "Station fault",
    "unannounced": "Not announced as a limit sample",
}


class Words:
    """Sentences by their English form; ``{}`` in them is filled in."""

    def __init__(self, language: Language) -> None:
        self._known: Mapping[str, str] = JAPANESE if language is Language.JA else {}

    def __call__(self, text: str, /, **values: Any) -> str:
        """The sentence; one that is not known, as it is."""
        return (
            self._known.get(text, text).format(**values) if values else self._known.get(text, text)
        )

    def cause(self, cause: str) -> str:
        """Why a part got its verdict."""
        return self(_CAUSES.get(cause, cause))

    def reason(self, reason: str) -> str:
        """A check with what it found, or a cause."""
        check, colon, finding = reason.partition(": ")
        return f"{check}: {self(finding)}" if colon else self.cause(reason)
