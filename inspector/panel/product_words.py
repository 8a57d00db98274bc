"""Names of what a recipe says, and its values, as people read them."""

from __future__ import annotations

import re

from PyQt6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.link.questions.products import Difference, ZoneShape
from inspector.panel.station_words import station_words
from inspector.panel.words import check_name, titled

_LOCKS = (
    (r"Not released: (.+)\. Release it: .*", QT_TRANSLATE_NOOP("LockWords", "Not released: {why}")),
    (r"Limit samples: (.+)\. Show all.*", QT_TRANSLATE_NOOP("LockWords", "Limit samples: {why}")),
)
_GROUPS = {
    "release": QT_TRANSLATE_NOOP("RecipeGroup", "Release"),
    "threshold": QT_TRANSLATE_NOOP("RecipeGroup", "Threshold"),
    "engine": QT_TRANSLATE_NOOP("RecipeGroup", "Learned looks"),
    "runtime": QT_TRANSLATE_NOOP("RecipeGroup", "Runtime"),
    "checks": QT_TRANSLATE_NOOP("RecipeGroup", "Checks"),
    "zones": QT_TRANSLATE_NOOP("RecipeGroup", "Zones"),
    "preparation": QT_TRANSLATE_NOOP("RecipeGroup", "Preparation of pictures"),
    "camera": QT_TRANSLATE_NOOP("RecipeGroup", "Camera"),
    "rest": QT_TRANSLATE_NOOP("RecipeGroup", "PLC and evidence"),
}

_KEYS = {
    "released": QT_TRANSLATE_NOOP("RecipeKey", "Released by"),
    "false_reject_rate": QT_TRANSLATE_NOOP("RecipeKey", "Good parts that may be rejected"),
    "threshold": QT_TRANSLATE_NOOP("RecipeKey", "Threshold of the score"),
    "min_defect_area_mm2": QT_TRANSLATE_NOOP("RecipeKey", "Smallest defect, mm²"),
    "min_defect_area_px": QT_TRANSLATE_NOOP("RecipeKey", "Smallest defect, px"),
    "min_defect_length_mm": QT_TRANSLATE_NOOP("RecipeKey", "Shortest defect, mm"),
    "min_defect_length_px": QT_TRANSLATE_NOOP("RecipeKey", "Shortest defect, px"),
    "merging_distance_mm": QT_TRANSLATE_NOOP("RecipeKey", "One defect if nearer than, mm"),
    "merging_distance_px": QT_TRANSLATE_NOOP("RecipeKey", "One defect if nearer than, px"),
    "bundle": QT_TRANSLATE_NOOP("RecipeKey", "Bundle (hash)"),
    "method": QT_TRANSLATE_NOOP("RecipeKey", "Method"),
    "backbone": QT_TRANSLATE_NOOP("RecipeKey", "Backbone"),
    "runtime": QT_TRANSLATE_NOOP("RecipeKey", "Runs on"),
    "checks": QT_TRANSLATE_NOOP("RecipeKey", "Checks"),
    "zones": QT_TRANSLATE_NOOP("RecipeKey", "Zones"),
    "shapes": QT_TRANSLATE_NOOP("RecipeKey", "Shapes (hash)"),
    "region.x": QT_TRANSLATE_NOOP("RecipeKey", "Region, left edge, px"),
    "region.y": QT_TRANSLATE_NOOP("RecipeKey", "Region, top edge, px"),
    "region.width": QT_TRANSLATE_NOOP("RecipeKey", "Region, width, px"),
    "region.height": QT_TRANSLATE_NOOP("RecipeKey", "Region, height, px"),
    "width": QT_TRANSLATE_NOOP("RecipeKey", "Width of the prepared picture, px"),
    "height": QT_TRANSLATE_NOOP("RecipeKey", "Height of the prepared picture, px"),
    "pixel_format": QT_TRANSLATE_NOOP("RecipeKey", "Pixel format"),
    "fit": QT_TRANSLATE_NOOP("RecipeKey", "Size of pictures"),
    "flat_field": QT_TRANSLATE_NOOP("RecipeKey", "Flat field"),
    "undistort": QT_TRANSLATE_NOOP("RecipeKey", "Lens corrected"),
    "align": QT_TRANSLATE_NOOP("RecipeKey", "How the part is found"),
    "align_range_px": QT_TRANSLATE_NOOP("RecipeKey", "Largest shift, px"),
    "align_range_deg": QT_TRANSLATE_NOOP("RecipeKey", "Largest turn, degrees"),
    "align_polarity": QT_TRANSLATE_NOOP("RecipeKey", "Part against background"),
    "scale_mm_per_px": QT_TRANSLATE_NOOP("RecipeKey", "Scale, mm/px"),
    "plc_id": QT_TRANSLATE_NOOP("RecipeKey", "Number at the PLC"),
    "rejects": QT_TRANSLATE_NOOP("RecipeKey", "Pictures of rejects kept"),
    "pass_share": QT_TRANSLATE_NOOP("RecipeKey", "Share of passes kept"),
    "weight": QT_TRANSLATE_NOOP("RecipeKey", "weight"),
    "statistic": QT_TRANSLATE_NOOP("RecipeKey", "statistic"),
    "scales": QT_TRANSLATE_NOOP("RecipeKey", "scales"),
}

