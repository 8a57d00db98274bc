"""English and Japanese, switched while the panel runs.

Qt's wheels bring no ``lrelease``, so the ``.ts`` sources are read as they are: one for the whole,
and one for each screen below a folder of the language, so that two people seldom meet in one file.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from xml.etree import ElementTree as ET

from PyQt6.QtCore import QCoreApplication, QTranslator

LANGUAGES = {"en": "English", "ja": "日本語"}
"""Languages by code, each under its own name."""


def sources(code: str) -> Iterator[str]:
    """The texts of a language's ``.ts`` files."""
    folder = files("inspector.panel").joinpath("translations")
    yield folder.joinpath(f"{code}.ts").read_text(encoding="utf-8")
    more = folder.joinpath(code)
    for file in sorted(more.iterdir(), key=lambda one: one.name) if more.is_dir() else ():
        if file.name.endswith(".ts"):
            yield file.read_text(encoding="utf-8")


class TsTranslator(QTranslator):
    """Qt's translator, fed from ``.ts`` files. Only finished translations count."""

    def __init__(self, *ts: str) -> None:
        super().__init__()
        self._words = {key: words for one in ts for key, words in _finished(one).items()}

    def isEmpty(self) -> bool:  # noqa: N802  # Qt's name
        """Qt asks this before it installs a translator."""
        return not self._words

    def translate(  # type: ignore[override]  # None is Qt's null string: "not mine to translate"
        self,
        context: str | None,
        sourceText: str | None,  # noqa: N803  # Qt's name
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str | None:
        """The translation, or None: Qt then shows the English source."""
        return self._words.get((context or "", sourceText or ""))


def _finished(ts: str) -> dict[tuple[str, str], str]:
    words = {}
    for context in ET.fromstring(ts).iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.text and not translation.get("type"):
                key = context.findtext("name", ""), message.findtext("source", "")
                words[key] = translation.text
    return words


class Language:
    """The language in use. GUI thread; widgets hear of a change by Qt's LanguageChange event."""

    def __init__(self, code: str = "en") -> None:
        self.code = "en"
        self._translator: TsTranslator | None = None
        self.use(code)

    def use(self, code: str) -> None:
        """Switch; an unknown code is English."""
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
        self.code = code if code in LANGUAGES else "en"
        if self.code != "en":
            self._translator = TsTranslator(*sources(self.code))
            QCoreApplication.installTranslator(self._translator)

    @property
    def other(self) -> str:
        """The language that the switch leads to."""
        codes = list(LANGUAGES)
        return codes[(codes.index(self.code) + 1) % len(codes)]

    def switch(self) -> None:
        """The other language."""
        self.use(self.other)
