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
    QT_TRANSLATE_NOOP("Station", "no picture comes from this camera. Wait for one"),
    QT_TRANSLATE_NOOP(
        "Station",
        "{camera}: no charuco target of {size} found (edges are {px} px wide). "
        "Show more of it, sharp and evenly lit; check --columns and --rows",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{name}: too blurred (edges are {px} px wide, limit {limit}). "
        "Focus, close the aperture, keep the target still, or leave the picture out",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{count} pictures of the target. Photograph it at least {least} times, tilted in several "
        "directions",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "the target was seen in {share} of the field, {least} are needed. "
        "Photograph it in the corners and along the edges, too",
    ),
    QT_TRANSLATE_NOOP("Station", "another threshold was worked out than is signed"),
    QT_TRANSLATE_NOOP("Station", "the line runs. Stop it before the threshold is changed"),
    QT_TRANSLATE_NOOP(
        "Station", "{product}: was taught anew since this was worked out. Calibrate it again"
    ),
)
