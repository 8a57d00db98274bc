"""Sentences of the office about what people said of parts, and what engines tell of them."""

from __future__ import annotations

from PyQt6.QtCore import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("Station", "{product}: its engine cannot tell what it expected"),
    QT_TRANSLATE_NOOP(
        "Station",
        "nothing is new in these images; nothing was changed. Give images that are rejected, or "
        "--production to calibrate anew",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{image}: is rejected already (score {score}, threshold {threshold}). Give an image that "
        "was passed",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{image}: the marked place looks like good parts do; nothing was changed. Mark the defect "
        "itself; what a person hardly sees needs a larger --size",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{image}: good calibration images look like this defect: the threshold would rise from "
        "{before} to {after}, and other defects would pass; nothing was changed. Mark the defect "
        "more closely, or teach with more good images first",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{image}: would still pass (score {score}, threshold {threshold}); nothing was changed. "
        "Mark the whole defect, and see that decision.min_defect_area is not larger",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{product}: nobody judged a part that could be taught. Judge parts on the screen Review; "
        "missed defects have to be marked",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{product}: only an engine that remembers parts can be taught more. Teach it anew",
    ),
)