_VALUES = {
    "yes": QT_TRANSLATE_NOOP("RecipeValue", "yes"),
    "no": QT_TRANSLATE_NOOP("RecipeValue", "no"),
    "none": QT_TRANSLATE_NOOP("RecipeValue", "not at all"),
    "contour": QT_TRANSLATE_NOOP("RecipeValue", "by its outline"),
    "template": QT_TRANSLATE_NOOP("RecipeValue", "by its looks"),
    "exact": QT_TRANSLATE_NOOP("RecipeValue", "all the same"),
    "stretch": QT_TRANSLATE_NOOP("RecipeValue", "may differ"),
}
"""The words among the values; those of people (names) never come in these groups."""
_WORDED = ("preparation", "rest")

_USES = {
    "include": QT_TRANSLATE_NOOP("ZoneUse", "inspected"),
    "exclude": QT_TRANSLATE_NOOP("ZoneUse", "not inspected"),
    "zone": QT_TRANSLATE_NOOP("ZoneUse", "sensitivity × {factor}"),
}

NOTHING = "–"


def group_name(group: str) -> str:
    """A part of the recipe."""
    return QCoreApplication.translate("RecipeGroup", _GROUPS[group])


def key_name(difference: Difference) -> str:
    """What is another value; what the panel does not know as the recipe calls it."""
    key = difference.key
    check, _, own = key.partition(".")
    if difference.group == "checks" and own:
        return titled(check_name(check), _key(own))
    return _key(key)


def value_text(difference: Difference, value: str) -> str:
    """A value; a dash where there is none."""
    if not value:
        return NOTHING
    if (difference.group, difference.key) == ("checks", "checks"):
        return ", ".join(check_name(one) for one in value.split(", "))
    if difference.group in _WORDED and value in _VALUES:
        return QCoreApplication.translate("RecipeValue", _VALUES[value])
    return value


def zone_use(zone: ZoneShape) -> str:
    """What a zone is for."""
    text = QCoreApplication.translate("ZoneUse", _USES[zone.use])
    return text.format(factor=f"{zone.sensitivity:g}")


def lock_words(text: str) -> str:
    """Why production is locked, without the command line's remedy: the panel has buttons."""
    for pattern, words in _LOCKS:
        found = re.fullmatch(pattern, text)
        if found is not None:
            said = QCoreApplication.translate("LockWords", words)
            return said.format(why=station_words(found.group(1)))
    return station_words(text)


def _key(key: str) -> str:
    return QCoreApplication.translate("RecipeKey", _KEYS.get(key, key))
