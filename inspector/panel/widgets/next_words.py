"""What a product that was taught still needs, in words, and the key that leads there."""

from __future__ import annotations

from PyQt6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.link.messages import Release
from inspector.panel.models.teach_steps import Next
from inspector.panel.models.to_the_line import ToTheLine
from inspector.panel.surroundings import Surroundings

_LEADS = {
    Next.LOAD: QT_TRANSLATE_NOOP("Next", "To the line"),
    Next.LOADING: QT_TRANSLATE_NOOP("Next", "To the line"),
    Next.LIMIT_SAMPLES: QT_TRANSLATE_NOOP("Next", "Limit samples"),
    Next.RELEASE: QT_TRANSLATE_NOOP("Next", "Release"),
    Next.RUN: QT_TRANSLATE_NOOP("Next", "Watch it"),
}
_NEEDED = {
    Next.LOAD: "",
    Next.LOADING: QT_TRANSLATE_NOOP("Next", "The line takes it over …"),
    Next.LIMIT_SAMPLES: QT_TRANSLATE_NOOP(
        "Next", "Before it produces, limit samples have to be shown."
    ),
    Next.RELEASE: QT_TRANSLATE_NOOP(
        "Next", "Before it produces, it has to be released and signed."
    ),
    Next.RUN: QT_TRANSLATE_NOOP("Next", "The line has it. It can be started."),
}


def leads_to(what: Next) -> str:
    """The key."""
    return QCoreApplication.translate("Next", _LEADS[what])


def needed_words(what: Next) -> str:
    """The sentence; empty where it only has to be loaded."""
    return QCoreApplication.translate("Next", _NEEDED[what]) if _NEEDED[what] else ""


def lead_on(line: ToTheLine, around: Surroundings) -> None:
    """The key was touched."""
    match line.what_next:
        case Next.LOAD:
            line.load()
        case Next.LIMIT_SAMPLES:
            around.go("products")
        case Next.RELEASE:
            around.sign(Release(product=line.product, reason=""))
        case Next.RUN:
            around.go("live")
