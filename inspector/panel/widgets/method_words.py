"""What methods are called on the panel."""

from __future__ import annotations

from PyQt6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_NAMES = {
    "patchcore": QT_TRANSLATE_NOOP("Method", "By looks"),
    "padim": QT_TRANSLATE_NOOP("Method", "By place"),
    "deep_rx": QT_TRANSLATE_NOOP("Method", "By deviation"),
    "autoencoder": QT_TRANSLATE_NOOP("Method", "By repainting"),
    "vae": QT_TRANSLATE_NOOP("Method", "By likely repainting"),
    "masked": QT_TRANSLATE_NOOP("Method", "By filling in"),
    "rotation": QT_TRANSLATE_NOOP("Method", "By orientation"),
    "cutpaste": QT_TRANSLATE_NOOP("Method", "By pasted pieces"),
    "student": QT_TRANSLATE_NOOP("Method", "By looks, quickly"),
    "lista": QT_TRANSLATE_NOOP("Method", "By building blocks"),
    "dictionary": QT_TRANSLATE_NOOP("Method", "By known patches"),
    "lrb": QT_TRANSLATE_NOOP("Method", "By surroundings (LRB)"),
    "crd": QT_TRANSLATE_NOOP("Method", "By surroundings (CRD)"),
    "rx": QT_TRANSLATE_NOOP("Method", "By deviation, without network"),
    "rpca": QT_TRANSLATE_NOOP("Method", "By common background"),
    "mt": QT_TRANSLATE_NOOP("Method", "By figures"),
    "none": QT_TRANSLATE_NOOP("Method", "Without learning"),
}


def method_name(method: str) -> str:
    """Its name in the language in use."""
    known = _NAMES.get(method)
    return QCoreApplication.translate("Method", known) if known else method
