"""Sentences of station and office about cameras that are set, and thresholds that are proven."""

from __future__ import annotations

from PyQt6.QtCore import QT_TRANSLATE_NOOP

SENTENCES = (
    QT_TRANSLATE_NOOP("Station", "covered lens"),
    QT_TRANSLATE_NOOP("Station", "exposures"),
    QT_TRANSLATE_NOOP("Station", "shows scored"),
    QT_TRANSLATE_NOOP("Station", "this is not dark. Cover the lens"),
    QT_TRANSLATE_NOOP("Station", "there is no dark picture yet. Cover the lens first"),
    QT_TRANSLATE_NOOP("Station", "there is hardly any light. Uncover the lens"),
    QT_TRANSLATE_NOOP("Station", "the card stays white. Close the aperture, or take light away"),
    QT_TRANSLATE_NOOP(
        "Station",
        "noise does not rise with the light. "
        "Switch off noise reduction and automatic gain; spread the exposures evenly",
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "the exposure of this camera cannot be turned from here. "
        "Photograph the steps, and use: inspector camera noise",
    ),
    QT_TRANSLATE_NOOP(
        "Station", "{camera}: {setting} cannot be turned from here. Set it at the camera"
    ),
    QT_TRANSLATE_NOOP(
        "Station", "this picture was taken before. Take the part away, and show it again"
    ),
    QT_TRANSLATE_NOOP(
        "Station",
        "{folder}: one photograph is there twice. "
        "Take the part away, show it again and photograph it anew",
    ),
    QT_TRANSLATE_NOOP("Station", "the line runs. Stop it before a camera is changed"),
    QT_TRANSLATE_NOOP(
        "Station", "{camera}: another correction was worked out since. Calculate again"
    ),
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
