"""Names of the maps that an engine's map is made of."""

from __future__ import annotations

import re

from PyQt6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_NAMES = {
    "brightness": QT_TRANSLATE_NOOP("EnginePart", "Brightness"),
    "structure": QT_TRANSLATE_NOOP("EnginePart", "Structure"),
    "sparse": QT_TRANSLATE_NOOP("EnginePart", "Sparse"),
    "by cell": QT_TRANSLATE_NOOP("EnginePart", "By cell"),
}
_SCALE = re.compile(r"strides ([\d+]+)")
_DETAILS = QT_TRANSLATE_NOOP("EnginePart", "Details of {size} px")


def part_name(part: str) -> str:
    """Its name in the language in use; one that the panel does not know as the engine calls it."""
    scale = _SCALE.fullmatch(part)
    if scale is not None:
        return QCoreApplication.translate("EnginePart", _DETAILS).format(size=scale[1])
    known = _NAMES.get(part)
    return QCoreApplication.translate("EnginePart", known) if known else part.capitalize()
