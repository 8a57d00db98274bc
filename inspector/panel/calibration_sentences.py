"""Sentences of station and office about cameras that are set, and thresholds that are proven."""

from __future__ import annotations

from PyQt6.QtCore import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("Station", "good images scored"),
    QT_TRANSLATE_NOOP("Station", "{camera}: no picture comes"),
    QT_TRANSLATE_NOOP("Station", "{camera}: no camera of this line. Choose another"),
    QT_TRANSLATE_NOOP("Station", "{product}: not taught yet on this station. Teach it first"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{where}: {count} different good images to calibrate with. Name a folder of at least "
        "{least} good images that were not taught",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{where}: {count} different good images to calibrate with beside {taught} that were "
        "taught. Name a folder of at least {least} good images that were not taught",
    ),
    QT_TRANSLATE_NOOP("Station", "another threshold was worked out than is signed"),
    QT_TRANSLATE_NOOP("Station", "the line runs. Stop it before the threshold is changed"),
    QT_TRANSLATE_NOOP(
        "Station", "{product}: was taught anew since this was worked out. Calibrate it again"
    ),
)
